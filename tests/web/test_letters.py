"""文书 on the screen: drafting, the queues, each act with who may and who may not, the registers, the link."""

from __future__ import annotations

import io
import re
import zipfile

import openpyxl
import pytest

from anxin.evidence.models import JournalEntry
from anxin.letters import consents, links
from anxin.letters.heads import enter_head
from anxin.letters.models import Letter, LetterHead, Link, PortalCopy, Service
from anxin.notices.models import Notice
from anxin.registry.models import Region
from tests.letters.conftest import whole
from tests.support.chat_sink import chat_gateway
from tests.support.letters import needs_faces
from tests.web.cases import a_matter
from tests.web.test_warnings import text


@pytest.fixture
def matter(world, now, home):
    world.body.region = Region.objects.get(code="990101")
    world.body.save()
    enter_head(world.body, {"prefix": "区", "issuer": "某区人社局"}, by=world.leader, now=now)
    return a_matter(world, now, employer=world.firm)


def typed(**changes) -> dict[str, str]:
    said = {name: str(value) for name, value in whole().items()} | {"amount": "31200.50"}
    return said | changes


@pytest.fixture
def draft(sign_in, matter) -> Letter:
    sign_in("inspector").post(f"/matters/{matter.pk}/letters/new", {"kind": "risk_notice"})
    return Letter.objects.get()


def post(client, letter: Letter, action: str, **more):
    letter.refresh_from_db()
    return client.post(f"/letters/{letter.pk}/act/{action}", {"version": letter.version, **more})


def submitted(sign_in, letter: Letter) -> Letter:
    data = typed(version="1", then="submit")
    assert sign_in("inspector").post(f"/letters/{letter.pk}/edit", data).status_code == 302
    letter.refresh_from_db()
    return letter


def issued(sign_in, letter: Letter) -> Letter:
    needs_faces()
    submitted(sign_in, letter)
    assert post(sign_in("colleague"), letter, "review").status_code == 302
    assert post(sign_in("leader"), letter, "issue").status_code == 302
    letter.refresh_from_db()
    return letter


def read_through(client, letter: Letter) -> None:
    """The keeper of the seal opens the issued letter and goes through it to its end."""
    assert "全文看完了，去用印" in text(client.get(f"/letters/{letter.pk}/read"))
    assert client.post(f"/letters/{letter.pk}/read").status_code == 302


def sealed(sign_in, letter: Letter) -> Letter:
    issued(sign_in, letter)
    read_through(sign_in("clerk"), letter)
    assert post(sign_in("clerk"), letter, "seal").status_code == 302
    letter.refresh_from_db()
    return letter


def test_a_draft_is_begun_from_the_matter_and_says_what_is_missing(sign_in, matter, draft):
    client = sign_in("inspector")
    assert "起草和签发文书" in text(client.get(f"/matters/{matter.pk}"))
    said = text(client.get(f"/letters/{draft.pk}"))
    assert "还要填" in said
    assert "存在的问题" in said
    assert 'value="某建工公司"' in client.get(f"/letters/{draft.pk}").content.decode()
    live = client.post(f"/letters/{draft.pk}/check", typed())
    assert "已填完" in text(live)
    draft.refresh_from_db()
    assert draft.version == 1


def test_nothing_is_said_of_a_draft_to_who_may_not_write_it(sign_in, draft):
    submitted(sign_in, draft)
    answer = sign_in("inspector").post(f"/letters/{draft.pk}/check", typed())
    assert (answer.status_code, answer.content) == (204, b"")
    assert sign_in("clerk").post(f"/letters/{draft.pk}/check", typed()).status_code == 403
    assert sign_in("outsider").post(f"/letters/{draft.pk}/check", typed()).status_code == 404


def test_what_is_typed_wrong_stays_and_is_told_beside_its_field(sign_in, draft):
    client = sign_in("inspector")
    answer = client.post(
        f"/letters/{draft.pk}/edit", typed(version="1", then="submit", amount="三万", problems="")
    )
    assert answer.status_code == 422
    said = answer.content.decode()
    assert 'value="三万"' in said
    assert "“涉及金额”的“三万”不是金额" in said
    assert "请填写“存在的问题”" in said
    draft.refresh_from_db()
    assert draft.state == "draft"
    assert 'value="三万"' in client.get(f"/letters/{draft.pk}").content.decode()


