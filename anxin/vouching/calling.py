"""Calling the services of an office's own: one POST, one answer, nobody followed elsewhere.

The credential is a file that only this system's user reads: either a client certificate with its key (PEM; the other side
asks for it in TLS), or one line, a secret under which each request is signed like every message that leaves the house
(``X-Anxin-Timestamp``, ``X-Anxin-Signature``). Neither ever stands in a setting.
"""

from __future__ import annotations

import http.client
import logging
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from django.utils import timezone

from anxin.kernel.refusal import Refused
from anxin.notices.posting import opener, signature
from anxin.signing.interfaces import Post

_log = logging.getLogger(__name__)
TIMEOUT_SECONDS = 20
ANSWER_LIMIT = 4 * 1024 * 1024
_SHORTEST_SECRET = 16


def credential_problems(path: str, setting: str) -> Iterator[str]:
    """What is wrong with a credential's file, one sentence each."""
    file = Path(path)
    try:
        content, mode = file.read_bytes(), file.stat().st_mode
    except OSError:
        yield f"打不开凭据文件“{path}”，请核对 {setting} 和读取权限。"
        return
    if mode & 0o077:
        yield f"凭据文件“{path}”别的用户也能读，请改为只有本系统的用户可读（chmod 600）。"
    if b"-----BEGIN" in content:
        try:
            _with_certificate(file)
        except (OSError, ValueError):
            yield f"凭据文件“{path}”里应有客户端证书和没有口令的私钥（PEM），请核对 {setting}。"
    elif len(content.strip()) < _SHORTEST_SECRET or b"\n" in content.strip():
        yield f"凭据文件“{path}”应是一行至少{_SHORTEST_SECRET}个字符的密钥，或者客户端证书（PEM），请核对 {setting}。"


def poster(credential: str = "") -> Post:
    """A function that posts; what it returns is the answer's body, also of a refusal. It raises ``OSError`` where nobody answers.

    Raises :class:`Refused` where the credential cannot be used.
    """
    tls, secret = None, ""
    if credential:
        for problem in credential_problems(credential, "凭据文件"):
            raise Refused(problem)
        content = Path(credential).read_bytes()
        if b"-----BEGIN" in content:
            tls = _with_certificate(Path(credential))
        else:
            secret = content.decode("utf-8", errors="replace").strip()

    def post(address: str, media_type: str, body: bytes) -> bytes:
        headers = {"Content-Type": media_type, "User-Agent": "anxin"}
        if secret:
            timestamp = str(int(timezone.now().timestamp()))
            headers["X-Anxin-Timestamp"] = timestamp
            headers["X-Anxin-Signature"] = f"sha256={signature(secret, timestamp, body)}"
        return _answer(urllib.request.Request(address, data=body, method="POST", headers=headers), tls)

    return post


def fetch(address: str) -> bytes:
    """What stands at an address. Raises ``OSError``."""
    return _answer(urllib.request.Request(address, headers={"User-Agent": "anxin"}), None)


def _answer(request: urllib.request.Request, tls: ssl.SSLContext | None) -> bytes:
    try:
        with opener(tls).open(request, timeout=TIMEOUT_SECONDS) as answer:
            return bytes(answer.read(ANSWER_LIMIT))
    except urllib.error.HTTPError as refused:  # an answer too, which whoever asked finds wanting
        _log.warning("%s answered HTTP %s", request.host, refused.code)
        return bytes(refused.read(ANSWER_LIMIT))
    except http.client.HTTPException as broken:
        raise OSError("no answer that can be read") from broken


def _with_certificate(file: Path) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.load_cert_chain(file, password=lambda: b"")
    return context
