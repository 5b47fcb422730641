"""Pages of mediation and legal aid: what each person sees, does and is refused."""

from __future__ import annotations

import datetime as dt
import io
from types import SimpleNamespace

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from anxin.accounts.models import Grant, Role, User
from anxin.casework.models import Matter
from anxin.clues.claimant_rows import Said
from anxin.evidence import files
from anxin.evidence.models import JournalEntry
from anxin.evidence.sealing import finding_hash
from anxin.letters import content, turn_files
from anxin.letters.models import Letter
from anxin.mediation import aid, paying
from anxin.mediation.models import (
    AidDuty,
    AidRequest,
    MediationCase,
    MediationPaper,
    MediationSatisfaction,
    Session,
    Stage,
)
from anxin.registry.models import Employer
from anxin.web import clock
from anxin.workforce.models import Worker
from tests.mediation.conftest import ADDRESS, IDS, TODAY, a_case, assigned, at, centre, in_force, scan  # noqa: F401
from tests.monitoring import factories as make

DAY = dt.timedelta(days=1)


@pytest.fixture
def day(monkeypatch):
    """``day.set(…)`` chooses the day that the console reads."""
    chosen = SimpleNamespace()

    def choose(on: dt.date, hour: int = 15) -> None:
        monkeypatch.setattr(clock, "now", lambda: at(on, hour))
        monkeypatch.setattr(clock, "today", lambda: on)

    chosen.set = choose
    choose(TODAY)
    return chosen


@pytest.fixture(autouse=True)
def fixed_day():
    """This file has a day of its own."""


def client(user) -> Client:
    made = Client()
    made.force_login(user, backend="anxin.accounts.backends.PeopleBackend")
    return made


def act(user, case, action, **post):
    return client(user).post(reverse("mediation-act", args=[case.pk, action]), post)


def sign(user, case, action, **post):
    return client(user).post(reverse("mediation-signing-act", args=[case.pk, action]), post)


def text(answer) -> str:
    return answer.content.decode()


def cells(answer) -> list[list]:
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return [[cell.value for cell in row] for row in book.active.iter_rows()]


SAID = {
    "region": "990101001", "applied_on": str(TODAY), "employer_name": "某建工公司", "employer_code": "91990101MA0000009P",
    "people_list": f"赵某某 {IDS[0]} 13900000001 12000.50", "claims": "支付两个月的工资", "facts": "做木工两个月没有发工资",
    "oral": "on",
}  # fmt: skip


def test_an_officer_applies_for_somebody_at_the_counter_and_assigns(centre, day):  # noqa: F811
    officer = client(centre.inspector)
    assert officer.get(reverse("mediation-new")).status_code == 200
    refused = officer.post(reverse("mediation-new"), {**SAID, "people_list": "赵某某"})
    assert refused.status_code == 422 and "没有金额" in text(refused) and "做木工两个月" in text(refused)
    made = officer.post(reverse("mediation-new"), SAID, follow=True)
    case = MediationCase.objects.get()
    assert case.claimed_fen == 1_200_050 and case.employer == centre.firm
    page = text(made)
    assert "建议" in page and "某enterprise调解组织" in page and "赵某某" not in page and "赵*" in page
    body = centre.bodies["enterprise"]
    assert act(centre.inspector, case, "assign", choice=f"{body.pk}-0").status_code == 302
    case.refresh_from_db()
    assert case.body == body
    assert act(centre.outsider, case, "assign", choice=f"{body.pk}-0").status_code == 404
    assert client(centre.clerk).post(reverse("mediation-act", args=[case.pk, "assign"])).status_code == 403


