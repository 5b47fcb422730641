"""Signing: the worker on the own phone or at a counter with a witness, once a provider of identity has confirmed who it is."""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F

from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.contracts import papers
from anxin.contracts.access import may_attend
from anxin.contracts.models import Contract, SigningCode
from anxin.contracts.papers import Consent
from anxin.evidence import files
from anxin.evidence.journal import Actor, record
from anxin.evidence.sealing import Sealed, finding_hash
from anxin.kernel.masking import mask_name
from anxin.kernel.refusal import Refused
from anxin.vouching.identity import Asking, Code, Place, confirm
from anxin.vouching.keys import keys_at
from anxin.vouching.providers import provider_for
from anxin.workforce.models import Worker
from anxin.workforce.signin import CODE_DIGITS, CODES_AN_HOUR, VALID, WRONG_AT_MOST, worker_actor

_State = Contract.State
_HOUR = dt.timedelta(hours=1)
_NOT_NOW = "这份合同现在不能签，可能已经签过或者已经撤回，请回到清单看看。"


@dataclass(frozen=True)
class Asked:
    """What the channel sends: nothing of it is kept in plain."""

    phone: str
    code: str


def ask_code(contract: Contract, *, worker: Worker, now: dt.datetime) -> Asked:
    """A code for this contract to the worker's own phone, after the whole text was read. Raises :class:`Refused`."""
    _own(contract, worker)
    if contract.state != _State.READ:
        raise Refused("请先把合同全文看完，再签名。")
    if not provider_for(Place.OWN_PHONE).sends_code:
        raise Refused("这里用国家网络身份认证签名，不发短信验证码，请填写认证码。")
    if not isinstance(worker.phone, Sealed):
        raise Refused("花名册上没有您的手机号，收不到验证码。请带身份证到项目部，用平板当面签。")
    with transaction.atomic():
        Contract.objects.select_for_update(of=("self",)).get(pk=contract.pk)
        if SigningCode.objects.filter(contract=contract, asked_at__gt=now - _HOUR).count() >= CODES_AN_HOUR:
            raise Refused("验证码要得太多了，请一小时后再试，或者到项目部当面签。")
        code = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
        SigningCode.objects.create(
            contract=contract,
            code_hash=_hash(contract, code),
            shown=papers.shown_digest(contract),
            asked_at=now,
        )
    return Asked(worker.phone.open(), code)


def sign_with_code(
    contract: Contract, *, worker: Worker, code: str, consent: bool, device: str, now: dt.datetime
) -> Contract:
    """The worker signs on a phone; ``code`` is what came by text, or the word of the national platform's app.

    Raises :class:`Refused`: another person, no consent, not confirmed (a wrong or old code), another file.
    """
    _own(contract, worker)
    if not consent:
        raise Refused("请先勾选“我看懂了，同意签这份合同”。", field="consent")
    if contract.state == _State.SENT:
        raise Refused("请先把合同全文看完，再签名。")
    if contract.state != _State.READ:
        raise Refused(_NOT_NOW)
    asked: list[SigningCode] = []

    def right_code(typed: str) -> Code:
        asked.append(_right_code(contract, typed, now))
        return Code(f"验证码记录{asked[0].pk}", asked[0].shown)

    asking = _asking(contract, code, now, device=device[:80] or "手机", right_code=right_code)
    by = worker_actor(worker)
    found = confirm(
        provider_for(Place.OWN_PHONE),
        asking,
        by=by,
        about=("contract", contract.pk),
        after=_site_of(contract),
    )
    with transaction.atomic():
        signed = _sign_worker(contract, Consent.of(found), by=by, now=now, states=[_State.READ])
        SigningCode.objects.filter(pk__in=[one.pk for one in asked]).update(used_at=now)
    return signed


