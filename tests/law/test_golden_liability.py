"""Who pays first: every golden case, order, articles, caps, amounts, gap and branches."""

import pytest

from anxin.law import load
from anxin.law.liability import plan, plan_document, provisions, read_case
from tests.law.liability_cases import cases, expected_branch, fen, told_branch

CASES = dict(cases())


@pytest.mark.parametrize("name", CASES)
def test_golden_case_comes_out_as_worked_by_hand(name):
    entry = CASES[name]
    found = plan(read_case(entry["事实"]))
    assert [told_branch(branch) for branch in found.branches] == [
        expected_branch(result) for result in entry["结果"]
    ]
    for branch, result in zip(found.branches, entry["结果"], strict=True):
        steps = {step.payer: step for step in branch.outcome.steps}
        for payer, parts in result.get("分", {}).items():
            told = {part.employer: part.amount for part in steps[payer].shares}
            assert told == {employer: fen(amount) for employer, amount in parts.items()}
        for payer, against in result.get("追偿", {}).items():
            assert steps[payer].recourse == (against,)
    idle = [item.fact.label for item in found.undecided if not item.matters]
    assert idle == entry["结果"][0].get("不影响", [])


def test_at_least_seventy_five_patterns_are_worked():
    assert len(CASES) >= 75


def test_every_provision_is_used_by_a_case_and_resolves_in_the_catalogue():
    law = load()
    used = {
        key
        for entry in CASES.values()
        for branch in plan(read_case(entry["事实"])).branches
        for step in branch.outcome.steps
        for key in step.provisions
    }
    assert used == set(provisions())
    for provision in provisions().values():
        assert law.cite_reference(provision.reference).startswith("《")


def test_document_of_a_plan_holds_yuan_strings_and_cited_articles():
    entry = CASES["b_owner: 建设单位欠付进度款十万元，以此为限垫付"]
    document = plan_document(plan(read_case(entry["事实"])), load())
    step = document["branches"][0]["steps"][-1]
    assert (step["payer"], step["cap"], step["amount"]) == ("甲公司", "100000.00", "100000.00")
    assert step["articles"] == ["《保障农民工工资支付条例》第二十九条第二款"]
    assert document["branches"][0]["gap"] == "200000.00"
