"""公告送达: the notice is a letter of its own with the days of the law; posting it with its proof serves the letter it announces."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.casework.models import Document
from anxin.kernel.refusal import Refused
from anxin.letters import announcing, content, drafting, issuing, serving
from anxin.letters.life import State
from anxin.letters.models import Letter, LetterAct
from tests.letters.conftest import fresh_matter, sealed
from tests.support.readings import seal_letter

DAY = dt.timedelta(days=1)


@pytest.fixture
def letter(office) -> Letter:
    return sealed(office, kind="risk_notice")


def begun(office, letter: Letter, **more) -> Letter:
    said = {
        "posted_on": office.now.date(), "ground": "other_ways", "attempts": "邮寄两次退回，上门无人", "by": office.inspector,
        "now": office.now, "law": office.law, "expected_version": letter.version,
    }  # fmt: skip
    return announcing.begin(letter, **said | more)


def ready(office, letter: Letter) -> Letter:
    """The notice, written, reviewed, issued and sealed."""
    notice = begun(office, letter)
    said = content.values_of(notice) | {
        "gist": "提示你单位按时足额支付农民工工资。",
        "contact_address": "政务大道1号",
    }
    said |= {"contact": "陈明", "contact_phone": "0999-5550100"}
    notice = drafting.edit(notice, said, by=office.inspector, now=office.now, expected_version=notice.version)
    notice = drafting.submit(notice, by=office.inspector, now=office.now, expected_version=notice.version)
    notice = issuing.review(notice, by=office.colleague, now=office.now, expected_version=notice.version)
    how = {"now": office.now, "law": office.law}
    notice = issuing.issue(notice, by=office.leader, expected_version=notice.version, **how)
    return seal_letter(notice, by=office.keeper, expected_version=notice.version, **how)


def posted(office, notice: Letter, **more):
    said = {
        "on": office.now.date(), "place": "本机关公告栏和门户网站", "servers": "陈明", "data": b"%PDF-1.7 page", "filename": "网页截图.pdf",
        "target": "", "by": office.inspector, "now": office.now, "law": office.law, "expected_version": notice.version,
    }  # fmt: skip
    return announcing.post(notice, **said | more)


def test_the_notice_begins_with_the_letter_and_the_days_of_the_law(office, letter):
    notice = begun(office, letter)
    said = content.values_of(notice)
    until = office.law.served_on("public_notice", office.now.date(), "inspection", "990101").served_on
    assert (said["paper"], said["paper_number"]) == ("欠薪风险提示函", letter.number)
    assert (said["until"], said["days"]) == (until.isoformat(), (until - office.now.date()).days)
    assert said["days"] == 30
    assert notice.announces == letter
    act = LetterAct.objects.get(letter=letter, act="announced")
    assert act.note == "邮寄两次退回，上门无人"
    letter.refresh_from_db()
    with pytest.raises(Refused, match="正在办理"):
        begun(office, letter)


def test_another_day_of_posting_is_worked_out_anew_and_guangdong_keeps_sixty_days(office, letter):
    later = (office.now.date() + 5 * DAY).isoformat()
    assert (
        announcing.worked_out(letter, {"posted_on": later}, office.law)["until"]
        == (office.now.date() + 35 * DAY).isoformat()
    )
    assert announcing.worked_out(letter, {"posted_on": "下周"}, office.law) == {"posted_on": "下周"}
    letter.matter.region_id = "440101"
    assert announcing.worked_out(letter, {"posted_on": later}, office.law)["days"] == 60


def test_a_notice_needs_a_ground_the_attempts_and_a_letter_that_may_be_served_so(office, letter):
    for change, said in (
        ({"ground": ""}, "请选择公告送达的缘由"),
        ({"attempts": ""}, "请写明用过哪些方式"),
        ({"posted_on": office.now.date() - DAY}, "已经过去"),
        ({"by": office.outsider}, "没有"),
    ):
        with pytest.raises(Refused, match=said):
            begun(office, letter, **change)
    with pytest.raises(Refused, match="在那份没有送到的文书的页面上起草"):
        drafting.draft(office.matter, kind="service_announcement", by=office.inspector, now=office.now)
    barred = sealed(office, kind="arbitration_mediation")
    with pytest.raises(Refused, match="不能用“公告送达”"):
        begun(office, barred)
    assert not Letter.objects.filter(kind="service_announcement").exists()


def test_posted_with_its_proof_it_serves_the_letter_when_its_days_are_over(office, letter):
    notice = ready(office, letter)
    assert notice.number == f"云送公〔{office.now.year}〕1号"
    with pytest.raises(Refused, match="登记公告发布"):
        told = serving.Told("某公司", "direct", office.now.date(), "办公室", "陈明、林静")
        serving.serve(
            notice, told, by=office.inspector, now=office.now, law=office.law, expected_version=notice.version
        )
    with pytest.raises(Refused, match="请上传发布的凭据"):
        posted(office, notice, data=b"")
    with pytest.raises(Refused, match="另发一份公告替代它"):
        posted(office, notice, on=office.now.date() + DAY)
    with pytest.raises(Refused):
        posted(office, notice, by=office.outsider)
    service = posted(office, notice)
    assert service.letter == letter
    assert (service.manner, service.event_on, service.served_on) == (
        "public_notice", office.now.date(), office.now.date() + 30 * DAY,
    )  # fmt: skip
    assert service.place == "本机关公告栏和门户网站"
    kinds = set(Document.objects.filter(matter=fresh_matter(office)).values_list("kind", flat=True))
    assert {"service_announcement", "service_record", "service_return"} <= kinds
    notice.refresh_from_db()
    letter.refresh_from_db()
    assert (notice.state, letter.state) == (State.SERVED, State.SERVED)
    with pytest.raises(Refused, match="已经登记过发布"):
        posted(office, notice)