def sign_at_counter(
    contract: Contract, *, id_number: str, witness: str, consent: bool, user: User, now: dt.datetime
) -> Contract:
    """The worker has come with the identity card, and the text was read out or read on the tablet, before a witness.

    Raises :class:`Refused`: the card is another person's, no witness, the witness is whoever operates or the worker.
    """
    if not may_attend(user, contract):
        raise Refused("您没有为这份合同办理当面签署的权限。")
    if not consent:
        raise Refused("请本人听完或者看完全文、表示同意后，再勾选确认。", field="consent")
    asking = _asking(
        contract, id_number, now, witness=witness, operator=str(user), operator_reference=f"账号{user.pk}"
    )
    found = confirm(
        provider_for(Place.DESK),
        asking,
        by=actor(user),
        about=("contract", contract.pk),
        after=_site_of(contract),
    )
    states = [_State.SENT, _State.READ]
    return _sign_worker(contract, Consent.of(found), by=actor(user), now=now, states=states)


def _asking(contract: Contract, typed: str, now: dt.datetime, **more: Any) -> Asking:
    """What a provider of identity may know of the contract's worker."""
    worker = contract.worker

    def id_number() -> str:
        return worker.id_number.open() if isinstance(worker.id_number, Sealed) else ""

    def same_card(number: str) -> bool:
        return hmac.compare_digest(finding_hash("id", number), worker.id_hash)

    given = {"device": "", **more}
    return Asking(
        papers.worker_person(worker), papers.shown_digest(contract), at=now, typed=typed, id_number=id_number,
        same_card=same_card, **given,
    )  # fmt: skip


def _site_of(contract: Contract) -> dict[str, Any]:
    return {"project_ids": [contract.project_id]}


def _own(contract: Contract, worker: Worker) -> None:
    if contract.worker_id != worker.pk:
        raise Refused("这份合同不是您的，不能签。")


def _right_code(contract: Contract, typed: str, now: dt.datetime) -> SigningCode:
    asked = (
        SigningCode.objects.filter(
            contract=contract, used_at__isnull=True, asked_at__gt=now - VALID, wrong__lt=WRONG_AT_MOST
        )
        .order_by("-pk")
        .first()
    )
    if asked is not None and hmac.compare_digest(asked.code_hash, _hash(contract, typed)):
        return asked
    if asked is not None:
        SigningCode.objects.filter(pk=asked.pk).update(wrong=F("wrong") + 1)
    raise Refused(
        f"验证码不对或已过期（{VALID.seconds // 60}分钟内有效）。请核对短信里的数字，或重新获取。",
        field="code",
    )


def _hash(contract: Contract, code: str) -> str:
    return finding_hash("contract-code", f"{contract.pk}|{code}")


def _sign_worker(
    contract: Contract, consent: Consent, *, by: Actor, now: dt.datetime, states: Sequence[str]
) -> Contract:
    """The signature and the state in one transaction: of two at once the second finds nothing to sign."""
    with transaction.atomic():
        row = (
            Contract.objects.select_for_update(of=("self",))
            .select_related("worker", "employer", "project", "file")
            .get(pk=contract.pk)
        )
        if row.state not in states:
            raise Refused(_NOT_NOW)
        pdf = papers.signed(
            papers.read(row),
            slot=papers.WORKER_SLOT,
            person=papers.worker_person(row.worker),
            consent=consent,
            keys=keys_at(now),
            at=now,
            seal=False,
        )
        row.file = files.store(pdf, name=f"{row.number}.pdf", now=now)
        row.state, row.worker_signed_at = _State.WORKER_SIGNED, now
        row.read_at = row.read_at or now
        row.method, row.device, row.witness = consent.method.value, consent.device, consent.witness
        row.save(
            update_fields=["file", "state", "worker_signed_at", "read_at", "method", "device", "witness"]
        )
        record(
            actor=by,
            action="contract.signed",
            object_type="contract",
            object_id=row.pk,
            summary=f"{mask_name(row.worker.name)}签署劳动合同{row.number}",
            now=now,
            after={
                "project_ids": [row.project_id],
                "method": consent.method.value,
                "device": consent.device,
                "witness": consent.witness,
                "shown": consent.shown,
                "file": row.file.sha256,
            },
        )
    return row