def test_rows_come_out_of_excel_and_the_difference_is_worked_out(sign_in, matter):
    client = sign_in("inspector")
    client.post(f"/matters/{matter.pk}/letters/new", {"kind": "rectification_order"})
    letter = Letter.objects.get()
    rows = "赵㴔堃\t2025年11月\t15,000\t3000\n钱镕 | 2025年12月 | 7200.50 | 0 | 7200.50"
    client.post(f"/letters/{letter.pk}/edit", {"version": "1", "arrears": rows})
    said = client.get(f"/letters/{letter.pk}").content.decode()
    assert "赵㴔堃 | 2025年11月 | 15000.00 | 3000.00 | 12000.00" in said
    assert "7200.50 | 0.00 | 7200.50" in said


def test_drafts_are_previewed_as_pdf_and_handed_out_as_word_file(sign_in, draft):
    needs_faces()
    client = sign_in("inspector")
    answer = client.get(f"/letters/{draft.pk}/letter.pdf", follow=True)
    assert "还不能生成" in text(answer)
    client.post(f"/letters/{draft.pk}/edit", typed(version="1"))
    answer = client.get(f"/letters/{draft.pk}/letter.pdf")
    assert answer.content.startswith(b"%PDF")
    assert client.get(f"/letters/{draft.pk}/letter.docx").content.startswith(b"PK")
    for what in ("PDF", "Word文件"):
        assert JournalEntry.objects.filter(action="letter.seen", summary__contains=what).count() == 1
    assert "读回改过的 Word 文件" in text(client.get(f"/letters/{draft.pk}"))


def test_each_queue_shows_what_waits_for_whom(sign_in, draft):
    submitted(sign_in, draft)
    assert "欠薪风险提示函" in text(sign_in("colleague").get("/letters?part=review"))
    assert "待核稿 1" in text(sign_in("colleague").get("/letters"))
    assert "欠薪风险提示函" not in text(sign_in("outsider").get("/letters?part=review"))
    assert "欠薪风险提示函" not in text(sign_in("clerk").get("/letters?part=review"))
    sheet = openpyxl.load_workbook(
        io.BytesIO(sign_in("colleague").get("/letters/export.xlsx?part=review").content)
    ).active
    assert any("欠薪风险提示函" in row for row in sheet.iter_rows(values_only=True))


@pytest.mark.parametrize(
    ("who", "status"), [("inspector", 422), ("clerk", 422), ("outsider", 404), ("auditor", 403)]
)
def test_who_may_not_review(sign_in, draft, who, status):
    submitted(sign_in, draft)
    before = draft.version
    assert post(sign_in(who), draft, "review").status_code == status
    draft.refresh_from_db()
    assert (draft.version, draft.state) == (before, "review")


def test_sent_back_with_a_reason_that_the_writer_reads(sign_in, draft):
    submitted(sign_in, draft)
    answer = post(sign_in("colleague"), draft, "send-back", why="金")
    assert answer.status_code == 422
    assert "退回的原因" in text(answer)
    post(sign_in("colleague"), draft, "send-back", why="金额与附表不符")
    said = text(sign_in("inspector").get(f"/letters/{draft.pk}"))
    assert "金额与附表不符" in said
    assert "保存并送核" in said


def test_issued_sealed_verified_and_in_the_register(sign_in, draft, now):
    letter = sealed(sign_in, draft)
    assert letter.number == "区治欠提〔2026〕1号"
    said = text(sign_in("inspector").get(f"/letters/{letter.pk}"))
    assert "验证通过" in said
    assert "没有改动" in said
    client = sign_in("inspector")
    assert letter.number in text(client.get("/letters/registers"))
    book = client.get(f"/letters/registers/export.xlsx?register={letter.office.number_registers.get().pk}")
    rows = list(openpyxl.load_workbook(io.BytesIO(book.content)).active.iter_rows(values_only=True))
    assert any(letter.number in row for row in rows)
    assert "文号登记簿" in str(rows[0][0])
    assert letter.number not in text(sign_in("outsider").get("/letters/registers"))


def test_served_from_the_page_and_the_proof_is_there(sign_in, draft, now):
    letter = sealed(sign_in, draft)
    client = sign_in("inspector")
    told = {
        "receiver": "某建工公司",
        "manner": "direct",
        "on": str(now.date()),
        "place": "该单位",
        "servers": "某甲",
    }
    answer = post(client, letter, "serve", **told)
    assert answer.status_code == 422
    assert "不少于两人" in text(answer)
    assert 'value="该单位"' in answer.content.decode()
    post(client, letter, "serve", **told | {"servers": "某甲、某乙"})
    service = Service.objects.get()
    assert client.get(f"/letters/{letter.pk}/proofs/{service.pk}.pdf").content.startswith(b"%PDF")
    assert "送达回证" in text(client.get(f"/letters/{letter.pk}"))


