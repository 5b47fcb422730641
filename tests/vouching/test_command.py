"""``anxin signing``: each problem in one sentence, and one signature for trying."""

from __future__ import annotations

import json

from django.utils import timezone

from anxin.cli.main import main
from anxin.evidence.models import JournalEntry
from anxin.registry.models import Organisation
from anxin.signing.parties import Person
from tests.monitoring import factories as make
from tests.vouching.services import enter_body, running, set_up


def test_demonstration_real_people_and_wrong_settings_are_told_apart(db, home, capsys, settings, monkeypatch):
    make.region("990101")
    assert main(["signing", "check"]) == 0
    assert "演示数据" in capsys.readouterr().out
    monkeypatch.setattr("anxin.registry.invented.INVENTED", "00")
    assert main(["signing", "check"]) == 1
    assert "ANXIN_SIGNING_URL" in capsys.readouterr().out
    settings.ANXIN_SIGNING_URL = "http://gateway.example.gov.cn"
    assert main(["signing", "check", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["gateway"] and not told["ready"] and len(told["problems"]) == 4


def test_a_trial_signs_one_sheet_through_the_gateway_and_a_silent_one_is_told(
    db, home, real_people, settings, tmp_path, capsys
):
    office = Organisation.objects.create(code="HR", name="某局", kind="bureau", region=make.region("990101"))
    target = tmp_path / "trial.pdf"
    with running(tmp_path / "outside", timezone.now().replace(microsecond=0)) as services:
        set_up(settings, services, tmp_path / "etc")
        enter_body(settings, services, tmp_path / "etc", office.code, Person("某局", "12990101MB0000001X"))
        assert main(["signing", "check"]) == 0
        assert "某局" in capsys.readouterr().out
        assert main(["signing", "try", "HR", "-o", str(target), "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["trusted"], told["algorithm"], told["demonstration"]) == (True, "ECDSA", False)
        assert target.read_bytes().startswith(b"%PDF-")
        assert JournalEntry.objects.get(action="signing.tried").object_id == "HR"
        settings.ANXIN_REVOCATION = []
        assert main(["signing", "try", "HR"]) == 1
        assert "ANXIN_REVOCATION" in capsys.readouterr().out
        services.answer["/sign"] = b"{}"
        assert main(["signing", "try", "HR"]) == 1
        assert "没有给出签名" in capsys.readouterr().err
    assert main(["signing", "try", "NOBODY"]) == 2
    assert "没有代码为“NOBODY”的单位" in capsys.readouterr().err
