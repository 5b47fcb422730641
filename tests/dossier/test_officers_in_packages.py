"""经办人: a site's month and a worker's claim say who looked, changed, confirmed and signed; not one row of it moves unseen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from anxin.agency import services
from anxin.agency.models import Channel
from anxin.dossier.handing import Exported
from anxin.dossier.officer_table import is_officer, kind_of
from anxin.dossier.subjects import OfSiteMonth, OfWorker, hand_out
from anxin.evidence.journal import Actor, record
from anxin.local_law import queries as local_law
from anxin.registry.models import Organisation
from tests.agency import factories as agency
from tests.dossier.packs import NOW, inside, person, rows
from tests.proof.packages import files_of, judged, judged_independently, packed

LATER = agency.NOW + dt.timedelta(hours=1)
TABLE = "t22_officers"


@pytest.fixture
def place(db):
    """A payroll that a drafter made, the workers agreed to and a checker approved; an officer looked at the file."""
    place = agency.site(3)
    run = agency.opened(place)
    for line in agency.lines(run):
        services.confirm_line(line, channel=Channel.OWN_PHONE, actor=agency.worker_actor(line), now=LATER)
    run = services.submit_run(run, actor=agency.DRAFTER, now=LATER)
    place.run = services.approve_run(run, employer=place.general, actor=agency.CHECKER, now=LATER)
    place.project.responsible = Organisation.objects.create(code="HR", name="某区人社局", kind="bureau")
    place.project.save()
    place.inspector = person("inspector", "inspector", place.project.region_id)
    return place


def noted(name: str, action: str, kind: str, key: object, who: str = "user:77") -> None:
    record(actor=Actor(who, name), action=action, object_type=kind, object_id=key, summary="某事", now=LATER)


def month(place, **more) -> Exported:
    subject = OfSiteMonth(place.project, agency.OCTOBER)
    return hand_out(subject, by=place.inspector, now=NOW, law=local_law.current(), **more)


def claim(place, **more) -> Exported:
    return hand_out(OfWorker(place.workers[0]), by=place.inspector, now=NOW, law=local_law.current(), **more)


def counts(made: Exported) -> dict[str, tuple[int, int, int, int]]:
    told = [row for row in rows(made, TABLE) if row]
    return {row["name"]: (row["looked"], row["changed"], row["confirmed"], row["signed"]) for row in told}


def test_a_sites_month_says_who_changed_confirmed_and_looked(place):
    noted("某监察员", "agency.file_downloaded", "payroll_run", place.run.pk)
    told = counts(month(place))
    assert told["某监察员"] == (1, 0, 0, 0)
    assert told[agency.CHECKER.name] == (0, 1, 1, 0)  # by the yes the payroll became a promise
    looked, changed, confirmed, signed = told[agency.DRAFTER.name]
    assert (looked, confirmed, signed) == (0, 0, 0)
    assert changed >= 3  # drew it up, opened it to the workers, handed it on
    # the workers who answered are not officers, and the package is itself a look from then on
    assert not any(name.startswith("工人") for name in told)
    assert counts(month(place))[str(place.inspector)] == (1, 0, 0, 0)


def test_the_counts_are_those_of_the_journal_that_lies_beside_them(place):
    made = month(place)
    logged = [row for row in rows(made, "journal") if is_officer(row["actor"])]
    assert sum(sum(four) for four in counts(made).values()) == len(logged) > 0
    for row in rows(made, TABLE):
        assert row["first"] <= row["last"]


def test_a_workers_claim_has_it_of_the_own_records_alone(place):
    own, other = place.workers[0], place.workers[1]
    noted("某合同员", "contract.signed", "worker", own.pk, who="user:78")
    noted("别处的人", "roster.recorded", "worker", other.pk, who="user:79")
    made = claim(place)
    assert counts(made)["某合同员"] == (0, 0, 0, 1)
    assert "别处的人" not in counts(made)
    assert judged(made.content).valid


@pytest.mark.parametrize("of", [month, claim])
def test_an_officer_of_a_workers_name_leaves_the_hash_alone_where_names_are_masked(place, of):
    name = place.workers[0].name
    for kind, key in (("payroll_run", place.run.pk), ("worker", place.workers[0].pk)):
        noted(name, "roster.recorded", kind, key)
    masked = of(place)
    assert None in rows(masked, TABLE)
    assert not any(name.encode() in content for content in inside(masked).values())
    assert judged(masked.content).valid
    whole = of(place, full=True, purpose="移送法院立案")
    assert name in counts(whole)


def _changed(lines: list[bytes]) -> list[bytes]:
    return [lines[0].replace(b'"changed":', b'"changed":1', 1), *lines[1:]]


@pytest.mark.parametrize(
    "change", [_changed, lambda lines: lines[1:], lambda lines: lines[::-1]], ids=["byte", "removed", "order"]
)
@pytest.mark.parametrize("of", [month, claim])
def test_both_verifiers_find_a_byte_a_missing_row_and_another_order(
    place, tmp_path: Path, of: Callable[..., Exported], change: Callable[[list[bytes]], list[bytes]]
):
    noted("某监察员", "roster.recorded", "worker", place.workers[0].pk)
    noted("某复核员", "roster.recorded", "worker", place.workers[0].pk, who="user:78")
    made = of(place)
    files, path, target = files_of(made.content), f"rows/{TABLE}.jsonl", tmp_path / "package.zip"
    lines = files[path].splitlines(keepends=True)
    assert len(lines) > 1
    target.write_bytes(packed(files))
    assert judged_independently(target) == 0
    target.write_bytes(packed(files | {path: b"".join(change(lines))}))
    verdict = judged(target.read_bytes())
    assert not verdict.valid
    assert any(TABLE in one.where for one in verdict.problems)
    assert judged_independently(target) == 1


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("import.downloaded", "looked"), ("clue.list_photo_seen", "looked"), ("evidence.exported", "looked"), ("evidence.redacted", "looked"),
        ("agency.order_handed_out", "looked"), ("letter.opened", "changed"), ("agency.opened", "changed"),
        ("import.accepted", "changed"), ("warning.assigned", "changed"), ("agency.settled", "changed"),
        ("funds.match_confirmed", "confirmed"), ("funds.match_denied", "confirmed"), ("warning.clearing_agreed", "confirmed"),
        ("clue.amounts_settled", "confirmed"), ("agency.approved", "confirmed"), ("letter.issued", "confirmed"),
        ("contract.signed", "signed"), ("letter.sealed", "signed"),
    ],
)  # fmt: skip
def test_what_an_action_is(action, kind):
    assert kind_of(action) == kind


def test_parties_are_no_officers():
    assert not any(map(is_officer, ("worker", "worker:3", "signer:5", "link:2", "public")))
    assert all(map(is_officer, ("user:1", "cli", "system", "api_key:2")))
