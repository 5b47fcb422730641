"""Whether two clues are one dispute is learnt from what people merged and kept apart; never against an ID number."""

from __future__ import annotations

import pytest

from anxin.accounts.models import User
from anxin.clues import disputes
from anxin.clues.intake import Voice, take_in
from anxin.clues.learning import ask_training, learn, put_in_use, take_out_of_use
from anxin.clues.model_in_use import current_model, models_in_use
from anxin.clues.models import Clue, Likeness
from anxin.clues.models_learning import LearntModel
from anxin.clues.services import triage_new
from anxin.evidence.journal import SYSTEM
from anxin.triage import likeness
from anxin.triage.model import shipped
from tests.clues.conftest import NOW
from tests.clues.test_intake import voice

Question, State = LearntModel.Question, LearntModel.State
#: invented firms and estates, each of two letters
FIRMS = "宏拓鼎川启岳恒奕卓凡润坤凌霄博雅天衡远帆嘉禾中晟铭扬聚贤达观信立安泰力源永嘉和顺正源百川翔宇德隆"
ESTATES = "云锦沧澜翠屏锦溪东篱望江碧水枫林鹿鸣星河听涛揽月麓山盛和瑞景金岸紫藤江畔松涛梧桐荷塘兰亭竹海晴川"


def two_letters(words: str) -> list[str]:
    return [words[start : start + 2] for start in range(0, len(words), 2)]


def three_calls(firm: str, estate: str, people: int, *, who: str = "") -> list[Voice]:
    """Two that tell of one dispute, and one of as many other workers of the firm elsewhere."""
    return [
        voice(
            f"今年三月到六月，我带{people}个老乡在{estate}雅苑支模板，合同是跟{firm}劳务公司签的，"
            f"到现在{people + 1}万元血汗钱一分没有拿到手。{who}",
            title=f"{firm}劳务公司拖欠木工工资",
        ),
        voice(
            f"{estate}雅苑楼盘封顶了，{firm}劳务那边说等甲方拨款，木工班组过年的钱都没有着落，请政府帮我们问问。",
            title=f"{estate}雅苑的木工要工钱",
        ),
        voice(
            f"{firm}劳务公司把木工的工资卡收走了，城北厂房那边{people}个人的工钱从五月拖到现在，老板姓名不清楚。",
            title=f"{firm}劳务公司扣工资卡",
        ),
    ]


def told(firm: str, estate: str, people: int, *, who: str = "") -> list[Clue]:
    """The three calls, read and held against what is there."""
    clues = take_in(three_calls(firm, estate, people, who=who), actor=SYSTEM, now=NOW)
    triage_new(actor=SYSTEM, now=NOW)
    return list(clues)


def proposed(one: Clue, other: Clue) -> bool:
    return Likeness.objects.filter(first=one, second=other, state=Likeness.State.PROPOSED).exists()


@pytest.fixture
def decided(office, home) -> User:
    """In this place the same firm has many sites: what it owes elsewhere was kept apart, again and again."""
    calls = [
        one
        for n, (firm, estate) in enumerate(zip(two_letters(FIRMS), two_letters(ESTATES), strict=True))
        for one in three_calls(firm, estate, n + 5)
    ]
    clues = take_in(calls, actor=SYSTEM, now=NOW)
    triage_new(actor=SYSTEM, now=NOW)
    for start in range(0, len(clues), 3):
        mine, again, elsewhere = clues[start : start + 3]
        for pair in Likeness.objects.filter(first=mine, second=again):
            disputes.merge(pair, by=office.inspector, now=NOW)
        for pair in Likeness.objects.filter(first=mine, second=elsewhere):
            disputes.refuse(pair, by=office.inspector, now=NOW)
    return office.inspector


def trained(user: User) -> LearntModel:
    return learn(ask_training(user=user, now=NOW, question=Question.DISPUTE).pk, now=NOW)


def test_what_was_kept_apart_often_enough_is_no_longer_proposed_and_what_was_merged_is(decided, leaders):
    mine, again, elsewhere = told("广厦", "石榴", 41)
    assert proposed(mine, again) and proposed(mine, elsewhere)
    learnt = trained(leaders[0])
    assert (learnt.state, learnt.judged, learnt.owed) == (State.TRIED, 45, 22)
    assert learnt.after["f1"] > learnt.before["f1"]
    put_in_use(learnt, user=leaders[1], now=NOW)
    mine, again, elsewhere = told("万峰", "青岚", 42)
    assert proposed(mine, again) and not proposed(mine, elsewhere)
    assert (current_model(), models_in_use().construction.version) == (shipped(), "随产品提供")
    take_out_of_use(learnt, why="漏掉的太多，先停用", user=leaders[1], now=NOW)
    mine, _, elsewhere = told("昌茂", "白鹭", 43)
    assert proposed(mine, elsewhere)


def test_different_id_numbers_are_never_proposed_whatever_was_learnt(decided, leaders):
    learnt = trained(leaders[0])
    LearntModel.objects.filter(pk=learnt.pk).update(
        weights={**learnt.weights, "nothing_known": 50.0}, state=State.TRIED
    )
    put_in_use(LearntModel.objects.get(pk=learnt.pk), user=leaders[1], now=NOW)
    (one, *_), (other, *_) = (
        told("万峰", "青岚", 42, who=f"身份证{number}")
        for number in ("990101199001010019", "990101199001010035")
    )
    (third, *_) = told("万峰", "青岚", 42)
    assert proposed(one, third) and not proposed(one, other)


def test_judgements_that_contradict_each_other_replace_nothing(decided, leaders):
    """Half of what was kept apart was merged, and the other way round: there is nothing to learn."""
    for n, pair in enumerate(Likeness.objects.exclude(state=Likeness.State.PROPOSED).order_by("pk")):
        state = Likeness.State.MERGED if n // 2 % 2 == n % 2 else Likeness.State.REFUSED
        Likeness.objects.filter(pk=pair.pk).update(state=state)
    learnt = trained(leaders[0])
    assert learnt.state == State.WORSE
    assert models_in_use().dispute == likeness.shipped()


def test_merges_taken_back_and_open_proposals_are_no_judgements(decided, leaders):
    for pair in Likeness.objects.filter(state=Likeness.State.MERGED)[:10]:
        disputes.unmerge(pair, why="听了录音，不是一件事", by=decided, now=NOW)
    learnt = trained(leaders[0])
    assert (learnt.state, learnt.judged, learnt.owed) == (State.FAILED, 35, 12)
    assert "只有12对，至少要20对" in learnt.problem


def test_without_any_decided_pair_it_says_so(office, home, leaders):
    assert "只有0对" in trained(leaders[0]).problem


def test_pairs_of_one_dispute_are_never_on_both_sides_of_a_trial(decided, leaders, monkeypatch):
    """What judges a pair has seen none that hangs together with it."""
    from anxin.clues import lessons
    from anxin.triage import weights

    examples = lessons.OF[Question.DISPUTE].examples()
    fitted: list[set[int]] = []
    whole = weights.fit

    def fit(judged, *rest):
        fitted.append({one.dispute for one in judged})
        return whole(judged, *rest)

    monkeypatch.setattr(weights, "fit", fit)
    groups = [one.dispute for one in examples]
    weights.try_out(examples, likeness.shipped(), likeness.NAMES, groups)
    assert len(fitted) == 10
    left_out = [set(groups) - seen for seen in fitted]
    assert sum(map(len, left_out)) == len(set(groups))
