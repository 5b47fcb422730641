"""How it stands for whoever told it: who answers, until when, what came out, whether their word is waited for."""

from __future__ import annotations

from anxin.clues.models import Clue
from anxin.referral import services
from anxin.referral.queries import standing
from tests.referral.clues import a_clue, paper, to_the_end
from tests.referral.conftest import NOW


def test_the_first_body_answers_until_another_has_accepted(city):
    clue = a_clue(city)
    assert standing(clue).body == "" and "正在看由哪个单位负责" in standing(clue).sentence
    services.refer(clue, by=city.desk, now=NOW, law=city.law)
    services.return_(clue, why="项目归交通部门主管", by=city.housing, now=NOW, law=city.law)
    services.redirect(clue, city.bodies["JT"], why="交通部门主管", by=city.desk, now=NOW, law=city.law)
    found = standing(clue)
    assert found.body == "云州市住建局" and found.due_on is not None and not found.waits_for_word
    services.accept(clue, by=city.transport, now=NOW, law=city.law)
    assert standing(clue).body == "云州市交通局"


def test_a_conclusion_is_shown_once_the_second_person_has_agreed(city):
    clue = a_clue(city)
    made = services.refer(clue, by=city.desk, now=NOW, law=city.law)
    paper(made.matter, "clue_check_form", by=city.housing)
    services.conclude(
        clue, "不属实", words="核对了工资表和银行回单。", by=city.housing, now=NOW, law=city.law
    )
    assert standing(clue).conclusion == ""
    services.review(clue, agrees=True, words="", by=city.head, now=NOW)
    found = standing(clue)
    assert (found.conclusion, found.waits_for_word, found.may_disagree) == ("不属实", True, True)
    services.worker_says(clue, True, "", NOW)
    found = standing(clue)
    assert not found.waits_for_word and found.may_disagree and "正在办结手续" in found.sentence
    to_the_end(made.matter, by=city.housing)
    assert "已经办结" in standing(Clue.objects.get(pk=clue.pk)).sentence


def test_a_merged_clue_stands_as_the_one_it_was_merged_into(city):
    first, second = a_clue(city), a_clue(city)
    Clue.objects.filter(pk=second.pk).update(dispute=first)
    services.refer(first, by=city.desk, now=NOW, law=city.law)
    assert standing(Clue.objects.get(pk=second.pk)).body == "云州市住建局"
