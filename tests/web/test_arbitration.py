"""Pages of arbitration: what each person sees, does and is refused."""

from __future__ import annotations

import datetime as dt
import io
import json
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from anxin.arbitration.models import ArbitrationCase, Award, Claim
from anxin.evidence.models import JournalEntry
from anxin.evidence.sealing import finding_hash
from anxin.letters.models import Letter
from anxin.local_law import queries as local_law
from anxin.web import clock
from anxin.workforce.models import Worker
from tests.arbitration.conftest import (  # noqa: F401
    IDS,
    TODAY,
    a_case,
    a_matter,
    applicant,
    at,
    bench,
    claimed,
    decided,
    due,
    found,
    with_paper,
)
from tests.monitoring import factories as make

BASELINE = json.loads((Path(__file__).parent / "query_baseline.json").read_text(encoding="utf-8"))["pages"]


@pytest.fixture
def day(monkeypatch, bench):  # noqa: F811
    """The console reads this day, and the law with the minimum wage of the place."""
    chosen = SimpleNamespace()

    def choose(on: dt.date, hour: int = 15) -> None:
        monkeypatch.setattr(clock, "now", lambda: at(on, hour))
        monkeypatch.setattr(clock, "today", lambda: on)

    chosen.set = choose
    choose(TODAY)
    monkeypatch.setattr(local_law, "current", lambda known_at=None: bench.law)
    return chosen


@pytest.fixture(autouse=True)
def fixed_day():
    """This file has a day of its own."""


def client(user) -> Client:
    made = Client()
    made.force_login(user, backend="anxin.accounts.backends.PeopleBackend")
    return made


def act(user, case, action, **post):
    return client(user).post(reverse("arbitration-act", args=[case.pk, action]), post)


def page(user, case) -> str:
    return text(client(user).get(reverse("arbitration-case", args=[case.pk])))


def text(answer) -> str:
    return answer.content.decode()


def cells(answer) -> list[list]:
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return [[cell.value for cell in row] for row in book.active.iter_rows()]


def test_a_case_is_filled_in_from_its_matter(bench, day):  # noqa: F811
    matter, officer = a_matter(bench), client(bench.inspector)
    address = reverse("arbitration-new") + f"?matter={matter.pk}"
    assert address in text(officer.get(reverse("matter", args=[matter.pk])))
    assert address in text(officer.get(reverse("arbitration")))
    assert "某建工公司" in text(officer.get(address))
    said = {
        "applied_on": str(TODAY),
        "cause": "追索劳动报酬争议",
        "employer_name": "某建工公司",
        "employer_code": bench.firm.uscc,
    }
    refused = officer.post(address, {**said, "people_list": f"赵某某 {IDS[0][:-1]}"})
    assert refused.status_code == 422 and "名单第1行" in text(refused) and IDS[0][:-1] in text(refused)
    made = officer.post(
        address, {**said, "people_list": f"赵某某\t{IDS[0]}\t13900000001\n钱某某\t{IDS[1]}"}, follow=True
    )
    case = ArbitrationCase.objects.get()
    assert case.employer == bench.firm and case.applicants.count() == 2
    assert "赵*" in text(made) and "赵某某" not in text(made) and IDS[0] not in text(made)
    assert officer.get(address).status_code == 302
    assert reverse("arbitration-case", args=[case.pk]) in text(
        officer.get(reverse("matter", args=[matter.pk]))
    )
    assert client(bench.outsider).get(address).status_code == 404
    assert client(bench.clerk).get(address).status_code == 403


def test_applicants_are_masked_until_a_purpose_is_in_the_journal(bench, day):  # noqa: F811
    case = a_case(bench)
    assert "赵某某" not in page(bench.inspector, case)
    assert act(bench.inspector, case, "reveal", purpose="看看").status_code == 422
    assert "赵某某" in text(act(bench.inspector, case, "reveal", purpose="电话通知开庭"))
    assert JournalEntry.objects.filter(action="arbitration.people_seen").count() == 1
    assert act(bench.outsider, case, "reveal", purpose="电话通知开庭").status_code == 404
    assert act(bench.clerk, case, "reveal", purpose="电话通知开庭").status_code == 403


