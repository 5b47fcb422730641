"""Somebody tells us: the form is kept, and a receipt given for it. All else (the clue, its reading) follows afterwards.

One transaction of two statements, because before the festival two hundred may come in a second. What is kept here
is kept: a receipt that somebody holds is found again whatever becomes of the process that gave it.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from django.db import IntegrityError, transaction

from anxin.channels import floods, limits, receipts, tokens
from anxin.channels.forms import FormTold, checked
from anxin.channels.limits import Sender
from anxin.channels.models_voice import Submission
from anxin.channels.refusing import AlreadyTold, OneMoreStep, OtherWords, TooMany
from anxin.evidence.sealing import finding_hash
from anxin.kernel.refusal import Refused

_KEY = re.compile(r"[A-Za-z0-9_-]{22,80}")
_TURNS = 5


@dataclass(frozen=True)
class Given:
    """The receipt (sixteen digits). ``repeated``: this submission had come before and has it already."""

    submission: Submission
    receipt: str
    repeated: bool = False


def submit(
    told: FormTold,
    *,
    key: str,
    code: int | None,
    sender: Sender,
    now: dt.datetime,
    with_files: Callable[[Submission], None] | None = None,
) -> Given:
    """Keep what somebody told and give the receipt; the same ``key`` gives the same receipt and nothing new.

    ``told.region`` names a registered place where there is no code; ``with_files`` adds what came along, in the same transaction. Raises
    :class:`Refused`: what is missing; too many (:class:`TooMany`, :class:`OneMoreStep`); the same words again (:class:`AlreadyTold`); other
    words under a used key (:class:`OtherWords`).
    """
    if not _KEY.fullmatch(key):
        raise Refused("这一页已经失效，请刷新页面后再提交；您填的内容还在。", field="key")
    told = checked(told, placed=code is not None)
    key_hash, words = finding_hash("submission-key", key), _words(told)
    words_hash = finding_hash("submission-words", words)
    _not_in_a_blink(sender, now)
    kept = Submission(
        key_hash=key_hash,
        words_hash=words_hash,
        kind=told.kind,
        code_id=code,
        region_id=told.region or None,
        trade=told.trade,
        helped=told.helped,
        words=words,
        received_at=now,
    )
    counters = limits.of_submission(sender, code)
    if told.text:  # recordings without a word are all alike on paper
        counters.append(limits.SAME.of(code, words))
    for turn in range(_TURNS):
        receipt = receipts.number_for(key, turn)
        kept.receipt_turn, kept.receipt_hash = turn, receipts.receipt_hash(receipt)
        try:
            with transaction.atomic():
                _take(counters, now)
                kept.save(force_insert=True)
                if with_files:
                    with_files(kept)
            return Given(kept, receipt)
        except (IntegrityError, Refused) as problem:
            # Nearly always it is new, so that it is looked for only when something stands in its way: it came before
            # (also at this moment), or, once in a century, the digits were taken.
            known = _known(key_hash)
            if known is not None:
                return _again(known, key, words_hash)
            if isinstance(problem, Refused):
                raise
            kept = _unsaved(kept)
    raise Refused("系统繁忙，请稍后再试；您填的内容还在手机上。")


def code_behind(token: str) -> int | None:
    """The number of the scanned code; ``None`` for what this installation never made. Asks no database."""
    return tokens.number_in(token)


def submission_of(key: str) -> Submission | None:
    """The submission that was sent under this word of the phone."""
    return _known(finding_hash("submission-key", key)) if _KEY.fullmatch(key) else None


def _known(key_hash: str) -> Submission | None:
    return Submission.objects.filter(key_hash=key_hash).first()


def _again(known: Submission, key: str, words_hash: str) -> Given:
    if known.words_hash != words_hash:
        raise OtherWords
    return Given(known, receipts.number_for(key, known.receipt_turn), repeated=True)


def _unsaved(kept: Submission) -> Submission:
    kept.pk = None
    kept._state.adding = True
    return kept


def _take(counters: Sequence[floods.Counter], now: dt.datetime) -> None:
    refused = {one.allowance for one in floods.take(counters, now=now)}
    if limits.SAME in refused:
        raise AlreadyTold
    if refused and limits.may_step(counters, refused):
        raise OneMoreStep(max(int(allowance.seconds) for allowance in refused))
    if refused:
        raise TooMany(max(int(allowance.seconds) for allowance in refused))


def _not_in_a_blink(sender: Sender, now: dt.datetime) -> None:
    if sender.opened_at is None:
        return
    wait = limits.QUICKEST - (now - sender.opened_at)
    if wait > dt.timedelta(0):
        raise TooMany(-(-wait // dt.timedelta(seconds=1)))


def _words(told: FormTold) -> str:
    return json.dumps(asdict(told), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
