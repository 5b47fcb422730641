"""Pictures and recordings of a hotline's tickets."""

from __future__ import annotations

import base64
import io
from dataclasses import replace

import pytest
from PIL import Image

from anxin.clues import ticket_files
from anxin.clues.models import Clue, TicketFile
from anxin.connections.scopes import CLUES_READ, HOTLINE_SCOPES
from anxin.evidence import files
from anxin.evidence.models import JournalEntry
from anxin.registry.models import Organisation
from anxin.web.api import middleware
from tests.evidence.test_pictures_and_sounds import a_picture, with_camera_notes
from tests.web.api.hotline.calls import (
    TICKETS,
    sent,
)

# --- attachments


def brought(hotline, data: bytes, number: str = "YZ-1", **headers):
    content = base64.b64encode(data).decode()
    return hotline.post(f"{TICKETS}/{number}/files", {"content": content}, **headers)


@pytest.fixture
def delivered(hotline, home) -> Clue:
    sent(hotline)
    return Clue.objects.get()


def test_a_picture_is_written_anew_without_the_cameras_notes_and_the_same_again_is_one(hotline, delivered):
    answer = brought(hotline, with_camera_notes())
    assert answer.status_code == 200, answer.content.decode()
    assert (answer.json()["fate"], answer.json()["name"], answer.json()["clue"]) == (
        "accepted",
        "照片1.jpg",
        delivered.number,
    )
    kept = TicketFile.objects.get()
    assert b"SECRET" not in files.read(kept.file) and kept.content_type == "image/jpeg"
    assert JournalEntry.objects.get(action="clue.ticket_file").object_id == str(delivered.pk)
    before = JournalEntry.objects.count()
    assert brought(hotline, with_camera_notes()).json()["fate"] == "unchanged"
    assert (TicketFile.objects.count(), JournalEntry.objects.count()) == (1, before)


def test_a_recording_is_known_by_its_content(hotline, delivered):
    answer = brought(hotline, b"#!AMR\n" + b"\0" * 200).json()
    assert (answer["name"], answer["content_type"]) == ("录音1.amr", "audio/amr")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("PGh0bWw+PHNjcmlwdD4=", "是网页"),  # <html><script>
        ("JVBERi0xLjcK", "按内容是PDF文件，附件只收 照片"),  # a PDF
        ("AAAA/*not*/", "不是有效的Base64"),
        ("QUJD\nREVG", "不是有效的Base64"),
        ("====", "Base64"),
    ],
)
def test_what_is_no_picture_or_recording_is_refused_with_code_sentence_and_field(
    hotline, delivered, content, says
):
    answer = hotline.post(f"{TICKETS}/YZ-1/files", {"content": content})
    told = answer.json()
    assert (answer.status_code, told["code"], told["field"]) == (422, "invalid", "content")
    assert says in told["message"] and not TicketFile.objects.exists()


def test_a_file_that_is_too_large_is_refused_and_so_is_a_body(hotline, delivered, monkeypatch):
    monkeypatch.setattr(ticket_files, "DOOR", replace(ticket_files.DOOR, largest=1))
    told = brought(hotline, a_picture())
    assert (told.status_code, told.json()["field"]) == (422, "content") and "超过0MB" in told.json()[
        "message"
    ]
    monkeypatch.setattr(middleware, "FILE_LIMIT_MB", 0)
    assert (brought(hotline, a_picture()).status_code, TicketFile.objects.count()) == (413, 0)


def test_a_picture_larger_than_other_calls_is_taken(hotline, delivered):
    noisy = Image.effect_noise((1800, 1800), 90)
    data = io.BytesIO()
    noisy.save(data, "PNG")
    assert len(data.getvalue()) > 2 * 1024 * 1024
    assert brought(hotline, data.getvalue()).status_code == 200


def test_no_more_than_a_ticket_may_have(hotline, delivered, monkeypatch):
    monkeypatch.setattr(ticket_files, "AT_MOST", 1)
    assert brought(hotline, a_picture()).status_code == 200
    told = brought(hotline, a_picture("PNG"))
    assert told.status_code == 422 and "最多1个附件" in told.json()["message"]
    assert TicketFile.objects.count() == 1


def test_another_centre_and_a_key_that_only_reads_bring_nothing(hotline, delivered, caller, city, centre):
    place = {"name": "另一热线", "kind": "hotline", "region": city.top}
    other = caller(organisation=Organisation.objects.create(code="RX2", **place), scopes=list(HOTLINE_SCOPES))
    reads = caller(organisation=centre, scopes=[CLUES_READ])
    assert (brought(other, a_picture()).status_code, brought(reads, a_picture()).status_code) == (404, 403)
    assert brought(hotline, a_picture(), "YZ-404").status_code == 404 and not TicketFile.objects.exists()


def test_a_sandbox_is_answered_and_keeps_nothing(centre, caller, delivered):
    trial = caller(organisation=centre, scopes=list(HOTLINE_SCOPES), sandbox=True)
    answer = brought(trial, a_picture()).json()
    assert (answer["fate"], answer["sandbox"]) == ("accepted", True) and not TicketFile.objects.exists()
