"""The picture of a seal: what may be one, and what of it is kept."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from anxin.evidence import files
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.letters.heads import enter_head
from anxin.letters.models import LetterHead
from tests.evidence import samples
from tests.letters.conftest import sealed

_HEAD = {"prefix": "云", "issuer": "云州市云城区人力资源和社会保障局"}


def entered(office, seal: bytes) -> LetterHead:
    return enter_head(office.body, _HEAD, by=office.leader, now=office.now, seal=seal)


def test_a_seal_stays_see_through_loses_its_notes_and_is_put_on_a_letter(office):
    drawn = samples.picture("PNG", "RGBA", (120, 120))
    head = entered(office, drawn)
    kept = files.read(head.seal)
    assert Image.open(io.BytesIO(kept)).mode == "RGBA" and head.seal.name.endswith(".png")
    assert sealed(office).sealed_file is not None
    assert b"SECRET" not in files.read(entered(office, samples.with_place()).seal)


@pytest.mark.parametrize(
    ("seal", "said"),
    [
        (samples.RUNNING["drawing"], "是网页或矢量图"),
        (samples.RUNNING["windows program"], "是程序"),
        (samples.GOOD["PDF"], "印章图片只收 PNG、JPG"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "没有收下"),
        (b"\x89PNG" + bytes(2 * 1024 * 1024), "印章图片超过2MB"),
    ],
)
def test_what_is_no_picture_is_no_seal_and_changes_nothing(office, seal, said):
    before = JournalEntry.objects.count()
    with pytest.raises(Refused, match=said) as caught:
        entered(office, seal)
    assert caught.value.field == "seal"
    assert LetterHead.objects.get(office=office.body).seal is None and JournalEntry.objects.count() == before
