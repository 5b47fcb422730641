"""SM2 through a gateway. Outside judges: the example of GB/T 32918.5, and openssl, which also is the gateway's engine."""

from __future__ import annotations

import base64
import datetime as dt
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from asn1crypto import cms, crl, keys, pem, x509
from asn1crypto.algos import DSASignature

from anxin.kernel.refusal import Refused
from anxin.signing import sm2
from anxin.signing.authority import read_roots
from anxin.signing.gateway import GatewaySigner
from anxin.signing.hashing import SM3, digest
from anxin.signing.interfaces import ValidationData
from anxin.signing.raw import find
from anxin.signing.sealing import sign
from anxin.signing.timestamps import LocalTimeStamper
from anxin.signing.verifying import verify
from tests.signing.making import AT, EMPLOYER, WORKER, authority, check, prepared, roots, sign_as
from tests.support.outside import missing

_ID = "distid:1234567812345678"
_CNF = """[ca]
default_ca = here
[here]
database = {home}/index.txt
crlnumber = {home}/crlnumber
default_md = sm3
default_crl_days = 3650
unique_subject = no
new_certs_dir = {home}
rand_serial = yes
policy = any
[any]
commonName = supplied
serialNumber = optional
[root]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[own]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature,nonRepudiation
"""


class Authority:
    """An authority of SM2, made by openssl in a folder; ``employer`` and ``other`` are keys under it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        (home / "index.txt").write_text("")
        (home / "crlnumber").write_text("01")
        (home / "ca.cnf").write_text(_CNF.format(home=home))
        self.key("root")
        self.run(
            "req", "-x509", "-new", "-key", home / "root.pem", "-sm3", "-sigopt", _ID, "-subj", "/CN=某国密根", "-utf8",
            "-days", "7300", "-config", "/dev/stdin", "-extensions", "root", "-out", home / "root.crt",
            given=(_CNF.format(home=home) + "[req]\ndistinguished_name = dn\n[dn]\n").encode(),
        )  # fmt: skip
        self.issue("employer", EMPLOYER)

    def run(self, *command: object, given: bytes = b"") -> bytes:
        done = subprocess.run(["openssl", *map(str, command)], input=given, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    def key(self, name: str) -> None:
        self.run("ecparam", "-genkey", "-name", "SM2", "-noout", "-out", self.home / f"{name}.pem")

    def issue(self, name: str, person) -> None:
        self.key(name)
        self.run(
            "req", "-new", "-key", self.home / f"{name}.pem", "-sm3", "-sigopt", _ID, "-utf8", "-config", "/dev/stdin",
            "-subj", f"/CN={person.name}/serialNumber={person.key}", "-out", self.home / f"{name}.csr",
            given=b"[req]\ndistinguished_name = dn\n[dn]\n",
        )  # fmt: skip
        self.run(
            "x509", "-req", "-in", self.home / f"{name}.csr", "-CA", self.home / "root.crt", "-CAkey", self.home / "root.pem",
            "-sm3", "-sigopt", _ID, "-vfyopt", _ID, "-days", "3650", "-extfile", self.home / "ca.cnf", "-extensions", "own",
            "-out", self.home / f"{name}.crt",
        )  # fmt: skip

    def certificate(self, name: str) -> x509.Certificate:
        return read_roots((self.home / f"{name}.crt").read_bytes())[0]

    def revoked(self) -> crl.CertificateList:
        made = self.run(
            "ca", "-gencrl", "-config", self.home / "ca.cnf", "-cert", self.home / "root.crt", "-keyfile",
            self.home / "root.pem", "-sigopt", _ID,
        )  # fmt: skip
        return crl.CertificateList.load(pem.unarmor(made)[2])

    def revoke(self, name: str) -> None:
        self.run(
            "ca", "-config", self.home / "ca.cnf", "-cert", self.home / "root.crt", "-keyfile", self.home / "root.pem",
            "-revoke", self.home / f"{name}.crt",
        )  # fmt: skip

    def gateway(self, name: str):
        """The gateway's side of the contract, with the key of ``name``."""

        def post(address: str, media_type: str, body: bytes) -> bytes:
            said = json.loads(body)
            assert said["algorithm"] == "sm2-sm3"
            made = self.run(
                "pkeyutl",
                "-sign",
                "-inkey",
                self.home / f"{name}.pem",
                given=base64.b64decode(said["digest"]),
            )
            return json.dumps({"signature": base64.b64encode(made).decode()}).encode()

        return post

    def signer(self, name: str = "employer", by: str = "", lists=None) -> GatewaySigner:
        found = self.revoked() if lists is None else lists
        data = ValidationData((self.certificate("root"),), (found,) if found else ())
        return GatewaySigner(
            self.gateway(by or name), "https://gateway.example", "seal", self.certificate(name), data=lambda at, *_: data
        )  # fmt: skip


@pytest.fixture(scope="module")
def sm2_authority(tmp_path_factory) -> Authority:
    if shutil.which("openssl") is None:
        missing("openssl", "install Debian's package openssl")
    return Authority(tmp_path_factory.mktemp("sm2"))


#: the moment of signing lies behind the authority's making, which is by this machine's clock
def at(authority: Authority):
    return max(AT, authority.certificate("employer").not_valid_before)


