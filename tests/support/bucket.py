"""A bucket on loopback for Arrow's S3 client: what that asks of a server and no more. Signatures are not looked at."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import BinaryIO
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape


class Bucket:
    """The objects of one bucket by key, and what was asked for: ``("GET", "facts/manifest.json")``."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.objects: dict[str, bytes] = {}
        self.parts: dict[str, dict[int, bytes]] = {}
        self.asked: list[tuple[str, str]] = []
        self.url = ""


@contextmanager
def running_bucket(name: str = "bucket") -> Iterator[Bucket]:
    """A server until the end of the block; ``url`` is a place for a snapshot in it."""
    bucket = Bucket(name)
    handler = type("Handler", (_Handler,), {"bucket": bucket})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    query = f"endpoint_override=127.0.0.1:{server.server_port}&scheme=http&region=us-east-1"
    bucket.url = f"s3://key:secret@{name}/facts?{query}"
    try:
        yield bucket
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    bucket: Bucket
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""

    def _asked(self) -> tuple[str, dict[str, str]]:
        """Key within the bucket (empty: the bucket itself), and the query."""
        parts = urlsplit(self.path)
        name, _, key = unquote(parts.path).lstrip("/").partition("/")
        if (
            name != self.bucket.name
        ):  # Arrow asks for a bucket that nobody has, to hear how a missing one is told
            key = name
        self.bucket.asked.append((self.command, key))
        return key, {word: values[0] for word, values in parse_qs(parts.query, True).items()}

    def _answer(self, code: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(code)
        sent = {"Content-Length": str(len(body))} | {k.replace("_", "-"): v for k, v in headers.items()}
        for name, value in sent.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _content(self) -> bytes:
        content = self._body()
        return (
            _pieces(BytesIO(content))
            if "aws-chunked" in self.headers.get("Content-Encoding", "")
            else content
        )

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") == "chunked":
            return _pieces(self.rfile)
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def do_HEAD(self) -> None:
        key, _ = self._asked()
        found = self.bucket.objects.get(key, None if key else b"")
        if found is None:
            self._answer(404)
        else:
            self._answer(200, found, ETag=_tag(found), Last_Modified="Fri, 20 Nov 2026 02:00:00 GMT")

    def do_GET(self) -> None:
        key, query = self._asked()
        if not key:
            self._answer(200, self._listed(query), Content_Type="application/xml")
            return
        found = self.bucket.objects.get(key)
        if found is None:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>", Content_Type="application/xml")
        elif span := self.headers.get("Range"):
            first, last = (int(end) for end in span.removeprefix("bytes=").split("-"))
            last = min(last, len(found) - 1)
            told = f"bytes {first}-{last}/{len(found)}"
            self._answer(206, found[first : last + 1], Content_Range=told, ETag=_tag(found))
        else:
            self._answer(200, found, ETag=_tag(found))

    def _listed(self, query: dict[str, str]) -> bytes:
        start, cut = query.get("prefix", ""), query.get("delimiter", "")
        files, folders = [], set()
        for key, content in sorted(self.bucket.objects.items()):
            if key.startswith(start) and cut and cut in key[len(start) :]:
                folders.add(start + key[len(start) :].split(cut)[0] + cut)
            elif key.startswith(start):
                size = f"<Size>{len(content)}</Size><ETag>{escape(_tag(content))}</ETag>"
                when = "<LastModified>2026-11-20T02:00:00.000Z</LastModified>"
                files.append(f"<Contents><Key>{escape(key)}</Key>{when}{size}</Contents>")
        below = [
            f"<CommonPrefixes><Prefix>{escape(one)}</Prefix></CommonPrefixes>" for one in sorted(folders)
        ]
        count = f"<KeyCount>{len(files) + len(below)}</KeyCount><IsTruncated>false</IsTruncated>"
        return f"<ListBucketResult>{count}{''.join(files + below)}</ListBucketResult>".encode()

    def do_PUT(self) -> None:
        key, query = self._asked()
        content = self._content()
        if "uploadId" in query:
            self.bucket.parts[query["uploadId"]][int(query["partNumber"])] = content
        elif key:
            self.bucket.objects[key] = content
        self._answer(200, ETag=_tag(content))

    def do_POST(self) -> None:
        key, query = self._asked()
        self._content()
        if "uploads" in query:
            upload = f"upload{len(self.bucket.parts)}"
            self.bucket.parts[upload] = {}
            answer = "InitiateMultipartUploadResult", f"<Key>{escape(key)}</Key><UploadId>{upload}</UploadId>"
        else:
            parts = self.bucket.parts[query["uploadId"]]
            self.bucket.objects[key] = b"".join(parts[number] for number in sorted(parts))
            answer = "CompleteMultipartUploadResult", f"<Key>{escape(key)}</Key><ETag>x</ETag>"
        body = f"<{answer[0]}>{answer[1]}</{answer[0]}>".encode()
        self._answer(200, body, Content_Type="application/xml")

    def do_DELETE(self) -> None:
        key, _ = self._asked()
        self.bucket.objects.pop(key, None)
        self._answer(204)


def _pieces(stream: BinaryIO) -> bytes:
    """What was sent in pieces, each behind its length; what follows the last one is read and left."""
    whole = b""
    while size := int(stream.readline().partition(b";")[0], 16):
        whole += stream.read(size)
        stream.readline()
    while stream.readline().strip():
        pass
    return whole


def _tag(content: bytes) -> str:
    return f'"{md5(content, usedforsecurity=False).hexdigest()}"'
