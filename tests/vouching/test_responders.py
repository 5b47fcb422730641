"""What a responder says of a certificate (OCSP) is laid into the file; a certificate that it calls revoked signs nothing.

The responder is ``openssl ocsp`` on the loopback interface. No list of revoked certificates is entered, so that trust comes from it.
"""

# ruff: noqa: F811
from __future__ import annotations

import datetime as dt
import hashlib
import shutil
import socket
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import AuthorityInformationAccessOID as Access

from anxin.evidence.journal import Actor
from anxin.kernel.refusal import Refused
from anxin.signing.parties import Person
from anxin.signing.structure import open_file
from anxin.vouching import responders
from anxin.vouching.trying import try_once
from tests.monitoring import factories as make
from tests.signing.test_outside_services import openssl  # noqa: F401
from tests.support.outside import missing
from tests.vouching.services import enter_body, running, set_up

OWNER = Person("某区人社局", "12990101MB0000001X")
BY = Actor("system", "系统")


def naming(kept: Path, authority, url: str) -> x509.Certificate:
    """The certificate of a key's file made anew with the address of a responder in it."""
    content = kept.read_bytes()
    key, old = serialization.load_pem_private_key(content, None), x509.load_pem_x509_certificate(content)
    builder = x509.CertificateBuilder(
        old.issuer, old.subject, old.public_key(), old.serial_number, old.not_valid_before_utc, old.not_valid_after_utc
    )  # fmt: skip
    for one in old.extensions:
        builder = builder.add_extension(one.value, one.critical)
    at = x509.AccessDescription(Access.OCSP, x509.UniformResourceIdentifier(url))
    made = builder.add_extension(x509.AuthorityInformationAccess([at]), False).sign(
        authority.root.key, hashes.SHA256()
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    kept.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return made


@contextmanager
def responder(openssl, folder: Path, authority, port: int, revoked: set[int], known: list[x509.Certificate]):
    """``openssl ocsp`` with an index of these certificates, signed by the authority's own key."""
    lines = []
    for one in known:
        ends, begins = f"{one.not_valid_after_utc:%y%m%d%H%M%SZ}", f"{one.not_valid_before_utc:%y%m%d%H%M%SZ}"
        number = one.serial_number.to_bytes((one.serial_number.bit_length() + 7) // 8, "big").hex().upper()
        gone = one.serial_number in revoked
        lines.append(
            f"{'R' if gone else 'V'}\t{ends}\t{begins if gone else ''}\t{number}\tunknown\t/CN={number}\n"
        )
    index, root = folder / "index.txt", str(authority.folder / "root.pem")
    index.write_text("".join(lines))
    call = [openssl, "ocsp", "-index", str(index), "-CA", root, "-rsigner", root, "-rkey", root, "-port", str(port), "-nmin", "60"]  # fmt: skip
    # it says when it listens; a connection that only tries would keep it waiting
    process = subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        said = []
        while "waiting for OCSP client" not in "".join(said):
            said.append(process.stdout.readline())
            assert said[-1], said
        yield
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def named(db, home, tmp_path, settings):
    """Services whose body and clock have certificates that name a responder; no list is entered."""
    make.region("990101")
    responders._kept.clear()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    with running(tmp_path / "outside", now) as found:
        found.key(OWNER)
        name = hashlib.sha256(f"{OWNER.key}\n{OWNER.name}".encode()).hexdigest()[:32]
        folder, url = found.authority.folder, f"http://127.0.0.1:{port}/"
        made = [naming(folder / one, found.authority, url) for one in (f"people/{name}-0.pem", "time.pem")]
        found.authority = type(found.authority)(folder, now)
        set_up(settings, found, tmp_path / "etc")
        enter_body(settings, found, tmp_path / "etc", "990101", OWNER)
        settings.ANXIN_REVOCATION, settings.ANXIN_OCSP = [], True
        yield found, port, made, now


def test_a_responders_answers_are_in_the_file_and_every_verifier_accepts_it(
    named, openssl, tmp_path, settings
):
    services, port, made, now = named
    with responder(openssl, tmp_path, services.authority, port, set(), made):
        tried = try_once(OWNER, by=BY, at=now)
    assert (tried.verdict.valid, tried.verdict.trusted) == (True, True), tried.verdict
    assert (
        len(open_file(tried.pdf).root["/DSS"]["/OCSPs"]) == 2
        and "/CRLs" not in open_file(tried.pdf).root["/DSS"]
    )
    (tmp_path / "tried.pdf").write_bytes(tried.pdf)
    if shutil.which("pdfsig") is None:
        missing("pdfsig", "install Debian's package poppler-utils")
    said = subprocess.run(
        ["pdfsig", "-nocert", tmp_path / "tried.pdf"], capture_output=True, text=True, check=False
    ).stdout
    assert "Signature is Valid" in said and "invalid" not in said.lower(), (
        said
    )  # poppler judges the seal, not stamps of the file
    settings.ANXIN_OCSP = False
    assert not try_once(OWNER, by=BY, at=now).verdict.trusted


def test_a_certificate_that_the_responder_calls_revoked_signs_nothing(named, openssl, tmp_path):
    services, port, made, now = named
    with (
        responder(openssl, tmp_path, services.authority, port, {made[0].serial_number}, made),
        pytest.raises(Refused, match=r"“某区人社局”的签名证书已于.*被吊销，不能签名"),
    ):
        try_once(OWNER, by=BY, at=now)
    assert "/sign" not in [path for path, _ in services.asked]


def test_no_answer_leaves_the_question_to_the_lists_and_a_strangers_answer_counts_for_nothing(
    named, openssl, tmp_path, settings
):
    services, port, made, now = named
    assert not try_once(OWNER, by=BY, at=now).verdict.trusted
    settings.ANXIN_REVOCATION = [str(tmp_path / "etc" / "revoked.crl")]
    assert try_once(OWNER, by=BY, at=now).verdict.trusted
    settings.ANXIN_REVOCATION = []
    stranger = type(services.authority)(tmp_path / "stranger", now)
    with responder(openssl, tmp_path, stranger, port, {made[0].serial_number}, made):
        assert not try_once(OWNER, by=BY, at=now).verdict.trusted