def sealed(made: Authority, signer: GatewaySigner, later: dt.timedelta = dt.timedelta(0)) -> bytes:
    moment = at(made) + later
    return sign(
        prepared(), slot="employer", signer=signer, identity=check(prepared(), EMPLOYER, at=moment),
        stamper=LocalTimeStamper(authority(), lambda: moment), at=moment,
    )  # fmt: skip


def test_the_example_of_the_standard_holds_and_a_changed_one_does_not():
    x = "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    y = "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
    key = keys.PublicKeyInfo(
        {
            "algorithm": {"algorithm": "ec", "parameters": keys.ECDomainParameters("named", sm2.CURVE)},
            "public_key": keys.ECPointBitString.from_coords(int(x, 16), int(y, 16)),
        }
    )
    e = sm2.digest_for(key, b"message digest")
    assert e.hex().upper() == "F0B43E94BA45ACCAACE692ED534382EB17E6AB5A19CE7B31F4486FDFC0D28640"
    r = 0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
    s = 0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA
    assert sm2.holds(key, DSASignature({"r": r, "s": s}).dump(), e)
    for wrong in ({"r": r, "s": s + 1}, {"r": 0, "s": s}, {"r": r, "s": 0}, {"r": s, "s": r}):
        assert not sm2.holds(key, DSASignature(wrong).dump(), e)
    assert not sm2.holds(key, DSASignature({"r": r, "s": s}).dump() + b"\0", e)
    assert not sm2.holds(key, b"x", e)


def test_a_seal_by_sm2_beside_a_signature_by_ecdsa_is_valid_and_trusted(sm2_authority):
    moment = at(sm2_authority)
    pdf = sealed(sm2_authority, sm2_authority.signer())
    both = sign_as(pdf, "worker", WORKER, identity=check(pdf, WORKER, at=moment), at=moment)
    verdict = verify(both, (*roots(), sm2_authority.certificate("root")))
    assert (verdict.valid, verdict.trusted) == (True, True), verdict
    assert [one.name for one in verdict.signers] == [EMPLOYER.name, WORKER.name]
    # without its root it is intact and nobody vouches for it
    plain = verify(both, roots())
    assert (plain.valid, plain.trusted) == (True, False)
    assert plain.signers[0].doubt == "证书不是由所信任的机构签发的。"


def test_openssl_finds_the_signature_inside_the_file_right(sm2_authority, tmp_path):
    pdf = sealed(sm2_authority, sm2_authority.signer())
    mark = find(pdf)[0][0]
    signed = cms.ContentInfo.load(mark.contents(pdf))["content"]
    (signer,) = signed["signer_infos"]
    assert signer["digest_algorithm"]["algorithm"].dotted == SM3
    assert signer["signature_algorithm"]["algorithm"].dotted == sm2.SM2_WITH_SM3
    attributes = {one["type"].native: one["values"][0].native for one in signer["signed_attrs"]}
    assert attributes["message_digest"] == mark.digest(SM3, pdf)
    (tmp_path / "attributes").write_bytes(signer["signed_attrs"].untag().dump())
    (tmp_path / "signature").write_bytes(signer["signature"].native)
    public = sm2_authority.run("x509", "-in", sm2_authority.home / "employer.crt", "-pubkey", "-noout")
    (tmp_path / "public").write_bytes(public)
    told = sm2_authority.run(
        "dgst", "-sm3", "-verify", tmp_path / "public", "-sigopt", _ID, "-signature", tmp_path / "signature",
        tmp_path / "attributes",
    )  # fmt: skip
    assert b"OK" in told
    assert digest(SM3, b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_a_changed_byte_a_cut_signature_and_another_key_are_found(sm2_authority):
    pdf = sealed(sm2_authority, sm2_authority.signer())
    mark = find(pdf)[0][0]
    trust = (*roots(), sm2_authority.certificate("root"))
    inside = mark.gap_start + 1 + 2 * (len(mark.contents(pdf)) // 2)
    for place in (2000, inside, inside + 40, mark.gap_end + 20):
        other = b"1" if pdf[place : place + 1] == b"0" else b"0"
        assert not verify(pdf[:place] + other + pdf[place + 1 :], trust).valid, place
    sm2_authority.issue("other", EMPLOYER)
    with pytest.raises(Refused, match="与证书不符"):
        sealed(sm2_authority, sm2_authority.signer(by="other"))


def test_a_revoked_one_and_one_without_a_list_are_not_trusted(sm2_authority):
    trust = (*roots(), sm2_authority.certificate("root"))
    without = verify(sealed(sm2_authority, sm2_authority.signer(lists=False)), trust)
    assert (without.changed, without.signers[0].trusted) == ((), False)
    assert "吊销信息" in without.signers[0].doubt
    sm2_authority.issue("gone", EMPLOYER)
    sm2_authority.revoke("gone")
    gone = verify(sealed(sm2_authority, sm2_authority.signer("gone"), later=dt.timedelta(hours=1)), trust)
    assert (gone.changed, gone.signers[0].doubt) == ((), "证书在签名时已被吊销。")
    good = verify(sealed(sm2_authority, sm2_authority.signer(), later=dt.timedelta(hours=1)), trust)
    assert (good.changed, good.signers[0].trusted) == ((), True)
