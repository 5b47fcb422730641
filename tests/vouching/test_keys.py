"""Whose key signs: the demonstration's for invented people alone, an outside one through the gateway."""

from __future__ import annotations

import io

import pytest

from anxin.contracts import papers, seals, signatures
from anxin.contracts.models import Contract
from anxin.dossier import handing
from anxin.evidence import files
from anxin.kernel.refusal import Refused
from anxin.letters import sealing
from anxin.letters.heads import enter_head
from anxin.proof import verify as verify_package
from anxin.proof.sample import contents
from anxin.signing.parties import Person
from anxin.signing.verifying import verify
from anxin.typesetting.seals import as_svg, marked_demonstration
from anxin.vouching import heads
from anxin.vouching.keys import keys_at, owner, roots
from anxin.vouching.providers import identity_problems
from anxin.vouching.setup import current, signing_problems
from tests.letters.conftest import issued
from tests.monitoring import factories as make
from tests.support.readings import ask_seals, read_letter
from tests.vouching.services import enter_body

#: one white point
_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c63f80f0001010100b138f6140000000049454e44ae426082"
)
CARD = {"witness": "王见证", "consent": True}


def test_the_demonstrations_key_signs_invented_people_and_says_so_and_nobody_real(db, home, now, monkeypatch):
    make.region("990101")
    keys = keys_at(now)
    assert (keys.demonstration, keys.small) == (True, "示例证书，无法律效力")
    assert len(roots()) == 1
    monkeypatch.setattr("anxin.registry.invented.INVENTED", "00")
    with pytest.raises(Refused, match=r"示例密钥只能用于演示数据.*ANXIN_SIGNING_URL"):
        keys_at(now)


def test_a_letter_of_real_people_is_not_sealed_by_the_demonstration(office, real_people, now):
    letter = issued(office)
    read_letter(letter, by=office.keeper, now=now)
    with pytest.raises(Refused, match="ANXIN_SIGNING_URL"):
        sealing.seal(letter, by=office.keeper, now=now, law=office.law, expected_version=letter.version)
    letter.refresh_from_db()
    assert letter.sealed_file is None


def test_a_letter_of_real_people_is_sealed_by_the_gateway_with_the_offices_own_seal(
    office, real_people, services, settings, tmp_path, now
):
    own = Person(office.body.name, "12990101MB0000001X")
    enter_body(settings, services, tmp_path / "etc", office.body.code, own)
    letter = issued(office)
    read_letter(letter, by=office.keeper, now=now)
    act = {"by": office.keeper, "now": now, "law": office.law}
    with pytest.raises(Refused, match="还没有上传印章图片"):
        sealing.seal(letter, expected_version=letter.version, **act)
    said = {"prefix": "云", "issuer": office.body.name, "contact_phone": "0999-5550100"}
    enter_head(office.body, said, by=office.leader, now=now, seal=_PNG)
    done = sealing.seal(letter, expected_version=letter.version, **act)
    pdf = files.read(done.sealed_file)
    verdict = verify(pdf, roots(), now)
    assert (verdict.valid, verdict.trusted) == (True, True), verdict
    assert verdict.signers[0].identity["key"] == own.key
    assert sealing.judged(pdf, now).good
    settings.ANXIN_TRUST = "/nowhere"
    assert not sealing.judged(pdf, now).good
    assert [path for path, _ in services.asked] == ["/sign"]


def test_a_key_entered_for_another_name_or_out_of_time_does_not_seal(
    office, real_people, services, settings, tmp_path, now
):
    enter_body(settings, services, tmp_path / "etc", office.body.code, Person("别的单位", "X-1"))
    with pytest.raises(Refused, match="写的是“别的单位”"):
        owner(Person(office.body.name, office.body.code))
    letter = issued(office)
    read_letter(letter, by=office.keeper, now=now)
    with pytest.raises(Refused, match="写的是“别的单位”"):
        sealing.seal(letter, by=office.keeper, now=now, law=office.law, expected_version=letter.version)
    late = now.replace(year=now.year + 9)
    assert any("不在有效期内" in one for one in signing_problems(current(), late))
    assert signing_problems(current(), now) == []


