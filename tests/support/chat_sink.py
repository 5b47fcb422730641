"""A chat gateway on the loopback interface that keeps what is posted to it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Post:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def content(self) -> Any:
        return json.loads(self.body)

    @property
    def everything(self) -> str:
        """All that left the house, as text."""
        return "\n".join([self.path, *(f"{k}: {v}" for k, v in self.headers.items()), self.body.decode()])


@dataclass
class Gateway:
    """``posts`` as they arrived; ``status``, ``answer`` and ``location`` are what it says to the next ones."""

    url: str = ""
    posts: list[Post] = field(default_factory=list)
    #: other methods than POST, which nobody should use
    others: list[str] = field(default_factory=list)
    status: int = 200
    answer: bytes = b'{"errcode": 0}'
    location: str = ""


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        gateway: Gateway = self.server.gateway
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        gateway.posts.append(Post(self.path, dict(self.headers.items()), body))
        self.send_response(gateway.status)
        if gateway.location:
            self.send_header("Location", gateway.location)
        self.send_header("Content-Length", str(len(gateway.answer)))
        self.end_headers()
        self.wfile.write(gateway.answer)

    def do_GET(self) -> None:
        self.server.gateway.others.append(self.path)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@contextmanager
def chat_gateway() -> Iterator[Gateway]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.gateway = Gateway(url=f"http://127.0.0.1:{server.server_address[1]}/robot?key=zxcv")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server.gateway
        finally:
            server.shutdown()
            thread.join()