def test_a_mediator_goes_from_session_to_an_agreement_in_force(centre, day):  # noqa: F811
    case = assigned(centre)
    mine = text(client(centre.shi).get(reverse("mediation-mine")))
    assert case.matter.number in mine
    assert case.matter.number not in text(client(centre.other).get(reverse("mediation-mine")))
    assert client(centre.other).get(reverse("mediation-case", args=[case.pk])).status_code == 404
    assert (
        act(centre.shi, case, "appoint", day=str(TODAY + DAY), hour="09:30", place="调解室").status_code
        == 302
    )
    day.set(TODAY + DAY)
    session = Session.objects.get()
    said = {
        "row": session.pk,
        "present": "双方到场",
        "worker_said": "要求付清",
        "employer_said": "",
        "result": "同意分期",
    }
    refused = act(centre.shi, case, "hold", **said)
    assert refused.status_code == 422 and "用人单位一方" in text(refused) and "要求付清" in text(refused)
    assert act(centre.shi, case, "hold", **{**said, "employer_said": "同意分两期付"}).status_code == 302
    plan = {
        "facts": "双方没有争议的事实",
        "manner": "汇入本人银行卡",
        "days": "2026-05-01 2026-06-01",
        "other": "",
    }
    for party in case.parties.all():
        plan |= {f"total-{party.pk}": f"{party.claimed_fen / 100:.2f}", f"plan-{party.pk}": ""}
    refused = act(centre.shi, case, "draft", **plan)
    assert refused.status_code == 422 and "住所" in text(refused) and "2026-06-01" in text(refused)
    for party in case.parties.all():
        assert act(centre.shi, case, "party", row=party.pk, address=ADDRESS).status_code == 302
    assert act(centre.shi, case, "draft", **plan).status_code == 302
    agreement = case.agreements.get()
    shares = list(agreement.shares.values_list("pk", flat=True))
    preview = client(centre.shi).get(reverse("mediation-preview", args=[case.pk, shares[0]]))
    assert preview.content.startswith(b"%PDF-")
    assert (
        client(centre.other).get(reverse("mediation-preview", args=[case.pk, shares[0]])).status_code == 404
    )
    page = text(client(centre.shi).get(reverse("mediation-case", args=[case.pk])))
    assert "还没有准备签名文件" in page and reverse("mediation-signing", args=[case.pk]) in page
    assert client(centre.other).get(reverse("mediation-signing", args=[case.pk])).status_code == 404
    people = {
        "employer_name": "周某",
        "employer_phone": "199",
        "mediator_name": "某shi",
        "mediator_phone": "19900007777",
    }
    refused = sign(centre.shi, case, "prepare", **people)
    assert refused.status_code == 422 and "应为11位" in text(refused) and 'value="周某"' in text(refused)
    assert sign(centre.other, case, "prepare", **people).status_code == 404
    assert sign(centre.shi, case, "prepare", **{**people, "employer_phone": "19900008888"}).status_code == 302
    assert sign(centre.shi, case, "seal").status_code == 422
    for paper in MediationPaper.objects.prefetch_related("signers"):
        signed = [one.pk for one in paper.signers.all()]
        assert sign(centre.shi, case, "scan", row=paper.pk, signed=signed).status_code == 422
        upload = SimpleUploadedFile("协议.pdf", scan(), "application/pdf")
        assert sign(centre.shi, case, "scan", row=paper.pk, signed=signed, file=upload).status_code == 302
        where = reverse("mediation-signing-file", args=[case.pk, paper.pk])
        assert client(centre.shi).get(where).content.startswith(b"%PDF-")
        assert client(centre.other).get(where).status_code == 404
    page = text(client(centre.shi).get(reverse("mediation-signing", args=[case.pk])))
    assert "签名已齐" in page and "赵某某" in page
    assert "调解员还有" not in page
    assert sign(centre.shi, case, "seal").status_code == 302
    where, paper = reverse("mediation-signing", args=[case.pk]), MediationPaper.objects.first()
    assert f"?verify={paper.pk}" in text(client(centre.shi).get(where))
    page = text(client(centre.shi).get(where, {"verify": paper.pk}))
    assert f"?verify={paper.pk}" not in page
    assert "调协〔2026〕2号" in text(client(centre.inspector).get(reverse("mediation-case", args=[case.pk])))
    agreement.refresh_from_db()
    assert agreement.effective_on == TODAY + DAY
    paper = agreement.shares.first().document
    assert (
        client(centre.shi)
        .get(reverse("mediation-paper", args=[case.pk, paper.pk]))
        .content.startswith(b"%PDF-")
    )
    assert client(centre.clerk).get(reverse("mediation-paper", args=[case.pk, paper.pk])).status_code == 403