def test_a_claim_is_typed_worked_out_changed_and_exported(bench, day):  # noqa: F811
    case = a_case(bench)
    row = applicant(case).pk
    said = {
        "row": row,
        "item": "wage",
        "month": "2026-01",
        "days": "24",
        "rate": "300",
        "paid": "3000.00",
        "payable": "",
    }
    refused = act(bench.inspector, case, "claim", **said | {"days": "多"})
    assert (
        refused.status_code == 422 and "天数请填数字" in text(refused) and 'value="3000.00"' in text(refused)
    )
    assert act(bench.inspector, case, "claim", **said).status_code == 302
    claim = Claim.objects.get()
    assert claim.owed_fen == 420_000
    act(bench.inspector, case, "claim-change", **said | {"row": claim.pk, "paid": "0"})
    shown = page(bench.inspector, case)
    assert "¥7,200.00" in shown and "24 ×" in shown
    rows = cells(client(bench.inspector).get(reverse("arbitration-claims-export", args=[case.pk])))
    assert any("1号 赵**" in str(line[0]) and line[7] == 7200 for line in rows)
    listed = cells(client(bench.inspector).get(reverse("arbitration-export")))
    assert any(line[0] == case.matter.number and line[5] == 2 and line[6] == 7200 for line in listed)
    assert act(bench.inspector, case, "claim-drop", row=claim.pk).status_code == 302
    assert not Claim.objects.exists()
    assert act(bench.outsider, case, "claim", **said).status_code == 404


def test_from_findings_to_two_papers_a_letter_and_the_remedies(bench, day):  # noqa: F811
    case, officer = a_case(bench), bench.inspector
    small, big = claimed(bench, case), due(bench, case, "severance", 3_000_000)
    act(officer, case, "find", row=small.pk, payable="7200", paid="3000", reason="")
    act(officer, case, "find-rest")
    shown = page(officer, case)
    assert (
        "2,000.00元 × 12个月 = 24,000.00元" in shown
        and "超过12个月最低工资" in shown
        and "第四十七条" in shown
    )
    refused = act(officer, case, "decide", which="some", on=str(TODAY), pay_within="15")
    assert refused.status_code == 422 and "请选择要裁决的请求" in text(refused)
    assert act(officer, case, "decide", which="all", on=str(TODAY), pay_within="15").status_code == 302
    final, other = Award.objects.order_by("number")
    assert (final.finality, other.finality) == ("final", "open")
    letter = act(officer, case, "letter", row=final.pk, applicant=applicant(case).pk)
    assert letter["Location"] == f"/letters/{Letter.objects.get().pk}"
    assert "4200.00" in text(client(officer).get(letter["Location"]))
    fix = {"row": final.pk, "place": "第2页第3行", "before": "21月", "after": "12月", "on": str(TODAY)}
    assert act(officer, case, "correct", **fix).status_code == 302
    with_paper(bench, case)
    assert act(officer, case, "after", row=final.pk).status_code == 302
    assert act(officer, case, "after", row=other.pk).status_code == 302
    for side in ("worker", "employer"):
        assert (
            act(
                officer, case, "receive", row=final.pk, side=side, on=str(TODAY), how="当面签收回证"
            ).status_code
            == 302
        )
    shown = page(officer, case)
    for said in (
        "终局裁决，已生效",
        "非终局裁决，未生效",
        "劳动者不服裁决的起诉期限",
        "/due/clock/",
        "“21月”补正为“12月”",
        "当面签收回证",
    ):
        assert said in shown
    assert big.finding.award == other
    assert act(bench.outsider, case, "after", row=final.pk).status_code == 404


def test_one_paper_for_all_and_a_day_of_receipt_for_each(bench, day):  # noqa: F811
    case, officer = a_case(bench), bench.inspector
    for number in (1, 2):
        found(bench, claimed(bench, case, number))
    (award,) = decided(bench, case)
    shown = page(officer, case)
    assert "全部2名申请人合用一份" in shown and "每名申请人各一份" in shown
    letter = act(officer, case, "letter", row=award.pk, applicant="all")["Location"]
    assert act(officer, case, "letter", row=award.pk, applicant="all")["Location"] == letter
    assert Letter.objects.get().kind == "collective_award"
    assert act(officer, case, "letter", row=award.pk, applicant="each").status_code == 302
    assert Letter.objects.filter(kind="arbitration_award").count() == 2
    said = {"row": award.pk, "side": "worker", "on": str(TODAY), "how": "当面签收回证"}
    assert "请勾选是哪几位" in text(act(officer, case, "receive", **said))
    assert act(officer, case, "receive", **said, person=[applicant(case).pk]).status_code == 302
    shown = page(officer, case)
    assert "还有1名申请人没有登记" in shown and "/due/award-remedy/" in shown
    kept = award.received.get()
    steps = reverse("due", args=["award-remedy", kept.pk])
    assert "1号申请人：劳动者不服裁决的起诉期限" in text(client(officer).get(steps))
    assert client(bench.outsider).get(steps).status_code == 404
    assert act(bench.outsider, case, "receive", **said).status_code == 404


