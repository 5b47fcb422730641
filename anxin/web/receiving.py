"""The one place where a page reads a file out of a request: its size is asked before its bytes.

What the file is, the service behind the page asks (:mod:`anxin.evidence.doors`): a page keeps nothing by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from anxin.evidence.doors import Door, check_size
from anxin.kernel.refusal import Refused

TABLES = ".xlsx,.xls,.csv"
#: tables, and what banks and insurers send
MESSAGES = f"{TABLES},.txt,.xml"


@dataclass(frozen=True)
class Sent:
    """A file as it came: nothing about it has been looked at but its size."""

    data: bytes
    name: str


def sent(request: HttpRequest, name: str, door: Door) -> Sent | None:
    """The file of one field; ``None`` where none was chosen. Raises :class:`Refused` for one too large for ``door``."""
    upload = request.FILES.get(name)
    return _read(upload, door) if isinstance(upload, UploadedFile) else None


def chosen(request: HttpRequest, name: str, door: Door, ask: str) -> Sent:
    """The same where there must be one; ``ask`` is the sentence for an empty field. Raises :class:`Refused`."""
    found = sent(request, name, door)
    if found is None or not found.data:
        raise Refused(ask, field=name)
    return found


def number_of(request: HttpRequest, name: str) -> int:
    """How many files came in one field, the empty ones left out."""
    return sum(1 for one in request.FILES.getlist(name) if one.size)


def sent_many(request: HttpRequest, name: str, door: Door) -> Iterator[Sent]:
    """The files of one field, one at a time, the empty ones left out. Raises :class:`Refused`."""
    return (_read(one, door) for one in request.FILES.getlist(name) if one.size)


def tables(
    what: str = "文件", advice: str = "请拆分后再导入", *, most: int | None = None, field: str = "file"
) -> Door:
    """The door for tables and messages: kept as sent, up to ``most`` bytes or what the installation takes at all; their
    reader says what it cannot read."""
    return Door(what, (), "Excel表", most or settings.ANXIN_UPLOAD_LIMIT, advice, field=field, as_sent=True)


class SentField(forms.FileField):
    """A file in a form: cleaned to :class:`Sent`. ``door`` is asked when the form is, since it may hang on settings."""

    def __init__(self, *, door: Callable[[], Door], accept: str = "", **more: Any) -> None:
        self._door = door
        more.setdefault("widget", forms.FileInput(attrs={"accept": accept} if accept else {}))
        super().__init__(**more)
        self.error_messages["empty"] = "文件是空的，请重新选择。"

    def clean(self, data: Any, initial: Any = None) -> Sent | None:
        upload = super().clean(data, initial)
        if not isinstance(upload, UploadedFile):
            return None
        try:
            return _read(upload, self._door())
        except Refused as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal


def _read(upload: UploadedFile, door: Door) -> Sent:
    check_size(upload.size or 0, door)
    return Sent(upload.read(), upload.name or door.what)
