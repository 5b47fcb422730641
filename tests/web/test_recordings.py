"""朗读录音 in the console, and what a phone gets of it."""

from __future__ import annotations

import json
import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from anxin.channels.models import Recording
from tests.channels.test_recordings import MP3


def added(client, **changes):
    file = SimpleUploadedFile("话.mp3", MP3, "audio/mpeg")
    fields = {"key": "form.owes", "language": "普通话", "other": "", "sound": file, **changes}
    return client.post("/guides/recordings/add", fields, follow=True)


def sounds_on(page):
    found = re.search(r'<script id="sounds" type="application/json">(.*?)</script>', page.text)
    return json.loads(found[1]) if found else {}


def test_from_the_console_to_the_phone(sign_in, world):
    inspector, stranger = sign_in("inspector"), Client()
    page = added(inspector)
    assert "请另一位同事听一遍" in page.text and "待另一人听" in page.text
    made = Recording.objects.get()
    assert inspector.get(f"/guides/recordings/{made.pk}/sound").content == MP3
    assert stranger.get(f"/y/{made.pk}").status_code == 404 and sounds_on(stranger.get("/f")) == {}
    refused = inspector.post(f"/guides/recordings/{made.pk}/hear")
    assert refused.status_code == 422 and "录音的人不能自己核对" in refused.text
    assert (
        "工人现在可以听到" in sign_in("leader").post(f"/guides/recordings/{made.pk}/hear", follow=True).text
    )
    # the form without a code asks for the place, and plays what it has
    assert sounds_on(stranger.get("/f")) == {"form.owes": {"普通话": [f"/y/{made.pk}", "audio/mpeg"]}}
    heard = stranger.get(f"/y/{made.pk}")
    assert (
        heard.content == MP3 and heard["Content-Type"] == "audio/mpeg" and "max-age" in heard["Cache-Control"]
    )


def test_a_phone_may_fetch_it_in_parts(sign_in, world):
    added(sign_in("inspector"))
    made = Recording.objects.get()
    sign_in("leader").post(f"/guides/recordings/{made.pk}/hear")
    part = Client().get(f"/y/{made.pk}", headers={"Range": "bytes=0-1"})
    assert part.status_code == 206 and part.content == MP3[:2]
    assert part["Content-Range"] == f"bytes 0-1/{len(MP3)}" and part["Content-Length"] == "2"
    assert Client().get(f"/y/{made.pk}", headers={"Range": "bytes=-3"}).content == MP3[-3:]
    assert Client().get(f"/y/{made.pk}", headers={"Range": "bytes=9999-"}).status_code == 416


def test_a_guide_without_a_script_has_a_plain_player(sign_in, world):
    added(sign_in("inspector"), key="guide.unpaid", other="彝语")
    made = Recording.objects.get()
    assert "<audio" not in Client().get("/z/unpaid").text
    sign_in("leader").post(f"/guides/recordings/{made.pk}/hear")
    page = Client().get("/z/unpaid").text
    assert "听这一篇（彝语）" in page and f'<audio controls preload="none" src="/y/{made.pk}">' in page


def test_what_is_wrong_with_a_file_is_said_beside_its_passage(sign_in, world):
    page = added(sign_in("inspector"), sound=SimpleUploadedFile("a.mp3", b"MZ" + bytes(90), "audio/mpeg"))
    assert page.status_code == 422 and "程序" in page.text and not Recording.objects.exists()


def test_a_recording_is_taken_back_with_a_reason_and_the_list_goes_out_as_a_workbook(sign_in, world):
    inspector = sign_in("inspector")
    added(inspector)
    made = Recording.objects.get()
    assert inspector.post(f"/guides/recordings/{made.pk}/end", {"why": ""}).status_code == 422
    assert (
        "已停用" in inspector.post(f"/guides/recordings/{made.pk}/end", {"why": "念错了字"}, follow=True).text
    )
    assert inspector.get("/guides/recordings/export.xlsx").content[:2] == b"PK"
    assert inspector.post(f"/guides/recordings/{made.pk}/hear").status_code == 404
