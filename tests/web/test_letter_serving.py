"""送达 on the page: the clock that a service starts, a worker's own pages, the public notice; who may and who may not."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from anxin.casework.models import Deadline
from anxin.letters import consents, content, drafting
from anxin.letters.models import Letter, LetterAct, Link, PaperRequest, Service, WorkerCopy
from anxin.web import clock
from tests.letters.conftest import drafted, office, sealed  # noqa: F401
from tests.letters.test_serving import EVENT, agreed, recorded, sent, to_service
from tests.monitoring import factories as make
from tests.support.letters import needs_faces
from tests.support.readings import read_letter
from tests.web.cases import a_picture
from tests.web.test_warnings import text
from tests.web.worker.conftest import answer_questions, site  # noqa: F401

#: who is not let near this letter at all, and who sees it but has no right to serve
TURNED_AWAY = (("outsider", 404), ("auditor", 403), ("keeper", 422))
BY_HAND = {
    "receiver": "云州某建工有限公司",
    "manner": "direct",
    "place": "该单位办公室",
    "servers": "某甲、某乙",
}


@pytest.fixture
def letter(office) -> Letter:  # noqa: F811
    """A notice to answer the application, sealed, in an arbitration whose clock waits for its service."""
    needs_faces()
    to_service(office)
    return sealed(office, kind="defence_notice")


def client(user) -> Client:
    made = Client()
    made.force_login(user, backend="anxin.accounts.backends.PeopleBackend")
    return made


def post(user, letter: Letter, action: str, **more):
    letter.refresh_from_db()
    return client(user).post(
        reverse("letter-act", args=[letter.pk, action]), {"version": letter.version, **more}
    )


def aim(user, letter: Letter) -> str:
    """The day to give, as the page offers it."""
    page = text(client(user).get(reverse("letter", args=[letter.pk])))
    return re.search(rf'<option value="([^"]+)">{EVENT}', page)[1]


def started_on() -> dt.date:
    """From when the clock of the defence counts: from the step to service until the day of service is known."""
    return Deadline.objects.get(clock="defence", ended_on=None).started_on


def given(office) -> dict[str, dt.date]:  # noqa: F811
    return dict(office.matter.event_dates.values_list("name", "on"))


@pytest.fixture
def later(office, letter, monkeypatch) -> dt.date:  # noqa: F811
    """Three days after the letter was sealed: the day that the console reads."""
    moment = office.now + dt.timedelta(days=3)
    monkeypatch.setattr(clock, "now", lambda: moment)
    monkeypatch.setattr(clock, "today", moment.date)
    return moment.date()


def test_the_day_chosen_on_the_page_starts_the_clock(office, letter, later):  # noqa: F811
    before = Deadline.objects.get(clock="defence").due_on
    said = {**BY_HAND, "on": str(later), "target": aim(office.inspector, letter)}
    for who, status in TURNED_AWAY:
        assert post(getattr(office, who), letter, "serve", **said).status_code == status
    assert "您没有" in text(post(office.keeper, letter, "serve", **said))
    wrong = post(office.inspector, letter, "serve", **said | {"target": f"{office.matter.pk}:别的日期"})
    assert wrong.status_code == 422 and "没有这个可以登记的日期" in text(wrong)
    assert 'value="该单位办公室"' in text(wrong)
    assert not Service.objects.exists()
    assert (started_on(), given(office)) == (office.now.date(), {})
    assert post(office.inspector, letter, "serve", **said).status_code == 302
    service = Service.objects.get()
    assert (service.event_name, service.event_given_at) == (EVENT, clock.now())
    assert (started_on(), given(office)) == (later, {EVENT: later})
    assert f"{EVENT}已登记" in text(client(office.inspector).get(reverse("letter", args=[letter.pk])))
    due = Deadline.objects.get(clock="defence", ended_on=None).due_on
    assert due > before
    assert str(due) in text(client(office.inspector).get(reverse("matter", args=[office.matter.pk])))


def test_served_without_a_day_to_give_no_clock_is_moved(office, letter, later):  # noqa: F811
    assert post(office.inspector, letter, "serve", **BY_HAND, on=str(later)).status_code == 302
    assert Service.objects.get().event_name == ""
    assert (started_on(), given(office)) == (office.now.date(), {})


def test_a_letter_is_put_on_the_pages_of_the_worker_who_agreed(office, letter, later, site, answer_questions):  # noqa: F811
    said = {
        "receiver": "周建国",
        "id_number": make.id_number(1),
        "target": aim(office.inspector, letter),
    }
    refused = post(office.inspector, letter, "worker", **said)
    assert refused.status_code == 422 and "没有登记过电子送达确认书" in text(refused)
    agreed = {
        "receiver": "周建国",
        "address": "19900000001",
        "given_on": str(office.now.date()),
        "how": "签了确认书",
    }
    assert post(office.inspector, letter, "consent", **agreed).status_code == 302
    for who, status in TURNED_AWAY:
        assert post(getattr(office, who), letter, "worker", **said).status_code == status
    refused = post(office.inspector, letter, "worker", **said | {"id_number": make.id_number(2)})
    assert refused.status_code == 422 and "这个身份证号不是受送达人的" in text(refused)
    assert not WorkerCopy.objects.exists() and not Service.objects.exists()
    assert started_on() == office.now.date()

    assert post(office.inspector, letter, "worker", **said).status_code == 302
    copy = WorkerCopy.objects.get()
    assert (copy.worker, copy.service.manner) == (site.zhou, "electronic")
    assert (started_on(), given(office)) == (later, {EVENT: later})
    page = text(client(office.inspector).get(reverse("letter", args=[letter.pk])))
    assert "周建国" in page and make.id_number(1) not in page
    his, other = Client(), Client()
    answer_questions(his)
    answer_questions(other, name="李秀英", serial=2)
    assert letter.number in text(his.get(reverse("worker:letters")))
    assert letter.number not in text(other.get(reverse("worker:letters")))
    assert his.post(reverse("worker:letter-file", args=[copy.pk])).content.startswith(b"%PDF")
    assert other.post(reverse("worker:letter-file", args=[copy.pk])).status_code == 404


def test_who_comes_too_late_or_wrote_it_reads_why(office):  # noqa: F811
    letter = drafted(office)
    letter = drafting.submit(letter, by=office.inspector, now=office.now, expected_version=letter.version)
    own = post(office.inspector, letter, "review")
    assert own.status_code == 422 and "须是另一个人" in text(own)
    assert post(office.colleague, letter, "review").status_code == 302
    late = post(office.colleague, letter, "review")
    assert late.status_code == 422 and "现在不能核稿" in text(late)


@pytest.fixture
def notice(office, letter) -> Letter:  # noqa: F811
    """The public notice of the letter, begun, written, reviewed, issued and sealed on the pages."""
    said = {"posted_on": str(office.now.date()), "ground": "other_ways", "attempts": "邮寄两次退回，上门无人"}
    assert post(office.inspector, letter, "announce", **said).status_code == 302
    made = Letter.objects.get(announces=letter)
    typed = {name: str(value) for name, value in content.values_of(made).items()} | {
        "gist": "通知你单位在收到之日起十日内提交答辩书。", "contact_address": "政务大道1号", "contact": "陈明",
        "contact_phone": "0999-5550100", "version": made.version, "then": "submit",
    }  # fmt: skip
    answer = client(office.inspector).post(reverse("letter-edit", args=[made.pk]), typed)
    assert answer.status_code == 302, text(answer)
    for who, action in (("colleague", "review"), ("leader", "issue"), ("keeper", "seal")):
        if action == "seal":
            read_letter(Letter.objects.get(pk=made.pk), by=office.keeper, now=office.now)
        assert post(getattr(office, who), made, action).status_code == 302
    return made


def posting(office: SimpleNamespace, letter: Letter, **more) -> dict:  # noqa: F811
    shown = SimpleUploadedFile("公告栏.jpg", a_picture(), "image/jpeg")
    return {"on": str(office.now.date()), "place": "本机关公告栏", "servers": "陈明", "file": shown, **more}


def test_a_public_notice_is_begun_from_the_page_of_the_letter(office, letter):  # noqa: F811
    said = {"posted_on": str(office.now.date()), "ground": "other_ways", "attempts": "邮寄两次退回，上门无人"}
    for who, status in TURNED_AWAY:
        assert post(getattr(office, who), letter, "announce", **said).status_code == status
    for change, sentence in (
        ({"ground": ""}, "请选择公告送达的缘由"),
        ({"posted_on": str(office.now.date() - dt.timedelta(days=1))}, "已经过去"),
        ({"posted_on": "下周"}, "公告发布日期"),
    ):
        refused = post(office.inspector, letter, "announce", **said | change)
        assert refused.status_code == 422 and sentence in text(refused)
        assert "邮寄两次退回，上门无人</textarea>" in text(refused)
    assert not Letter.objects.filter(announces=letter).exists()
    assert post(office.inspector, letter, "announce", **said).status_code == 302
    made = Letter.objects.get(announces=letter)
    assert content.values_of(made)["paper_number"] == letter.number
    assert LetterAct.objects.get(letter=letter, act="announced").by == office.inspector
    again = post(office.inspector, letter, "announce", **said)
    assert again.status_code == 422 and "正在办理" in text(again)


def test_a_consent_is_taken_back_where_it_is_entered(office, letter):  # noqa: F811
    said = {"address": "19900000001", "given_on": str(office.now.date()), "how": "签了确认书"}
    post(office.inspector, letter, "consent", receiver="云州某建工有限公司", **said)
    consent = office.matter.service_consents.get()
    back = {"consent": consent.pk, "withdrawn_on": str(office.now.date()), "why": "来函要求改送纸质文书"}
    for who, status in TURNED_AWAY:
        assert post(getattr(office, who), letter, "withdraw", **back).status_code == status
    bare = post(office.inspector, letter, "withdraw", **back | {"why": ""})
    assert bare.status_code == 422 and "请写明怎样撤回" in text(bare)
    assert f'value="{consent.pk}" selected' in bare.content.decode()
    missing = post(office.inspector, letter, "withdraw", **back | {"consent": consent.pk + 1})
    assert missing.status_code == 422 and "请选择撤回确认的受送达人" in text(missing)
    consent.refresh_from_db()
    assert consent.withdrawn_on is None

    assert post(office.inspector, letter, "withdraw", **back).status_code == 302
    page = text(client(office.inspector).get(reverse("letter", args=[letter.pk])))
    assert "撤回（来函要求改送纸质文书）" in page and "还没有人确认接受电子送达" in page
    letter.refresh_from_db()
    link = {"version": letter.version, "consent": consent.pk}
    refused = client(office.inspector).post(reverse("letter-link", args=[letter.pk]), link)
    assert refused.status_code == 422 and "撤回了电子送达的确认" in text(refused)


def test_paper_is_asked_for_handed_over_and_stands_in_the_queue_between(office, letter):  # noqa: F811
    consents.record_consent(
        office.matter, receiver="云州某建工有限公司", address="13900000001", given_on=office.now.date(), how="签了确认书",
        by=office.inspector, now=office.now,
    )  # fmt: skip
    electronic = {**BY_HAND, "manner": "electronic", "on": str(office.now.date())}
    page = reverse("letter", args=[letter.pk])
    assert "登记申请纸质文书" not in text(client(office.inspector).get(page))
    assert post(office.inspector, letter, "serve", **electronic).status_code == 302
    assert "登记申请纸质文书" in text(client(office.inspector).get(page))
    assert "登记申请纸质文书" not in text(client(office.keeper).get(page))
    said = {"service": letter.services.get().pk, "asked_on": str(office.now.date()), "asked_how": "来电申请"}
    for who, status in TURNED_AWAY:
        assert post(getattr(office, who), letter, "paper-asked", **said).status_code == status
    bare = post(office.inspector, letter, "paper-asked", **said | {"asked_how": ""})
    assert bare.status_code == 422 and "怎样申请" in text(bare)
    assert post(office.inspector, letter, "paper-asked", **said | {"service": 0}).status_code == 422
    assert post(office.inspector, letter, "paper-asked", **said).status_code == 302
    queue = text(client(office.inspector).get("/letters?part=paper"))
    assert "待交付纸质文书 1" in queue and letter.number in queue
    assert letter.number not in text(client(office.outsider).get("/letters?part=paper"))

    asked = PaperRequest.objects.get()
    done = {
        "request": asked.pk,
        "handed_on": str(office.now.date()),
        "handed_way": "post",
        "handed_proof": "EMS-1",
    }
    for who, status in TURNED_AWAY:
        assert post(getattr(office, who), letter, "paper-handed", **done).status_code == status
    assert post(office.inspector, letter, "paper-handed", **done | {"handed_proof": ""}).status_code == 422
    assert post(office.inspector, letter, "paper-handed", **done | {"request": 0}).status_code == 422
    assert post(office.inspector, letter, "paper-handed", **done).status_code == 302
    assert "邮寄（EMS-1）" in text(client(office.inspector).get(page))
    assert letter.number not in text(client(office.inspector).get("/letters?part=paper"))


def test_whoever_opens_the_link_may_ask_for_paper(office, letter):  # noqa: F811
    link = sent(office, letter, agreed(office))
    token, visitor = "x" * 32, Client()
    Link.objects.update(token_hash=hashlib.sha256(token.encode()).hexdigest())
    address = reverse("public:letter", args=[token])
    assert "申请纸质文书" not in text(visitor.get(address))
    assert visitor.post(address, {"paper": "yes"}).status_code == 422
    recorded(office, link)
    assert "申请纸质文书" in text(visitor.get(address))
    said = text(visitor.post(address, {"paper": "yes"}))
    assert "正在办理" in said and PaperRequest.objects.get().asked_by_name == "持链接的人（未核验身份）"
    again = visitor.post(address, {"paper": "yes"})
    assert again.status_code == 422 and "无须重复申请" in text(again)
    link.refresh_from_db()
    assert link.times_opened == 0


def test_the_notice_is_posted_and_the_day_is_given_when_its_time_is_over(office, letter, notice, monkeypatch):  # noqa: F811
    target = aim(office.inspector, notice)
    for who, status in TURNED_AWAY:
        answer = post(getattr(office, who), notice, "post", **posting(office, notice, target=target))
        assert answer.status_code == status
    bare = posting(office, notice, target=target)
    del bare["file"]
    refused = post(office.inspector, notice, "post", **bare)
    assert refused.status_code == 422 and "请上传发布的凭据" in text(refused)
    assert 'value="本机关公告栏"' in text(refused) and not Service.objects.exists()
    assert post(office.inspector, notice, "post", **posting(office, notice, target=target)).status_code == 302
    service = letter.services.get()
    assert service.served_on > office.now.date() and service.event_given_at is None
    assert (started_on(), given(office)) == (office.now.date(), {})

    give = {"service": service.pk}
    page = reverse("letter", args=[letter.pk])
    early = post(office.inspector, letter, "give-day", **give)
    assert early.status_code == 422 and "才满" in text(early)
    assert "登记送达日" not in text(client(office.inspector).get(page))
    later = dt.datetime.combine(service.served_on, dt.time(10), office.now.tzinfo)
    monkeypatch.setattr(clock, "now", lambda: later)
    monkeypatch.setattr(clock, "today", later.date)
    assert "登记送达日" in text(client(office.inspector).get(page))
    queue = text(client(office.inspector).get("/letters"))
    assert "送达日待登记 1" in queue and letter.number in queue
    assert "送达日待登记" not in text(client(office.auditor).get("/letters"))
    assert letter.number not in text(client(office.outsider).get("/letters?part=days"))
    for who, status in TURNED_AWAY:
        assert post(getattr(office, who), letter, "give-day", **give).status_code == status
    unknown = post(office.inspector, letter, "give-day", service=service.pk + 1)
    assert unknown.status_code == 422 and "没有这次送达" in text(unknown)
    assert given(office) == {}
    assert post(office.inspector, letter, "give-day", **give).status_code == 302
    assert (started_on(), given(office)) == (service.served_on, {EVENT: service.served_on})
    assert "登记送达日" not in text(client(office.inspector).get(page))
    again = post(office.inspector, letter, "give-day", **give)
    assert again.status_code == 422 and "无须重复" in text(again)
