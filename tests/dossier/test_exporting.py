"""A matter leaves as one file: whole, signed, verified twice, and never with what is sealed."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from anxin.accounts.models import Grant, Role, User
from anxin.casework import services as casework
from anxin.casework.models import Matter
from anxin.clues.claimant_rows import Said
from anxin.clues.claimants import add_claimant
from anxin.clues.intake import Voice, take_in
from anxin.clues.models import Clue
from anxin.dossier.exporting import Exported, export_matter, may_export, may_export_whole
from anxin.dossier.subjects import OfMatter, exports_of
from anxin.enforcement.models import Arrears
from anxin.evidence.journal import SYSTEM, Actor, record
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.proof import redact, throwaway
from anxin.referral import services as referral
from tests.evidence import samples
from tests.evidence.samples import office
from tests.proof.packages import judged, judged_independently
from tests.referral.clues import READ, paper, step
from tests.referral.conftest import NOW, city, law  # noqa: F401

REPORTER, PHONE, ID = "司马长风", "13912345678", "990101198503070033"
TEXT = f"我是{REPORTER}，电话139 1234 5678，身份证{ID}，木工班四个人的工资18600元一直没有发。"


def add_claimants(clue: Clue, people: list[Said], *, by: User, now: dt.datetime) -> None:
    for one in people:
        assert not add_claimant(clue, one, by=by, now=now).problems


@pytest.fixture
def clue(city) -> Clue:  # noqa: F811
    voice = Voice(
        channel="hotline", kind="complaint", region="990101", project=city.site, employer=city.firm, text=TEXT,
        title="木工班工资", name=REPORTER, phone=PHONE, received_at=NOW - dt.timedelta(hours=2),
    )  # fmt: skip
    (made,) = take_in([voice], actor=SYSTEM, now=NOW)
    Clue.objects.filter(pk=made.pk).update(**READ)
    return Clue.objects.get(pk=made.pk)


@pytest.fixture
def matter(city, clue) -> Matter:  # noqa: F811
    """Referred to the housing authority, with two claimants, a step, a paper, and money that came."""
    people = [
        Said("欧阳木", "990101199001010019", amounts={"worker": 930_000}),
        Said("慕容石", "", amounts={"worker": 930_000}),
    ]
    add_claimants(clue, people, by=city.desk, now=NOW)
    referral.refer(clue, by=city.desk, now=NOW, law=city.law)
    found = clue.referrals.get().matter
    step(found, "sign", by=city.housing, note=f"电话联系{REPORTER}核实")
    casework.attach(
        found, kind="payment_proof", data="付款凭证 欧阳木 9300元".encode(), filename="凭证.txt", number="第1号",
        by=city.housing, now=NOW, law=city.law,
    )  # fmt: skip
    referral.add_recovered(
        clue, proof="word", said="电话，本人说已到账", person="欧阳木", amount_fen=930_000, paid_on=NOW.date(),
        by=city.desk, now=NOW,
    )  # fmt: skip
    return Matter.objects.select_related("region", "lead").get(pk=found.pk)


def export(city: SimpleNamespace, matter: Matter, by: User | Actor | None = None, **more) -> Exported:  # noqa: F811
    return export_matter(matter, by=by or city.housing, now=NOW, law=city.law, **more)


def inside(made: Exported) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(made.content)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def rows(made: Exported, slug: str) -> list[dict]:
    content = inside(made).get(f"rows/{slug}.jsonl", b"")
    return [json.loads(line) for line in content.splitlines()]


def everything(made: Exported) -> str:
    return "\n".join(content.decode(errors="replace") for content in inside(made).values())


def test_both_verifiers_agree_and_the_office_has_signed(city, matter, tmp_path: Path, settings):  # noqa: F811
    made = export(city, matter)
    verdict = judged(made.content, frozenset({made.fingerprint}))
    assert (verdict.valid, verdict.trusted) == (True, True)
    assert [(one.name, one.role) for one in verdict.signers] == [("云城区人社局", "出具单位")]
    target = tmp_path / "package.zip"
    target.write_bytes(made.content)
    assert judged_independently(target) == 0
    target.write_bytes(made.content.replace(b"9300.00", b"9400.00"))
    assert judged_independently(target) == 1
    key = Path(settings.ANXIN_HOME) / "secrets" / "evidence-key.pem"
    assert key.stat().st_mode & 0o077 == 0
    assert export(city, matter).fingerprint == made.fingerprint


def test_what_hangs_on_the_matter_is_in_it(city, matter, clue):  # noqa: F811
    made = export(city, matter)
    said = {row["what"]: row["said"] for row in rows(made, "t01_matter")}
    assert (said["编号"], said["牵头单位"]) == (matter.number, "云州市住建局")
    assert [row["name"] for row in rows(made, "t02_steps")] == [
        one.name for one in matter.steps.order_by("pk")
    ]
    clocks, counted = rows(made, "t03_clocks"), rows(made, "t04_counted")
    assert {row["name"] for row in clocks} == {row["clock"] for row in counted} != set()
    assert any("起算日" in row["text"] and row["basis"] for row in counted)
    assert [row["file"] for row in rows(made, "t07_papers")] == [
        one.filename for one in matter.documents.order_by("pk")
    ]
    listed = {row["name"]: row["path"] for row in rows(made, "documents")}
    assert inside(made)[listed["凭证.txt"]] == "付款凭证 欧阳木 9300元".encode()
    assert {row["key"] for row in rows(made, "t17_law")} == {row["parameter"] for row in clocks}
    assert all(row["reference"] for row in rows(made, "t17_law"))
    assert [(row["sign"], row["amount"]) for row in rows(made, "t16_recovered")] == [("P1", "9300.00")]
    assert [row["worker"] for row in rows(made, "t12_claims")] == ["9300.00", "9300.00"]
    officers = {row["name"]: row for row in rows(made, "t08_officers")}
    assert {"某desk", "某housing"} <= set(officers)
    assert officers["某housing"]["changed"] > 0


def test_entries_of_the_journal_hold_by_their_own_hash(city, matter, clue):  # noqa: F811
    made = export(city, matter)
    packed = {row["sequence"]: row["hash"] for row in rows(made, "journal")}
    about = JournalEntry.objects.filter(object_type__in=("matter", "clue")).exclude(
        action="evidence.exported"
    )
    kept = {
        one.sequence: one.hash
        for one in about
        if REPORTER not in json.dumps([one.summary, one.after], ensure_ascii=False)
    }
    assert packed == kept
    assert packed


def test_a_changed_entry_is_not_vouched_for(city, matter):  # noqa: F811
    entry = JournalEntry.objects.filter(object_type="matter", object_id=str(matter.pk)).first()
    JournalEntry.objects.filter(pk=entry.pk).update(summary="另一句话")
    with pytest.raises(Refused, match=f"第{entry.sequence}条操作日志的内容与记下时不一致"):
        export(city, matter)


@pytest.mark.parametrize("full", [False, True])
def test_who_told_us_never_leaves(city, matter, full):  # noqa: F811
    paper(matter, "complaint_form", by=city.housing)
    hidden = [("来信.txt", f"我叫{REPORTER}".encode()), ("来信.csv", f"电话,{PHONE}".encode("gb18030"))]
    book = office(**{"word/document.xml": f"<w:t>{REPORTER}</w:t>".encode() * 50})
    for name, data in [*hidden, ("来信.docx", book), (f"{REPORTER}.pdf", b"%PDF-1.4")]:
        casework.attach(
            matter, kind="payment_proof", data=data, filename=name, by=city.housing, now=NOW, law=city.law
        )
    made = export(city, matter, full=full, purpose="移送法院立案" if full else "")
    text = everything(made)
    for word in (REPORTER, PHONE, "139 1234 5678", ID):
        assert word not in text, word
        assert word.encode("gb18030") not in made.content
    withheld = [row["file"] for row in rows(made, "t07_papers") if row["without"]]
    assert len(withheld) == 5
    assert "为保护反映人" in made.left_out
    clue_text = next(row["said"] for row in rows(made, "t11_clue") if row["what"] == "内容")
    assert "〔反映人〕" in clue_text
    assert "木工班四个人的工资18600元" in clue_text
    assert any("〔反映人〕" in row["note"] for row in rows(made, "t02_steps"))
    assert judged(made.content).valid


def test_a_mail_or_an_archive_stays_where_somebody_told_us(city, matter):  # noqa: F811
    letter = samples.mail(("说明.txt", "没有写名字".encode()))
    for name, data in (("来信.eml", letter), ("材料.zip", samples.GOOD["ZIP"])):
        casework.attach(
            matter, kind="payment_proof", data=data, filename=name, by=city.housing, now=NOW, law=city.law
        )
    made = export(city, matter)
    without = {row["file"]: row["without"] for row in rows(made, "t07_papers")}
    assert without["来信.eml"] == without["材料.zip"] == "邮件和压缩包里可能有反映人的信息"
    assert letter not in inside(made).values() and judged(made.content).valid


def test_a_claimant_who_told_us_keeps_the_name_among_the_claimants_only(city, matter, clue):  # noqa: F811
    add_claimants(clue, [Said(REPORTER, "990101198503070033")], by=city.desk, now=NOW)
    made = export(city, matter, full=True, purpose="移送法院立案")
    assert [row["name"] for row in rows(made, "people")] == ["欧阳木", "慕容石", REPORTER]
    assert all(row.get("_about") != ["P3"] for slug in ("t02_steps", "t11_clue") for row in rows(made, slug))


def test_people_are_masked_unless_a_purpose_is_given(city, matter):  # noqa: F811
    made = export(city, matter)
    assert [(row["sign"], row["name"], row["id_number"]) for row in rows(made, "people")] == [
        ("P1", "欧**", "9901**********0019"), ("P2", "慕**", ""),
    ]  # fmt: skip
    whole = export(city, matter, full=True, purpose="移送法院立案")
    assert rows(whole, "people")[0]["id_number"] == "990101199001010019"
    with pytest.raises(Refused, match="请写明为什么"):
        export(city, matter, full=True, purpose="")
    last = exports_of(OfMatter(matter)).first()
    assert last.after["full"] is True
    assert last.after["purpose"] == "移送法院立案"


def test_one_person_is_taken_out_and_the_rest_holds(city, matter):  # noqa: F811
    made = export(city, matter, full=True, purpose="移送法院立案")
    left = redact(made.content, "P1", reason="本人要求", signer=throwaway("某局", "隐去人"), at=NOW)
    assert judged(left).valid
    assert "欧阳木".encode() not in left
    assert "慕容石".encode() in left


def test_every_export_is_an_entry_with_the_ends_of_the_chain(city, matter):  # noqa: F811
    made = export(city, matter)
    entry = exports_of(OfMatter(matter)).get()
    statement = json.loads(inside(made)["statement.json"])
    assert (entry.actor_name, entry.after["leaves"]) == ("某housing", made.leaves)
    assert (entry.after["sha256"], entry.after["sm3"]) == (
        statement["chain"]["sha256"],
        statement["chain"]["sm3"],
    )
    export(city, matter, by=Actor("cli", "管理员"))
    assert [one.actor_name for one in exports_of(OfMatter(matter))] == ["管理员", "某housing"]


def test_who_may_and_who_may_not(city, matter):  # noqa: F811
    supports = User.objects.create_user("supports", display_name="协办")
    Grant.objects.create(user=supports, role=Role.INSPECTOR, region="9901", organisation="SRS")
    matter.supporting.add(city.bodies["SRS"])
    auditor = User.objects.create_user("auditor")
    Grant.objects.create(user=auditor, role=Role.AUDITOR, region="")
    for one in (city.housing, city.leader):
        assert may_export(one, matter)
    before = JournalEntry.objects.count()
    for one in (city.outsider, city.transport, city.clerk, supports, auditor):
        assert not may_export(one, matter), one
        assert not may_export_whole(one, matter), one
        with pytest.raises(Refused, match="由牵头单位"):
            export(city, matter, by=one)
    assert JournalEntry.objects.count() == before


def test_a_damaged_file_stops_it(city, matter, settings):  # noqa: F811
    stored = matter.documents.get(filename="凭证.txt").file
    (Path(settings.ANXIN_HOME) / "files" / stored.sha256[:2] / stored.sha256).write_bytes(b"broken")
    with pytest.raises(Refused, match="从备份恢复"):
        export(city, matter)
    assert not exports_of(OfMatter(matter)).exists()


def test_it_costs_the_same_with_many(city, matter, clue, django_assert_max_num_queries):  # noqa: F811
    for number in range(12):
        casework.attach(
            matter, kind="payment_proof", data=b"%d" % number, filename=f"{number}.pdf", by=city.housing, now=NOW,
            law=city.law,
        )  # fmt: skip
    add_claimants(clue, [Said(f"甲某{number:02d}", "") for number in range(30)], by=city.desk, now=NOW)
    with django_assert_max_num_queries(45):
        export(city, matter)


def test_a_matter_without_a_clue_goes_out_too(city):  # noqa: F811
    found = casework.open_matter(
        procedure="complaint_intake", title="来访", region=city.here, lead=city.bodies["QRS"], by=city.desk,
        on=NOW.date(), now=NOW, law=city.law, project=city.site,
    )  # fmt: skip
    made = export(city, found, by=city.desk)
    assert judged(made.content).valid
    assert "rows/people.jsonl" not in inside(made)


@pytest.fixture
def found(city, matter, clue) -> Matter:  # noqa: F811
    """What is owed was found of both claimants, once more of one; and an entry of the journal names the other whole."""
    first, second = clue.claimants.order_by("number")
    lines = [
        {"key": f"c{one.pk}", "number": one.number, "list": clue.number, "by": "某housing", "verdict": verdict, "source": source,
         "fen": fen, "months": 3, "why": why}
        for one, verdict, source, fen, why in (
            (first, "said", "worker", 930_000, ""), (second, "changed", "", 900_000, "慕容石按考勤核算，电话13912340000"),
        )
    ]  # fmt: skip
    sums = {"people": 2, "months": 3, "total_fen": 1_830_000, "single_fen": 930_000, "by_name": "某housing"}
    Arrears.objects.create(
        matter=matter, lines=lines, recorded_at=NOW, superseded_at=NOW, source="逐人核实2人", **sums
    )
    Arrears.objects.create(matter=matter, lines=lines[:1], recorded_at=NOW, source="逐人核实1人", **sums)
    record(
        actor=SYSTEM, action="case.note", object_type="matter", object_id=matter.pk, summary="电话联系慕容石核对考勤", now=NOW
    )  # fmt: skip
    return matter


def test_what_was_found_of_each_person_is_a_row_and_masked_like_other_people(city, found):  # noqa: F811
    listed = rows(export(city, found), "t09_found")
    assert [(one["sign"], one["name"], one["amount"], bool(one["superseded"])) for one in listed] == [
        ("P1", "欧**", "9300.00", True), ("P2", "慕**", "9000.00", True), ("P1", "欧**", "9300.00", False),
    ]  # fmt: skip
    assert [one["how"] for one in listed[:2]] == ["按工人自述认定", "核定：慕**按考勤核算，电话139****0000"]
    whole = rows(export(city, found, full=True, purpose="移送法院立案"), "t09_found")
    assert [one["name"] for one in whole] == ["欧阳木", "慕容石", "欧阳木"]


def test_an_entry_with_a_whole_name_leaves_only_its_hash_where_names_are_masked(city, found, tmp_path: Path):  # noqa: F811
    made = export(city, found)
    for name in ("欧阳木", "慕容石"):
        assert all(
            name not in content.decode(errors="replace")
            for path, content in inside(made).items()
            if path.startswith("rows/")
        )
    assert (
        "操作日志写有劳动者的完整姓名" in json.loads(inside(made)["statement.json"])["subject"]["只留哈希的"]
    )
    verdict = judged(made.content)
    assert verdict.valid and verdict.redacted
    target = tmp_path / "masked.zip"
    target.write_bytes(made.content)
    assert judged_independently(target) == 0


def test_one_person_is_taken_out_of_arrears_and_journal_and_the_rest_is_proved(city, found, tmp_path: Path):  # noqa: F811
    made = export(city, found, full=True, purpose="移送法院立案")
    assert any("慕容石" in one["summary"] for one in rows(made, "journal"))
    left = redact(made.content, "P2", reason="本人要求", signer=throwaway("某局", "隐去人"), at=NOW)
    assert "慕容石".encode() not in left and "欧阳木".encode() in left
    assert judged(left).valid
    target = tmp_path / "left.zip"
    target.write_bytes(left)
    assert judged_independently(target) == 0