def test_names_are_masked_until_somebody_who_works_it_says_why(centre, day):  # noqa: F811
    case = assigned(centre)
    assert "赵某某" not in text(client(centre.shi).get(reverse("mediation-case", args=[case.pk])))
    assert act(centre.shi, case, "reveal", purpose="").status_code == 422
    assert not JournalEntry.objects.filter(action="mediation.parties_seen").exists()
    assert "赵某某" in text(act(centre.shi, case, "reveal", purpose="电话约定调解"))
    assert JournalEntry.objects.filter(action="mediation.parties_seen").count() == 1
    assert act(centre.other, case, "reveal", purpose="电话约定调解").status_code == 404


def test_a_payment_is_recorded_and_a_missed_one_opens_a_way(centre, day):  # noqa: F811
    first = TODAY + 10 * DAY
    case = in_force(centre, days=(first,))
    one, other = paying.instalments_of(case)
    day.set(first)
    given = {"row": one.pk, "proof": "word", "amount": "12000.00", "paid_on": str(first), "said": ""}
    refused = act(centre.shi, case, "pay", **given)
    assert refused.status_code == 422 and "怎样确认" in text(refused)
    assert act(centre.shi, case, "pay", **{**given, "said": "电话里本人说已到账"}).status_code == 302
    day.set(first + DAY)
    page = text(client(centre.inspector).get(reverse("mediation-case", args=[case.pk])))
    assert "转司法确认" in page and "转支付令" in page and "逾期" in page
    mediators = text(client(centre.shi).get(reverse("mediation-case", args=[case.pk])))
    assert "转支付令" not in mediators
    assert "由某区人社局在这一页办理" in mediators and "由某区人社局在这一页办理" not in page
    late = client(centre.leader).get(reverse("mediation-cases") + "?part=late")
    assert "某建工公司" in text(late)
    assert act(centre.shi, case, "hand-on", route="confirmation").status_code == 422
    assert act(centre.inspector, case, "hand-on", route="confirmation").status_code == 302
    assert case.handoffs.get().owed == {"2": other.amount_fen}
    rows = cells(client(centre.leader).get(reverse("mediation-plan-export", args=[case.pk])))
    assert any("付清" in row for row in rows) and any("逾期" in row for row in rows)


def test_the_counts_of_a_level_open_their_rows(centre, day):  # noqa: F811
    assigned(centre)
    leader = client(centre.leader)
    page = text(leader.get(reverse("mediation")))
    assert "level=town&amp;part=open" in page
    assert "19,200.50" in page and "协议金额：生效的协议约定付给他们的金额。" in page
    sheet = cells(leader.get(reverse("mediation-export")))
    assert any("请求金额" in str(one) for row in sheet for one in row)
    assert any("各级不能相加" in str(one) for row in sheet for one in row)
    assert "某建工公司" in text(leader.get(reverse("mediation-cases") + "?level=town&part=open"))
    assert "某建工公司" not in text(leader.get(reverse("mediation-cases") + "?level=county"))
    assert "某建工公司" not in text(client(centre.outsider).get(reverse("mediation-cases")))
    rows = cells(leader.get(reverse("mediation-cases-export")))
    assert sum("某建工公司" in row for row in rows) == 1


def test_the_directory_shows_ones_own_place_and_exports_what_may_be_imported(centre, day):  # noqa: F811
    found = text(client(centre.inspector).get(reverse("mediation-bodies") + "?brand=1"))
    assert "石榴工作室" in found and "某county调解组织" not in found
    assert "石榴工作室" not in text(client(centre.outsider).get(reverse("mediation-bodies")))
    assert "某shi" in text(client(centre.inspector).get(reverse("mediation-mediators") + "?language=苗语"))
    rows = cells(client(centre.inspector).get(reverse("mediation-mediators-export")))
    assert any(row[0] == "调解员编号" for row in rows) and any("苗语、四川话" in row for row in rows)