def test_contracts_of_real_people_are_signed_under_certificates_that_the_gateway_names(
    sent, site, real_people, services, now
):
    contract = sent[0]
    signatures.sign_at_counter(contract, id_number=make.id_number(1), user=site.clerk, now=now, **CARD)
    ask_seals([contract.pk], user=site.clerk, now=now)
    seals.seal_asked(now=now)
    contract.refresh_from_db()
    assert contract.state == Contract.State.IN_FORCE
    verdict = verify(papers.read(contract), roots(), now)
    assert (verdict.valid, verdict.trusted) == (True, True), verdict
    assert [said["name"] for path, said in services.asked if path == "/certificate"] == [
        contract.worker.name, "某劳务公司",
    ]  # fmt: skip
    # another's certificate is not taken
    services.answer["/certificate"] = b'{"key": "k", "certificates": []}'
    with pytest.raises(Refused, match="没有给出"):
        signatures.sign_at_counter(sent[1], id_number=make.id_number(2), user=site.clerk, now=now, **CARD)
    sent[1].refresh_from_db()
    assert sent[1].worker_signed_at is None


def test_a_gateway_that_is_set_wrongly_gives_the_seal_back_with_the_reason(sent, site, settings, now):
    signatures.sign_at_counter(sent[0], id_number=make.id_number(1), user=site.clerk, now=now, **CARD)
    ask_seals([sent[0].pk], user=site.clerk, now=now)
    settings.ANXIN_SIGNING_URL = "https://gateway.example"
    assert seals.seal_asked(now=now) == 0
    sent[0].refresh_from_db()
    assert sent[0].seal_asked_at is None and "ANXIN_SIGNING_CREDENTIAL" in sent[0].reason


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"ANXIN_SIGNING_URL": "http://gateway.example.gov.cn"}, "只有内网地址"),
        ({"ANXIN_SIGNING_URL": "ftp://10.0.0.1"}, "ANXIN_SIGNING_URL：签名网关地址不正确"),
        ({"ANXIN_SIGNING_CREDENTIAL": ""}, "没有设置 ANXIN_SIGNING_CREDENTIAL"),
        ({"ANXIN_SIGNING_CREDENTIAL": "/nowhere"}, "打不开凭据文件"),
        ({"ANXIN_TIME_URL": ""}, "没有设置 ANXIN_TIME_URL"),
        ({"ANXIN_TRUST": ""}, "没有设置 ANXIN_TRUST"),
        ({"ANXIN_TRUST": "/nowhere"}, "打不开信任的证书文件"),
        ({"ANXIN_SIGNING_KEYS": "/nowhere"}, "核对 ANXIN_SIGNING_KEYS"),
        ({"ANXIN_IDENTITY": ["fingerprint"]}, "“fingerprint”不认识"),
        ({"ANXIN_IDENTITY": ["phone_code"]}, "phone_code（手机验证码）只用于演示数据"),
        ({"ANXIN_IDENTITY": ["national_platform"], "ANXIN_IDENTITY_URL": ""}, "没有设置身份核验平台的地址"),
    ],
)
def test_each_thing_that_is_set_wrongly_has_its_one_sentence(db, services, settings, now, change, word):
    def all_problems():
        return [*signing_problems(current(), now), *identity_problems(current(), invented=False)]

    assert all_problems() == []
    for name, value in change.items():
        setattr(settings, name, value)
    (sentence,) = all_problems()
    assert word in sentence and sentence.endswith("。")


def test_a_credential_that_others_can_read_or_that_is_too_short_is_told(
    db, services, settings, tmp_path, now
):
    path = tmp_path / "etc" / "credential"
    path.chmod(0o644)
    assert any("别的用户也能读" in one for one in signing_problems(current(), now))
    path.write_text("short")
    assert any("至少16个字符" in one for one in signing_problems(current(), now))
    path.write_text("-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----\n")
    assert any("客户端证书和没有口令的私钥" in one for one in signing_problems(current(), now))


def test_without_an_entered_key_the_name_stays_as_it_is(db, services):
    assert owner(Person("某单位", "X-9")) == Person("某单位", "X-9")


def test_a_seal_under_a_demonstrations_key_says_so_across_the_picture():
    marked = marked_demonstration(_PNG).decode()
    assert "示 例" in marked and "示 例" not in as_svg(_PNG)


def test_a_package_is_sealed_by_the_key_entered_for_its_office_and_by_no_other(
    office, real_people, services, settings, tmp_path, now
):
    assert heads.seal_of(office.body.name, now) is None
    enter_body(
        settings, services, tmp_path / "etc", office.body.code, Person(office.body.name, "12990101MB0000001X")
    )
    assert heads.seal_of("别的单位", now) is None
    made = handing.signed(contents(now, "安薪 测试"), office=office.body.name, name="试")
    assert made.sealed_by == office.body.name
    verdict = verify_package(io.BytesIO(made.content), {made.fingerprint}, heads.judge(roots()))
    assert (verdict.valid, verdict.trusted) == (True, True), verdict
    services.answer["/sign"] = b"{}"
    with pytest.raises(Refused, match="签名网关没有给出签名"):
        handing.signed(contents(now, "安薪 测试"), office=office.body.name, name="试")
