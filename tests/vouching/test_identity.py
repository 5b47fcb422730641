"""Who says who somebody is: the setting chooses, whom the provider does not confirm cannot sign, and what it said stands in the file."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from anxin.contracts import acting, papers, signatures
from anxin.contracts.models import Contract
from anxin.evidence.journal import Actor
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.signing.parties import Method, Person
from anxin.signing.verifying import verify
from anxin.vouching.identity import TRIES_AN_HOUR, Asking, Code, Place, confirm
from anxin.vouching.keys import roots
from anxin.vouching.providers import NationalPlatform, PhoneCode, Tablet, provider_for
from anxin.workforce.signin import worker_actor
from tests.monitoring import factories as make

ASKING = SimpleNamespace(
    person=Person("赵某", "worker-1"),
    shown="0" * 64,
    device="手机",
    at=dt.datetime(2026, 11, 20, tzinfo=dt.UTC),
)


def asking(**more) -> Asking:
    return Asking(**{**vars(ASKING), **more})


def test_a_setting_chooses_the_provider_and_the_demonstrations_serves_nobody_real(
    db, services, settings, monkeypatch
):
    make.region("990101")
    assert isinstance(provider_for(Place.OWN_PHONE), PhoneCode)
    assert isinstance(provider_for(Place.DESK), Tablet)
    settings.ANXIN_IDENTITY = ["phone_code", "national_platform"]
    assert isinstance(provider_for(Place.OWN_PHONE), NationalPlatform)
    with pytest.raises(Refused, match="没有开通用平板"):
        provider_for(Place.DESK)
    monkeypatch.setattr("anxin.registry.invented.INVENTED", "00")
    assert isinstance(provider_for(Place.OWN_PHONE), NationalPlatform)
    settings.ANXIN_IDENTITY = ["phone_code", "tablet"]
    with pytest.raises(Refused, match="手机验证码只用于演示数据"):
        provider_for(Place.OWN_PHONE)
    settings.ANXIN_IDENTITY = []
    with pytest.raises(Refused, match="还没有接入国家网络身份认证"):
        provider_for(Place.OWN_PHONE)
    assert isinstance(provider_for(Place.DESK), Tablet)
    settings.ANXIN_IDENTITY, settings.ANXIN_IDENTITY_CREDENTIAL = ["national_platform"], ""
    with pytest.raises(Refused, match="ANXIN_IDENTITY_CREDENTIAL"):
        provider_for(Place.OWN_PHONE)


def test_the_desk_needs_the_own_card_and_a_third_person():
    desk = {
        "operator": "某经办",
        "operator_reference": "账号7",
        "same_card": lambda number: number == "12345X",
    }
    found = Tablet().confirm(asking(typed=" 12345x ", witness="王见证", **desk))
    assert (found.method, found.level, found.witness, found.reference) == (
        Method.TABLET, "in_person", "王见证", "账号7",
    )  # fmt: skip
    for typed, witness, word in (
        ("123456", "王见证", "不能代签"),
        ("", "王见证", "不能代签"),
        ("12345X", "", "在场见证人"),
        ("12345X", "某经办", "第三个人"),
        ("12345X", "赵某", "第三个人"),
    ):
        with pytest.raises(Refused, match=word):
            Tablet().confirm(asking(typed=typed, witness=witness, **desk))


def test_a_code_is_the_one_that_went_to_the_known_telephone():
    def right(typed: str) -> Code:
        if typed != "123456":
            raise Refused("验证码不对")
        return Code("验证码记录1", "1" * 64)

    found = PhoneCode().confirm(asking(typed="123 456", right_code=right))
    assert (found.shown, found.reference, found.level) == ("1" * 64, "验证码记录1", "demonstration")
    with pytest.raises(Refused, match="不对"):
        PhoneCode().confirm(asking(typed="1", right_code=right))
    with pytest.raises(Refused, match="没有登记手机号"):
        PhoneCode().confirm(asking(typed="123456"))


def nobody(*_) -> bytes:
    raise OSError("refused")


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (nobody, "没有回应"),
        (lambda *_: b"<html>", "读不懂"),
        (lambda *_: b"[]", "读不懂"),
        (lambda *_: b'{"confirmed": "true", "reference": "1", "level": "high"}', "没有确认"),
        (lambda *_: b'{"confirmed": false}', "没有确认"),
        (lambda *_: b'{"confirmed": true}', "读不懂"),
    ],
)
def test_only_a_whole_yes_of_the_platform_confirms(answer, word):
    platform = NationalPlatform(answer, "https://id.example")
    with pytest.raises(Refused, match=word):
        platform.confirm(asking(typed="W1", id_number=lambda: make.id_number(1)))
    for lacking in ({"typed": ""}, {"id_number": lambda: ""}):
        with pytest.raises(Refused):
            platform.confirm(asking(**{"typed": "W1", "id_number": lambda: "1", **lacking}))


def test_refusals_are_written_down_and_there_are_not_many_in_an_hour(db):
    given = {"by": Actor("worker:1", "赵某"), "about": ("contract", 1), "after": {}}
    for _ in range(TRIES_AN_HOUR):
        with pytest.raises(Refused, match="不能代签"):
            confirm(Tablet(), asking(), **given)
    assert JournalEntry.objects.filter(action="identity.refused").count() == TRIES_AN_HOUR
    right = asking(typed="1", witness="王见证", same_card=lambda number: True)
    with pytest.raises(Refused, match="次数太多"):
        confirm(Tablet(), right, **given)
    assert confirm(Tablet(), right, **{**given, "about": ("contract", 2)}).level == "in_person"
    assert JournalEntry.objects.filter(action="identity.confirmed").count() == 1


def test_a_worker_whom_the_platform_confirms_signs_on_the_own_phone_and_another_does_not(
    sent, real_people, services, settings, now
):
    settings.ANXIN_IDENTITY = ["national_platform", "tablet"]
    contract, second = sent[0], sent[1]
    given = {"code": "W-7788", "consent": True, "device": "手机", "now": now}
    with pytest.raises(Refused, match="看完"):
        signatures.sign_with_code(contract, worker=contract.worker, **given)
    for one in (contract, second):
        acting.read_to_end(one, by=worker_actor(one.worker), now=now)
        one.refresh_from_db()
    with pytest.raises(Refused, match="不发短信验证码"):
        signatures.ask_code(contract, worker=contract.worker, now=now)
    services.unknown.add(second.worker.name)
    with pytest.raises(Refused, match="没有确认是您本人"):
        signatures.sign_with_code(second, worker=second.worker, **given)
    second.refresh_from_db()
    assert second.state == Contract.State.READ
    signed = signatures.sign_with_code(contract, worker=contract.worker, **given)
    assert (signed.state, signed.method) == (Contract.State.WORKER_SIGNED, "national_platform")
    asked = [said for path, said in services.asked if path == "/confirm"]
    assert asked[-1]["id_number"] == make.id_number(1) and asked[-1]["word"] == "W-7788"
    (signature,) = verify(papers.read(signed), roots(), now).signers
    assert signature.trusted
    assert {name: signature.identity[name] for name in ("method", "level", "reference")} == {
        "method": "national_platform", "level": "high", "reference": "P-0001",
    }  # fmt: skip
    entry = JournalEntry.objects.get(action="identity.confirmed")
    assert entry.after["level"] == "high" and entry.object_id == str(contract.pk)
    assert JournalEntry.objects.get(action="identity.refused").object_id == str(second.pk)
    everything = str(list(JournalEntry.objects.values_list("after", "summary")))
    assert make.id_number(1) not in everything and "W-7788" not in everything
