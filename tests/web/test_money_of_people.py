"""逐人到账, the ledger and the months on the pages: shown, masked, refused with a sentence, exported alike."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from anxin.clues.models import Claimant
from anxin.evidence.imports import accept_batch
from anxin.evidence.journal import Actor
from anxin.evidence.models import ImportBatch
from anxin.referral.models import ListedPayment, Recovered
from tests.referral.clues import paper
from tests.web.cases import a_clue


@pytest.fixture
def clue(world, now):
    return a_clue(world, now)


def body(answer) -> str:
    return answer.content.decode()


def paid(clue) -> str:
    return reverse("claimants-paid", args=[clue.pk])


def sheet(answer):
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()


@pytest.fixture
def inspector(sign_in, clue):
    """Signed in, the clue passed on, and two people of one name and one of another on its list."""
    client = sign_in("inspector")
    assert client.post(reverse("clue-work-act", args=[clue.pk, "refer"])).status_code == 302
    for name, sum_ in (("钱某人", "1000"), ("孙某某", "500")):
        told = {"name": name, "worker": sum_}
        assert client.post(reverse("claimants-act", args=[clue.pk, "add"]), told).status_code == 302
    return client


def recover(client, clue, **more):
    told = {"proof": "word", "said": "电话里本人说已经到账", "paid_on": "2026-01-05", **more}
    return client.post(reverse("clue-work-act", args=[clue.pk, "recover"]), told)


def test_each_person_is_shown_masked_with_what_is_proved_and_left(inspector, clue):
    assert recover(inspector, clue, person="钱某人", amount="300.01").status_code == 302
    page = body(inspector.get(paid(clue)))
    assert "钱**" in page and "钱某人" not in page
    assert "2 人，还差 ¥1,199.99" in page and "¥699.99" in page and "¥300.01" in page
    assert "¥699.99" in body(inspector.get(reverse("claimants", args=[clue.pk])))
    assert "这一类没有人" in body(inspector.get(paid(clue), {"part": "done"}))
    table = sheet(inspector.get(reverse("claimants-paid-export", args=[clue.pk])))
    assert table[-1][3:] == [1500, 0, 0, 300.01, 0, 1199.99]


def test_too_much_is_refused_with_a_sentence_and_what_was_typed(inspector, clue):
    answer = recover(inspector, clue, person="孙某某", amount="500.01")
    assert answer.status_code == 422
    assert "最多还能登记500.00元" in body(answer) and 'value="500.01"' in body(answer)
    chosen = Claimant.objects.get(number=1)
    assert recover(inspector, clue, claimant=chosen.pk, amount="1").status_code == 302
    assert Recovered.objects.get().claimant == chosen


def test_a_list_of_payments_is_looked_at_accepted_and_its_bad_row_comes_back(inspector, clue, world, now):
    rows = ["姓名,金额,付款日期,流水号", "钱某人,600,2026-01-05,A1", "没有此人,1,2026-01-05,A2"]
    file = SimpleUploadedFile("付款.csv", "\n".join(rows).encode())
    answer = inspector.post(
        reverse("claimants-paid-act", args=[clue.pk, "upload"]), {"file": file}, follow=True
    )
    batch = ImportBatch.objects.latest("pk")
    assert answer.status_code == 200 and batch.kind == "claim_payments" and clue.number in body(answer)
    who = Actor(f"user:{world.inspector.pk}", str(world.inspector))
    accept_batch(batch.pk, actor=who, now=now, recognition=batch.recognition)
    page = body(inspector.get(paid(clue), {"part": "unproved"}))
    assert "未证明" in page and "¥600.00" in page and "钱**" in page and "孙**" not in page
    listed = ListedPayment.objects.get()
    told = {"payment": listed.pk, "why": "总包把数写错了"}
    assert inspector.post(reverse("claimants-paid-act", args=[clue.pk, "unlist"]), told).status_code == 302
    assert inspector.post(reverse("claimants-paid-act", args=[clue.pk, "unlist"]), told).status_code == 422


def test_whoever_lies_outside_finds_nobodys_money_and_a_clerk_changes_nothing(sign_in, inspector, clue):
    assert sign_in("outsider").get(paid(clue)).status_code == 404
    assert sign_in("clerk").post(reverse("claimants-paid-act", args=[clue.pk, "assign"])).status_code == 403
    assert inspector.post(reverse("claimants-paid-act", args=[clue.pk, "nothing"])).status_code == 404
    assert inspector.post(reverse("claimants-paid-act", args=[clue.pk, "upload"])).status_code == 422


def test_the_ledger_says_what_is_missing_filters_and_exports_the_same(sign_in, inspector, clue):
    page = body(inspector.get(reverse("ledger")))
    assert clue.number in page and "还没有生效的结论" in page and "还没有办结" in page
    assert 'class="btn btn-sm btn-primary"' not in page.split('id="l-')[1]
    for query, there in (({"struck": "no"}, True), ({"struck": "yes"}, False), ({"state": "new"}, False),
                         ({"month": "2001-01"}, False), ({"month": "2001-99"}, True)):  # fmt: skip
        shown = f"l-{clue.pk}" in body(inspector.get(reverse("ledger"), query))
        listed = any(clue.number in row for row in sheet(inspector.get(reverse("ledger-export"), query)))
        assert shown == listed == there, query
    answer = inspector.post(
        reverse("ledger-strike", args=[clue.pk]), {"back": "//evil.example/"}, follow=True
    )
    assert answer.redirect_chain[0][0] == reverse("ledger") and "还不能销号" in body(answer)
    assert sign_in("clerk").post(reverse("ledger-strike", args=[clue.pk])).status_code == 403
    outside = sign_in("outsider")
    assert f"l-{clue.pk}" not in body(outside.get(reverse("ledger")))
    assert "没有这条线索" in body(outside.post(reverse("ledger-strike", args=[clue.pk]), follow=True))


def test_months_are_drawn_and_told_in_figures_that_open_their_rows(sign_in, inspector, clue):
    page = body(inspector.get(reverse("trend")))
    assert "<polyline" in page and "十二个月收到1条，销号0条；现在还有1条没有销号" in page
    assert "style=" not in page.split("<main")[1]
    table = sheet(inspector.get(reverse("trend-export")))
    assert [row[2] for row in table[-12:]][-1] == 1 and len(table) >= 12
    assert "没有收到欠薪线索" in body(sign_in("outsider").get(reverse("trend")))


def test_the_rows_behind_a_number_are_exported_as_many_as_shown(sign_in, inspector, clue):
    query = {"show": "people", "of": "base"}
    page = body(inspector.get(reverse("statistics-rows"), query))
    assert "共 1 条，合计 2人" in page
    table = sheet(inspector.get(reverse("statistics-rows-export"), query))
    assert [row[0] for row in table if str(row[0]).startswith("99")] == [clue.number]
    assert inspector.get(reverse("statistics-rows-export"), {"show": "nothing"}).status_code == 404


# --- one proof for several people


@pytest.fixture
def proof(inspector, clue, world, now):
    """A paper of payment in the clue's matter."""
    return paper(clue.referrals.get().matter, "payment_proof", by=world.inspector, now=now)