def test_a_place_without_a_minimum_wage_says_so(bench, day, monkeypatch):  # noqa: F811
    case = a_case(bench)
    found(bench, claimed(bench, case))
    monkeypatch.setattr(local_law, "current", lambda known_at=None: bench.bare_law)
    shown = page(bench.inspector, case)
    assert (
        "的月最低工资标准。" in shown
        and reverse("law-settings") in shown
        and "作出裁决</button>" not in shown
    )
    refused = act(bench.inspector, case, "decide", which="all", on=str(TODAY), pay_within="15")
    assert refused.status_code == 422 and not Award.objects.exists()


def test_ten_elect_and_their_consent_is_written_down(bench, day):  # noqa: F811
    case, officer = a_case(bench, people=10), bench.inspector
    keys = list(case.applicants.order_by("number").values_list("pk", flat=True))
    assert "推举3至5名代表" in page(officer, case)
    assert "3至5名" in text(act(officer, case, "elect", rep=keys[:2]))
    assert act(officer, case, "elect", rep=keys[:3]).status_code == 302
    act(officer, case, "consent", what="settle", words="分三期付清，每期三分之一")
    consent = case.consents.get()
    answer = {"row": consent.pk, "how": "当面签名", "agrees": "yes", "applicant": keys[3:]}
    assert "请选择同意还是不同意" in text(act(officer, case, "consent-answer", **answer | {"agrees": ""}))
    assert act(officer, case, "consent-answer", **answer).status_code == 302
    assert "全部同意" in page(officer, case)


def test_the_list_is_filtered_by_what_was_decided_and_by_name(bench, day):  # noqa: F811
    case, waiting = a_case(bench), a_matter(bench)
    found(bench, claimed(bench, case))
    shown = {}
    for part in ("", "open", "awarded", "part", "closed"):
        answer = client(bench.inspector).get(reverse("arbitration"), {"part": part})
        shown[part] = reverse("arbitration-case", args=[case.pk]) in text(answer)
    assert shown == {"": True, "open": True, "awarded": False, "part": False, "closed": False}
    decided(bench, case)
    listed = client(bench.inspector).get(reverse("arbitration"), {"part": "awarded", "q": "建工"})
    assert "¥4,200.00" in text(listed) and f"matter={waiting.pk}" in text(listed)
    assert case.matter.number not in text(client(bench.outsider).get(reverse("arbitration")))
    assert case.matter.number not in text(
        client(bench.inspector).get(reverse("arbitration"), {"q": "别的公司"})
    )


def test_proposals_are_for_who_handles_the_case_and_what_is_taken_is_journalled(bench, day):  # noqa: F811
    worker = Worker.objects.create(
        name="赵某某", id_number=IDS[0], id_hash=finding_hash("id", IDS[0]), recorded_at=at(TODAY)
    )
    make.enrol(bench.project, worker, agreed_wage="300元/天")
    make.attend_month(bench.project, worker, "2026-01", "24.0")
    case = a_case(bench)
    address, officer = reverse("arbitration-proposals", args=[case.pk]), client(bench.inspector)
    shown = text(officer.get(address))
    assert "¥7,200.00" in shown and "考勤月合计" in shown and "2号" in shown and "赵某某" not in shown
    key = f"{applicant(case).pk}-2026-01"
    for _ in range(2):
        assert officer.post(address, {"line": key}).status_code == 302
    assert Claim.objects.get().owed_fen == 720_000
    assert JournalEntry.objects.filter(action="arbitration.claims_taken").count() == 1
    assert "已在请求里" in text(officer.get(address))
    assert client(bench.outsider).post(address, {"line": key}).status_code == 404
    assert client(bench.clerk).get(address).status_code == 403


def test_pages_ask_the_database_no_more_the_more_people_there_are(bench, day, django_assert_max_num_queries):  # noqa: F811
    small, large = a_case(bench), a_case(bench, people=12)
    for case in (small, large):
        for number in (1, 2):
            found(bench, claimed(bench, case, number))
        (award,) = decided(bench, case)
        with_paper(bench, case)
        act(bench.inspector, case, "after", row=award.pk)
    officer = client(bench.inspector)
    for case in (small, large):
        for name in ("arbitration-case", "arbitration-claims-export", "arbitration-proposals"):
            with django_assert_max_num_queries(BASELINE[name]):
                assert officer.get(reverse(name, args=[case.pk])).status_code == 200
    for name in ("arbitration", "arbitration-export"):
        with django_assert_max_num_queries(BASELINE[name]):
            assert officer.get(reverse(name)).status_code == 200
    waiting = a_matter(bench)
    with django_assert_max_num_queries(BASELINE["arbitration-new"]):
        assert officer.get(reverse("arbitration-new") + f"?matter={waiting.pk}").status_code == 200
