"""Looking people up and seeing them in full: every "may" beside its "may not", and the trace it leaves."""

import json

import pytest

from anxin.evidence.models import JournalEntry
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused
from anxin.payroll import queries as payroll
from anxin.payroll import services as payroll_services
from anxin.workforce import queries, services
from anxin.workforce.models import AttendanceDay, AttendanceMonth, Enrolment
from tests.monitoring import factories as make

pytestmark = pytest.mark.django_db
CARD = "9900880000000000017"


@pytest.fixture
def site():
    return make.project("P1", region_code="990101")


@pytest.fixture
def other():
    return make.project("P2", region_code="990102")


@pytest.fixture
def worker(site):
    person = make.worker(7, "张三丰")
    make.enrol(site, person, team="木工班", bank_card=CARD)
    return person


@pytest.fixture
def inspector():
    return make.user("lin", "inspector", region="990101")


@pytest.fixture
def neighbour():
    return make.user("zhao", "inspector", region="990102")


def test_a_worker_on_a_visible_site_is_found_and_the_look_up_journalled_masked(worker, inspector, now):
    number = make.id_number(7)
    assert services.look_up(f" {number} ", user=inspector, now=now) == worker
    entry = JournalEntry.objects.get(action="person.looked_up")
    assert entry.after == {"id_number": f"9901{'*' * 10}{number[-4:]}", "found": True}
    assert number not in json.dumps([entry.summary, entry.after])


def test_a_worker_outside_the_scope_is_answered_like_nobody(worker, neighbour, now):
    assert services.look_up(make.id_number(7), user=neighbour, now=now) is None
    assert services.look_up(make.id_number(8), user=neighbour, now=now) is None
    assert [
        e.after["found"] for e in JournalEntry.objects.filter(action="person.looked_up").order_by("sequence")
    ] == [
        False,
        False,
    ]


def test_somebody_paid_but_never_enrolled_is_visible_where_paid(site, inspector, neighbour):
    paid = make.worker(9)
    make.line(site, "2026-09", paid)
    assert queries.find_worker(inspector, make.id_number(9)) == paid
    assert queries.find_worker(neighbour, make.id_number(9)) is None


def test_a_leader_of_everything_finds_only_people_with_a_site(worker):
    leader = make.user("chen", "leader")
    make.worker(11)
    assert queries.find_worker(leader, make.id_number(7)) == worker
    assert queries.find_worker(leader, make.id_number(11)) is None


@pytest.mark.parametrize("role", ["auditor", "admin"])
def test_who_sees_no_people_may_not_look_them_up(role, worker, now):
    with pytest.raises(Refused, match="没有查询人员的权限"):
        services.look_up(make.id_number(7), user=make.user("x", role), now=now)


def test_a_wrong_check_digit_is_said_before_anything_is_searched(inspector, now):
    number = make.id_number(7)
    wrong = number[:-1] + ("1" if number[-1] != "1" else "2")
    with pytest.raises(Refused, match="校验码"):
        services.look_up(wrong, user=inspector, now=now)
    assert not JournalEntry.objects.exists()


def test_unmasking_with_a_purpose_shows_the_value_and_journals_only_the_purpose(worker, inspector, now):
    enrolment = Enrolment.objects.get(worker=worker)
    number = services.unmask(worker, "id_number", purpose="核对银行退回", user=inspector, now=now)
    card = services.unmask(enrolment, "bank_card", purpose="核对银行退回", user=inspector, now=now)
    assert (number, card) == (make.id_number(7), CARD)
    entries = list(JournalEntry.objects.filter(action="person.unmasked").order_by("sequence"))
    assert [entry.after for entry in entries] == [
        {"field": "id_number", "purpose": "核对银行退回"},
        {"field": "bank_card", "purpose": "核对银行退回"},
    ]
    said = json.dumps([[e.summary, e.before, e.after] for e in entries], ensure_ascii=False)
    assert not any(value in said for value in (number, card, "张三丰"))