def typed(clue, *yuan: str, **more):
    people = list(Claimant.objects.filter(clue=clue).order_by("number"))
    return {"who": [one.pk for one in people], **{f"share-{one.pk}": said for one, said in zip(people, yuan, strict=True)},
            "paid_on": "2026-01-05", "do": "record", **more}  # fmt: skip


def test_one_paper_is_divided_as_proposed_and_only_when_sums_meet(inspector, clue, proof):
    address = reverse("claimants-divide", args=[clue.pk])
    assert address in body(inspector.get(paid(clue)))
    page = body(inspector.get(address))
    assert "钱**" in page and "钱某人" not in page and f'value="d{proof.pk}" selected' in page
    told = {"source": f"d{proof.pk}", "total": "100.01"}
    page = body(inspector.post(address, typed(clue, "", "", do="propose", **told)))
    assert 'value="66.67"' in page and 'value="33.34"' in page and "¥100.01" in page
    answer = inspector.post(address, typed(clue, "66.68", "33.34", **told))
    assert answer.status_code == 422 and "多0.01元" in body(answer) and 'value="66.68"' in body(answer)
    answer = inspector.post(address, typed(clue, "66.67", "3三", **told))
    assert answer.status_code == 422 and "名单第2人" in body(answer)
    assert not Recovered.objects.exists()
    assert inspector.post(address, typed(clue, "66.67", "33.34", **told)).status_code == 302
    assert "¥933.33" in body(inspector.get(paid(clue))) and "¥466.66" in body(inspector.get(paid(clue)))
    # the paper is used up: it cannot be chosen again
    assert "还没有可以分的回单或凭证" in body(inspector.get(address))


def test_more_than_they_are_owed_is_refused_and_strangers_divide_nothing(sign_in, inspector, clue, proof):
    address = reverse("claimants-divide", args=[clue.pk])
    told = {"source": f"d{proof.pk}", "total": "1500.01"}
    answer = inspector.post(address, typed(clue, "", "", do="propose", **told))
    assert answer.status_code == 422 and "一共只差1,500.00元" in body(answer)
    answer = inspector.post(address, typed(clue, "1000", "500.01", **told))
    assert answer.status_code == 422 and "最多还能登记" in body(answer)
    assert inspector.post(address, typed(clue, "1", "1", source="r999999", total="2")).status_code == 422
    assert not Recovered.objects.exists()
    assert sign_in("outsider").get(address).status_code == 404
    assert sign_in("clerk").get(address).status_code == 403
    assert sign_in("clerk").post(address, typed(clue, "1", "1", **told)).status_code == 403
