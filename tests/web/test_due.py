"""Every kind of due date opens its steps, for whoever may see the thing it belongs to and for nobody else."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.funds.models import (
    AccountAgreement,
    AccountEvent,
    DepositEvent,
    LabourCostTerm,
    PaymentGuarantee,
    SpecialAccount,
    WageDeposit,
)
from anxin.law import Law, load
from anxin.local_law import queries as local_law
from anxin.monitoring.acting import act_by
from anxin.monitoring.models import Level
from anxin.monitoring.rules.grading import act_within
from anxin.web.bureau.due import KINDS, next_labour_cost, term_of
from tests.monitoring.warnings import EXPLANATION, a_warning
from tests.web.cases import a_hearing, a_matter, a_mediation, take
from tests.web.test_warnings import text


@pytest.fixture(scope="module")
def law() -> Law:
    return load()


@pytest.fixture
def dues(world, now) -> dict[str, str]:
    """Kind → an address in the inspector's district."""
    site = world.here
    site.pay_day, site.permit_on = 17, dt.date(2026, 9, 1)
    site.save()
    LabourCostTerm.objects.create(project=site, due_day=8, first_month="2026-01", recorded_at=now)
    deposit = WageDeposit.objects.create(
        project=site, kind="guarantee", amount_fen=1, valid_from=dt.date(2026, 1, 1),
        valid_until=dt.date(2026, 12, 31), recorded_at=now,
    )  # fmt: skip
    matter = a_matter(world, now)
    events = {
        kind: DepositEvent.objects.create(
            deposit=deposit,
            kind=kind,
            on=dt.date(2026, 9, 24),
            amount_fen=1,
            natural_key=kind,
            recorded_at=now,
        )
        for kind in ("use_ordered", "used", "notice")
    }
    account = SpecialAccount.objects.create(project=site, opened_on=dt.date(2026, 9, 1), recorded_at=now)
    AccountAgreement.objects.create(
        account=account, signed_on=dt.date(2026, 9, 1), contract_on=dt.date(2026, 8, 10), recorded_at=now
    )
    AccountEvent.objects.create(account=account, kind="notice", on=dt.date(2026, 10, 10), recorded_at=now)
    guarantee = PaymentGuarantee.objects.create(
        project=site, kind="bank", amount_fen=1, valid_from=dt.date(2026, 1, 1),
        valid_until=dt.date(2026, 12, 31), recorded_at=now,
    )  # fmt: skip
    hearing = a_hearing(world, now)
    award = hearing.case.awards.create(
        number=1, finality="open", decided_on=now.date(), pay_within=15, minimum_fen=200_000,
        ceiling_fen=2_400_000, minimum_source="演示", by_name="某仲裁员", recorded_at=now,
    )  # fmt: skip
    got = award.received.create(
        side="worker", on=now.date(), how="当面签收", by_name="某仲裁员", recorded_at=now
    )
    case = a_mediation(world, now)
    stage = case.stages.create(level="town", body=case.body, started_on=now.date(), due_on=now.date())
    agreement = case.agreements.create(
        drafted_on=now.date(),
        by_name="某调解员",
        facts="没有争议",
        manner="汇入银行卡",
        effective_on=now.date(),
    )
    return {
        "arbitration-notice": f"/due/arbitration-notice/{hearing.pk}",
        "arbitration-case": f"/due/arbitration-case/{hearing.case_id}",
        "award-remedy": f"/due/award-remedy/{got.pk}",
        "mediation-stage": f"/due/mediation-stage/{stage.pk}",
        "mediation-case": f"/due/mediation-case/{case.pk}",
        "mediation-confirm": f"/due/mediation-confirm/{agreement.pk}",
        "account-opening": f"/due/account-opening/{account.pk}",
        "account-filing": f"/due/account-filing/{account.pk}",
        "account-closing": f"/due/account-closing/{account.pk}",
        "deposit-payment": f"/due/deposit-payment/{events['use_ordered'].pk}",
        "deposit-topup": f"/due/deposit-topup/{events['used'].pk}",
        "deposit-release": f"/due/deposit-release/{events['notice'].pk}",
        "payment-guarantee": f"/due/payment-guarantee/{guarantee.pk}",
        "warning": f"/due/warning/{world.warning.pk}",
        "clock": f"/due/clock/{matter.deadlines.get().pk}",
        "matter": f"/due/matter/{matter.pk}",
        "pay-day": f"/due/pay-day/{site.pk}?month=2026-09",
        "labour-cost": f"/due/labour-cost/{site.pk}?month=2026-10",
        "deposit": f"/due/deposit/{deposit.pk}",
        "deposit-days": f"/due/deposit-days/{site.pk}",
    }


