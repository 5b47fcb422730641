"""Talking to the platform: token, codes, reports, receipts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from anxin.exchange.adapters import posting
from anxin.exchange.adapters.base import Codes, Receipt, Rejected, TryAgain
from anxin.exchange.adapters.ciphers import cipher
from anxin.exchange.models import Platform
from anxin.exchange.uploads.payloads import Outgoing, masked_body

_HERE = Path(__file__).parent
_STATES = {"1": "accepted", "2": "rejected", "0": "processing"}
#: whose code a report carries: kind → (name of the code, which of the record's references it is about)
_CARRIES = {
    "project": ("project", "project"),
    "personnel": ("personnel", "worker"),
    "enterprise": ("enterprise", "employer"),
    "entry": ("project", "project"),
    "attendance": ("project", "project"),
    "pay": ("pay", "project"),
}


class _CodeUnknown(Exception):
    """The platform does not know the code that came with a report."""


@cache
def interface() -> Mapping[str, Any]:
    """Calls, answers and field names."""
    loaded: Mapping[str, Any] = yaml.safe_load((_HERE / "interface.yaml").read_text(encoding="utf-8"))
    return loaded


class SichuanSession:
    """One run; logs in when it first must, and again when the token has run out."""

    def __init__(self, platform: Platform) -> None:
        said = json.loads(platform.credentials.open())  # type: ignore[union-attr]
        self._base = platform.base_url.rstrip("/")
        self._app_id, self._secret = said["app_id"], said["secret"]
        self._cipher = cipher(platform.cipher, said["cipher_key"])
        self._token = ""

    def post(self, outgoing: Outgoing, *, request_id: UUID, record: str, codes: Codes) -> str:
        call = interface()["calls"][outgoing.kind]
        body = self._body(outgoing)
        name, about = _CARRIES[outgoing.kind]
        key = outgoing.references[about]
        code = codes.get(name, key)
        if code is None and "code" in call:
            code = str(self._call(call["code"], body, outgoing.kind).get("verifyCode") or "")
            if not code:
                raise TryAgain("平台没有给出核验码。")
            codes.keep(name, key, code)
        if code is None:
            raise TryAgain("还没有取得平台的项目编码，等项目报送后再试。")
        request = {**body, "verifyCode": code, "requestId": str(request_id), "recordNo": record}
        try:
            return str(self._call(call["post"], request, outgoing.kind).get("serialNo") or "")
        except _CodeUnknown:
            codes.forget(name, key)
            raise TryAgain("平台已不认这个核验码，将重新取得。") from None

    def receipts(self, requests: Sequence[UUID]) -> Sequence[Receipt]:
        wanted = [str(one) for one in requests]
        data = self._call(interface()["calls"]["receipts"], {"requestIds": wanted}, "")
        told = data.get("receipts")
        if not isinstance(told, list):
            raise TryAgain("平台的回执不是约定的格式。")
        receipts = [self._receipt(one) for one in told if isinstance(one, dict)]
        unknown = data.get("unknown")
        if isinstance(unknown, list):
            receipts += [Receipt(str(one), "", "unknown") for one in unknown]
        return receipts

    def masked(self, outgoing: Outgoing) -> Mapping[str, object]:
        names = interface()["fields"][outgoing.kind]
        return {names[name]: value for name, value in masked_body(outgoing).items()}

    def _receipt(self, told: Mapping[str, Any]) -> Receipt:
        state = _STATES.get(str(told.get("state")), "processing")
        return Receipt(
            request_id=str(told.get("requestId", "")),
            record=str(told.get("recordNo", "")),
            state=state,  # type: ignore[arg-type]
            number=str(told.get("receiptNo") or "")[:80],
            reason=str(told.get("message") or "")[:500],
            field=_our_name(str(told.get("field") or "")),
        )

    def _body(self, outgoing: Outgoing) -> dict[str, Any]:
        names, encrypted = interface()["fields"][outgoing.kind], interface()["encrypted"]
        body = {names[name]: value for name, value in outgoing.body.items()}
        return {
            name: self._cipher.encrypt(value) if name in encrypted and value else value
            for name, value in body.items()
        }

    def _call(self, path: str, content: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
        """One call with a token; an expired one is renewed once. Raises :class:`TryAgain`, :class:`Rejected`."""
        for again in (False, True):
            if not self._token:
                self._log_in()
            answer = self._post(path, {"token": self._token, "data": content})
            if answer[0] in interface()["answers"]["token"] and not again:
                self._token = ""
                continue
            return self._read(answer, kind)
        raise TryAgain("平台反复要求重新登录，请系统管理员核对账号。", everybody=True)

    def _log_in(self) -> None:
        said = {"appId": self._app_id, "appSecret": self._cipher.encrypt(self._secret)}
        code, message, data = self._post(interface()["calls"]["login"], said)
        token = data.get("token")
        if code != interface()["answers"]["done"] or not isinstance(token, str) or not token:
            shown = f"：{message[:100]}" if message else ""
            raise TryAgain(f"平台没有让本系统登录{shown}。请系统管理员核对账号和密钥。", everybody=True)
        self._token = token

    def _post(self, path: str, content: Mapping[str, Any]) -> tuple[str, str, Mapping[str, Any]]:
        answer = posting.post(f"{self._base}/{path}", content, headers={})
        if not isinstance(answer, dict) or "code" not in answer:
            raise TryAgain("平台的回答不是约定的格式。", uncertain=True)
        data = answer.get("data")
        return (
            str(answer["code"]),
            str(answer.get("message") or ""),
            data if isinstance(data, dict) else {},
        )

    def _read(self, answer: tuple[str, str, Mapping[str, Any]], kind: str) -> Mapping[str, Any]:
        code, message, data = answer
        answers = interface()["answers"]
        if code == answers["done"]:
            return data
        if code in answers["token"]:
            raise TryAgain("平台反复要求重新登录，请系统管理员核对账号。", everybody=True)
        if code in answers["code"] and kind:
            raise _CodeUnknown
        if code in answers["busy"]:
            raise TryAgain("平台忙，请稍后。", everybody=True)
        if not kind:
            raise TryAgain(f"平台没有给出回执（代码{code[:10]}）。")
        raise Rejected(
            message[:500] or f"平台没有说明原因（代码{code[:10]}）。", _our_name(str(data.get("field") or ""))
        )


@cache
def _ours() -> Mapping[str, str]:
    return {theirs: ours for names in interface()["fields"].values() for ours, theirs in names.items()}


def _our_name(theirs: str) -> str:
    return _ours().get(theirs, "")
