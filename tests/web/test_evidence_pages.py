"""证据包 on the pages of a matter, a site's month, a worker and a claimant: asked, made, fetched; and who may not."""

from __future__ import annotations

import io

import openpyxl
import pytest

from anxin.clues.claimant_rows import Said
from anxin.clues.claimants import add_claimant
from anxin.dossier import making
from anxin.dossier.models import EvidencePackage
from anxin.evidence.models import JournalEntry
from anxin.local_law import queries as local_law
from tests.proof.packages import judged
from tests.web.cases import a_clue, a_matter
from tests.web.test_warnings import text

KINDS = ("matter", "site", "worker", "claimant")


@pytest.fixture
def address(world, now, home):
    """Of a kind, its page; and the page that leads there."""

    def made(kind: str) -> tuple[str, str]:
        if kind == "matter":
            matter = a_matter(world, now)
            return f"/matters/{matter.pk}/evidence", f"/matters/{matter.pk}"
        if kind == "site":
            return (
                f"/projects/{world.here.pk}/wages/2026-10/evidence",
                f"/projects/{world.here.pk}/wages/2026-10",
            )
        if kind == "worker":
            return f"/workers/{world.workers[0].pk}/evidence", f"/workers/{world.workers[0].pk}"
        clue = a_clue(world, now)
        add_claimant(clue, Said("欧阳木", ""), by=world.inspector, now=now)
        claimant = clue.claimants.get()
        return f"/clues/{clue.pk}/claimants/{claimant.pk}/evidence", f"/clues/{clue.pk}/claimants"

    return made


@pytest.mark.parametrize("kind", KINDS)
def test_asked_made_fetched_and_told_in_the_list(kind, sign_in, address, now):
    client = sign_in("inspector")
    page, before = address(kind)
    assert page in client.get(before).content.decode()
    assert "出具证据包" in text(client.get(page))
    answer = client.post(f"{page}/export")
    package = EvidencePackage.objects.get()
    assert answer["Location"] == f"/evidence/{package.pk}"
    assert "排队等待" in text(client.get(answer["Location"]))
    assert client.get(f"/evidence/{package.pk}/package.zip").status_code == 404
    assert making.run(package.pk, now=now, law=local_law.current()).state == "done"
    assert client.get(f"/evidence/{package.pk}/progress")["HX-Refresh"] == "true"
    assert "下载证据包" in text(client.get(answer["Location"]))
    fetched = client.get(f"/evidence/{package.pk}/package.zip")
    assert "attachment" in fetched["Content-Disposition"]
    assert judged(fetched.content).valid
    sha256 = JournalEntry.objects.get(action="evidence.exported").after["sha256"]
    assert sha256 in text(client.get(page))
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(f"{page}/list.xlsx").content)).active
    assert any(sha256 in row for row in sheet.iter_rows(values_only=True))


@pytest.mark.parametrize("kind", KINDS)
def test_whole_numbers_need_a_purpose_and_nothing_typed_is_lost(kind, sign_in, address):
    client = sign_in("inspector")
    answer = client.post(f"{address(kind)[0]}/export", {"full": "on", "purpose": "法"})
    assert answer.status_code == 422
    assert "请写明为什么" in text(answer)
    assert 'value="法"' in answer.content.decode()
    assert not EvidencePackage.objects.exists()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("who", "sees", "status"), [("clerk", 200, 403), ("outsider", 404, 404), ("auditor", 403, 403)]
)
def test_who_may_not(kind, sign_in, address, who, sees, status):
    page, _ = address(kind)
    before = JournalEntry.objects.count()
    client = sign_in(who)
    shown = client.get(page)
    assert shown.status_code == sees
    assert ">出具证据包</button>" not in shown.content.decode()
    assert client.post(f"{page}/export").status_code == status
    assert client.get(f"{page}/list.xlsx").status_code == sees
    assert JournalEntry.objects.count() == before
    assert not EvidencePackage.objects.exists()


