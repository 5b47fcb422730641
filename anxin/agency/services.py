"""The front door for writing: every step of agency payment, from attendance to the last retry."""

from __future__ import annotations

from anxin.agency.answers import apply_answers, apply_file
from anxin.agency.confirming import answer_objection, confirm_line, contest_day, contest_line, worker_key
from anxin.agency.deciding import approve_run, open_to_workers, return_run, submit_run, withdraw_run
from anxin.agency.drafting import add_person, draft_run, edit_lines, rebuild_run, remove_person, set_card
from anxin.agency.lines import LineEdit, LinesRefused
from anxin.agency.ordering import cancel_order, make_order, mend_line, order_formats, ready, send_order
from anxin.agency.results import apply_results, refuse_whole
from anxin.agency.words import answer_word, confirm_promise, contest_attendance, contest_promise

__all__ = [
    "LineEdit",
    "LinesRefused",
    "add_person",
    "answer_objection",
    "answer_word",
    "apply_answers",
    "apply_file",
    "apply_results",
    "approve_run",
    "cancel_order",
    "confirm_line",
    "confirm_promise",
    "contest_attendance",
    "contest_day",
    "contest_line",
    "contest_promise",
    "draft_run",
    "edit_lines",
    "make_order",
    "mend_line",
    "open_to_workers",
    "order_formats",
    "ready",
    "rebuild_run",
    "refuse_whole",
    "remove_person",
    "return_run",
    "send_order",
    "set_card",
    "submit_run",
    "withdraw_run",
    "worker_key",
]
