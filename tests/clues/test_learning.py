"""A bureau's own judgements retrain the reading: tried out first, put in use by a second person, taken back."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.accounts.models import User
from anxin.clues.correcting import correct
from anxin.clues.intake import Given, take_in
from anxin.clues.learning import ask_training, learn, put_in_use, take_out_of_use
from anxin.clues.model_in_use import current_model, models_in_use
from anxin.clues.models import Clue
from anxin.clues.models_learning import LearntModel
from anxin.clues.services import triage_new
from anxin.evidence.journal import SYSTEM
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.triage.model import shipped
from tests.clues.conftest import NOW
from tests.clues.test_intake import voice

Question = LearntModel.Question
#: in this invented place teams say 进度款 and mean their wages; the shipped model takes it for project money
LOCAL = "咱们队{n}月份的进度款还没有下来。"
OTHER = "请问{n}号楼的停车费收得对不对，麻烦核实一下什么时候能退。"


@pytest.fixture
def judged(office, home) -> None:
    """Thirty clues of each kind that a person has looked at."""
    voices = [voice(text.format(n=n)) for n in range(1, 31) for text in (LOCAL, OTHER)]
    clues = take_in(voices, actor=SYSTEM, now=NOW)
    triage_new(actor=SYSTEM, now=NOW)
    for n, clue in enumerate(clues):
        Clue.objects.filter(pk=clue.pk).update(arrears=n % 2 == 0, looked_at=NOW, looked_by_name="某监察员")


def trained(user: User) -> LearntModel:
    return learn(ask_training(user=user, now=NOW).pk, now=NOW)


def test_a_model_that_judges_the_unseen_better_waits_for_a_second_person(judged, leaders):
    asked = trained(leaders[0])
    assert asked.state == LearntModel.State.TRIED
    assert (asked.judged, asked.owed, asked.base_version) == (60, 30, shipped().version)
    assert asked.after["f1"] > asked.before["f1"]
    assert current_model() == shipped()
    with pytest.raises(Refused, match="另一位"):
        put_in_use(asked, user=leaders[0], now=NOW)
    put_in_use(asked, user=leaders[1], now=NOW)
    assert current_model().version == asked.version


def test_what_comes_in_afterwards_is_read_by_it_and_what_was_read_stays(judged, leaders):
    before = Clue.objects.order_by("pk").first()
    put_in_use(trained(leaders[0]), user=leaders[1], now=NOW)
    (clue,) = take_in([voice(LOCAL.format(n=77))], actor=SYSTEM, now=NOW)
    triage_new(actor=SYSTEM, now=NOW)
    reading = clue.tellings.get().reading
    assert (reading.arrears, reading.model_version) == (True, current_model().version)
    assert before.tellings.get().reading.model_version == shipped().version


def test_taken_out_of_use_the_shipped_one_reads_again(judged, leaders):
    used = put_in_use(trained(leaders[0]), user=leaders[1], now=NOW)
    with pytest.raises(Refused, match="原因"):
        take_out_of_use(used, why="不", user=leaders[1], now=NOW)
    take_out_of_use(used, why="误判太多，先停用", user=leaders[1], now=NOW)
    assert current_model() == shipped()
    assert JournalEntry.objects.filter(action="clues.model_retired").count() == 1


def test_a_later_one_takes_the_place_of_the_one_in_use(judged, leaders):
    first = put_in_use(trained(leaders[0]), user=leaders[1], now=NOW)
    second = trained(leaders[0])
    assert second.base_version == first.version
    LearntModel.objects.filter(pk=second.pk).update(state=LearntModel.State.TRIED)
    put_in_use(second, user=leaders[1], now=NOW)
    first.refresh_from_db()
    assert (first.state, current_model().version) == (LearntModel.State.RETIRED, second.version)


def test_one_that_is_no_better_cannot_be_put_in_use(judged, leaders):
    put_in_use(trained(leaders[0]), user=leaders[1], now=NOW)
    again = trained(leaders[0])
    assert again.state == LearntModel.State.WORSE
    with pytest.raises(Refused, match="不能启用"):
        put_in_use(again, user=leaders[1], now=NOW)


def test_too_few_judgements_are_said_and_nothing_is_learnt(office, home, leaders):
    asked = trained(leaders[0])
    assert (asked.state, asked.weights) == (LearntModel.State.FAILED, None)
    assert "至少要20条" in asked.problem


def test_one_training_at_a_time_and_only_by_whom_it_concerns(judged, leaders, office):
    with pytest.raises(Refused, match="没有训练"):
        ask_training(user=office.inspector, now=NOW)
    asked = ask_training(user=leaders[0], now=NOW)
    with pytest.raises(Refused, match="正在进行"):
        ask_training(user=leaders[1], now=NOW)
    with pytest.raises(Refused, match="没有启用"):
        put_in_use(asked, user=office.inspector, now=NOW)


def test_weights_of_signs_that_the_program_no_longer_knows_are_not_used(judged, leaders):
    used = put_in_use(trained(leaders[0]), user=leaders[1], now=NOW)
    used.weights["title"]["no_such_sign"] = 1.0
    used.save()
    assert current_model() == shipped()


def test_a_sentence_that_stands_for_a_recording_is_never_learnt_whatever_was_heard_in_it(
    leaders, office, home
):
    """Beside the may not its may: real words that the same person judged the same way are learnt."""
    given = Given({"arrears": True}, "只有录音或者照片，机器读不出来")
    heard, _, told = take_in(
        [
            voice("（用语音反映，录音附在本页。）", given=given),
            voice("（用照片反映，照片附在本页。）", given=given),
            voice(),
        ],
        actor=SYSTEM,
        now=NOW,
    )
    triage_new(actor=SYSTEM, now=NOW)
    for minutes, said in ((1, "no"), (2, "yes")):
        for clue in (heard, told):
            when = NOW + dt.timedelta(minutes=minutes)
            correct(clue, "arrears", said, why="又听了一遍录音", by=office.inspector, now=when)
    Clue.objects.update(looked_at=NOW, looked_by_name="某监察员")
    asked = trained(leaders[0])
    assert (asked.judged, asked.owed) == (1, 1)


WORKSHOP = "我在车间做木工，老板拖欠我{n}月份的工资，一直没有发。"
GUARD = "我是保安，队里拖欠我{n}月份的工资，一直没有发。"


@pytest.fixture
def built(office, home) -> None:
    """Thirty claims from workshops that a person took for construction, and thirty of guards that are none."""
    voices = [voice(text.format(n=n)) for n in range(1, 31) for text in (WORKSHOP, GUARD)]
    clues = take_in(voices, actor=SYSTEM, now=NOW)
    triage_new(actor=SYSTEM, now=NOW)
    for n, clue in enumerate(clues):
        Clue.objects.filter(pk=clue.pk).update(construction=n % 2 == 0, looked_at=NOW)


def of_construction(user: User) -> LearntModel:
    return learn(ask_training(user=user, now=NOW, question=Question.CONSTRUCTION).pk, now=NOW)


def read_anew(text: str) -> bool:
    (clue,) = take_in([voice(text)], actor=SYSTEM, now=NOW)
    triage_new(actor=SYSTEM, now=NOW)
    return clue.tellings.get().reading.construction


def test_whether_it_is_construction_is_learnt_beside_the_wages_put_in_use_and_restored(built, leaders):
    assert not read_anew(WORKSHOP.format(n=77))
    first, again = of_construction(leaders[0]), of_construction(leaders[0])
    assert (first.state, first.judged, first.owed) == (LearntModel.State.TRIED, 60, 30)
    assert first.weights["signs"] == again.weights["signs"]
    put_in_use(first, user=leaders[1], now=NOW)
    assert read_anew(WORKSHOP.format(n=78)) and current_model() == shipped()
    assert of_construction(leaders[0]).state == LearntModel.State.WORSE
    take_out_of_use(first, why="误判太多，先停用", user=leaders[1], now=NOW)
    assert not read_anew(WORKSHOP.format(n=79))
    put_in_use(first, user=leaders[1], now=NOW)
    assert read_anew(WORKSHOP.format(n=80))


def test_the_models_of_all_questions_take_one_query(built, leaders, django_assert_num_queries):
    put_in_use(of_construction(leaders[0]), user=leaders[1], now=NOW)
    with django_assert_num_queries(1):
        assert models_in_use().construction.version.startswith("本地")