def test_every_kind_has_an_address_here(dues):
    assert set(dues) == set(KINDS)


def test_an_arbitrator_sees_the_steps_of_the_cases_they_sit_in_and_no_other(sign_in, dues):
    client = sign_in("arbitrator")
    opened = {kind for kind, address in dues.items() if client.get(address).status_code == 200}
    assert opened == {"arbitration-case", "arbitration-notice", "award-remedy"}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_whoever_may_see_the_thing_may_see_its_steps_and_nobody_else(sign_in, dues, kind):
    for name, status in (
        ("inspector", 200),
        ("clerk", 200),
        ("leader", 200),
        ("outsider", 404),
        ("auditor", 403),
    ):
        assert sign_in(name).get(dues[kind]).status_code == status, name


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_is_not_there_does_not_exist(sign_in, world, kind):
    assert sign_in("leader").get(f"/due/{kind}/999999").status_code == 404


def test_an_unknown_kind_or_month_does_not_exist(sign_in, dues):
    client = sign_in("inspector")
    assert client.get("/due/nothing/1").status_code == 404
    assert client.get(dues["pay-day"].replace("2026-09", "2026-13")).status_code == 404
    assert client.get(dues["labour-cost"].replace("2026-10", "zzz")).status_code == 404


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("clock", ["投诉受理决定期限", "2026年11月18日（星期三）", "当日不计入", "5个工作日", "若干规定》第十八条", "周末不计"]),
        ("pay-day", ["2026年9月工资应发日", "2026年10月16日（星期五）", "约定发薪日为次月17日", "周末", "第十四条", "约定日"]),
        ("labour-cost", ["2026年10月8日（星期四）", "每1个月拨付一次", "第二十四条", "不因休息日变动"]),
        ("deposit", ["2026年12月31日", "2026年11月30日", "更换或延期", "第十七条"]),
        ("account-opening", ["2026年9月9日（星期三）", "30日", "第五条", "已于2026年9月1日（星期二）开户"]),
        ("account-filing", ["2026年10月8日（星期四）", "第五条", "国庆节"]),
        ("account-closing", ["2026年11月10日（星期二）", "第八条", "期满次日"]),
        ("deposit-payment", ["2026年10月9日（星期五）", "5个工作日", "第十九条", "国庆节放假10月1日至10月7日不计"]),
        ("deposit-topup", ["2026年10月15日（星期四）", "10个工作日", "第二十条", "国庆节放假10月1日至10月7日不计"]),
        ("deposit-release", ["2026年10月25日（星期日）", "第二十二条", "期满次日"]),
        ("mediation-stage", ["调解期限", "第十四条", "自动转上一级"]),
        ("mediation-case", ["调解期限", "某调解委员会"]),
        ("arbitration-notice", ["开庭通知的最迟日", "5个工作日", "第三十五条"]),
        ("mediation-confirm", ["2026年12月20日", "30日"]),
        ("deposit-days", ["20个工作日", "2026年9月29日（星期二）", "9月20日调休上班计入", "第七条", "中秋节放假9月25日至9月27日不计"]),
    ],
)  # fmt: skip
def test_the_steps_are_told_with_articles_and_days(sign_in, dues, kind, said):
    page = text(sign_in("inspector").get(dues[kind]))
    for words in said:
        assert words in page, words
    assert 'class="due-month"' in page


def test_a_pay_day_without_a_month_is_the_next_one(sign_in, dues, world):
    page = text(sign_in("inspector").get(f"/due/pay-day/{world.here.pk}"))
    assert "2026年11月工资应发日：<strong>2026年12月17日（星期四）" in page


def test_a_warning_tells_each_line_of_the_table_with_the_holidays_passed_over(sign_in, world):
    told = EXPLANATION | {"act_by": {"from": "2026-09-24", "level": "yellow", "steps": [], "reference": ""}}
    warning = a_warning(world.here, act_by=dt.date(2026, 10, 15), level=2, explanation=told)
    page = text(sign_in("inspector").get(f"/due/warning/{warning.pk}"))
    assert "核实情况：2026年9月30日（星期三）" in page
    assert "处置销号：2026年10月15日（星期四）" in page
    assert "中秋节放假9月25日至9月27日不计" in page
    assert "国庆节放假10月1日至10月7日不计" in page
    assert "已定为" not in page


def test_a_day_that_was_kept_when_the_level_fell_says_so(sign_in, world):
    warning = a_warning(world.here, act_by=dt.date(2026, 11, 16), level=1)
    assert "情况变重时可以提前，情况减轻时不推后" in text(
        sign_in("inspector").get(f"/due/warning/{warning.pk}")
    )


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("day", [dt.date(2026, 2, 13), dt.date(2026, 9, 24), dt.date(2026, 12, 30)])
def test_the_days_shown_are_the_days_the_sweep_sets(law, world, level, day):
    warning = a_warning(world.here, level=level, opened_on=day)
    shown = [one.due_day for one in act_by(law, warning).deadlines]
    assert shown == [step.by for step in act_within(law, level.name.lower(), day).steps]