@pytest.mark.parametrize("who", ["colleague", "leader", "outsider"])
def test_a_package_is_there_for_whoever_asked_and_for_nobody_else(sign_in, address, now, who):
    client = sign_in("inspector")
    page, _ = address("site")
    client.post(f"{page}/export")
    package = EvidencePackage.objects.get()
    making.run(package.pk, now=now, law=local_law.current())
    other = sign_in(who)
    for part in ("", "/progress", "/package.zip"):
        assert other.get(f"/evidence/{package.pk}{part}").status_code == 404
    assert client.get(f"/evidence/{package.pk}").status_code == 200


def a_package(client, page: str, now) -> EvidencePackage:
    client.post(f"{page}/export")
    return making.run(EvidencePackage.objects.get().pk, now=now, law=local_law.current())


def test_somebody_is_taken_out_for_somebody_else_to_read(sign_in, address, now):
    client = sign_in("inspector")
    page, _ = address("site")
    source = a_package(client, page, now)
    form = f"/evidence/{source.pk}/redact"
    assert form in client.get(page).content.decode()
    assert form in client.get(f"/evidence/{source.pk}").content.decode()
    shown = client.get(form)
    assert 'name="person" value="P1"' in shown.content.decode()
    wrong = client.post(f"{form}/act", {"person": "P1", "recipient": "某区人民法院", "reason": ""})
    assert wrong.status_code == 422
    assert 'value="P1" checked' in wrong.content.decode() and "某区人民法院" in wrong.content.decode()
    found = client.post(f"{form}/act", {"do": "find", "sought": "P99", "person": "P1"})
    assert 'value="P1" checked' in found.content.decode() and 'value="P2"' not in found.content.decode()
    answer = client.post(
        f"{form}/act", {"person": "P1", "recipient": "某区人民法院", "reason": "与本案的争议无关"}
    )
    made = EvidencePackage.objects.exclude(pk=source.pk).get()
    assert answer["Location"] == f"/evidence/{made.pk}"
    making.run(made.pk, now=now, law=local_law.current())
    assert judged(client.get(f"/evidence/{made.pk}/package.zip").content).redacted > 0
    assert "与本案的争议无关" in text(client.get(f"/evidence/{made.pk}"))
    told = text(client.get(page))
    assert "（P1），给某区人民法院看；理由：与本案的争议无关" in told
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(f"{page}/list.xlsx").content)).active
    assert any("某区人民法院" in row for row in sheet.iter_rows(values_only=True))


@pytest.mark.parametrize("who", ["colleague", "leader", "outsider", "clerk"])
def test_nobody_else_takes_somebody_out(sign_in, address, now, who):
    source = a_package(sign_in("inspector"), address("site")[0], now)
    other = sign_in(who)
    form = f"/evidence/{source.pk}/redact"
    said = {"person": "P1", "recipient": "某区人民法院", "reason": "与本案的争议无关"}
    barred = 403 if who == "clerk" else 404
    assert other.get(form).status_code == barred
    assert other.post(f"{form}/act", said).status_code == barred
    assert EvidencePackage.objects.count() == 1


def test_whose_right_went_takes_nobody_out(sign_in, address, now, world):
    client = sign_in("inspector")
    source = a_package(client, address("site")[0], now)
    world.inspector.grants.update(role="clerk")
    form = f"/evidence/{source.pk}/redact"
    assert client.get(form).status_code == 403
    assert client.post(f"{form}/act", {"person": "P1"}).status_code == 403


def test_a_failure_is_told_with_the_way_back(sign_in, address, world, now):
    client = sign_in("inspector")
    page, _ = address("site")
    client.post(f"{page}/export")
    package = EvidencePackage.objects.get()
    EvidencePackage.objects.update(state="failed", problem="文件已损坏。")
    shown = client.get(f"/evidence/{package.pk}")
    assert "没有做成：文件已损坏。" in text(shown)
    assert page in shown.content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_the_pages_are_cheap(kind, sign_in, address, django_assert_max_num_queries):
    client = sign_in("inspector")
    page, _ = address(kind)
    client.post(f"{page}/export")
    with django_assert_max_num_queries(15):
        client.get(page)
    with django_assert_max_num_queries(8):
        client.get(f"/evidence/{EvidencePackage.objects.get().pk}")
