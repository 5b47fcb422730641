"""催办: who may urge, who is told, once a day, and how it is answered."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.casework import urging
from anxin.casework.models import Matter, Urging
from anxin.clues.intake import Voice
from anxin.clues.models import TicketNote
from anxin.clues.registering import register_clue
from anxin.evidence.journal import Actor
from anxin.evidence.models import JournalEntry
from anxin.evidence.sealing import Sealed
from anxin.kernel.refusal import Refused
from anxin.notices import preferences
from anxin.notices.models import Notice
from tests.monitoring import factories as make

NOW = make.at("2026-03-10", 9)
WORDS = "三天没有进展，请今天回复"


@pytest.fixture
def matter(world) -> Matter:
    return world.matter(handler=world.colleague)


def told() -> set[str]:
    return {one.to.username for one in Notice.objects.filter(kind="urging").select_related("to")}


def test_the_handler_and_the_bodys_leaders_are_told_and_it_stands_on_record(world, matter):
    made = urging.urge(matter, WORDS, by=world.inspector, now=NOW)
    assert told() == {"colleague", "leader"} and made.told == 2
    notice = Notice.objects.filter(to=world.colleague, kind="urging").get()
    assert WORDS in notice.body and notice.link == f"/matters/{matter.pk}/urgings"
    assert JournalEntry.objects.get(action="matter.urged").object_id == str(matter.pk)
    assert urging.with_urged(Matter.objects.all()).get().waits_for_answer


def test_where_nobody_is_named_all_of_the_body_are_told(world):
    urging.urge(world.matter(), WORDS, by=world.leader, now=NOW)
    assert told() == {"inspector", "colleague"}


def test_e_mail_goes_out_where_the_office_has_it_and_the_person_has_not_switched_it_off(
    world, matter, settings
):
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "127.0.0.1", "anxin@rsj.example"
    settings.ANXIN_URL = "https://anxin.rsj.example"
    preferences.choose(world.leader, {urging.KIND: []})
    urging.urge(matter, WORDS, by=world.inspector, now=NOW)
    ways = {
        one.to.username: {delivery.channel for delivery in one.deliveries.all()}
        for one in Notice.objects.filter(kind="urging").select_related("to")
    }
    assert "email" in ways["colleague"] and ways["leader"] == {"screen"}


def test_once_a_day_by_whomever_and_again_tomorrow(world, matter):
    urging.urge(matter, WORDS, by=world.inspector, now=NOW)
    with pytest.raises(Refused, match="今天某inspector已在09:00催过"):
        urging.urge(matter, "还是没有消息吗", by=world.colleague, now=NOW + dt.timedelta(hours=2))
    assert Urging.objects.count() == 1 and JournalEntry.objects.filter(action="matter.urged").count() == 1
    urging.urge(matter, WORDS, by=world.inspector, now=NOW + dt.timedelta(days=1))
    assert Urging.objects.count() == 2


def test_a_leader_urges_again_and_pressing_twice_is_once(world, matter):
    urging.urge(matter, WORDS, by=world.inspector, now=NOW)
    first = urging.urge(matter, "请下午四点前报我", by=world.leader, now=NOW)
    assert urging.urge(matter, "请下午四点前报我", by=world.leader, now=NOW).pk == first.pk
    urging.urge(matter, "还没有看到答复", by=world.leader, now=NOW)
    assert Urging.objects.filter(from_leader=True).count() == 2


@pytest.mark.parametrize("who", ["stranger", "clerk", "auditor", "helper"])
def test_who_sees_it_not_or_handles_nothing_urges_not(world, matter, who):
    with pytest.raises(Refused, match="没有催办"):
        urging.urge(matter, WORDS, by=getattr(world, who), now=NOW)
    assert not Urging.objects.exists() and not told()


def test_a_supporting_body_may_urge(world):
    matter = world.matter(handler=world.colleague, supporting=[world.helper_body])
    assert urging.urge(matter, WORDS, by=world.helper, now=NOW).by == world.helper
    with pytest.raises(Refused, match="可以答复"):  # and may not answer for the lead body
        urging.answer(Urging.objects.get(), "已约谈工头", by=world.helper, now=NOW)


def test_the_urged_answer_once_and_who_urged_is_told(world, matter):
    made = urging.urge(matter, WORDS, by=world.inspector, now=NOW)
    later = NOW + dt.timedelta(hours=1)
    urging.answer(made, "已约谈总包，周五发放", by=world.colleague, now=later)
    kept = Urging.objects.get()
    assert (kept.answer, kept.answered_by_name, kept.answered_at) == (
        "已约谈总包，周五发放",
        "某colleague",
        later,
    )
    assert "周五发放" in Notice.objects.get(to=world.inspector, kind="urging").body
    before = JournalEntry.objects.count()
    urging.answer(made, "已约谈总包，周五发放", by=world.colleague, now=later)
    assert JournalEntry.objects.count() == before
    with pytest.raises(Refused, match="已由某colleague答复"):
        urging.answer(made, "另一个说法", by=world.leader, now=later)
    assert not urging.with_urged(Matter.objects.all()).get().waits_for_answer


@pytest.mark.parametrize("words", ["", "  快 ", "长" * 501])
def test_words_must_say_something_and_not_too_much(world, matter, words):
    with pytest.raises(Refused) as refusal:
        urging.urge(matter, words, by=world.inspector, now=NOW)
    assert refusal.value.field == "words" and not Urging.objects.exists()


def test_a_telephone_in_the_words_is_masked(world, matter):
    made = urging.urge(matter, "请给13900001234回电话", by=world.inspector, now=NOW)
    assert "13900001234" not in made.words
    assert not Notice.objects.filter(body__contains="13900001234").exists()


def test_a_closed_matter_is_not_urged(world, matter):
    Matter.objects.filter(pk=matter.pk).update(closed_on=NOW.date())
    with pytest.raises(Refused, match="已经办结"):
        urging.urge(Matter.objects.get(), WORDS, by=world.leader, now=NOW)


def test_a_hotlines_caller_counts_as_the_one_of_the_day_and_joins_in_until_it_is_answered(world, matter):
    voice = Voice("hotline", "complaint", matter.region_id, NOW, "工资两个月没有发。", title="讨要工资")
    clue = register_clue(voice, by=world.inspector, now=NOW)

    def caller(mark: str, at: dt.datetime = NOW) -> Urging | None:
        note = TicketNote.objects.create(
            clue=clue,
            kind="urge",
            words=Sealed.of("催一下"),
            at=at,
            mark=mark,
            centre_name="热线",
            recorded_at=at,
        )
        return urging.urge_for_caller(matter, world.helper_body, note, who=Actor("key:1", "热线"), now=at)

    first = caller("1")
    assert first.by is None and caller("2") == first
    assert told() == {"colleague", "leader"} and Urging.objects.count() == 1
    assert [one.of_caller for one in urging.urgings_of(matter)] == [True]
    urging.answer(first, "今天已经约双方对账", by=world.colleague, now=NOW)
    assert caller("3") is None
    assert caller("4", NOW + dt.timedelta(days=1)) != first
