"""Signing a paper by named people in turn: a code on the desk's screen opens it on the signer's own telephone; or a tablet,
the card and a witness. One mechanism for every such paper; each sort says by a :class:`Turns` where its rows are kept.

Who signs is shown by a code to the telephone that is known of them, as with labour contracts. A signer reads and says yes
to the file as it was closed; others may sign meanwhile (:func:`anxin.letters.turn_files.text_digest`).
"""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
from abc import ABC, abstractmethod
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import F

from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.casework.models import Matter
from anxin.contracts.papers import Consent
from anxin.contracts.signatures import Asked
from anxin.evidence import files
from anxin.evidence.journal import Actor
from anxin.evidence.sealing import Sealed, finding_hash, plain
from anxin.kernel.masking import mask_name
from anxin.kernel.refusal import Refused, worded
from anxin.letters import turn_files
from anxin.signing.parties import Person
from anxin.vouching.identity import Asking, Code, Found, Place, confirm
from anxin.vouching.providers import provider_for
from anxin.workforce.signin import CODE_DIGITS, CODES_AN_HOUR, VALID, WRONG_AT_MOST

#: long enough to read a long paper at the desk, too short to take home
LINK_HOLDS = dt.timedelta(minutes=60)
_HOUR = dt.timedelta(hours=1)


