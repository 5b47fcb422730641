"""付款登记 on the page: masked, recorded and taken back by who works the matter, exported, counted for the clue once."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from anxin.casework.succession import join
from anxin.clues.claimant_rows import Said
from anxin.clues.claimants import add_claimant
from anxin.local_law import queries as local_law
from anxin.referral import services
from anxin.referral.models import MatterPayment, Recovered, Referral
from tests.monitoring.factories import id_number
from tests.web.cases import a_case, a_clue
from tests.web.test_warnings import text


@pytest.fixture
def matter(world, now):
    """A case in the chain of a clue with one person on its list."""
    clue = a_clue(world, now)
    services.refer(clue, by=world.inspector, now=now, law=local_law.current())
    add_claimant(
        clue, Said("赵某某", id_number(21), amounts={"worker": 930_000}), by=world.inspector, now=now
    )
    found = a_case(world, now)
    join(found, Referral.objects.get(clue=clue).matter)
    return found


def at(matter, name="matter-paid", *more):
    return reverse(name, args=[matter.pk, *more])


def payee():
    from anxin.clues.models import Claimant

    return f"c{Claimant.objects.get().pk}"


def test_a_payment_is_recorded_shown_masked_exported_and_taken_back(
    sign_in, matter, django_assert_max_num_queries
):
    client = sign_in("inspector")
    told = {
        "payee": payee(),
        "proof": "word",
        "amount": "100.01",
        "paid_on": "2026-11-01",
        "said": "电话里本人说已到账",
    }
    assert client.post(at(matter, "matter-paid-act", "pay"), told).status_code == 302
    again = client.post(at(matter, "matter-paid-act", "pay"), told)
    assert again.status_code == 422 and "登记过" in text(again) and 'value="100.01"' in again.content.decode()
    with django_assert_max_num_queries(15):
        page = text(client.get(at(matter)))
    assert "赵**" in page and "赵某某" not in page and "¥100.01" in page and "已计入线索" in page
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(at(matter, "matter-paid-export")).content))
    cells = [cell for row in book.get_sheet_by_index(0).to_python() for cell in row]
    assert 100.01 in cells and "赵**" in cells and "赵某某" not in cells
    row = MatterPayment.objects.get()
    client.post(at(matter, "matter-paid-act", "take-back"), {"row": row.pk, "why": "听错了人"})
    assert "已撤下，不计：听错了人" in text(client.get(at(matter)))
    assert not Recovered.objects.filter(withdrawn_at__isnull=True).exists()


def test_a_paper_is_attached_and_proves_and_a_refused_payment_leaves_no_paper(sign_in, matter):
    client = sign_in("inspector")
    told = {"payee": payee(), "proof": "document", "amount": "100.01", "paid_on": "2026-11-01"}
    before = matter.documents.count()
    file = SimpleUploadedFile("凭证.pdf", b"%PDF-1.4\n%%EOF\n")
    refused = client.post(at(matter, "matter-paid-act", "pay"), told | {"file": file, "payee": ""})
    assert refused.status_code == 422 and matter.documents.count() == before
    file = SimpleUploadedFile("凭证.pdf", b"%PDF-1.4\n%%EOF\n")
    assert client.post(at(matter, "matter-paid-act", "pay"), told | {"file": file}).status_code == 302
    assert MatterPayment.objects.get().document.filename == "凭证.pdf"


def test_who_lies_outside_finds_nothing_and_records_nothing(sign_in, matter):
    client = sign_in("outsider")
    assert client.get(at(matter)).status_code == 404
    told = {
        "payee": payee(),
        "proof": "word",
        "amount": "1",
        "paid_on": "2026-11-01",
        "said": "电话里本人说已到账",
    }
    assert client.post(at(matter, "matter-paid-act", "pay"), told).status_code in (403, 404)
    assert not MatterPayment.objects.exists()


def test_the_matter_leads_to_its_payments(sign_in, matter):
    assert (
        f'href="{at(matter)}"'
        in sign_in("inspector").get(reverse("matter", args=[matter.pk])).content.decode()
    )