def test_who_is_on_duty_today_is_seen_with_both_and_another_days_is_not(centre, day):  # noqa: F811
    def duty(place: str, lawyer: str, officer: str, on: dt.date, region: str = "990101") -> None:
        AidDuty.objects.create(
            region_id=region, on=on, place=place, hours="9:00-17:00", lawyer=lawyer, officer=officer, phone="0999-5550188",
            recorded_at=at(TODAY),
        )  # fmt: skip

    duty("联处中心一楼", "方律师", "林某某", TODAY)
    duty("联处中心二楼", "何律师", "吴某某", TODAY + DAY)
    duty("联处中心三楼", "宋律师", "孙某某", TODAY - DAY)
    duty("江北联处中心", "韩律师", "郑某某", TODAY, "990102")
    page = text(client(centre.inspector).get(reverse("legal-aid")))
    now_on, ahead = page.split("今天的法律援助值班")[1].split("接下来两周")
    assert "联处中心一楼</strong> 9:00-17:00" in now_on and "律师 方律师" in now_on
    assert "干部 林某某 · 0999-5550188" in now_on and "何律师" not in now_on
    assert "联处中心二楼" in ahead and "何律师、吴某某" in ahead and "方律师" not in ahead
    for absent in ("宋律师", "韩律师"):
        assert absent not in page
    elsewhere = text(client(centre.outsider).get(reverse("legal-aid")))
    assert "韩律师" in elsewhere and "方律师" not in elsewhere
    day.set(TODAY + 2 * DAY)
    assert "今天没有登记值班" in text(client(centre.inspector).get(reverse("legal-aid")))


def test_the_directory_has_the_results_of_each_in_its_own_row(centre, day):  # noqa: F811
    for who, outcome, lasted in (
        ("shi", "agreed", 4),
        ("shi", "agreed", 5),
        ("shi", "failed", 9),
        ("other", "failed", 1),
    ):
        of = centre.mediators[who]
        Stage.objects.create(
            case=a_case(centre), level="town", body=of.body, mediator=of, started_on=TODAY, ended_on=TODAY + lasted * DAY,
            outcome=outcome,
        )  # fmt: skip
    Matter.objects.filter(mediation__stages__ended_on=TODAY + 5 * DAY).update(state="fulfilled")
    officer = client(centre.inspector)

    def came(name: str) -> dict[str, list]:
        return {str(row[0]): row[-8:-4] for row in cells(officer.get(reverse(name)))}

    people = came("mediation-mediators-export")
    assert people["调解员编号"] == ["已有结果", "达成协议", "付清", "达成协议合计天数"]
    assert (people["shi"], people["other"], people["county"]) == ([3, 2, 1, 9], [1, 0, 0, 0], [0, 0, 0, 0])
    bodies = came("mediation-bodies-export")
    assert (bodies["T-town"], bodies["T-county"]) == ([4, 2, 1, 9], [0, 0, 0, 0])
    (shi,) = [
        row for row in text(officer.get(reverse("mediation-mediators"))).split("<tr>") if "某shi" in row
    ]
    assert [cell.split("</td>")[0] for cell in shi.split('class="count">')[2:]] == [
        "2／3",
        "1／2",
        "4.5",
        "—",
    ]
    page = text(officer.get(reverse("mediation-bodies")))
    (town,) = [row for row in page.split("<tr>") if "某town调解组织" in row]
    assert "2／4" in town and "1／2" in town and "4.5" in town


def test_a_request_for_aid_is_recorded_from_a_window(centre, day):  # noqa: F811
    officer = client(centre.inspector)
    assert "第四十二条" in text(officer.get(reverse("legal-aid")))
    said = {
        "region": "990101001",
        "group": "migrant",
        "name": "赵某某",
        "phone": "",
        "about": "讨要工资，需要代理",
        "asked_on": str(TODAY),
    }
    assert officer.post(reverse("aid-new"), {**said, "about": "钱"}).status_code == 422
    assert officer.post(reverse("aid-new"), said).status_code == 302
    assert AidRequest.objects.get().exempt
    page = text(officer.get(reverse("legal-aid")))
    assert "讨要工资" in page and "赵某某" not in page
    assert client(centre.shi).get(reverse("legal-aid")).status_code == 403


def test_a_mediator_opens_the_steps_of_an_own_due_day_only(centre, day):  # noqa: F811
    mine, theirs = assigned(centre, to="shi"), assigned(centre, to="other")
    mediator = client(centre.shi)
    assert "调解期限" in text(mediator.get(reverse("due", args=["mediation-case", mine.pk])))
    assert mediator.get(reverse("due", args=["mediation-case", theirs.pk])).status_code == 404
    case = in_force(centre, days=(TODAY + DAY,))
    found = client(centre.inspector).get(reverse("due", args=["mediation-confirm", case.agreements.get().pk]))
    assert "司法确认" in text(found)


