"""A machine reads the photograph of a printed list and proposes its cells; a person looks at each before it counts.

The reader (RapidOCR with its models, on this machine, no network) is an optional part: ``requirements/ocr.txt``. It is
asked for, runs in the worker, and never overwrites what somebody has typed.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
from functools import cache, lru_cache
from io import BytesIO
from typing import Any

from django.db import transaction

from anxin.accounts.access import HANDLE, IMPORT, actor
from anxin.accounts.models import User
from anxin.clues.access import visible_clues
from anxin.clues.list_reading import Word, rows_of, word
from anxin.clues.list_typing import MOST_ROWS, Draft, TypedRow, put_draft
from anxin.clues.models import ListPhoto
from anxin.evidence import files
from anxin.evidence.journal import record
from anxin.kernel.refusal import Refused

#: after so long nobody waits any more: the worker stands still, or the picture was too much for it
_PATIENCE = dt.timedelta(minutes=3)
_NOTHING = "这张照片上没有认出带表头（姓名、身份证号、金额等）的打印表格，请对照着录入。"
_TYPED = "读的时候已经有人在录，没有放进读出的内容。"
_LONGEST_CELL = 60


@cache
def available() -> bool:
    """Whether the optional part is installed."""
    return importlib.util.find_spec("rapidocr_onnxruntime") is not None


def is_reading(photo: ListPhoto, now: dt.datetime) -> bool:
    """Whether the machine is at it, as far as one may hope."""
    asked = photo.reading_asked_at
    return asked is not None and photo.read_at is None and now - asked < _PATIENCE


def ask_reading(photo: ListPhoto, *, by: User, now: dt.datetime) -> None:
    """Have a photograph read, once; asked again, nothing changes. Raises :class:`Refused`."""
    if not any(visible_clues(by, one).filter(pk=photo.clue_id).exists() for one in (HANDLE, IMPORT)):
        raise Refused("您没有办理这条线索名单的权限，请联系负责该地区的同事。")
    if not available():
        raise Refused("本机没有安装识别程序，请对照照片录入；需要的请系统管理员按《管理员手册》安装。")
    with transaction.atomic():
        held = ListPhoto.objects.select_for_update(of=("self",)).select_related("clue").get(pk=photo.pk)
        if held.reading_asked_at is not None:
            return
        held.reading_asked_at = now
        held.save(update_fields=["reading_asked_at"])
        record(
            actor=actor(by),
            action="clue.list_reading_asked",
            object_type="clue",
            object_id=held.clue_id,
            summary=f"请机器读{held.clue}的名单照片，读出的内容逐格核对后才记入",
            now=now,
            after={"photo": held.pk},
        )
        transaction.on_commit(lambda: _enqueue(held.pk))


def read_photo(pk: int, *, now: dt.datetime) -> int:
    """Read it into its draft, every cell unsure; how many rows were found. Twice is as good as once."""
    photo = ListPhoto.objects.select_related("file").filter(pk=pk, read_at__isnull=True).first()
    if photo is None:
        return 0
    found = [_row(cells) for cells in _rows(files.read(photo.file))][
        :MOST_ROWS
    ]  # takes its time: outside the lock
    with transaction.atomic():
        held = ListPhoto.objects.select_for_update().get(pk=pk)
        held.read_at, held.read_note = now, "" if found else _NOTHING
        if found and held.draft is not None:
            found, held.read_note = [], _TYPED
        held.save(update_fields=["read_at", "read_note"])
        if found:
            put_draft(held, Draft(found))
    return len(found)


def _row(cells: dict[str, str]) -> TypedRow:
    said = {name: text[:_LONGEST_CELL] for name, text in cells.items() if text}
    return TypedRow(**said, unsure=list(said))


def _rows(data: bytes) -> list[dict[str, str]]:
    """The rows of a picture; of one that lies on its side, turned either way."""
    import numpy as np
    from PIL import Image

    with Image.open(BytesIO(data)) as picture:
        pixels = np.asarray(picture.convert("RGB"))[:, :, ::-1]
    words = _words(pixels)
    rows = rows_of(words)
    lies = sum(one.height > one.right - one.left for one in words) > len(words) / 2
    for turns in (1, 3) if lies and not rows else ():
        rows = rows or rows_of(_words(np.rot90(pixels, turns).copy()))
    return rows


def _words(pixels: Any) -> list[Word]:
    found, _ = _engine()(pixels)
    return [word(corners, text) for corners, text, _ in found or ()]


@lru_cache(maxsize=1)
def _engine() -> Any:
    from rapidocr_onnxruntime import RapidOCR

    return RapidOCR(intra_op_num_threads=1)  # the other core answers people meanwhile


def _enqueue(pk: int) -> None:
    from anxin.clues.tasks import read_list_task  # the task module needs the app registry

    read_list_task.enqueue(pk)