def test_a_successor_takes_its_place_and_both_say_so(sign_in, draft):
    letter = issued(sign_in, draft)
    client = sign_in("inspector")
    client.post(
        f"/matters/{letter.matter_id}/letters/new", {"replaces": letter.pk, "why": "整改期限写错一天"}
    )
    new = Letter.objects.get(replaces=letter)
    assert letter.number in text(client.get(f"/letters/{new.pk}"))
    assert "正在办理" in text(client.get(f"/letters/{letter.pk}"))
    client.post(f"/letters/{new.pk}/edit", typed(version="1", then="submit"))
    post(sign_in("colleague"), new, "review")
    post(sign_in("leader"), new, "issue")
    new.refresh_from_db()
    said = text(client.get(f"/letters/{letter.pk}"))
    assert "这份文书已由" in said
    assert new.number in said


def test_a_link_opens_that_letter_without_signing_in_and_every_opening_is_kept(sign_in, draft, client, now):
    letter = sealed(sign_in, draft)
    officer = sign_in("inspector")
    letter.refresh_from_db()
    refused = officer.post(f"/letters/{letter.pk}/link", {"version": letter.version})
    assert refused.status_code == 422
    post(
        officer,
        letter,
        "consent",
        receiver="某建工公司",
        address="13900000001",
        given_on=str(now.date()),
        how="签了送达地址确认书",
    )
    consent = letter.matter.service_consents.get()
    page = officer.post(f"/letters/{letter.pk}/link", {"version": letter.version, "consent": consent.pk})
    path = re.search(r"/l/[\w-]{20,}", page.content.decode())[0]
    first = client.get(path)
    assert "打开文书" in text(first) and not Service.objects.exists()
    assert first["Cache-Control"] == "no-store"
    assert Link.objects.get().times_opened == 0
    assert client.post(path, headers={"user-agent": "Android MicroMessenger"}).content.startswith(b"%PDF")
    assert Link.objects.get().times_opened == 1
    said = text(officer.get(f"/letters/{letter.pk}"))
    assert "首次有人凭链接打开" in said and "持链接的人（未核验身份）" in said and "安卓手机（微信）" in said
    assert client.get(path + "x").status_code == 404
    Link.objects.update(expires_at=now)
    assert client.post(path).status_code == 404
    assert JournalEntry.objects.filter(action="letter.opened").count() == 1


def linked(officer, letter: Letter, now, address: str):
    said = {
        "receiver": "某建工公司",
        "address": address,
        "given_on": str(now.date()),
        "how": "签了送达地址确认书",
    }
    post(officer, letter, "consent", **said)
    consent = letter.matter.service_consents.get()
    return officer.post(f"/letters/{letter.pk}/link", {"version": letter.version, "consent": consent.pk})


def test_a_link_goes_out_by_text_or_mail_where_the_office_has_a_way_there(sign_in, draft, now, settings):
    officer, letter = sign_in("inspector"), sealed(sign_in, draft)
    with chat_gateway() as gateway:
        settings.ANXIN_SMS_URL, settings.ANXIN_SMS_SECRET = gateway.url, "k"
        page = text(linked(officer, letter, now, "13900000001"))
        sent = gateway.posts[0].content
        consent, service = letter.matter.service_consents.get(), Service.objects.get()
        letter.refresh_from_db()
        again = officer.post(f"/letters/{letter.pk}/link", {"version": letter.version, "consent": consent.pk})
        assert "送达日不变" in text(again) and len(gateway.posts) == 2
    assert "已发到 <strong>13900000001" in page and sent["phone"] == "13900000001"
    assert re.search(r"/l/[\w-]{20,}", sent["text"])[0] in page and letter.number in sent["text"]
    assert Link.objects.filter(sent_at__isnull=False).count() == 2
    assert (service.manner, service.receiver, service.served_on) == ("electronic", "某建工公司", now.date())
    assert "发到139****0001" in service.place and "已登记电子送达" in page
    assert JournalEntry.objects.filter(action="letter.link_sent").count() == 2
    shown = text(officer.get(f"/letters/{letter.pk}"))
    assert "由系统发出" in shown and service.place in shown and "送达回证" in shown
    # nobody answers there any more
    letter.refresh_from_db()
    page = text(
        officer.post(f"/letters/{letter.pk}/link", {"version": letter.version, "consent": consent.pk})
    )
    assert "没有发到" in page and "请用其他办法" in page
    assert Link.objects.filter(sent_at__isnull=True).count() == 1 and Service.objects.count() == 1