def signed_in(worker) -> Client:
    """The worker's own page, after signing in."""
    made = Client()
    session = made.session
    until = (at(TODAY) + dt.timedelta(days=90)).isoformat()
    session["worker"] = {"worker": worker.pk, "project": 0, "until": until}
    session.save()
    return made


def test_each_party_fetches_the_own_signed_paper_and_nobody_anothers(centre, day):  # noqa: F811
    case = in_force(centre, days=(TODAY + DAY,))
    first, second = case.signed_papers.order_by("share__party__number")
    mine, stranger = make.worker(1), make.worker(2)
    Worker.objects.filter(pk=mine.pk).update(id_hash=finding_hash("id", IDS[0]))
    worker, other = signed_in(mine), signed_in(stranger)
    assert "我的调解文书" in text(worker.get(reverse("worker:home")))
    page = text(worker.get(reverse("worker:mediation")))
    assert first.number in page and second.number not in page and "还没到期" in page
    got = worker.get(reverse("worker:mediation-file", args=[first.pk]))
    assert got.content.startswith(b"%PDF-") and got.content == files.read(first.file)
    assert worker.get(reverse("worker:mediation-file", args=[second.pk])).status_code == 404
    assert other.get(reverse("worker:mediation-file", args=[first.pk])).status_code == 404
    assert first.number not in text(other.get(reverse("worker:mediation")))
    assert Client().get(reverse("worker:mediation-file", args=[first.pk])).status_code == 302
    firms = {}
    elsewhere = Employer.objects.create(uscc="91990101MA0000010X", name="别的公司", region_id="990101")
    for firm in (centre.firm, elsewhere):
        user = firms[firm] = User.objects.create_user(firm.uscc, password="x", display_name="某", office="某")
        Grant.objects.create(user=user, role=Role.PAYROLL_CLERK, region="99", employer=firm.uscc)
    own, others = client(firms[centre.firm]), client(firms[elsewhere])
    assert first.number in text(own.get(reverse("employer:mediation")))
    assert first.number not in text(others.get(reverse("employer:mediation")))
    got = own.post(reverse("employer:mediation-file", args=[first.pk]))
    assert got.content == files.read(first.file)
    assert others.post(reverse("employer:mediation-file", args=[first.pk])).status_code == 404
    assert client(centre.shi).post(reverse("employer:mediation-file", args=[first.pk])).status_code == 403
    assert any(first.number in row for row in cells(own.get(reverse("employer:mediation-export"))))
    for visitor in (worker, other, own, others, client(centre.shi)):
        visitor.post(reverse("worker:mediation-grade", args=[first.pk]), {"grade": "fairly"})
        visitor.post(reverse("employer:mediation-grade", args=[first.pk]), {"grade": "not"})
    said = list(MediationSatisfaction.objects.values_list("side", "grade", "party__number").order_by("pk"))
    assert said == [("worker", "fairly", 1), ("employer", "not", None)]
    assert "您的评价：<strong>基本满意" in text(worker.get(reverse("worker:mediation")))
    assert (
        worker.post(reverse("worker:mediation-grade", args=[second.pk]), {"grade": "not"}).status_code == 404
    )
    bad = worker.post(reverse("worker:mediation-grade", args=[first.pk]), {"grade": "splendid"})
    assert bad.status_code == 422 and "请选一个" in text(bad)
    page = text(own.get(reverse("employer:mediation")))
    assert page.count("本单位的评价：<strong>不满意") == 1 and "满意吗" not in page
    for name in ("mediation-bodies", "mediation-mediators"):
        assert "0／1／1" in text(client(centre.inspector).get(reverse(name)))
        came = cells(client(centre.inspector).get(reverse(f"{name}-export")))
        tails = [list(one[-4:]) for one in came]
        assert ["评价人次", "满意", "基本满意", "不满意"] in tails and [2, 0, 1, 1] in tails
    register = reverse("mediation-register")
    assert second.number in text(client(centre.inspector).get(register))
    assert second.number not in text(client(centre.inspector).get(register + "?kind=record"))
    assert second.number not in text(client(centre.outsider).get(register))
    rows = cells(client(centre.inspector).get(reverse("mediation-register-export")))
    assert [row[4] for row in rows if first.number in row or second.number in row] == [2, 1]
    assert JournalEntry.objects.filter(action="mediation.paper_fetched").count() == 2


