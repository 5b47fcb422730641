"""An arbitration and a mediation stand in the package of their matter: who, what, how it ended, and who signed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anxin.arbitration import aftermath, awarding, groups, record_signing, recording, tribunals
from anxin.arbitration.applicants import Person, add
from anxin.arbitration.models import Claim
from anxin.casework.models import Matter
from anxin.clues.claimant_rows import Said
from anxin.clues.claimants import add_claimant
from anxin.clues.intake import Voice, take_in
from anxin.clues.models import Clue
from anxin.demo.people import checked
from anxin.dossier.case_reading import arbitration_of
from anxin.dossier.exporting import Exported, export_matter
from anxin.evidence.journal import SYSTEM, Actor, record
from anxin.evidence.models import JournalEntry
from anxin.mediation import following, paying, sessions
from tests.arbitration import conftest as awards
from tests.arbitration.conftest import bench  # noqa: F401
from tests.dossier.packs import inside, rows
from tests.hearings import conftest as hearings
from tests.hearings.conftest import court  # noqa: F401
from tests.mediation import conftest as mediations
from tests.mediation.conftest import centre  # noqa: F401
from tests.monitoring import factories as make
from tests.proof.packages import judged, judged_independently

DAY = dt.timedelta(days=1)
HEARD = dt.date(2026, 4, 20)
FIRST = mediations.TODAY + 10 * DAY
PURPOSE = "法院调取证据"
PHONES = ("13900000001", "13900000002", "19910000001", "19900008888")


def export(case, law, now, *, by=None, full: bool = False) -> Exported:
    matter = Matter.objects.select_related("region", "lead").get(pk=case.matter_id)
    operator = by or Actor("cli", "管理员")
    return export_matter(matter, by=operator, now=now, law=law, full=full, purpose=PURPOSE if full else "")


def tables_of(made: Exported, first: int, last: int) -> str:
    """The text of the tables ``t<first>`` to ``t<last>``."""
    wanted = tuple(f"rows/t{number}_" for number in range(first, last + 1))
    return "\n".join(data.decode() for name, data in inside(made).items() if name.startswith(wanted))


@pytest.fixture
def decided(bench):  # noqa: F811
    """Two claims, one found in part; an award, its correction, and the day on which the worker received it."""
    case = awards.a_case(bench)
    whole, part = awards.claimed(bench, case), awards.claimed(bench, case, 2)
    awards.found(bench, whole)
    awards.found(bench, part, 100_000, "钱某某只证明了一部分，赵某某可以作证")
    (award,) = awards.decided(bench, case)
    awarding.correct(
        award, place="第2页", before="某建公司", after="某建工公司", on=awards.TODAY, by=bench.inspector, now=awards.NOW
    )  # fmt: skip
    aftermath.receive(
        award, "worker", awards.TODAY, how="赵某某当面签收", by=bench.inspector, now=awards.NOW, law=bench.law
    )
    return case


def test_claims_and_what_was_found_stand_beside_the_award(bench, decided):  # noqa: F811
    made = export(decided, bench.law, awards.NOW, by=bench.inspector)
    said = {row["what"]: row["said"] for row in rows(made, "t23_arbitration")}
    assert (said["被申请人"], said["请求合计（元）"]) == ("某建工公司", "8400.00")
    assert [(row["sign"], row["name"], row["asked"]) for row in rows(made, "t24_applicants")] == [
        ("P1", "赵**", "4200.00"), ("P2", "钱**", "4200.00"),
    ]  # fmt: skip
    claims = rows(made, "t25_asked")
    assert [(row["due"], row["paid"], row["asked"], row["found"], row["support"]) for row in claims] == [
        ("7200.00", "3000.00", "4200.00", "4200.00", "支持"), ("7200.00", "3000.00", "4200.00", "1000.00", "部分支持"),
    ]  # fmt: skip
    assert {row["award"] for row in claims} == {"第1份裁决"}
    (award,) = rows(made, "t26_awards")
    assert (award["finality"], award["total"], award["minimum"], award["ceiling"], award["within"]) == (
        "终局裁决", "5200.00", "2000.00", "24000.00", 15,
    )  # fmt: skip
    working = rows(made, "t27_working")
    assert [(row["sign"], row["amount"], row["final"]) for row in working] == [
        ("P1", "4200.00", True), ("P2", "1000.00", True),
    ]  # fmt: skip
    assert "不超过12个月最低工资" in working[0]["why"]
    assert [(row["before"], row["after"]) for row in rows(made, "t28_corrections")] == [
        ("某建公司", "某建工公司")
    ]
    assert [(row["side"], row["on"]) for row in rows(made, "t29_received")] == [("劳动者", "2026-04-02")] * 2
    kinds = {row["object_type"] for row in rows(made, "journal")}
    assert kinds == {"matter", "arbitration_case"}


def test_the_execution_of_an_award_brings_its_arbitration(bench, decided):  # noqa: F811
    awards.with_paper(bench, decided)
    after = aftermath.begin(decided.awards.get(), by=bench.inspector, now=awards.NOW, law=bench.law)
    made = export_matter(after, by=bench.inspector, now=awards.NOW, law=bench.law)
    assert [row["total"] for row in rows(made, "t26_awards")] == ["5200.00"]
    assert arbitration_of(after, Matter.objects.none()) is None


def test_an_undecided_case_has_its_claims_and_no_award(bench):  # noqa: F811
    case = awards.a_case(bench)
    awards.claimed(bench, case)
    made = export(case, bench.law, awards.NOW)
    (claim,) = rows(made, "t25_asked")
    assert claim["asked"] == "4200.00"
    assert not claim.get("found")
    assert "rows/t26_awards.jsonl" not in inside(made)


def test_people_of_an_arbitration_are_masked_unless_a_purpose_is_given(bench, decided, tmp_path: Path):  # noqa: F811
    made = export(decided, bench.law, awards.NOW)
    whole = export(decided, bench.law, awards.NOW, by=bench.inspector, full=True)
    text, full = tables_of(made, 23, 33), tables_of(whole, 23, 33)
    for name, shown in (("赵某某", "赵**"), ("钱某某", "钱**")):
        assert name not in text
        assert shown in text
        assert name in full
    assert rows(made, "t29_received")[0]["how"] == "赵**当面签收"
    assert rows(whole, "t25_asked")[1]["reason"] == "钱某某只证明了一部分，赵某某可以作证"
    assert rows(whole, "t25_asked")[1]["_about"] == ["P1", "P2"]
    assert [row["id_number"] for row in rows(whole, "people")] == list(awards.IDS)
    for package in (made, whole):
        assert judged(package.content).valid
        for phone in PHONES:
            assert phone.encode() not in package.content
    target = tmp_path / "package.zip"
    target.write_bytes(made.content)
    assert judged_independently(target) == 0
    target.write_bytes(made.content.replace(b'"found":"1000.00"', b'"found":"9000.00"'))
    assert judged_independently(target) == 1


def test_what_the_represented_answered_is_in_it(bench):  # noqa: F811
    case = awards.a_case(bench, people=12, procedure="arbitration_collective")
    people = list(case.applicants.order_by("number"))
    doing = {"by": bench.inspector, "now": awards.NOW}
    groups.elect(case, [one.pk for one in people[:3]], law=bench.law, **doing)
    asked = groups.ask(case, "settle", "按请求的八成和解", on=awards.TODAY, **doing)
    groups.answer(asked, [people[3].pk], agrees=True, how="当面签名", on=awards.TODAY, **doing)
    groups.answer(asked, [people[4].pk], agrees=False, how="电话里说不同意", on=awards.TODAY, **doing)
    groups.ask(case, "admit", "承认对方已付的部分", on=awards.TODAY, **doing)
    made = export(case, bench.law, awards.NOW)
    assert [row["represents"] for row in rows(made, "t24_applicants")] == [True] * 3 + [False] * 9
    assert [(row["what"], row.get("number"), row.get("agrees")) for row in rows(made, "t33_consents")] == [
        ("和解", 4, True), ("和解", 5, False), ("承认对方的请求", None, None),
    ]  # fmt: skip


@pytest.fixture
def signed(court):  # noqa: F811
    """A hearing whose record one applicant signed by telephone, one at the tablet, and the firm's agent refused to sign."""
    case = hearings.formed(court, hearings.a_case(court))
    kept = recording.start(hearings.a_hearing(court, case), by=court.xu_user, now=hearings.at(HEARD, 9))
    now = hearings.at(HEARD, 10)
    recording.rewrite(kept, text="申请人赵某甲：两个月没有发工资。", version=1, by=court.xu_user)
    recording.add_signer(
        kept, side="respondent", name="周某某", phone="19900008888", id_number="", by=court.xu_user
    )
    kept.refresh_from_db()
    recording.close(kept, present="双方到庭", version=kept.version, by=court.xu_user, now=now, law=court.law)
    first, second = kept.signers.filter(side="applicant").select_related("record").order_by("number")
    token = record_signing.make_link(first, by=court.xu_user, now=now)
    link = record_signing.link_of(token, now)
    record_signing.claim(link, now=now)
    record_signing.read_to_end(link.signer, now=now)
    link = record_signing.link_of(token, now)
    asked = record_signing.ask_code(link.signer, now=now)
    record_signing.sign_with_code(link, code=asked.code, consent=True, device="手机", now=now)
    record_signing.sign_at_tablet(
        second, id_number=hearings.IDS[1], witness="马某", consent=True, by=court.xu_user, now=now
    )
    respondent = kept.signers.select_related("record").get(side="respondent")
    record_signing.note_refusal(respondent, why="周某某看完后离庭，不说理由", by=court.xu_user, now=now)
    return case


