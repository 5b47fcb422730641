"""A mail server on the loopback interface that keeps what it is sent: enough of SMTP (RFC 5321) for smtplib."""

from __future__ import annotations

import email
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default

GREETING = "220 sink ESMTP"


@dataclass
class Sink:
    """``letters`` as they arrived. ``refuse`` maps an address to the answer it gets instead of 250."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    greeting: str = GREETING
    #: answer to the text itself, instead of 250
    refuse_text: str = ""


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        sink: Sink = self.server.sink
        self._say(sink.greeting)
        if sink.greeting != GREETING:
            return
        while line := self.rfile.readline():
            verb, _, rest = line.decode().strip().partition(" ")
            match verb.upper():
                case "EHLO" | "HELO":
                    self._say("250 sink")
                case "RCPT":
                    address = rest.partition("<")[2].partition(">")[0]
                    self._say(sink.refuse.get(address, "250 ok"))
                case "DATA":
                    self._take(sink)
                case "AUTH":
                    self._say("535 5.7.8 authentication failed")
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("250 ok")

    def _take(self, sink: Sink) -> None:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if not sink.refuse_text:
            sink.letters.append(email.message_from_bytes(b"".join(lines), policy=default))
        self._say(sink.refuse_text or "250 kept")

    def _say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    sink: Sink


@contextmanager
def mail_server() -> Iterator[Sink]:
    with _Server(("127.0.0.1", 0), _Session) as server:
        server.sink = Sink(port=server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server.sink
        finally:
            server.shutdown()
            thread.join()