class Turns(ABC):
    """How papers of one sort are signed. Rows are of the models that :mod:`anxin.letters.models_turns` outlines."""

    #: keeps the hashes of one sort apart from those of another
    prefix: ClassVar[str]
    #: who stands at the desk, as sentences call them
    desk: ClassVar[str]
    signers: ClassVar[type[Any]]
    links: ClassVar[type[Any]]
    codes: ClassVar[type[Any]]
    #: what a link reads along, down to matter and files
    reads: ClassVar[tuple[str, ...]]

    @abstractmethod
    def paper(self, signer: Any) -> Any:
        """The paper that this person signs."""

    @abstractmethod
    def waits(self, paper: Any) -> bool:
        """Whether it is closed and waits for signatures."""

    @abstractmethod
    def held(self, paper: Any, by: User | None) -> Any:
        """The paper, held until the transaction ends, for who works on it (``None``: a signer on a telephone).
        Raises :class:`Refused` for others, and where it does not wait for signatures."""

    @abstractmethod
    def person(self, signer: Any) -> Person:
        """As the certificate names them; never by the number of an identity card."""

    @abstractmethod
    def matter(self, paper: Any) -> Matter:
        """Where it belongs; read along with a link."""

    @abstractmethod
    def title(self, paper: Any) -> str:
        """What the paper is, as its signer reads it: 庭审笔录."""

    @abstractmethod
    def filename(self, paper: Any) -> str:
        """What the stored file is called."""

    @abstractmethod
    def entry(
        self, paper: Any, action: str, said: str, *, who: Actor, now: dt.datetime, after: dict[str, Any]
    ) -> None:
        """One entry of the journal; never a person's name in what is ``said``."""

    def words(self, signer: Any) -> turn_files.Shown:
        """What the signer reads to its end and signs."""
        return turn_files.shown_words(self.paper(signer))

    # the desk

    def make_link(self, signer: Any, *, by: User, now: dt.datetime) -> str:
        """The token for a code on the screen; an older one opens nothing any more. Raises :class:`Refused`."""
        with transaction.atomic():
            held = self.held(self.paper(signer), by)
            found = self._waiting(held, signer)
            found.links.filter(ended_at__isnull=True).update(ended_at=now)
            token = secrets.token_urlsafe(24)
            self.links.objects.create(
                signer=found,
                token_hash=self._hash("link", token),
                made_at=now,
                expires_at=now + LINK_HOLDS,
            )
            said = f"给{found}出示签名二维码"
            self.entry(held, "link", said, who=actor(by), now=now, after={"signer": found.pk})
        return token

    def sign_at_tablet(
        self, signer: Any, *, id_number: str, witness: str, consent: bool, by: User, now: dt.datetime
    ) -> Any:
        """The signer is at the desk with the card and has read or heard the text, before a witness. Raises :class:`Refused`."""
        if not isinstance(signer.id_number, Sealed):
            raise Refused("没有登记这个人的身份证号，不能核对本人；请用手机验证码签。", field="id_number")
        if not consent:
            raise Refused("请本人看完或者听完全文、表示同意后，再勾选确认。", field="consent")
        asking = self._asking(
            signer, id_number, now, witness=witness, operator=str(by), operator_reference=f"账号{by.pk}"
        )
        found = self._confirmed(signer, Place.DESK, asking, actor(by), by)
        with transaction.atomic():
            done = self._sign(signer, Consent.of(found), by=by, who=actor(by), now=now)
            self.links.objects.filter(signer=signer, ended_at__isnull=True).update(ended_at=now)
        return done

    def note_refusal(self, signer: Any, *, why: str, by: User, now: dt.datetime) -> None:
        """Somebody would not sign: written down with the reason. Raises :class:`Refused`."""
        why = worded(why, "请写明拒绝签名的情况和理由", field="why", most=300)
        with transaction.atomic():
            held = self.held(self.paper(signer), by)
            found = self._waiting(held, signer)
            found.refused_at, found.refused_why, found.refused_by_name = now, why, str(by)
            found.save(update_fields=["refused_at", "refused_why", "refused_by_name"])
            found.links.filter(ended_at__isnull=True).update(ended_at=now)
            said = f"{found}拒绝签名：{why}"
            self.entry(held, "refused", said, who=actor(by), now=now, after={"signer": found.pk})

    # the signer's own telephone

    def link_of(self, token: str, now: dt.datetime) -> Any | None:
        """The link that a token opens now; ``None`` where there is none, it has run out or was replaced."""
        rows = self.links.objects.select_related(*self.reads).filter(
            token_hash=self._hash("link", token), ended_at__isnull=True, expires_at__gt=now
        )
        found = rows.first()
        return found if found and self.waits(self.paper(found.signer)) else None

    def claim(self, link: Any, *, now: dt.datetime) -> str:
        """The first telephone has it from now on; returns what that telephone keeps. Raises :class:`Refused` for a second."""
        secret = secrets.token_urlsafe(24)
        with transaction.atomic():
            got = self.links.objects.filter(pk=link.pk, device_hash="", ended_at__isnull=True).update(
                device_hash=self._hash("device", secret), opened_at=now
            )
            if not got:
                raise Refused(f"这个二维码已经在另一部手机上打开。请让{self.desk}重新出示二维码。")
            self._told(link.signer, "opened", "打开", now)
        return secret

    def is_device(self, link: Any, secret: str) -> bool:
        """Whether this telephone opened the link first."""
        return bool(link.device_hash) and hmac.compare_digest(link.device_hash, self._hash("device", secret))

    def read_to_end(self, signer: Any, *, now: dt.datetime) -> None:
        """The whole text was on the screen to its end; the second time changes nothing."""
        if self.signers.objects.filter(pk=signer.pk, read_at__isnull=True).update(read_at=now):
            self._told(signer, "read", "读完全文：", now)

    def ask_code(self, signer: Any, *, now: dt.datetime) -> Asked:
        """A code to the telephone that is known of the signer, after the whole text was read. Raises :class:`Refused`."""
        paper = self.paper(signer)
        if signer.read_at is None:
            raise Refused(f"请先把{paper.noun}全文看完，再签名。")
        if not provider_for(Place.OWN_PHONE).sends_code:
            raise Refused("这里用国家网络身份认证签名，不发短信验证码，请填写认证码。")
        if not isinstance(signer.phone, Sealed):
            raise Refused(f"没有登记您的手机号，收不到验证码。请带身份证到{self.desk}处，用平板当面签。")
        with transaction.atomic():
            held = self.held(paper, None)
            self._waiting(held, signer)
            recent = self.codes.objects.filter(signer=signer, asked_at__gt=now - _HOUR)
            if recent.count() >= CODES_AN_HOUR:
                raise Refused(f"验证码要得太多了，请在{self.desk}处用平板当面签。")
            code = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
            self.codes.objects.create(
                signer=signer,
                code_hash=self._code_hash(signer, code),
                shown=turn_files.text_digest(held),
                asked_at=now,
            )
        return Asked(signer.phone.open(), code)

    def sign_with_code(self, link: Any, *, code: str, consent: bool, device: str, now: dt.datetime) -> Any:
        """The signer signs on the own telephone. Raises :class:`Refused`: no consent, a wrong or old code, another file."""
        signer = link.signer
        if not consent:
            raise Refused("请先勾选“我看过全文……同意签名”这一行。", field="consent")
        if signer.read_at is None:
            raise Refused(f"请先把{self.paper(signer).noun}全文看完，再签名。")
        asked: list[Any] = []

        def right_code(typed: str) -> Code:
            asked.append(self._right_code(signer, typed, now))
            return Code(f"验证码记录{asked[0].pk}", asked[0].shown)

        asking = self._asking(signer, code, now, device=device[:80] or "手机", right_code=right_code)
        found = self._confirmed(signer, Place.OWN_PHONE, asking, _actor(signer))
        with transaction.atomic():
            done = self._sign(signer, Consent.of(found), by=None, who=_actor(signer), now=now)
            self.codes.objects.filter(pk__in=[one.pk for one in asked]).update(used_at=now)
            self.links.objects.filter(signer=signer, ended_at__isnull=True).update(ended_at=now)
        return done

    def object_to(self, signer: Any, *, words: str, now: dt.datetime) -> None:
        """The signer asks for a correction: who keeps the paper mends it, or the request itself is kept."""
        words = worded(words, "请写明哪里有遗漏或者差错", field="words", most=500)
        with transaction.atomic():
            held = self.held(self.paper(signer), None)
            found = self._waiting(held, signer)
            found.objection = Sealed.of(words)
            found.save(update_fields=["objection"])
            self._told(found, "objection", "申请补正", now)

    # both

    def _asking(self, signer: Any, typed: str, now: dt.datetime, **more: Any) -> Asking:
        """What a provider of identity may know of the signer."""

        def id_number() -> str:
            return signer.id_number.open() if isinstance(signer.id_number, Sealed) else ""

        def same_card(number: str) -> bool:
            return hmac.compare_digest(number.encode(), id_number().encode())

        given = {"device": "", **more}
        return Asking(
            self.person(signer), turn_files.text_digest(self.paper(signer)), at=now, typed=typed, id_number=id_number,
            same_card=same_card, **given,
        )  # fmt: skip

    def _confirmed(
        self, signer: Any, place: Place, asking: Asking, by: Actor, operator: User | None = None
    ) -> Found:
        with transaction.atomic():  # whoever may not sign here now is not asked who they are
            paper = self.held(self.paper(signer), operator)
            self._waiting(paper, signer)
        after = {"matter": self.matter(self.paper(signer)).pk}
        about = (f"{self.prefix}_signer", signer.pk)
        return confirm(provider_for(place), asking, by=by, about=about, after=after)

    def _waiting(self, held: Any, signer: Any) -> Any:
        found = held.signers.get(pk=signer.pk)
        if found.signed_at is not None:
            raise Refused(f"{found}已经签过名，不用再签。")
        if found.refused_at is not None:
            raise Refused(f"{found}已经记明拒绝签名。")
        return found

    def _sign(self, signer: Any, how: Consent, *, by: User | None, who: Actor, now: dt.datetime) -> Any:
        """The signature in one transaction that holds the paper: several sign the same file in turn."""
        held = self.held(self.paper(signer), by)
        found = self._waiting(held, signer)
        data = turn_files.signed(held, found, self.person(found), how, at=now)
        held.file = files.store(data, name=self.filename(held), now=now)
        held.save(update_fields=["file"])
        found.signed_at, found.read_at = now, found.read_at or now
        found.method, found.device, found.witness = how.method.value, how.device, how.witness
        found.save(update_fields=["signed_at", "read_at", "method", "device", "witness"])
        after = {
            "signer": found.pk, "method": found.method, "device": found.device, "witness": found.witness,
            "file": held.file.sha256,
        }  # fmt: skip
        self.entry(held, "signed", f"{found}签署{self.title(held)}", who=who, now=now, after=after)
        return found

    def _right_code(self, signer: Any, typed: str, now: dt.datetime) -> Any:
        rows = self.codes.objects.filter(signer=signer, used_at__isnull=True, asked_at__gt=now - VALID)
        asked = rows.filter(wrong__lt=WRONG_AT_MOST).order_by("-pk").first()
        if asked is not None and hmac.compare_digest(asked.code_hash, self._code_hash(signer, typed)):
            return asked
        if asked is not None:
            self.codes.objects.filter(pk=asked.pk).update(wrong=F("wrong") + 1)
        raise Refused(
            f"验证码不对或已过期（{VALID.seconds // 60}分钟内有效）。请核对短信里的数字，或重新获取。",
            field="code",
        )

    def _told(self, signer: Any, action: str, what: str, now: dt.datetime) -> None:
        paper = self.paper(signer)
        said = f"{signer}{what}{self.title(paper)}"
        self.entry(paper, action, said, who=_actor(signer), now=now, after={"signer": signer.pk})

    def _code_hash(self, signer: Any, code: str) -> str:
        return self._hash("code", f"{signer.pk}|{code}")

    def _hash(self, kind: str, text: str) -> str:
        return finding_hash(f"{self.prefix}-{kind}", text)


def _actor(signer: Any) -> Actor:
    return Actor(f"signer:{signer.pk}", mask_name(plain(signer.name)))


_sorts: list[Turns] = []


def register(turns: Turns) -> None:
    """Let the page on the signer's telephone find the papers of this sort; once when the application starts."""
    if turns not in _sorts:
        _sorts.append(turns)


def find(token: str, now: dt.datetime) -> tuple[Turns, Any] | None:
    """The sort of paper and the link that a token opens now; the hashes of the sorts differ, so it is one at most."""
    for turns in _sorts:
        if (link := turns.link_of(token, now)) is not None:
            return turns, link
    return None