def test_unmasking_is_refused_without_permission_scope_purpose_or_value(worker, inspector, neighbour, now):
    clerk = make.user("zheng", "clerk", region="990101")
    enrolment = Enrolment.objects.get(worker=worker)
    for user in (clerk, neighbour):
        for shown, field in ((worker, "id_number"), (enrolment, "bank_card")):
            with pytest.raises(Refused, match="权限"):
                services.unmask(shown, field, purpose="核对银行退回", user=user, now=now)
    with pytest.raises(Refused, match="查看目的"):
        services.unmask(worker, "id_number", purpose=" 看看 ", user=inspector, now=now)
    for field in ("phone", "id_hash"):
        with pytest.raises(Refused, match="没有登记这一项"):
            services.unmask(worker, field, purpose="核对银行退回", user=inspector, now=now)
    assert not JournalEntry.objects.filter(action="person.unmasked").exists()


def test_a_payroll_line_is_unmasked_by_the_same_rule(site, inspector, neighbour, now):
    line = make.line(site, "2026-09", None, name="李四光", bank_card=CARD)
    assert payroll_services.unmask(line, "bank_card", purpose="核对工资卡", user=inspector, now=now) == CARD
    with pytest.raises(Refused, match="权限"):
        payroll_services.unmask(line, "bank_card", purpose="核对工资卡", user=neighbour, now=now)
    assert payroll.lines(site, Month(2026, 9)).items[0].name == "李**"


def test_the_roster_leaves_masked_and_page_by_page(site, worker, django_assert_num_queries):
    make.enrol(site, make.worker(21), make.worker(22))
    with django_assert_num_queries(1):
        page = queries.roster(site, limit=2)
    row = page.items[0]
    assert (row.person.name, row.bank_card, row.team) == ("张**", "尾号 0017", "木工班")
    assert row.person.id_number.startswith("9901**********")
    rest = queries.roster(site, after=page.next_after, limit=2)
    assert (len(page.items), len(rest.items), rest.next_after) == (2, 1, None)


def test_sites_and_wages_of_a_worker_end_at_the_scope(site, other, worker, inspector):
    make.enrol(other, worker)
    make.line(site, "2026-09", worker, net_fen=500_000)
    make.line(other, "2026-09", worker, net_fen=400_000)
    AttendanceDay.objects.create(
        project=site, worker=worker, day="2026-09-01", share=1, recorded_at=make.EARLY
    )
    assert [(row.project.code, row.days) for row in queries.worker_sites(worker, inspector)] == [("P1", 1)]
    assert [row.net_fen for row in payroll.worker_wages(worker, inspector)] == [500_000]
    leader = make.user("chen", "leader")
    assert {row.project.code for row in queries.worker_sites(worker, leader)} == {"P1", "P2"}
    assert sum(row.net_fen for row in payroll.worker_wages(worker, leader)) == 900_000


def test_where_a_person_has_days_and_a_total_the_days_count(site, worker):
    second = make.worker(31)
    for day in ("2026-09-01", "2026-09-02"):
        AttendanceDay.objects.create(project=site, worker=worker, day=day, share=1, recorded_at=make.EARLY)
    for person, days in ((worker, 20), (second, 25)):
        AttendanceMonth.objects.create(
            project=site, worker=person, month="2026-09", days=days, recorded_at=make.EARLY
        )
    [month] = queries.attendance_months(site)
    assert (month.month, month.people, month.days) == ("2026-09", 2, 27)
    rows = queries.attendance_of_month(site, Month(2026, 9)).items
    assert [(row.days, sorted(row.shares)) for row in rows] == [(2, [1, 2]), (25, [])]


@pytest.mark.parametrize("kind", ["day", "total"])
def test_somebody_seen_at_work_but_never_enrolled_is_visible_there_with_the_site(
    site, inspector, neighbour, kind
):
    person = make.worker(40)
    if kind == "day":
        AttendanceDay.objects.create(
            project=site, worker=person, day="2026-09-01", share=1, recorded_at=make.EARLY
        )
    else:
        AttendanceMonth.objects.create(
            project=site, worker=person, month="2026-09", days=1, recorded_at=make.EARLY
        )
    assert queries.find_worker(inspector, make.id_number(40)) == person
    assert queries.find_worker(neighbour, make.id_number(40)) is None
    [row] = queries.worker_sites(person, inspector)
    assert (row.project, row.team, row.days) == (site, "", 1)
    assert queries.worker_sites(person, neighbour) == []