def test_who_sat_heard_and_signed_how(court, signed):  # noqa: F811
    now = hearings.at(HEARD, 12)
    seat = signed.tribunal.seats.get(arbitrator=court.wang)
    said = tribunals.Withdrawal("other", "赵某甲说明的急病住院", "仲裁院院长")
    tribunals.replace(seat, said, follower=court.spare, by=court.officer, now=now, law=court.law)
    made = export(signed, court.law, now)
    seats = rows(made, "t30_tribunal")
    assert [(row["name"], bool(row["left"]), row["kind"]) for row in seats] == [
        ("许某", False, ""), ("郑某", False, ""), ("王某", True, "不能履职"), ("唐某", False, ""), ("备某", False, ""),
    ]  # fmt: skip
    assert "赵**说明" in seats[2]["why"]
    (hearing,) = rows(made, "t31_hearings")
    assert (hearing["begins"], hearing["place"]) == ("2026-04-20 09:00:00", "演示路8号第一仲裁庭")
    assert hearing["notice"] and hearing["notice_words"]
    assert hearing["closed_sha256"] != hearing["signed_sha256"]
    by_phone, at_tablet, *_, refused = rows(made, "t32_signers")
    assert (by_phone["sign"], by_phone["name"], by_phone["method"]) == ("P1", "赵**", "手机验证码")
    assert (at_tablet["sign"], at_tablet["witness"]) == ("P2", "马某")
    assert (refused["name"], bool(refused["signed"]), bool(refused["refused"])) == ("周**", False, True)
    assert {row["name"] for row in rows(made, "t08_officers")}.isdisjoint({"赵**", "钱**"})
    whole = rows(export(signed, court.law, now, full=True), "t32_signers")
    assert (whole[0]["name"], whole[-1]["name"]) == ("赵某甲", "周某某")
    assert judged(made.content).valid


