"""A provincial platform on the loopback interface, in the shape of the Sichuan interface, that behaves badly.

What it does wrong is drawn from a seed. It keeps a ledger of what it really took, so that a test can say at the
end: each version of each record once, nothing lost, nothing doubled.
"""

from __future__ import annotations

import json
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from anxin.exchange.adapters.ciphers import cipher
from anxin.exchange.adapters.sichuan.session import interface

APP_ID, SECRET, KEY = "anxin-test", "s3cret-of-the-test", "00112233445566778899aabbccddeeff"
#: what can go wrong with one call, and how often in a hundred when the platform behaves badly
FAULTS = {
    "error_before": 6,
    "error_after": 6,
    "busy": 3,
    "drop_before": 5,
    "drop_after": 6,
    "garbage": 3,
    "token": 5,
    "slow": 2,
}
Verdict = tuple[str, str] | None


@dataclass
class Taken:
    """One request as the platform took it."""

    record: str
    kind: str
    body: dict[str, Any]
    verdict: Verdict
    number: str
    #: so many times asked before the verdict is given
    patience: int = 0


@dataclass
class Province:
    """The ledger and the mood. ``judge(kind, body)`` gives a field and a reason, or nothing."""

    seed: int = 0
    bad: bool = False
    slow_seconds: float = 0.4
    url: str = ""
    judge: Callable[[str, dict[str, Any]], Verdict] = lambda kind, body: None
    down: bool = False
    taken: dict[str, Taken] = field(default_factory=dict)
    #: request → how often it was processed anew; a repetition that is told by its number counts beside
    processed: Counter[str] = field(default_factory=Counter)
    repeated: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    codes: dict[str, str] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    bodies: list[bytes] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.cipher = cipher("sm4-cbc", KEY)

    @property
    def accepted(self) -> Counter[str]:
        """Record → so many versions of it that were accepted."""
        return Counter(one.record for one in self.taken.values() if one.verdict is None)

    def fault(self) -> str:
        if not self.bad:
            return ""
        drawn = self.random.uniform(0, 100)
        for name, share in FAULTS.items():
            drawn -= share
            if drawn < 0:
                return name
        return ""

    # --- calls -------------------------------------------------------------------------------------------

    def answer(self, path: str, content: dict[str, Any]) -> dict[str, Any]:
        calls = interface()["calls"]
        if path == calls["login"]:
            known = content.get("appId") == APP_ID and self.cipher.decrypt(content["appSecret"]) == SECRET
            if not known:
                return {"code": "2001", "message": "账号或密钥错误", "data": {}}
            token = uuid.UUID(int=self.random.getrandbits(128)).hex
            self.tokens.add(token)
            return {"code": "0", "data": {"token": token}}
        if content.get("token") not in self.tokens:
            return {"code": "1001", "message": "令牌已过期"}
        data = content["data"]
        if path == calls["receipts"]:
            return {"code": "0", "data": self._receipts(data["requestIds"])}
        kinds = {name: call for name, call in calls.items() if isinstance(call, dict)}
        for kind, call in kinds.items():
            if path == call.get("code"):
                return self._code(kind, data)
            if path == call["post"]:
                return self._post(kind, data)
        return {"code": "9999", "message": "没有这个接口"}

    def _plain(self, body: dict[str, Any]) -> dict[str, Any]:
        encrypted = interface()["encrypted"]
        return {
            name: self.cipher.decrypt(value) if name in encrypted and value else value
            for name, value in body.items()
            if name not in ("verifyCode", "requestId", "recordNo")
        }

    def _code(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        verdict = self.judge(f"code:{kind}", self._plain(body))
        if verdict:
            return {"code": "2100", "message": verdict[1], "data": {"field": verdict[0]}}
        code = f"HY{len(self.codes) + 1:06d}"
        self.codes[code] = kind
        return {"code": "0", "data": {"verifyCode": code}}

    def _post(self, kind: str, data: dict[str, Any]) -> dict[str, Any]:
        request, body = data["requestId"], self._plain(data)
        if data["verifyCode"] not in self.codes:
            return {"code": "2200", "message": "没有核验码", "data": {}}
        if request in self.taken:
            self.repeated[request] += 1
            return {"code": "0", "data": {"serialNo": self.taken[request].number}}
        verdict = self._missing(kind, body) or self.judge(kind, body)
        self.processed[request] += 1
        patience = self.random.randint(0, 3) if self.bad else 0
        number = f"SN{len(self.taken) + 1:06d}"
        self.taken[request] = Taken(data["recordNo"], kind, body, verdict, number, patience)
        return {"code": "0", "data": {"serialNo": number}}

    def _missing(self, kind: str, body: dict[str, Any]) -> Verdict:
        """Something about a person on a project before the platform knows both."""
        if kind not in ("entry", "attendance", "pay"):
            return None
        good = [one for one in self.taken.values() if one.verdict is None]
        if not any(one.kind == "project" and one.body["projectNum"] == body["projectNum"] for one in good):
            return "projectNum", "项目不存在"
        if not any(one.kind == "personnel" and one.body["idCardNumber"] == body["idCardNumber"] for one in good):  # fmt: skip
            return "idCardNumber", "人员不存在"
        return None

    def _receipts(self, requests: list[str]) -> dict[str, Any]:
        told, unknown = [], []
        for request in requests:
            one = self.taken.get(request)
            if one is None:
                unknown.append(request)
                continue
            if one.patience > 0:
                one.patience -= 1
                told.append({"requestId": request, "recordNo": one.record, "state": "0"})
                continue
            if self.bad and self.random.random() < 0.1:
                continue  # forgotten this time
            told.append(self._receipt(request, one))
        if self.bad and told:
            told += self._wrong(told)
            self.random.shuffle(told)
        return {"receipts": told, "unknown": unknown}

    def _receipt(self, request: str, one: Taken) -> dict[str, Any]:
        field, message = one.verdict or ("", "")
        return {
            "requestId": request,
            "recordNo": one.record,
            "state": "2" if one.verdict else "1",
            "receiptNo": one.number,
            "message": message,
            "field": field,
        }

    def _wrong(self, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The same again, one for another record, one for nobody's request, one turned round."""
        drawn = self.random.choice(told)
        wrong = []
        if self.random.random() < 0.4:
            wrong.append(dict(drawn))
        if self.random.random() < 0.3:
            wrong.append({**drawn, "recordNo": "pay-999999", "state": self.random.choice("12")})
        if self.random.random() < 0.2:
            nobody = str(uuid.UUID(int=self.random.getrandbits(128)))
            wrong.append({**drawn, "requestId": nobody, "state": "1"})
        if self.random.random() < 0.1:
            wrong.append({"requestId": 7, "state": None})
        return wrong


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"

    def do_POST(self) -> None:
        province: Province = self.server.province
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        path = self.path.removeprefix("/api/")
        with province.lock:
            province.bodies.append(body)
            province.calls[path] += 1
            if province.down:
                self.close_connection = True
                return
            fault = province.fault()
            if fault == "slow":
                # Answered after the other side has given up, and processed all the same.
                province.answer(path, json.loads(body))
            elif fault == "token":
                province.tokens.clear()
            elif fault in ("drop_before", "error_before", "busy", "garbage"):
                self._spoil(fault)
                return
            answer = province.answer(path, json.loads(body))
        if fault == "slow":
            time.sleep(province.slow_seconds)
        if fault in ("drop_after", "error_after"):
            self._spoil(fault)
            return
        self._say(200, json.dumps(answer).encode())

    def _spoil(self, fault: str) -> None:
        if fault.startswith("drop"):
            self.close_connection = True
        elif fault == "busy":
            self._say(429, b"", {"Retry-After": "2"})
        elif fault == "garbage":
            self._say(200, b"<html>gateway</html>")
        else:
            self._say(500, b"internal error")

    def _say(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        try:
            self.send_response(status)
            for name, value in {**(headers or {}), "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@contextmanager
def province(**mood: Any) -> Iterator[Province]:
    """A running platform; ``url`` is what an administrator would type."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.daemon_threads = True
        server.province = Province(url=f"http://127.0.0.1:{server.server_address[1]}/api", **mood)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.province
        finally:
            server.shutdown()
            thread.join()
