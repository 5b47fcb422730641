"""People taken out of a finished package for somebody else to read: another file, its own entry, the first as it was."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from anxin.accounts.models import Grant, User
from anxin.dossier import making, redacting
from anxin.dossier.models import EvidencePackage
from anxin.dossier.subjects import OfSiteMonth, OfWorker, exports_of
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from tests.dossier.packs import NOW, a_site
from tests.proof.packages import INDEPENDENT, files_of, judged


@pytest.fixture
def place(db, home: Path) -> SimpleNamespace:
    found = a_site()
    found.subject = OfSiteMonth(found.site, Month(2026, 10))
    return found


def run(package: EvidencePackage) -> EvidencePackage:
    return making.run(package.pk, now=NOW, law=local_law.current())


def whole(place: SimpleNamespace, subject=None) -> EvidencePackage:
    asked = making.ask(
        subject or place.subject, by=place.inspector, now=NOW, full=True, purpose="移送法院立案"
    )
    return making.find(run(asked).pk)


def without(place: SimpleNamespace, source: EvidencePackage, *people: str, **other) -> EvidencePackage:
    said = {"reason": "与本案的争议无关", "recipient": "某区人民法院", "by": place.inspector, "now": NOW}
    return making.ask_without(source, people=people, **(said | other))


def sign_of(data: bytes, name: str) -> str:
    return next(one["sign"] for one in redacting.people_in(data) if one["name"] == name)


def test_somebody_goes_the_rest_holds_and_the_first_stays(place, tmp_path: Path):
    source = whole(place)
    before = making.fetch(source, by=place.inspector, now=NOW)
    sign = sign_of(before, "慕容石")
    made = making.find(run(without(place, source, sign)).pk)
    assert (made.state, made.filename) == ("done", f"证据包_SITE_2026-10_20261120_隐去{sign}.zip")
    left = making.fetch(made, by=place.inspector, now=NOW)
    everything = b"".join(files_of(left).values()).decode("utf-8", "replace")
    assert "慕容石" not in everything and place.workers[1].id_number not in everything
    assert "司徒瓦" in everything
    assert "这一行已隐去" in files_of(left)["index.html"].decode()
    verdict = judged(left)
    assert verdict.valid and verdict.redacted > 0
    note = next(one for one in verdict.signers if one.part == "redaction")
    assert (note.reason, note.leaves) == ("与本案的争议无关", verdict.redacted)
    assert "某区人民法院" not in everything
    target = tmp_path / "left.zip"
    target.write_bytes(left)
    told = subprocess.run(
        [sys.executable, "-I", str(INDEPENDENT), str(target)], capture_output=True, check=True
    ).stdout.decode()
    assert f"其中隐去{verdict.redacted}项" in told and "理由：与本案的争议无关" in told
    assert making.fetch(source, by=place.inspector, now=NOW) == before


def test_the_journal_says_who_took_out_whom_why_and_for_whom_with_masked_names(place):
    source = whole(place)
    sign = sign_of(making.opened(source, place.inspector), "慕容石")
    run(without(place, source, sign))
    assert exports_of(place.subject).count() == 2
    entry = exports_of(place.subject).first()
    assert (entry.action, entry.actor_name) == ("evidence.redacted", place.inspector.display_name)
    assert entry.after["taken_out"] == [{"sign": sign, "name": "慕**"}]
    assert (entry.after["reason"], entry.after["recipient"]) == ("与本案的争议无关", "某区人民法院")
    assert "慕容石" not in f"{entry.summary}{entry.after}"


def test_two_go_one_after_the_other_and_the_second_is_no_longer_to_be_chosen(place):
    source = whole(place)
    data = making.opened(source, place.inspector)
    first = making.find(run(without(place, source, sign_of(data, "慕容石"))).pk)
    left = making.opened(first, place.inspector)
    assert "慕容石" not in [one["name"] for one in redacting.people_in(left)]
    with pytest.raises(Refused, match="请勾选要隐去的人"):
        without(place, first, sign_of(data, "慕容石"))
    again = making.find(run(without(place, first, sign_of(left, "司徒瓦"))).pk)
    verdict = judged(making.opened(again, place.inspector))
    assert verdict.valid and [one.part for one in verdict.signers].count("redaction") == 2


def test_asked_twice_while_it_waits_it_is_one_and_never_the_whole_one(place):
    source = whole(place)
    first = without(place, source, "P1")
    assert without(place, source, "P1") == first
    assert without(place, source, "P2") != first
    assert making.ask(place.subject, by=place.inspector, now=NOW, full=True, purpose="移送法院立案") != first


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"reason": "无"}, "请写明为什么隐去"),
        ({"recipient": " "}, "请填写给谁看"),
    ],
)
def test_what_is_not_said_is_refused(place, said, problem):
    with pytest.raises(Refused, match=problem):
        without(place, whole(place), "P1", **said)


def test_a_reason_that_names_the_person_is_not_written_into_the_file(place):
    source = whole(place)
    sign = sign_of(making.opened(source, place.inspector), "慕容石")
    made = run(without(place, source, sign, reason="慕容石本人要求"))
    assert (made.state, made.kept_as) == ("failed", "")
    assert "请换个写法" in made.problem
    assert exports_of(place.subject).count() == 1


def test_who_may_not_export_may_not_take_anybody_out(place):
    source = whole(place)
    for other in (place.leader, place.clerk, place.outsider):
        with pytest.raises(Refused, match="只能由出具的人"):
            without(place, source, "P1", by=other)
    waiting = without(place, source, "P1")
    Grant.objects.filter(user=place.inspector).delete()
    with pytest.raises(Refused, match="您没有这项权限"):
        without(place, source, "P2", by=User.objects.get(pk=place.inspector.pk))
    assert run(waiting).state == "failed"
    assert exports_of(place.subject).count() == 1


def test_nobody_is_taken_out_of_a_package_of_their_own(place):
    source = whole(place, OfWorker(place.workers[0]))
    with pytest.raises(Refused, match="本人一个人的"):
        without(place, source, "P1")
