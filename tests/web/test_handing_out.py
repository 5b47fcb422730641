"""How files are given back: typed by their own bytes, shown only where that can do no harm, never as a page of ours."""

from __future__ import annotations

import io

import pytest

from anxin.web.handing_out import handed_out, streamed
from tests.evidence import samples

_SHOWN = {"JPG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "HEIC", "PDF", "MP3", "M4A", "AMR", "WAV", "OGG", "MP4"}
_UNTYPED = {"TXT", "XML", "邮件"}


@pytest.mark.parametrize("title", samples.GOOD)
def test_only_what_a_browser_may_show_is_shown_and_only_where_it_was_asked_for(title):
    shown = handed_out(samples.GOOD[title], "来件", show=True)
    assert shown["Content-Disposition"].startswith("inline" if title in _SHOWN else "attachment")
    saved = handed_out(samples.GOOD[title], "来件")
    assert saved["Content-Disposition"].startswith("attachment")
    for answer in (shown, saved):
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert (answer["Content-Type"] == "application/octet-stream") == (title in _UNTYPED)
        assert ("Content-Security-Policy" in answer) == (title != "PDF")


@pytest.mark.parametrize("what", samples.RUNNING)
def test_what_would_run_is_a_file_without_a_type_whoever_kept_it(what):
    answer = handed_out(samples.RUNNING[what], "照片.jpg", show=True)
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"] and answer["X-Content-Type-Options"] == "nosniff"


def test_names_are_written_so_that_every_browser_reads_them_and_none_is_led_astray():
    answer = handed_out(b"%PDF-1.7", '申请"\r\nX-Evil: 1.html', plain="paper")
    assert "\r" not in answer["Content-Disposition"] and "X-Evil" not in answer
    assert (
        'filename="paper.pdf"' in answer["Content-Disposition"]
        and "%E7%94%B3" in answer["Content-Disposition"]
    )


def test_a_streamed_package_is_saved_without_a_type():
    answer = streamed(io.BytesIO(b"PK"), "数据包.zip")
    assert (
        answer["Content-Type"] == "application/octet-stream" and answer["X-Content-Type-Options"] == "nosniff"
    )
    assert answer["Content-Disposition"].startswith('attachment; filename="package.zip"')
