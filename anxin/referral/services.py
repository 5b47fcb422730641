"""What people do here, in one place to call from above."""

from __future__ import annotations

from anxin.referral.answering import ask_to_close, worker_says
from anxin.referral.concluding import answer, conclude, review
from anxin.referral.dividing import divide
from anxin.referral.informing import seen, tell
from anxin.referral.matter_paid import record as record_payment
from anxin.referral.matter_paid import take_back as take_payment_back
from anxin.referral.offers import adopt
from anxin.referral.recovering import add as add_recovered
from anxin.referral.recovering import assign, assign_all, withdraw_listed
from anxin.referral.recovering import withdraw as withdraw_recovered
from anxin.referral.referring import accept, propose, redirect, refer, return_
from anxin.referral.satisfaction import say_satisfied
from anxin.referral.signing import propose_table, refuse, sign, withdraw
from anxin.referral.striking import strike

__all__ = [
    "accept",
    "add_recovered",
    "adopt",
    "answer",
    "ask_to_close",
    "assign",
    "assign_all",
    "conclude",
    "divide",
    "propose",
    "propose_table",
    "record_payment",
    "redirect",
    "refer",
    "refuse",
    "return_",
    "review",
    "say_satisfied",
    "seen",
    "sign",
    "strike",
    "take_payment_back",
    "tell",
    "withdraw",
    "withdraw_listed",
    "withdraw_recovered",
    "worker_says",
]
