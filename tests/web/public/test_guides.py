"""What a stranger reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from anxin.channels import codes, guide_writing, tokens
from anxin.channels.models import GuideDay
from anxin.channels.shipped import shipped
from anxin.evidence.journal import Actor

pytestmark = pytest.mark.django_db


def test_one_scan_answers_first_what_to_do(phone):
    page = phone.get(reverse("public:guides"))
    assert page.status_code == 200
    assert "工资没拿到，现在怎么办" in page.text and "第五步" in page.text


@pytest.mark.parametrize("key", shipped())
def test_every_guide_opens_with_source_version_and_first_day(key, phone):
    page = phone.get(reverse("public:guide", args=[key]))
    assert page.status_code == 200
    assert "来源：" in page.text and "随系统提供的一版，2026-11-01起使用" in page.text


@pytest.mark.parametrize("key", shipped())
def test_every_guide_stays_small(key, phone):
    page = phone.get(reverse("public:guide", args=[key]))
    parts = re.findall(r'(?:href|src)="/static/([^"?]+)', page.text)
    size = len(page.content) + sum(Path(finders.find(part)).stat().st_size for part in parts)
    assert size <= 60 * 1024, size


def test_a_guide_opened_from_a_code_is_counted_for_its_site(phone, board):
    phone.get(reverse("public:guide", args=["payers"]), {"s": tokens.token_of(board.pk)})
    phone.get(reverse("public:guide", args=["payers"]))
    counted = GuideDay.objects.order_by("project")
    assert {(one.project_id, one.opens) for one in counted} == {(board.project_id, 1), (None, 1)}


def test_a_replaced_code_tells_no_site(phone, board, actor, now):
    codes.rotate([board], reason="丢失", actor=actor, now=now)
    page = phone.get(reverse("public:guide", args=["payers"]), {"s": tokens.token_of(board.pk)})
    assert "东台安置房工程" not in page.text
    assert GuideDay.objects.get().project is None


def test_an_old_version_says_that_it_is_old_and_is_not_counted(phone, actor, now):
    draft = guide_writing.draft_guide(
        "payers",
        title="新标题",
        summary="新说明",
        body="新正文<b>粗</b>",
        source="某通知",
        valid_from=now.date(),
        actor=actor,
        now=now,
    )
    guide_writing.publish_guide(draft, actor=Actor("user:2", "另一人"), now=now)
    old = phone.get(reverse("public:guide-version", args=["payers", 0]))
    assert "这是旧版" in old.text and "这笔钱该谁付" in old.text
    assert not GuideDay.objects.exists()
    new = phone.get(reverse("public:guide", args=["payers"]))
    assert "新标题" in new.text and "&lt;b&gt;粗" in new.text


@pytest.mark.parametrize("address", ["/z/nothing", "/z/unpaid/7"])
def test_a_guide_that_there_is_not_is_not_found(address, phone):
    assert phone.get(address).status_code == 404
