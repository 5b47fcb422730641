"""A list of tickets in a ZIP with its pictures and recordings: they stand beside the right clue, and nothing else does."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from PIL import Image

from anxin.clues.models import Clue, TicketFile
from anxin.evidence import files
from anxin.evidence.bundles import is_bundle
from anxin.evidence.imports import ImportRefused, accept_batch, open_batch
from anxin.evidence.journal import SYSTEM, Actor
from anxin.evidence.models import ImportBatch, ImportProblem, JournalEntry
from tests.clues.conftest import HEADINGS, NOW, ticket
from tests.signals.conftest import table


def picture(colour: str = "red") -> bytes:
    made, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "SECRET PLACE"
    Image.new("RGB", (40, 30), colour).save(made, "JPEG", exif=exif)
    return made.getvalue()


def rows(*said: str) -> bytes:
    """A list of tickets GD-1, GD-2, …, each with what its cell 附件 says."""
    lines = [
        (*ticket(f"GD-{at}", f"第{at}组的工资三个月没有发，共5人。"), cell) for at, cell in enumerate(said, 1)
    ]
    return table((*HEADINGS, "附件"), *lines)


def packed(members: dict[str, bytes | str], **more: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = more.get("attr", 0)
            archive.writestr(info, data)
    return made.getvalue()


@pytest.fixture
def bring(office, home) -> Callable[..., ImportBatch]:
    def take(data: bytes, name: str = "热线.zip") -> ImportBatch:
        who = Actor(f"user:{office.clerk.pk}", str(office.clerk))
        batch = open_batch(kind="hotline", data=data, filename=name, actor=who, now=NOW)
        assert batch.recognition is not None, batch.refusal
        return batch if batch.already_accepted else accept_batch(batch.pk, actor=who, now=NOW)

    return take


def of(number: str) -> list[str]:
    return list(TicketFile.objects.filter(clue__sender_number=number).values_list("name", flat=True))


def told(batch: ImportBatch) -> list[tuple[int, str]]:
    return list(ImportProblem.objects.filter(batch=batch).order_by("row", "pk").values_list("row", "reason"))


def test_files_named_in_the_column_and_files_in_the_tickets_folder(bring):
    batch = bring(
        packed(
            {
                "本周/工单.csv": rows("欠条.jpg；图/IMG2.JPG", "", "没有"),
                "本周/欠条.jpg": picture(),
                "本周/图/img2.jpg": picture("blue"),
                "本周/GD-2/录音.amr": b"#!AMR\n" + b"\0" * 60,
                "__MACOSX/本周/._欠条.jpg": b"x",
                "本周/谁的.jpg": picture("green"),
            }
        )
    )
    assert (of("GD-1"), of("GD-2"), of("GD-3")) == (["照片1.jpg", "照片2.jpg"], ["录音1.amr"], [])
    assert batch.report["attachments"] == {"kept": 3, "known": 0, "missing": 0, "loose": 1}
    assert (batch.filename, batch.bundled, told(batch)) == ("工单.csv", 4, [])


def test_a_picture_is_written_anew_without_what_the_camera_noted(bring):
    bring(packed({"工单.csv": rows("a.jpg"), "a.jpg": picture()}))
    kept = TicketFile.objects.get()
    data = files.read(kept.file)
    assert b"SECRET" not in data and Image.open(io.BytesIO(data)).size == (40, 30)
    assert (kept.content_type, kept.centre_name) == ("image/jpeg", "某clerk（随清单）")
    assert JournalEntry.objects.filter(action="clue.ticket_file", object_id=str(kept.clue_id)).count() == 1


def test_a_row_whose_file_is_missing_goes_on_and_says_which(bring):
    batch = bring(packed({"工单.csv": rows("有的.jpg;没有的.jpg"), "有的.jpg": picture()}))
    assert (Clue.objects.count(), of("GD-1")) == (1, ["照片1.jpg"])
    ((row, sentence),) = told(batch)
    assert row == 2 and "没有附件“没有的.jpg”" in sentence and "再导入一次" in sentence


def test_what_is_neither_picture_nor_recording_is_not_taken_whatever_it_is_called(bring):
    page = b"<html><script>alert(1)</script></html>"
    batch = bring(packed({"工单.csv": rows("a.jpg；b.jpg"), "a.jpg": page, "b.jpg": b"MZ\x90\0" * 20}))
    assert (Clue.objects.count(), TicketFile.objects.count()) == (1, 0)
    assert "这个附件是程序" in told(batch)[1][1]
    assert [row for row, _ in told(batch)] == [2, 2] and "这个附件是网页" in told(batch)[0][1]


def test_two_files_of_one_name_are_not_guessed_at(bring):
    batch = bring(packed({"工单.csv": rows("1.jpg"), "甲/1.jpg": picture(), "乙/1.jpg": picture("blue")}))
    assert of("GD-1") == [] and "不知道是哪一个" in told(batch)[0][1]


def test_the_same_again_changes_nothing_and_what_was_missing_can_follow(bring):
    first = {"工单.csv": rows("a.jpg;b.jpg"), "a.jpg": picture()}
    bring(packed(first))
    assert bring(packed(first)).already_accepted
    assert (ImportBatch.objects.count(), TicketFile.objects.count()) == (1, 1)
    again = bring(packed({**first, "b.jpg": picture("blue")}))
    assert again.report["attachments"] == {"kept": 1, "known": 1, "missing": 0, "loose": 0}
    assert (Clue.objects.count(), of("GD-1"), again.rows_unchanged) == (1, ["照片1.jpg", "照片2.jpg"], 1)


def test_a_list_alone_that_names_files_is_taken_and_told_how_to_bring_them(bring):
    batch = bring(rows("a.jpg", "有", "2"), "工单.csv")
    assert Clue.objects.count() == 3 and batch.bundle is None
    assert [(row, "压缩成一个ZIP" in sentence) for row, sentence in told(batch)] == [(2, True)]


def test_names_that_windows_wrote_in_its_own_code_page_are_read(bring):
    data = packed({"a.csv": rows("欠条.jpg"), "????.jpg": picture()}).replace(
        b"????.jpg", "欠条".encode("gb18030") + b".jpg"
    )
    bring(data)
    assert of("GD-1") == ["照片1.jpg"]


@pytest.mark.parametrize(
    "members, more, words",
    [
        ({"工单.csv": rows(""), "../../etc/cron.jpg": b"x"}, {}, "指向包外"),
        ({"工单.csv": rows(""), "/a.jpg": b"x"}, {}, "指向包外"),
        ({"工单.csv": rows(""), "C:\\a.jpg": b"x"}, {}, "指向包外"),
        ({"工单.csv": rows(""), "a.jpg": b"/etc/passwd"}, {"attr": 0o120777 << 16}, "链接"),
        ({"工单.csv": rows(""), "a.jpg": b"\0" * (30 << 20)}, {}, "压缩炸弹"),
        ({"a.jpg": b"x"}, {}, "没有清单"),
        ({"工单.csv": rows(""), "别的.csv": rows("")}, {}, "有2张表"),
        ({"工单.csv": rows("")} | {f"{at}.jpg": b"x" for at in range(301)}, {}, "最多300个附件"),
    ],
)  # fmt: skip
def test_what_is_unsafe_or_unclear_is_refused_as_a_whole(office, home, members, more, words):
    with pytest.raises(ImportRefused, match=words):
        open_batch(kind="hotline", data=packed(members, **more), filename="热线.zip", actor=SYSTEM, now=NOW)
    assert not ImportBatch.objects.exists()


def test_a_workbook_is_no_bundle_and_other_kinds_take_none(office, home):
    assert not is_bundle(packed({"[Content_Types].xml": "x", "xl/workbook.xml": "x"}))
    data = packed({"工单.csv": rows("")})
    refused = open_batch(
        kind="payroll", data=data, filename="a.zip", actor=SYSTEM, now=NOW, project_code="P1"
    )
    assert (refused.state, refused.bundle) == (ImportBatch.State.REFUSED, None)
