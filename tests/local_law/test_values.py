"""A local value: proposed, confirmed by another person, answered with, ended."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from anxin import law as law_data
from anxin.evidence import journal
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.law import NoValue
from anxin.local_law import actions, queries, services
from anxin.local_law.models import LocalValue, OverlayStamp, State
from tests.local_law.conftest import FIRST, SECOND, WAGE

DAY = dt.date(2026, 11, 20)


def test_a_proposal_changes_nothing_yet(propose):
    before = queries.current().digest()
    propose()
    assert queries.current().digest() == before
    with pytest.raises(NoValue):
        queries.current().value(WAGE, DAY, "990101")


def test_what_a_second_person_confirms_is_answered_with_its_paper(in_force):
    in_force()
    value = queries.current().value(WAGE, DAY, "990101")
    assert (value.value, value.region, value.region_name) == (2100, "9901", "安城市")
    assert value.reference == "关于调整最低工资标准的通知（安政发〔2026〕3号）"
    assert value.confidence == "confirmed"
    assert value.carries_claim


def test_a_local_value_holds_in_its_region_alone(in_force):
    shipped = law_data.load()
    in_force()
    with pytest.raises(NoValue):
        queries.current().value(WAGE, DAY, "9902")
    assert queries.current().value(WAGE, DAY, "440402") == shipped.value(WAGE, DAY, "440402")


def test_who_proposed_cannot_confirm(propose, now):
    record = propose()
    with pytest.raises(Refused, match="须由另一位"):
        services.confirm(record, actor=FIRST, now=now)
    assert LocalValue.objects.get().state == State.PROPOSED


def test_the_database_itself_refuses_one_person_for_both(propose, now):
    record = propose()
    with pytest.raises(IntegrityError), transaction.atomic():
        LocalValue.objects.filter(pk=record.pk).update(
            state=State.CONFIRMED, confirmed_by=FIRST.key, confirmed_at=now
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        LocalValue.objects.filter(pk=record.pk).update(state=State.CONFIRMED)


def test_every_step_leaves_one_journal_entry(propose, now):
    record = propose(value=2100)
    services.confirm(record, actor=SECOND, now=now)
    services.withdraw(record, reason="文件已废止", actor=SECOND, now=now)
    entries = list(JournalEntry.objects.order_by("sequence"))
    assert [entry.action for entry in entries] == [
        actions.VALUE_PROPOSED,
        actions.VALUE_CONFIRMED,
        actions.VALUE_WITHDRAWN,
    ]
    assert entries[1].actor_name == "某乙"
    assert entries[1].basis == "关于调整最低工资标准的通知（安政发〔2026〕3号）"
    assert entries[1].after["value"] == 2100
    assert entries[2].after["reason"] == "文件已废止"
    assert journal.verify().intact


def test_a_fraction_is_kept_and_told_to_the_journal_without_floats(in_force):
    in_force(key="wage_deposit.ratio_percent", value=1.5, valid_from=dt.date(2026, 1, 1))
    assert queries.current().value("wage_deposit.ratio_percent", DAY, "9901").value == 1.5
    assert JournalEntry.objects.order_by("-sequence").first().after["value"] == "1.5"
    assert journal.verify().intact


def test_a_withdrawn_value_leaves_the_shipped_one(in_force, now):
    shipped = law_data.load().value(WAGE, DAY, "440402").value
    record = in_force(region="4404", region_name="珠海市", value=9999)
    assert queries.current().value(WAGE, DAY, "440402").value == 9999
    services.withdraw(record, reason="录入错误", actor=SECOND, now=now)
    assert queries.current().value(WAGE, DAY, "440402").value == shipped


def test_a_refused_proposal_never_counts_and_keeps_the_reason(propose, now):
    record = services.refuse(propose(), reason="文号不对", actor=SECOND, now=now)
    assert (record.state, record.ended_reason, record.ended_by_name) == (State.REFUSED, "文号不对", "某乙")
    with pytest.raises(Refused, match="未同意"):
        services.confirm(record, actor=SECOND, now=now)


def test_a_reason_is_needed_to_refuse_and_to_withdraw(propose, now):
    record = propose()
    for act, who in ((services.refuse, SECOND), (services.withdraw, FIRST)):
        with pytest.raises(Refused, match="写明原因"):
            act(record, reason="  ", actor=who, now=now)


def test_a_proposal_is_taken_back_only_by_who_made_it(propose, now):
    record = propose()
    with pytest.raises(Refused, match="提出人"):
        services.withdraw(record, reason="不要了", actor=SECOND, now=now)
    with pytest.raises(Refused, match="请撤回"):
        services.refuse(record, reason="不要了", actor=FIRST, now=now)
    services.withdraw(record, reason="写错了", actor=FIRST, now=now)
    assert JournalEntry.objects.order_by("-sequence").first().action == actions.VALUE_RETRACTED


def test_a_later_confirmation_for_the_same_day_replaces_the_earlier(in_force, now):
    first = in_force(value=2100)
    second = in_force(value=2150)
    first.refresh_from_db()
    assert first.state == State.SUPERSEDED
    assert str(second.pk) in first.ended_reason
    assert queries.current().value(WAGE, DAY, "9901").value == 2150
    entry = JournalEntry.objects.order_by("-sequence").first()
    assert (entry.before["value"], entry.after["value"]) == (2100, 2150)


def test_one_proposal_at_a_time_for_the_same_question(propose):
    propose()
    with pytest.raises(Refused, match="正在等另一人确认"):
        propose(value=2200)


def test_the_same_again_is_refused_once_it_holds(in_force, propose):
    in_force()
    with pytest.raises(Refused, match="已经生效"):
        propose()


def test_a_unit_and_a_start_of_its_own_reach_the_engine(in_force):
    key = "inspection.investigation_days"
    if key not in queries.current().keys():  # noqa: SIM118
        pytest.skip("the parameter is not carried over yet")
    in_force(
        key=key,
        value=30,
        unit="日",
        valid_from=dt.date(2026, 1, 1),
        counting={"starts_on": "受理之日", "rolls": False},
    )
    value = queries.current().value(key, DAY, "9901")
    assert (value.value, value.unit, value.counting.day_type, value.counting.rolls) == (
        30,
        "日",
        "natural",
        False,
    )
    assert value.counting.starts_on == "受理之日"


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"key": "wage_payment.no_such"}, "key", "没有名为"),
        ({"region": "990"}, "region", "地区代码"),
        ({"region": ""}, "region", "地区代码"),
        ({"region_name": " "}, "region_name", "地区名称"),
        ({"source_title": ""}, "source_title", "依据文件"),
        ({"source_number": " "}, "source_number", "文号"),
        ({"valid_from": dt.date(1990, 1, 1)}, "valid_from", "不能早于"),
        ({"valid_until": dt.date(2026, 6, 30)}, "valid_until", "早于生效日"),
        ({"value": -1}, "value", "不能小于0"),
        ({"value": "两千"}, "value", "数字"),
        ({"value": None}, "value", "请填写数值"),
        ({"value": True}, "value", "数字"),
        ({"value": float("nan")}, "value", "有效的数字"),
        ({"unit": "元/日"}, "unit", "单位"),
        ({"counting": {"rolls": True}}, "counting", "只有期限"),
        ({"counting": {"colour": "red"}}, "counting", "不认识"),
        ({"source_number": "文" * 81}, "source_number", "太长"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence_beside_its_field(changes, field, sentence, propose):
    with pytest.raises(Refused, match=sentence) as refusal:
        propose(**changes)
    assert refusal.value.field == field
    assert not LocalValue.objects.exists()
    assert not JournalEntry.objects.exists()


def test_what_the_loader_refuses_is_refused_before_it_is_stored(propose):
    with pytest.raises(Refused, match="不能使用"):
        propose(key=_deadline_key(), value=5, valid_from=DAY, counting={"day_type": "lunar"})
    assert not LocalValue.objects.exists()


def _deadline_key() -> str:
    law = queries.current()
    return next(
        key
        for key in law.keys()  # noqa: SIM118
        if law.parameter(key).unit in ("工作日", "日")
        and isinstance(law.parameter(key).values[-1].value, int)
    )


def test_an_upgrade_that_drops_a_parameter_does_not_stop_the_law(in_force, now):
    record = in_force()
    LocalValue.objects.filter(pk=record.pk).update(key="wage_payment.gone")
    stamp = OverlayStamp.objects.get()
    stamp.token = "after-the-upgrade"
    stamp.save()
    with pytest.raises(NoValue):
        queries.current().value(WAGE, DAY, "9901")


def test_reactions_run_when_the_law_changes(in_force):
    heard = []

    def hear(entry):
        heard.append(entry.after["key"])

    journal.react_to(actions.VALUE_CONFIRMED, hear)
    try:
        in_force()
    finally:
        journal._reactions[actions.VALUE_CONFIRMED].remove(hear)
    assert heard == [WAGE]