def test_a_withdrawal_entered_late_names_the_service_and_its_letter_asks_for_another_way(
    sign_in, draft, now, settings
):
    officer, letter = sign_in("inspector"), sealed(sign_in, draft)
    with chat_gateway() as gateway:
        settings.ANXIN_SMS_URL, settings.ANXIN_SMS_SECRET = gateway.url, "k"
        linked(officer, letter, now, "13900000001")
    consent, page = letter.matter.service_consents.get(), f"/letters/{letter.pk}"
    assert "需要换一种方式送达" not in text(officer.get(page))
    said = {"consent": consent.pk, "withdrawn_on": str(now.date()), "why": "来函要求改送纸质文书"}
    assert post(officer, letter, "withdraw", **said).status_code == 302
    shown = text(officer.get(page))
    assert "请分别换一种方式重新送达" in shown and "需要换一种方式送达" in shown
    assert Service.objects.get().served_on == now.date()
    told = {
        "receiver": "某建工公司",
        "manner": "direct",
        "on": str(now.date()),
        "place": "该单位",
        "servers": "某甲、某乙",
    }
    assert post(officer, letter, "serve", **told).status_code == 302
    assert "需要换一种方式送达" not in text(officer.get(page)) and Service.objects.count() == 2


def test_a_service_that_cannot_be_recorded_is_told_and_what_was_sent_stays_sent(
    sign_in, draft, now, settings, monkeypatch
):
    """Between the sending and its record the consent is taken back: the page says so."""
    officer, letter = sign_in("inspector"), sealed(sign_in, draft)
    send = links.send

    def send_and_withdraw(link, address, **how):
        answer = send(link, address, **how)
        consents.withdraw_consent(link.consent, on=now.date(), why="来函要求改送纸质文书", **how)
        return answer

    monkeypatch.setattr(links, "send", send_and_withdraw)
    with chat_gateway() as gateway:
        settings.ANXIN_SMS_URL, settings.ANXIN_SMS_SECRET = gateway.url, "k"
        page = text(linked(officer, letter, now, "13900000001"))
    assert "链接已经发出，但送达没有登记" in page and "撤回了电子送达的确认" in page
    assert not Service.objects.exists() and Link.objects.get().sent_at is not None


def test_a_link_to_an_e_mail_address_goes_through_the_offices_server(
    sign_in, draft, now, settings, mailoutbox
):
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "127.0.0.1", "anxin@rsj.example"
    letter = sealed(sign_in, draft)
    page = text(linked(sign_in("inspector"), letter, now, "fawu@jiangong.example"))
    (mail,) = mailoutbox
    assert mail.to == ["fawu@jiangong.example"] and letter.number in mail.subject
    assert re.search(r"/l/[\w-]{20,}", mail.body)[0] in page
    assert "电子邮件链接" in Service.objects.get().place


def test_the_head_of_an_office_is_entered_by_its_leader(sign_in, world, matter):
    LetterHead.objects.all().delete()
    said = {"office": world.body.pk, "prefix": "Q", "issuer": "某区人社局"}
    assert sign_in("inspector").post("/letters/heads", said).status_code == 403
    answer = sign_in("leader").post("/letters/heads", said)
    assert answer.status_code == 422
    assert "1至6个汉字" in text(answer)
    assert sign_in("leader").post("/letters/heads", said | {"prefix": "区"}).status_code == 302
    assert LetterHead.objects.get().prefix == "区"