@pytest.fixture
def mediated(centre):  # noqa: F811
    """An agreement in two parts; of the first instalment something came, another payment was taken back; then court."""
    case = mediations.in_force(centre, days=(FIRST, FIRST + 30 * DAY))
    one = paying.instalments_of(case).filter(share__party__number=1).first()
    paid = {
        "by": centre.shi,
        "law": centre.law,
        "proof": "word",
        "paid_on": FIRST,
        "now": mediations.at(FIRST),
    }
    paying.pay(one, said="赵某某13900000001电话里说到账", amount_fen=100_000, **paid)
    wrong = paying.pay(one, said="听说又到了一笔", amount_fen=50_000, **paid)
    paying.take_back(wrong, why="听错了人", by=centre.shi, now=mediations.at(FIRST))
    late = FIRST + DAY
    following.hand_on(
        mediations.again(case), "payment_order", by=centre.inspector, now=mediations.at(late), today=late, law=centre.law
    )  # fmt: skip
    return mediations.again(case)


def test_a_mediation_is_in_it_to_the_last_payment(centre, mediated, tmp_path: Path):  # noqa: F811
    made = export(mediated, centre.law, mediations.at(FIRST + DAY, 12))
    said = {row["what"]: row["said"] for row in rows(made, "t34_mediation")}
    assert (said["用人单位"], said["请求金额（元）"]) == ("某建工公司", "19200.50")
    assert [(row["sign"], row["name"], row["claimed"]) for row in rows(made, "t35_parties")] == [
        ("P1", "赵**", "12000.00"), ("P2", "钱**", "7200.50"),
    ]  # fmt: skip
    assert [(row["mediator"], row["outcome"]) for row in rows(made, "t36_stages")] == [("某shi", "达成协议")]
    (agreement,) = rows(made, "t38_agreements")
    assert agreement["effective"] == "2026-04-02"
    assert [(row["party"], row["total"], row["how"]) for row in rows(made, "t39_shares")] == [
        (1, "12000.00", "纸质签名，附扫描件"), (2, "7200.50", "纸质签名，附扫描件"),
    ]  # fmt: skip
    signed = rows(made, "t43_mediation_signers")
    assert [(row["of"], row["side"], row["name"]) for row in signed[:3]] == [
        ("1号", "劳动者", "赵**"), ("1号", "用人单位", "周*"), ("1号", "调解员", "某shi"),
    ]  # fmt: skip
    assert signed[0]["sign"] == "P1" and "sign" not in signed[1]
    files = {row["file"]: row["sha256"] for row in rows(made, "t07_papers")}
    assert {files[row["file"]] for row in signed} == {row["sha256"] for row in signed} and len(signed) == 6
    assert {row["number"] for row in signed} == {f"某town调解组织调协〔2026〕{number}号" for number in (1, 2)}
    instalments = rows(made, "t40_instalments")
    assert [(row["party"], row["number"], row["amount"], row["paid"]) for row in instalments] == [
        (1, 1, "6000.00", "1000.00"), (1, 2, "6000.00", "0.00"), (2, 1, "3600.25", "0.00"), (2, 2, "3600.25", "0.00"),
    ]  # fmt: skip
    stands, withdrawn = rows(made, "t41_payments")
    assert (stands["amount"], stands["proof"], stands["detail"]) == (
        "1000.00", "本人确认", "赵**139****0001电话里说到账",
    )  # fmt: skip
    assert "听错了人" in withdrawn["withdrawn"]
    (handoff,) = rows(made, "t42_handoffs")
    assert handoff["route"] == "支付令"
    assert handoff["owed"] == "18200.50"
    assert "mediation_case" in {row["object_type"] for row in rows(made, "journal")}
    target = tmp_path / "package.zip"
    target.write_bytes(made.content)
    assert judged(made.content).valid
    assert judged_independently(target) == 0
    whole = export(mediated, centre.law, mediations.at(FIRST + DAY, 12), by=centre.inspector, full=True)
    assert [row["name"] for row in rows(whole, "t35_parties")] == ["赵某某", "钱某某"]
    assert rows(whole, "t43_mediation_signers")[1]["name"] == "周某"
    text = tables_of(made, 34, 43)
    assert "赵某某" not in text
    assert not any(phone in text + tables_of(whole, 34, 43) for phone in PHONES)


