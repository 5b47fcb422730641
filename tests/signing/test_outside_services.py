"""A key and a clock that are somebody else's: what they give is used, what they get wrong is refused.

The other side is openssl: its key tools behind the gateway's contract, its time-stamp authority behind RFC 3161.
"""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from asn1crypto import x509
from cryptography import x509 as made_x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from anxin.kernel.refusal import Refused
from anxin.signing.gateway import GatewaySigner
from anxin.signing.hashing import sha256
from anxin.signing.interfaces import ValidationData
from anxin.signing.sealing import sign
from anxin.signing.timestamps import LocalTimeStamper, ServiceTimeStamper
from anxin.signing.verifying import verify
from tests.signing.making import AT, EMPLOYER, WORKER, authority, check, folder, prepared, roots, sign_as
from tests.support.outside import missing

_NAMED = "https://gateway.example"


@pytest.fixture(scope="module")
def openssl() -> str:
    found = shutil.which("openssl")
    if found is None:
        missing("openssl", "install Debian's package openssl")
    return found


def run(*command: object, given: bytes = b"") -> bytes:
    done = subprocess.run([str(part) for part in command], input=given, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def own_certificate(path: Path, kind: str) -> x509.Certificate:
    """A certificate of the employer's over a new key, which only the file at ``path`` holds; issued by our root."""
    key = rsa.generate_private_key(65537, 2048) if kind == "rsa" else ec.generate_private_key(ec.SECP256R1())
    like = authority().signer_for(EMPLOYER, AT).issued
    builder = made_x509.CertificateBuilder(
        like.issuer, like.subject, key.public_key(), made_x509.random_serial_number(),
        like.not_valid_before_utc, like.not_valid_after_utc, list(like.extensions),
    )  # fmt: skip
    issued = builder.sign(authority().root.key, hashes.SHA256())
    plain = serialization.NoEncryption()
    path.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return x509.Certificate.load(issued.public_bytes(serialization.Encoding.DER))


class Gateway:
    """The gateway's side of the contract in ``anxin/signing/gateway.py``."""

    def __init__(self, openssl: str, key: Path) -> None:
        self.openssl, self.key, self.asked = openssl, key, []

    def __call__(self, address: str, media_type: str, body: bytes) -> bytes:
        said = json.loads(body)
        self.asked.append((address, media_type, said["key"], said["algorithm"]))
        command = [self.openssl, "pkeyutl", "-sign", "-inkey", self.key, "-pkeyopt", "digest:sha256"]
        return json.dumps(
            {"signature": base64.b64encode(run(*command, given=base64.b64decode(said["digest"]))).decode()}
        ).encode()


def through(gateway, certificate: x509.Certificate) -> GatewaySigner:
    return GatewaySigner(gateway, _NAMED, "seal-1", certificate, data=authority().validation_data)


def stamper() -> LocalTimeStamper:
    return LocalTimeStamper(authority(), lambda: AT)


def sealed_by(signer, stamps=None) -> bytes:
    return sign(
        prepared(), slot="employer", signer=signer, identity=check(prepared(), EMPLOYER),
        stamper=stamps or stamper(), at=AT,
    )  # fmt: skip


@pytest.mark.parametrize(("kind", "algorithm"), [("ec", "ecdsa-sha256"), ("rsa", "rsa-sha256")])
def test_a_key_that_never_leaves_the_gateway_signs_beside_one_in_a_file(openssl, tmp_path, kind, algorithm):
    key = tmp_path / "key.pem"
    certificate = own_certificate(key, kind)
    gateway = Gateway(openssl, key)
    both = sign_as(sealed_by(through(gateway, certificate)), "worker", WORKER)
    verdict = verify(both, roots())
    assert verdict.valid and verdict.trusted
    assert [one.name for one in verdict.signers] == [EMPLOYER.name, WORKER.name]
    assert gateway.asked == [(f"{_NAMED}/sign", "application/json", "seal-1", algorithm)]


def nobody(*_) -> bytes:
    raise OSError("refused")


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (nobody, "没有回应"),
        (lambda *_: b"<html>502</html>", "没有给出签名"),
        (lambda *_: b'{"error": "locked"}', "没有给出签名"),
        (lambda *_: b'{"signature": 5}', "没有给出签名"),
        (lambda *_: b'{"signature": "not base64!"}', "没有给出签名"),
        (lambda *_: b"[]", "没有给出签名"),
        (lambda *_: json.dumps({"signature": base64.b64encode(b"x" * 70).decode()}).encode(), "与证书不符"),
    ],
)
def test_what_is_no_signature_of_the_key_is_refused_and_nothing_is_signed(tmp_path, answer, word):
    with pytest.raises(Refused, match=word):
        sealed_by(through(answer, own_certificate(tmp_path / "key.pem", "ec")))


def test_a_signature_by_another_key_is_found_before_it_is_in_the_file(openssl, tmp_path):
    certificate = own_certificate(tmp_path / "own.pem", "ec")
    own_certificate(tmp_path / "other.pem", "ec")
    with pytest.raises(Refused, match="与证书不符"):
        sealed_by(through(Gateway(openssl, tmp_path / "other.pem"), certificate))


class TimeStampAuthority:
    """``openssl ts -reply`` with the demonstration's time-stamp key."""

    def __init__(self, openssl: str, home: Path) -> None:
        self.openssl, self.home = openssl, home
        (home / "serial").write_text("01")
        (home / "ts.cnf").write_text(
            f"""[tsa]
default_tsa = here
[here]
serial = {home}/serial
crypto_device = builtin
signer_cert = {folder()}/time.pem
signer_key = {folder()}/time.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""
        )

    def __call__(self, address: str, media_type: str, body: bytes) -> bytes:
        assert media_type == "application/timestamp-query"
        query = self.home / "query.tsq"
        query.write_bytes(body)
        return run(
            self.openssl, "ts", "-reply", "-config", self.home / "ts.cnf", "-section", "here", "-queryfile", query
        )  # fmt: skip


@pytest.fixture
def tsa(openssl, tmp_path) -> TimeStampAuthority:
    authority()
    return TimeStampAuthority(openssl, tmp_path)


def service(post) -> ServiceTimeStamper:
    def data(at, *certificates) -> ValidationData:
        return authority().time.validation_data(at)

    return ServiceTimeStamper(post, "https://tsa.example", data)


def test_an_outside_clock_vouches_for_the_time(tsa):
    verdict = verify(sealed_by(authority().signer_for(EMPLOYER, AT), service(tsa)), roots())
    assert verdict.changed == ()
    (signer,) = verdict.signers
    assert signer.time is not None and signer.time.year >= 2026
    assert len(verdict.stamps) == 1


def test_an_answer_to_another_question_is_not_taken(tsa):
    kept = []

    def again(*call) -> bytes:
        kept.append(tsa(*call))
        return kept[0]

    stamps = service(again)
    stamps.stamp(sha256(b"first"))
    for digest in (
        sha256(b"second"),
        sha256(b"first"),
    ):  # the same words with another nonce are another question
        with pytest.raises(Refused, match="不是这次的请求"):
            stamps.stamp(digest)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (nobody, "没有回应"),
        (lambda *_: b"", "读不懂"),
        (lambda *_: b"<html>busy</html>", "读不懂"),
        # a refusal as the standard has it: status 2, no token
        (lambda *_: bytes.fromhex("30053003020102"), "没有给出时间戳"),
    ],
)
def test_what_is_no_time_stamp_is_refused(answer, word):
    with pytest.raises(Refused, match=word):
        service(answer).stamp(sha256(b"words"))