def test_a_letter_is_put_before_the_employer_who_agreed_and_its_clerk_opens_it(sign_in, world, matter, draft):
    sealed(sign_in, draft)
    refused = post(sign_in("inspector"), draft, "portal")
    assert refused.status_code == 422 and "没有登记过电子送达确认书" in text(refused)
    said = {
        "receiver": world.firm.name,
        "address": "19900000001",
        "given_on": "2026-11-20",
        "how": "签了送达地址确认书",
    }
    assert post(sign_in("inspector"), draft, "consent", **said).status_code == 302
    assert post(sign_in("auditor"), draft, "portal").status_code == 403
    assert post(sign_in("outsider"), draft, "portal").status_code == 404
    assert post(sign_in("inspector"), draft, "portal").status_code == 302
    copy = PortalCopy.objects.get()
    assert (copy.service.manner, str(copy.service.served_on)) == ("electronic", "2026-11-20")
    assert copy.service.proof is not None
    again = post(sign_in("inspector"), draft, "portal")
    assert again.status_code == 422 and "无须重复登记" in text(again)

    clerk, bank = sign_in("payroll_clerk"), sign_in("bank_operator")
    assert "收到 1 份文书" in text(clerk.get("/employer/"))
    assert copy.letter.number in text(clerk.get("/employer/letters"))
    assert Notice.objects.filter(to=world.payroll_clerk, kind="letter_received").count() == 1
    assert clerk.get(f"/employer/letters/{copy.pk}/file").status_code == 405
    assert bank.get("/employer/letters").status_code == 403
    for _ in range(2):
        answer = clerk.post(f"/employer/letters/{copy.pk}/file")
        assert answer.content.startswith(b"%PDF") and answer["Cache-Control"] == "no-store"
    copy.refresh_from_db()
    assert (copy.times_opened, copy.first_opened_by_name) == (2, "某payroll_clerk")
    assert JournalEntry.objects.filter(action="letter.opened").count() == 2
    assert "某payroll_clerk首次打开，共 2 次" in text(sign_in("inspector").get(f"/letters/{draft.pk}"))
    (row,) = list(
        openpyxl.load_workbook(io.BytesIO(clerk.get("/employer/letters/export.xlsx").content)).active.values
    )[-1:]
    assert row[1] == copy.letter.number and row[-1] == 2

    paper = f"/employer/letters/{copy.pk}/paper"
    assert bank.post(paper).status_code == 403 and sign_in("inspector").post(paper).status_code == 403
    assert "已申请纸质文书" in text(clerk.post(paper, follow=True))
    assert "无须重复申请" in text(clerk.post(paper, follow=True))
    assert "申请了纸质文书，正在办理" in text(clerk.get("/employer/letters"))

    world.payroll_clerk.grants.update(employer="91990101MA0000123X")
    for door in ("file", "paper"):
        assert clerk.post(f"/employer/letters/{copy.pk}/{door}").status_code == 404
    assert copy.letter.number not in text(clerk.get("/employer/letters"))


def test_nothing_is_put_before_an_employer_of_whom_nobody_signs_in(sign_in, world, matter, draft):
    sealed(sign_in, draft)
    world.payroll_clerk.grants.all().delete()
    answer = post(sign_in("inspector"), draft, "portal")
    assert answer.status_code == 422 and "还没有单位端账号" in text(answer)
    assert not Service.objects.exists()


def word_file(client, letter: Letter, before: str, after: str) -> io.BytesIO:
    """The letter's Word file with these words replaced."""
    answer = client.get(f"/letters/{letter.pk}/letter.docx")
    assert answer.status_code == 200
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(answer.content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).decode().replace(before, after))
    out.seek(0)
    out.name = "改好的.docx"
    return out


def test_a_corrected_word_file_fills_the_form_and_is_saved_by_the_drafter(sign_in, draft):
    client = sign_in("inspector")
    assert client.post(f"/letters/{draft.pk}/edit", typed(version="1")).status_code == 302
    file = word_file(client, draft, whole()["problems"].splitlines()[1], "经两次提醒仍未补足专用账户。")
    answer = client.post(f"/letters/{draft.pk}/corrected", {"file": file})
    said = text(answer)
    assert "读入 1 处" in said and "还没有保存" in said
    draft.refresh_from_db()
    assert draft.version == 2 and "经两次提醒" not in draft.fields.open()
    assert "拨付到农民工工资专用账户。\n经两次提醒仍未补足专用账户。</textarea>" in answer.text
    assert (
        client.post(
            f"/letters/{draft.pk}/edit", typed(version="2", problems="经两次提醒仍未补足专用账户。")
        ).status_code
        == 302
    )
    draft.refresh_from_db()
    assert "经两次提醒" in draft.fields.open()


def test_a_word_file_is_refused_in_its_place_and_after_the_draft_has_gone_on(sign_in, draft):
    client = sign_in("inspector")
    answer = client.post(f"/letters/{draft.pk}/corrected", {})
    assert answer.status_code == 422 and "请选择改好的 Word 文件" in text(answer)
    submitted(sign_in, draft)
    answer = client.post(f"/letters/{draft.pk}/corrected", {"file": word_file(client, draft, "a", "a")})
    assert answer.status_code == 422 and "现在不能" in text(answer)
