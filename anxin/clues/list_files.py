"""Files that come with a list of tickets in one ZIP: named in a column of the row, or in a folder called like the ticket."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from anxin.clues.masking import masked_words
from anxin.clues.models import Clue
from anxin.clues.ticket_files import DOOR, Typed, keep, typed
from anxin.evidence import bundles, files
from anxin.evidence.doors import check_size
from anxin.evidence.journal import Actor
from anxin.evidence.kinds import RowProblem
from anxin.evidence.models import ImportBatch
from anxin.kernel.refusal import Refused

FIELD = "attachments"
_BETWEEN = re.compile(r"[;；\n\r、，,|]+")
#: a cell that says 有 or 2 names no file
_FILE = re.compile(r"\.[A-Za-z0-9]{2,5}$")


@dataclass(frozen=True)
class Files:
    """The files of one archive: path → what it is, or the sentence that says why it is not taken."""

    looked: Mapping[str, Typed | str]
    _by_path: Mapping[str, str] = field(default_factory=dict)
    _by_name: Mapping[str, list[str]] = field(default_factory=dict)
    _by_folder: Mapping[str, list[str]] = field(default_factory=dict)

    def named(self, said: str) -> list[str]:
        """The paths that a name in a cell means: a path, or a name that one file bears; two of a name are both."""
        key = _key(said)
        if key in self._by_path:
            return [self._by_path[key]]
        return self._by_name.get(PurePosixPath(key).name, []) if "/" not in key else []

    def in_folder(self, number: str) -> list[str]:
        return self._by_folder.get(_key(number), [])


@dataclass
class Attached:
    """What became of the files of a list."""

    kept: int = 0
    known: int = 0
    missing: int = 0
    notes: list[RowProblem] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def as_report(self, found: Files | None) -> dict[str, int]:
        """For the page of the batch; ``loose`` files belong to no row."""
        loose = len(found.looked) - len(self.used) if found else 0
        return {"kept": self.kept, "known": self.known, "missing": self.missing, "loose": loose}


def look_at(batch: ImportBatch, *, now: dt.datetime) -> Files:
    """Look at every file of the archive by its content. Raises ``ImportRefused``, ``FileDamaged`` for the whole."""
    if batch.bundle is None:
        return Files({})
    bundle = bundles.opened(files.read(batch.bundle), batch.bundle.name)
    looked = {path: _looked(bundle, path, size, now) for path, size in bundle.files.items()}
    root = PurePosixPath(bundle.list_name).parent
    by_name: dict[str, list[str]] = defaultdict(list)
    by_folder: dict[str, list[str]] = defaultdict(list)
    by_path = {}
    for path in looked:
        pure = PurePosixPath(path)
        by_path[_key(path)] = path
        if pure.is_relative_to(root):
            by_path[_key(str(pure.relative_to(root)))] = path
        by_name[_key(pure.name)].append(path)
        for folder in pure.parent.parts:
            by_folder[_key(folder)].append(path)
    return Files(looked, by_path, by_name, by_folder)


def attach(
    rows: Iterable[tuple[Clue, int, str, str]], found: Files | None, *, actor: Actor, now: dt.datetime
) -> Attached:
    """Put its files beside each clue; ``rows``: the clue, the row, the ticket's number, what its cell says.

    A file that is missing or no picture or recording is told of at its row, and the row goes on.
    """
    result = Attached()
    for clue, row, number, said in rows:
        names = [one.strip() for one in _BETWEEN.split(said) if _FILE.search(one.strip())]
        paths: dict[str, None] = {}
        for name in names:
            meant = found.named(name) if found else []
            if len(meant) != 1:
                result.missing += 1
                result.notes.append(RowProblem(row, _absent(name, meant, found), rejected=False, field=FIELD))
            paths |= dict.fromkeys(meant if len(meant) == 1 else [])
        paths |= dict.fromkeys(found.in_folder(number) if found else [])
        for path in paths:
            _keep(result, clue, row, path, found, actor, now)
    return result


def _keep(
    result: Attached, clue: Clue, row: int, path: str, found: Files | None, actor: Actor, now: dt.datetime
) -> None:
    result.used.add(path)
    one = found.looked[path] if found else ""
    sentence = one if isinstance(one, str) else ""
    if isinstance(one, Typed):
        try:
            _, new = keep(clue, one, source=f"{actor.name}（随清单）", actor=actor, now=now)
        except Refused as refusal:
            sentence = refusal.sentence
        else:
            result.kept, result.known = result.kept + new, result.known + (not new)
    if sentence:
        words = f"附件“{_shown(path)}”没有收下：{sentence}"
        result.notes.append(RowProblem(row, words, rejected=False, field=FIELD))


def _looked(bundle: bundles.Bundle, path: str, size: int, now: dt.datetime) -> Typed | str:
    try:
        check_size(size, DOOR)  # before it is unpacked
        return typed(bundle.content(path), now=now)
    except Refused as refusal:
        return refusal.sentence


def _absent(name: str, meant: list[str], found: Files | None) -> str:
    shown = _shown(name)
    if meant:
        return f"压缩包里有{len(meant)}个叫“{shown}”的文件，不知道是哪一个；请在附件列写明文件夹，如“{_shown(meant[0])}”。"
    if found is None:
        return f"附件“{shown}”没有随清单送来；要带附件，请把清单和附件压缩成一个ZIP再导入。"
    return f"压缩包里没有附件“{shown}”，这张工单照常登记；补上文件后整包再导入一次即可。"


def _shown(path: str) -> str:
    return masked_words(path)[-80:]


def _key(said: str) -> str:
    """Names as people compare them: without regard to case, to the way of writing a slash, or to composed signs."""
    return unicodedata.normalize("NFC", said.strip().replace("\\", "/").removeprefix("./")).casefold()
