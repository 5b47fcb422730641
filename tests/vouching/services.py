"""The other side, on the loopback interface: a signing gateway, a time-stamp service and the national platform's gateway.

They keep to the contracts in docs/integrators.md and check who calls. Their authority is a folder of the test's own.
"""

from __future__ import annotations

import base64
import datetime as dt
import hmac
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from asn1crypto import tsp
from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives import serialization

from anxin.notices.posting import signature
from anxin.signing.authority import Authority
from anxin.signing.building import SHA256, signed_data
from anxin.signing.hashing import sha256
from anxin.signing.parties import Person

SECRET = "an-invented-secret-of-one-line"


@dataclass
class Services:
    """``asked`` are the requests that came, ``answer`` what is said instead of the right answer, ``refuse`` whom nobody confirms."""

    authority: Authority
    at: dt.datetime
    url: str = ""
    asked: list[tuple[str, Any]] = field(default_factory=list)
    answer: dict[str, bytes] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)

    def reply(self, path: str, headers: Any, body: bytes) -> tuple[int, bytes]:
        if path in self.answer:
            return 200, self.answer[path]
        if path == "/tsa":
            return 200, self._stamp(body)
        timestamp = headers.get("X-Anxin-Timestamp", "")
        said = f"sha256={signature(SECRET, timestamp, body)}"
        if not hmac.compare_digest(said, headers.get("X-Anxin-Signature", "")):
            return 401, b'{"error": "who are you"}'
        asked = json.loads(body)
        self.asked.append((path, asked))
        answers = {"/sign": self._sign, "/certificate": self._certificate, "/confirm": self._confirm}
        return 200, json.dumps(answers[path](asked), ensure_ascii=False).encode()

    def key(self, person: Person) -> Any:
        return self.authority.signer_for(person, self.at)

    def _sign(self, asked: Any) -> Any:
        name, _, number = asked["key"].partition("/")
        made = self.key(Person(name, number)).sign_digest(base64.b64decode(asked["digest"]))
        return {"signature": base64.b64encode(made).decode()}

    def _certificate(self, asked: Any) -> Any:
        found = self.key(Person(asked["name"], asked["serial"])).certificate
        return {
            "key": f"{asked['name']}/{asked['serial']}",
            "certificates": [base64.b64encode(found.dump()).decode()],
        }

    def _confirm(self, asked: Any) -> Any:
        if asked["name"] in self.unknown:
            return {"confirmed": False}
        return {"confirmed": True, "reference": "P-0001", "level": "high"}

    def _stamp(self, body: bytes) -> bytes:
        request = tsp.TimeStampReq.load(body)
        info = tsp.TSTInfo(
            {
                "version": "v1", "policy": "1.2.3.4.1", "message_imprint": request["message_imprint"],
                "serial_number": secrets.randbits(63), "gen_time": self.at.astimezone(dt.UTC).replace(microsecond=0),
                "nonce": request["nonce"].native,
            }
        ).dump()  # fmt: skip
        assert request["message_imprint"]["hash_algorithm"].native == SHA256.native
        token = signed_data(
            content=info, digest=sha256(info), certificate=self.authority.time.certificate, chain=(),
            sign_digest=self.authority.time.sign_digest,
        )  # fmt: skip
        status = tsp.PKIStatusInfo({"status": "granted"}).dump()
        inner = status + token
        return b"\x30\x82" + len(inner).to_bytes(2, "big") + inner


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        status, answer = self.server.services.reply(self.path, self.headers, body)
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@contextmanager
def running(folder: Path, at: dt.datetime) -> Iterator[Services]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        url = f"http://127.0.0.1:{server.server_address[1]}"
        server.services = Services(Authority(folder, at), at, url)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server.services
        finally:
            server.shutdown()
            thread.join()


def pem(certificate: asn1.Certificate) -> bytes:
    from cryptography import x509

    made = x509.load_der_x509_certificate(certificate.dump())
    return made.public_bytes(serialization.Encoding.PEM)


def set_up(settings: Any, services: Services, folder: Path) -> None:
    """What an administrator would set, with the files that the settings name."""
    folder.mkdir(exist_ok=True)
    secret = folder / "credential"
    secret.write_text(SECRET + "\n")
    secret.chmod(0o600)
    (folder / "trust.pem").write_bytes(pem(services.authority.root.certificate))
    (folder / "revoked.crl").write_bytes(services.authority.revocation_list(services.at).dump())
    settings.ANXIN_SIGNING_URL, settings.ANXIN_SIGNING_CREDENTIAL = services.url, str(secret)
    settings.ANXIN_TIME_URL = f"{services.url}/tsa"
    settings.ANXIN_TRUST = str(folder / "trust.pem")
    settings.ANXIN_REVOCATION = [str(folder / "revoked.crl")]
    settings.ANXIN_IDENTITY_URL, settings.ANXIN_IDENTITY_CREDENTIAL = services.url, str(secret)


def enter_body(settings: Any, services: Services, folder: Path, code: str, owner: Person) -> None:
    """A body's key, as the file of ``ANXIN_SIGNING_KEYS`` has it."""
    (folder / "body.pem").write_bytes(pem(services.key(owner).certificate))
    (folder / "keys.toml").write_text(
        f'["{code}"]\nalias = "{owner.name}/{owner.key}"\ncertificate = "body.pem"\n', encoding="utf-8"
    )
    settings.ANXIN_SIGNING_KEYS = str(folder / "keys.toml")
