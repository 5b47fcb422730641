"""我的文书: a worker sees and opens what was served on that worker, and nothing else."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from anxin.accounts.models import Grant, Role, User
from anxin.casework import services as casework
from anxin.letters import consents, drafting, issuing, paper_copies, worker_portal
from anxin.letters.heads import enter_head
from anxin.letters.models import PaperRequest, WorkerCopy
from anxin.local_law import queries as local_law
from anxin.registry.models import Organisation
from tests.letters.conftest import whole
from tests.monitoring import factories as make
from tests.support.letters import needs_faces
from tests.support.readings import seal_letter


@pytest.fixture
def copy(site, now, home) -> WorkerCopy:
    """An acceptance notice that was served on 周建国."""
    needs_faces()
    region, law = make.region("990101"), local_law.current()
    body = Organisation.objects.create(code="HR", name="某区人社局", kind="bureau", region=region)
    people = {}
    for name, role in (("w", Role.INSPECTOR), ("r", Role.INSPECTOR), ("l", Role.LEADER), ("k", Role.CLERK)):
        people[name] = User.objects.create(username=name, display_name=f"某{name}")
        Grant.objects.create(user=people[name], role=role, region="990101")
    matter = casework.open_matter(
        procedure="arbitration", title="木工班追索劳动报酬", region=region, lead=body, by=people["w"], on=now.date(), now=now, law=law
    )  # fmt: skip
    enter_head(body, {"prefix": "区", "issuer": body.name}, by=people["l"], now=now)
    letter = drafting.draft(
        matter, kind="arbitration_acceptance_notice", by=people["w"], now=now, values=whole("arbitration_acceptance_notice")
    )  # fmt: skip
    letter = drafting.submit(letter, by=people["w"], now=now, expected_version=letter.version)
    letter = issuing.review(letter, by=people["r"], now=now, expected_version=letter.version)
    letter = issuing.issue(letter, by=people["l"], now=now, law=law, expected_version=letter.version)
    letter = seal_letter(letter, by=people["k"], now=now, law=law, expected_version=letter.version)
    consents.record_consent(
        matter, receiver="周建国", address="19900000001", given_on=now.date(), how="签了送达地址确认书", by=people["w"], now=now
    )  # fmt: skip
    return worker_portal.place(
        letter, id_number=make.id_number(1), receiver="周建国", target="", by=people["w"], now=now + dt.timedelta(), law=law,
        expected_version=letter.version,
    )  # fmt: skip


def test_his_letter_is_listed_and_opens_by_a_press_of_a_button(copy, answer_questions):
    client = Client()
    answer_questions(client)
    assert "有 1 份文书送给您" in client.get(reverse("worker:home")).content.decode()
    said = client.get(reverse("worker:letters")).content.decode()
    assert copy.letter.number in said
    assert "您还没有打开看过" in said
    address = reverse("worker:letter-file", args=[copy.pk])
    assert client.get(address).status_code == 405
    assert client.post(address).content.startswith(b"%PDF")
    copy.refresh_from_db()
    assert copy.times_opened == 1
    assert "份文书送给您" not in client.get(reverse("worker:home")).content.decode()
    assert client.post(reverse("worker:letter-proof", args=[copy.pk])).content.startswith(b"%PDF")


def test_another_worker_and_nobody_in_particular_see_nothing_of_it(copy, answer_questions):
    other = Client()
    answer_questions(other, name="李秀英", serial=2)
    assert "还没有发给您的文书" in other.get(reverse("worker:letters")).content.decode()
    for name in ("worker:letter-file", "worker:letter-proof", "worker:letter-paper"):
        assert other.post(reverse(name, args=[copy.pk])).status_code == 404
        assert Client().post(reverse(name, args=[copy.pk])).status_code == 302
    copy.refresh_from_db()
    assert copy.times_opened == 0


def test_he_asks_for_paper_once_and_reads_how_it_stands(copy, answer_questions):
    client = Client()
    answer_questions(client)
    address = reverse("worker:letter-paper", args=[copy.pk])
    assert client.get(address).status_code == 405
    assert address in client.get(reverse("worker:letters")).content.decode()
    said = client.post(address, follow=True).content.decode()
    assert "申请了纸质文书，正在办理" in said and address not in said
    again = client.post(address)
    assert again.status_code == 422 and "无须重复申请" in again.content.decode()
    asked = PaperRequest.objects.get()
    assert asked.service == copy.service and asked.asked_how == "在手机页面“我的文书”申请"
    officer = User.objects.get(username="w")
    paper_copies.hand_over(
        asked, on=asked.asked_on, way="collected", proof="本人", by=officer, now=asked.asked_at
    )
    assert "已交付（当面领取）" in client.get(reverse("worker:letters")).content.decode()