def test_refusals_and_decisions_on_aid_begin_from_their_own_pages_once(centre, day):  # noqa: F811
    case = a_case(centre)
    assert "起草不受理通知书" in text(client(centre.inspector).get(reverse("mediation-case", args=[case.pk])))
    begin = reverse("mediation-refusal", args=[case.pk])
    assert client(centre.outsider).post(begin).status_code == 404
    assert client(centre.shi).post(begin).status_code == 403
    first = client(centre.inspector).post(begin)
    letter = Letter.objects.get()
    assert (
        first["Location"] == reverse("letter", args=[letter.pk]) and letter.kind == "mediation_refusal_notice"
    )
    assert content.values_of(letter)["applicant"] == "赵某某等2人"
    assert content.values_of(letter)["received_on"] == str(TODAY)
    assert (
        client(centre.inspector).post(begin)["Location"] == first["Location"] and Letter.objects.count() == 1
    )
    given = assigned(
        centre, people=[Said("孙某某", IDS[1], "13900000003", amounts={"worker": 100_000}, row=1)]
    )
    assert "起草不受理" not in text(client(centre.inspector).get(reverse("mediation-case", args=[given.pk])))
    refused = client(centre.inspector).post(reverse("mediation-refusal", args=[given.pk]))
    assert refused.status_code == 422 and "已经受理" in text(refused)
    asked = aid.request_aid(
        region=centre.region, group="migrant", name="赵某某", phone="", about="讨要工资，需要代理", asked_on=TODAY,
        by=centre.inspector, now=at(TODAY), law=centre.law,
    )  # fmt: skip
    answer = reverse("aid-letter", args=[asked.pk])
    assert "起草给予法律援助决定书" in text(client(centre.inspector).get(reverse("legal-aid")))
    assert client(centre.outsider).post(answer, {"kind": "legal_aid_grant"}).status_code == 404
    client(centre.inspector).post(answer, {"kind": "risk_notice"})
    assert Letter.objects.count() == 1
    client(centre.inspector).post(answer, {"kind": "legal_aid_grant"})
    values = content.values_of(Letter.objects.get(kind="legal_aid_grant"))
    assert (
        values["applicant"] == "赵某某" and values["about"] == "讨要工资，需要代理。" and values["exemption"]
    )


def test_an_ended_mediation_has_its_notice_under_number_and_seal(centre, day):  # noqa: F811
    case = assigned(centre)
    assert act(centre.shi, case, "end", why="单位不认可金额").status_code == 302
    paper = case.signed_papers.get()
    assert paper.number == "某town调解组织调终〔2026〕1号"
    assert paper.document.kind == "mediation_end_notice" and paper.document.matter == case.matter
    found = turn_files.verdict(paper, at(TODAY, 16))
    assert (found.valid, [one.name for one in found.signers]) == (True, ["某town调解组织"])


def test_a_worker_whose_mediation_failed_reads_the_notice_and_answers(centre, day):  # noqa: F811
    mine, stranger = make.worker(1), make.worker(2)
    case = assigned(
        centre,
        people=[Said("赵某某", make.id_number(1), "13900000001", amounts={"worker": 1_200_000}, row=1)],
    )
    act(centre.shi, case, "end", why="单位不认可金额")
    paper = case.signed_papers.get()
    worker, other = signed_in(mine), signed_in(stranger)
    assert "我的调解文书" in text(worker.get(reverse("worker:home")))
    page = text(worker.get(reverse("worker:mediation")))
    assert paper.number in page and "这次调解没有达成协议" in page and "满意吗" in page
    file, grade = (reverse(f"worker:mediation-{one}", args=[paper.pk]) for one in ("file", "grade"))
    assert worker.get(file)["Content-Type"] == "application/pdf"
    assert worker.post(grade, {"grade": "not"}).status_code == 302
    assert "您的评价：<strong>不满意" in text(worker.get(reverse("worker:mediation")))
    assert paper.number not in text(other.get(reverse("worker:mediation")))
    assert other.get(file).status_code == other.post(grade, {"grade": "not"}).status_code == 404
