"""Who answers for arrears of a project, in the order of the law: pure functions over stated facts. See ``README.md``."""

from anxin.law.liability.facts import (
    Alternative,
    Arrears,
    Case,
    Deposit,
    Fact,
    Form,
    Fund,
    Link,
    OwnerMoney,
    Party,
    Standing,
    Status,
    known,
    open_fact,
)
from anxin.law.liability.planning import Branch, Plan, Share, Step, Undecided, plan
from anxin.law.liability.provisions import Provision, provisions
from anxin.law.liability.reading import read_case
from anxin.law.liability.telling import plan_document, plan_sentence, step_sentence

__all__ = [
    "Alternative",
    "Arrears",
    "Branch",
    "Case",
    "Deposit",
    "Fact",
    "Form",
    "Fund",
    "Link",
    "OwnerMoney",
    "Party",
    "Plan",
    "Provision",
    "Share",
    "Standing",
    "Status",
    "Step",
    "Undecided",
    "known",
    "open_fact",
    "plan",
    "plan_document",
    "plan_sentence",
    "provisions",
    "read_case",
    "step_sentence",
]