def test_a_session_says_when_and_how_it_ended_and_not_what_was_said(centre):  # noqa: F811
    case = mediations.assigned(centre)
    doing = {"by": centre.shi, "now": mediations.at(mediations.TODAY, 12)}
    coming = sessions.appoint(
        case, at=mediations.at(mediations.TODAY + DAY), online=True, place="会议号998877665", **doing
    )
    later = mediations.at(mediations.TODAY + DAY, 12)
    said = sessions.Said("赵某某到场", "赵某某说有两个孩子", "没有异议", "赵某某和单位约定再谈一次")
    sessions.hold(coming, said, by=centre.shi, now=later, law=centre.law)
    made = export(case, centre.law, later)
    (session,) = rows(made, "t37_sessions")
    assert (session["state"], session["online"], session["place"]) == ("已调解", True, "")
    assert session["result"] == "赵**和单位约定再谈一次"
    assert session["paper"] in {row["file"] for row in rows(made, "t07_papers")}
    assert "两个孩子" not in tables_of(made, 1, 42)


def test_a_look_at_whole_numbers_stays_inside(centre, mediated):  # noqa: F811
    for action in ("mediation.parties_seen", "mediation.noted"):
        record(
            actor=SYSTEM, action=action, object_type="mediation_case", object_id=mediated.pk, summary=action,
            now=mediations.at(FIRST),
        )  # fmt: skip
    made = export(mediated, centre.law, mediations.at(FIRST + DAY, 12))
    actions = {row["action"] for row in rows(made, "journal")}
    assert "mediation.noted" in actions
    assert "mediation.parties_seen" not in actions
    other = JournalEntry.objects.filter(object_type="mediation_case").exclude(object_id=str(mediated.pk))
    assert not other.exists()