def test_a_warning_from_before_the_table_says_so(sign_in, world):
    warning = a_warning(world.here, opened_on=dt.date(2019, 1, 2))
    assert "warning.act_within" not in text(sign_in("inspector").get(f"/due/warning/{warning.pk}"))
    assert act_by(local_law.current(), warning).problem


def test_a_pause_is_drawn_and_the_due_day_waits(sign_in, world, now):
    case = a_matter(world, now, "inspection_case", on=dt.date(2026, 10, 9))
    take(case, "assign", by=world.inspector, on=dt.date(2026, 10, 12), now=now)
    take(case, "suspend", by=world.leader, on=dt.date(2026, 10, 20), now=now, pause_reason="等待鉴定")
    clock = case.deadlines.get(clock="investigation")
    page = text(sign_in("inspector").get(f"/due/clock/{clock.pk}"))
    assert "起中止，恢复后接着计算" in page
    take(case, "resume", by=world.inspector, on=dt.date(2026, 10, 27), now=now)
    page = text(sign_in("inspector").get(f"/due/clock/{clock.pk}"))
    assert "day-paused" in page
    assert "2026年10月20日（星期二）至2026年10月26日（星期一）中止（等待鉴定）" in page


def test_labour_cost_terms_as_the_sweep_reads_them(law):
    def term(first: str, day: int, cycle: int = 1) -> LabourCostTerm:
        return LabourCostTerm(first_month=first, due_day=day, cycle_months=cycle)

    from anxin.kernel.months import Month

    old, new = term("2026-01", 20), term("2026-12", 5)
    assert term_of([new, old], Month.parse("2026-11"), 1) is old
    assert term_of([new, old], Month.parse("2026-12"), 1) is new
    assert term_of([new], Month.parse("2026-11"), 1) is None
    quarterly = term("2026-01", 31, 3)
    assert (
        term_of([quarterly], Month.parse("2026-02"), 1) is quarterly
    )  # an agreed longer cycle does not hold
    assert term_of([quarterly], Month.parse("2026-02"), 3) is None
    assert next_labour_cost([old], dt.date(2026, 11, 20), law) == dt.date(2026, 11, 20)
    assert next_labour_cost([old], dt.date(2026, 11, 21), law) == dt.date(2026, 12, 20)
    assert next_labour_cost([new], dt.date(2026, 11, 21), law) == dt.date(2026, 12, 5)
    assert next_labour_cost([], dt.date(2026, 11, 21), law) is None


def test_the_pages_link_their_due_dates(sign_in, world, dues):
    client, site = sign_in("inspector"), world.here.pk
    for address, link in (
        ("/warnings", f'href="/due/warning/{world.warning.pk}"'),
        (f"/warnings/{world.warning.pk}", f'href="/due/warning/{world.warning.pk}"'),
        (f"/warnings/{world.warning.pk}", f'href="/due/pay-day/{site}?month=2026-10"'),
        ("/", f'href="/due/warning/{world.warning.pk}"'),
        (f"/projects/{site}", dues["deposit"]),
        (f"/projects/{site}", f'href="/due/pay-day/{site}"'),
        (f"/projects/{site}/deposits", dues["deposit"]),
        (f"/projects/{site}/funds", f'href="/due/labour-cost/{site}"'),
        (f"/projects/{site}/wages", dues["pay-day"]),
        (f"/projects/{site}/wages/2026-09", dues["pay-day"]),
        (f"/projects/{site}/warnings", f'href="/due/warning/{world.warning.pk}"'),
        ("/matters", f'href="{dues["matter"]}"'),
        (dues["matter"].replace("/due/matter", "/matters"), dues["clock"]),
        ("/tasks", dues["clock"]),
    ):
        assert link in text(client.get(address)), (address, link)


def test_a_firm_opens_the_steps_of_its_own_warning_and_of_no_advice_about_it(sign_in, world):
    about = {"employer": world.firm, "project": None, "month": "", "act_by": dt.date(2026, 11, 24)}
    own = a_warning(None, **about)
    advice = a_warning(None, advice=True, rule="F01", **about)
    page = text(sign_in("payroll_clerk").get("/employer/"))
    assert f"/due/warning/{own.pk}" in page
    assert "预警处置期限" in text(sign_in("payroll_clerk").get(f"/due/warning/{own.pk}"))
    assert sign_in("payroll_clerk").get(f"/due/warning/{advice.pk}").status_code == 404
