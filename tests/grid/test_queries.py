"""By grid what came and what proved right; everybody only within their places."""

from __future__ import annotations

import datetime as dt

from anxin.grid import queries
from anxin.grid.access import own_reports, own_sites, visible_grants, visible_reports
from anxin.grid.models import GridReport
from anxin.grid.proving import prove
from anxin.referral.models import Conclusion
from tests.grid.test_reporting import send, told


def conclude(report: GridReport, outcome: str, now, standing: str = "confirmed") -> None:
    Conclusion.objects.create(
        clue=report.clue, name="某结论", outcome=outcome, words="经核实", standing=standing, by="user:0",
        by_name="某人", at=now,
    )  # fmt: skip


def one(user, now, code="990101001"):
    return next(row for row in queries.towns(user, now=now) if row.code == code)


def test_right_of_concluded_by_grid_with_clues_and_facts(town, now):
    old = now - dt.timedelta(days=31)
    right, wrong, waits = (
        send(town, told(), number=n, now=when) for n, when in ((1, old), (2, now), (3, now))
    )
    conclude(right, "settled", now)
    conclude(wrong, "not_true", now)
    conclude(waits, "settled", now, standing="review")  # nobody has agreed yet
    site = send(town, told("site"), number=4, now=now)
    prove(site, right=True, words="确有工地在施工", by=town.inspector, now=now)
    send(town, told("site", place="第二处工地"), number=5, now=now)
    row = one(town.leader, now)
    assert (row.total, row.recent, row.concluded, row.right) == (5, 4, 3, 2)
    assert (row.workers, row.silent) == (2, 1)
    found = queries.with_found(visible_reports(town.leader))
    sizes = {part: queries.in_part(found, part, now).count() for part in queries.PARTS}
    assert sizes == {"": 5, "recent": 4, "waiting": 1, "concluded": 3, "right": 2}


def test_a_clue_merged_into_another_stands_as_that_one(town, now):
    lead, merged = (send(town, told(), number=n, now=now) for n in (1, 2))
    merged.clue.dispute = lead.clue
    merged.clue.save()
    conclude(lead, "filed", now)
    words = {r.pk: queries.standing(r) for r in queries.with_found(own_reports(town.worker))}
    assert words[merged.pk] == words[lead.pk] and words[merged.pk].right is True


def test_how_a_report_stands_in_words(town, now):
    kept = send(town, told("site"), now=now)
    clue = send(town, told(), number=2, now=now)
    words = {r.pk: queries.standing(r).words for r in queries.with_found(own_reports(town.worker))}
    assert "等待核实" in words[kept.pk] and "等待分派" in words[clue.pk]


def test_everybody_sees_only_their_own_places(town, now):
    here = send(town, told(site=town.here.pk, place=""), now=now)
    there = send(town, told(), by=town.other, now=now)
    seen = {
        name: set(visible_reports(getattr(town, name)).values_list("pk", flat=True))
        for name in ("leader", "inspector", "outsider", "housing", "worker")
    }
    assert seen == {
        "leader": {here.pk, there.pk},
        "inspector": {here.pk},
        "outsider": {there.pk},
        "housing": {here.pk},
        "worker": set(),
    }
    assert [r.pk for r in own_reports(town.worker)] == [here.pk]
    assert [p.pk for p in own_sites(town.worker)] == [town.here.pk] and not own_sites(town.leader).exists()


def test_grid_workers_are_listed_for_who_answers_for_the_place(town, now):
    send(town, told(), now=now)
    assert {str(r.user) for r in queries.reporters(town.leader, now=now, silent=True)} == {
        "某other",
        "某silent",
    }
    assert {str(r.user) for r in queries.reporters(town.outsider, now=now)} == {"某other"}
    assert not visible_grants(town.housing).exists() and not visible_grants(town.worker).exists()
    town.silent.is_active = False
    town.silent.save()
    assert one(town.leader, now).workers == 1


def test_towns_cost_the_same_however_many_there_are(town, now, django_assert_max_num_queries):
    for number in range(1, 6):
        send(town, told(), number=number, now=now)
    with django_assert_max_num_queries(5):
        queries.towns(town.leader, now=now)