@pytest.mark.parametrize("full", [False, True])
def test_who_told_the_clue_of_a_mediation_never_leaves(centre, full):  # noqa: F811
    """The mediation came from a clue without being referred; neither the operator nor who cannot see the clue shows it."""
    teller, phone = "南宫报信", "13912345678"
    voice = Voice(
        channel="hotline", kind="complaint", region="990101001", text=f"我是{teller}，电话{phone}，工资没有发",
        title="工资", name=teller, phone=phone, received_at=mediations.at(mediations.TODAY, 8),
    )  # fmt: skip
    (taken,) = take_in([voice], actor=SYSTEM, now=mediations.at(mediations.TODAY, 9))
    clue = Clue.objects.get(pk=taken.pk)
    for name, number in (("赵某某", mediations.IDS[0]), ("钱某某", mediations.IDS[1])):
        said = Said(name, number, amounts={"worker": 600_000})
        assert not add_claimant(clue, said, by=centre.inspector, now=mediations.at(mediations.TODAY)).problems
    case = mediations.a_case(
        centre, clue=clue, people=[], facts=f"{teller}打电话{phone}反映，赵某某两个月没有工资"
    )
    for by in (centre.inspector, None):
        made = export(case, centre.law, mediations.at(mediations.TODAY, 12), by=by, full=full)
        facts = {row["what"]: row["said"] for row in rows(made, "t34_mediation")}["事实和理由"]
        assert facts.startswith("〔反映人〕打电话")
        text = tables_of(made, 1, 42)
        assert teller not in text
        assert phone not in text
        assert rows(made, "t11_clue")
        assert [row["sign"] for row in rows(made, "t35_parties")] == ["P1", "P2"]
        assert len(rows(made, "people")) == 2


@pytest.mark.parametrize("full", [False, True])
def test_who_told_a_clue_that_the_reader_does_not_see_stays_inside_too(bench, full):  # noqa: F811
    """An applicant was taken over from a clue of another district: nothing of the clue is there, and its reporter neither."""
    teller = "南宫报信"
    make.region("990102")
    voice = Voice(
        channel="hotline", kind="complaint", region="990102", text="工资没有发", title="工资", name=teller,
        phone="13912345678", received_at=awards.NOW - DAY,
    )  # fmt: skip
    (taken,) = take_in([voice], actor=SYSTEM, now=awards.NOW)
    clue = Clue.objects.get(pk=taken.pk)
    assert not add_claimant(clue, Said("李某某", ""), by=bench.outsider, now=awards.NOW).problems
    case = awards.a_case(bench)
    add(case, [Person("李某某", claimant=clue.claimants.get())], by=bench.inspector, now=awards.NOW)
    awards.found(bench, awards.claimed(bench, case, 3), 100_000, f"{teller}来电13912345678说李某某做了一半")
    made = export(case, bench.law, awards.NOW, by=bench.inspector, full=full)
    (claim,) = rows(made, "t25_asked")
    assert claim["reason"] == f"〔反映人〕来电139****5678说{'李某某' if full else '李**'}做了一半"
    assert teller.encode() not in made.content
    assert not rows(made, "t11_clue")


def test_it_costs_the_same_with_many(bench):  # noqa: F811
    def cost(people: int) -> int:
        case = awards.a_case(bench, people=people)
        for number in range(1, people + 1):
            awards.found(bench, awards.claimed(bench, case, number))
        awards.decided(bench, case)
        assert Claim.objects.filter(applicant__case=case).count() == people
        with CaptureQueriesContext(connection) as seen:
            export(case, bench.law, awards.NOW)
        return len(seen)

    export(awards.a_case(bench), bench.law, awards.NOW)  # the key is made
    assert cost(2) == cost(14) <= 50


def test_a_mediation_costs_the_same_with_many(centre):  # noqa: F811
    def cost(people: int) -> int:
        listed = [
            Said(
                f"孙某{number}", checked(f"99010119900101{people}{number:02d}"), f"1390000{people}{number:03d}",
                amounts={"worker": 100_000}, row=number,
            )
            for number in range(1, people + 1)
        ]  # fmt: skip
        case = mediations.in_force(centre, days=(FIRST, FIRST + DAY), people=listed)
        for one in paying.instalments_of(case).filter(number=1):
            paying.pay(
                one, proof="word", said="本人说已到账", amount_fen=10_000, paid_on=FIRST, by=centre.shi, law=centre.law,
                now=mediations.at(FIRST),
            )  # fmt: skip
        with CaptureQueriesContext(connection) as seen:
            made = export(case, centre.law, mediations.at(FIRST + DAY))
        assert len(rows(made, "t41_payments")) == people
        return len(seen)

    assert cost(2) == cost(5) <= 50
