"""Tellings and payments of a matter in its package: rows with their entries of the journal, and one person taken out provably."""

from __future__ import annotations

from pathlib import Path

import pytest

from anxin.casework import services as casework
from anxin.casework.models import Matter
from anxin.casework.succession import join
from anxin.clues.intake import Voice, take_in
from anxin.clues.models import Clue
from anxin.evidence.journal import SYSTEM
from anxin.proof import redact, throwaway
from anxin.referral import services as referral
from anxin.referral.models import Conclusion
from tests.dossier.test_exporting import (  # noqa: F401
    NOW,
    city,
    clue,
    everything,
    export,
    law,
    matter,
    rows,
)
from tests.proof.packages import judged, judged_independently

CALLED, OTHER = "13900007777", "尉迟东风"


@pytest.fixture
def told(city, matter, clue) -> Matter:  # noqa: F811
    """Concluded; the first caller told after a try in vain, and the caller of a merged clue told."""
    voice = Voice(
        channel="hotline", kind="complaint", region="990101", project=city.site, employer=city.firm, name=OTHER,
        text=f"我是{OTHER}，木工班的工资没有发。", title="木工班工资", phone=CALLED, received_at=NOW,
    )  # fmt: skip
    (other,) = take_in([voice], actor=SYSTEM, now=NOW)
    Clue.objects.filter(pk=other.pk).update(dispute=clue)
    Conclusion.objects.create(
        clue=clue, referral=clue.referrals.get(), name="属实，已付清", outcome="settled", words="逐人核对。", people=2,
        amount_fen=930_000, standing="told", by="user:1", by_name="某housing", at=NOW,
    )  # fmt: skip
    call = {"way": "phone", "by": city.desk, "now": NOW, "number": CALLED}
    referral.tell(clue, **call, reached=False, words="响了很久没有人接")
    referral.tell(clue, **call, words="本人和慕容石都在")
    referral.tell(Clue.objects.get(pk=other.pk), **call, words=f"{OTHER}说知道了")
    return matter


def test_each_telling_is_a_row_with_its_entry_of_the_journal_and_names_nobody_who_told(city, told, clue):  # noqa: F811
    made = export(city, told)
    listed = rows(made, "t15_told")
    assert [(one["way"], one["reached"], one["by"]) for one in listed] == [
        ("电话", False, "某desk"), ("电话", True, "某desk"), ("电话", True, "某desk"),
    ]  # fmt: skip
    other = Clue.objects.get(dispute=clue)
    assert [one["clue"] for one in listed] == [clue.number, clue.number, other.number]
    assert "慕**" in listed[1]["words"], "a name as a list shows it"
    journal = [row for row in rows(made, "journal") if row.get("action", "").startswith("referral.told")]
    assert [(one["action"], one["object_id"]) for one in journal] == [
        ("referral.told_in_vain", str(clue.pk)), ("referral.told", str(clue.pk)), ("referral.told", str(other.pk)),
    ]  # fmt: skip
    assert CALLED not in everything(made) and OTHER not in everything(made)
    assert judged(made.content).valid


def test_of_a_merged_clue_nothing_else_comes_along(city, told, clue):  # noqa: F811
    other = Clue.objects.get(dispute=clue)
    about = [row for row in rows(export(city, told), "journal") if row.get("object_id") == str(other.pk)]
    assert {row["action"] for row in about if row["object_type"] == "clue"} == {"referral.told"}


def test_a_package_without_a_telling_says_so_by_an_empty_table(city, matter):  # noqa: F811
    assert rows(export(city, matter), "t15_told") == []


@pytest.fixture
def paid(city, told, clue) -> Matter:  # noqa: F811
    """A case in the chain with a payment to each of the two people."""
    found = casework.open_matter(
        procedure="inspection_case", title="木工班工资", region=city.here, lead=city.bodies["ZJ"], by=city.housing,
        on=NOW.date(), now=NOW, law=city.law, project=city.site,
    )  # fmt: skip
    join(found, told)
    found = Matter.objects.select_related("region", "lead", "root").get(pk=found.pk)
    for one, fen in zip(clue.claimants.order_by("number"), (100, 200), strict=True):
        referral.record_payment(
            found, payee=f"c{one.pk}", proof="word", said="电话里本人说已到账", amount_fen=fen, paid_on=NOW.date(),
            by=city.housing, now=NOW,
        )  # fmt: skip
    return found


def test_payments_of_a_matter_are_rows_about_the_person_who_got_them(city, paid):  # noqa: F811
    listed = rows(export(city, paid), "t16_payments")
    assert [(one["sign"], one["name"], one["amount"], one["counted"]) for one in listed] == [
        ("P1", "欧**", "1.00", False), ("P2", "慕**", "2.00", True),
    ]  # fmt: skip


def test_one_person_is_taken_out_of_payments_and_tellings_and_the_rest_is_proved(city, paid, tmp_path: Path):  # noqa: F811
    made = export(city, paid, full=True, purpose="移送法院立案")
    assert "慕容石" in everything(made)
    left = redact(made.content, "P2", reason="本人要求", signer=throwaway("某局", "隐去人"), at=NOW)
    assert "慕容石".encode() not in left and "欧阳木".encode() in left
    assert judged(left).valid
    target = tmp_path / "left.zip"
    target.write_bytes(left)
    assert judged_independently(target) == 0
