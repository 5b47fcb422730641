"""A client certificate: the other side asks for it in TLS, and nobody without it gets an answer."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from anxin.kernel.refusal import Refused
from anxin.vouching import calling


def own_certificate(path) -> str:
    """A key with a certificate of its own for this machine, both in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, path.stem)])
    today = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(
            name, name, key.public_key(), 7, today - dt.timedelta(1), today + dt.timedelta(9)
        )
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    path.chmod(0o600)
    return str(path)


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        who = dict(part[0] for part in self.connection.getpeercert()["subject"])["commonName"]
        self.rfile.read(int(self.headers["Content-Length"]))
        answer = who.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


def test_the_other_side_knows_us_by_the_certificate_and_answers_nobody_without(tmp_path, monkeypatch):
    ours, theirs = own_certificate(tmp_path / "ours.pem"), own_certificate(tmp_path / "theirs.pem")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(theirs)
    tls.load_verify_locations(ours)
    tls.verify_mode = ssl.CERT_REQUIRED
    monkeypatch.setenv("SSL_CERT_FILE", theirs)
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda request, client: None
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        address = f"https://127.0.0.1:{server.server_address[1]}/sign"
        assert calling.poster(ours)(address, "application/json", b"{}") == b"ours"
        with pytest.raises(OSError):
            calling.poster()(address, "application/json", b"{}")
        server.shutdown()
        thread.join()


def test_a_credential_that_cannot_be_used_is_refused_before_anybody_is_called(tmp_path):
    path = tmp_path / "credential"
    path.write_text("a-secret-of-more-than-sixteen")
    path.chmod(0o604)
    with pytest.raises(Refused, match="chmod 600"):
        calling.poster(str(path))
    with pytest.raises(Refused, match="打不开凭据文件"):
        calling.poster(str(tmp_path / "nowhere"))
