"""What a kind of import is, and the registry in which the feature packages put theirs.

A feature package registers its kind when Django starts; this package never imports one. Recognising the
sheet is the same for all kinds (``anxin.sheets``); a kind only knows how to turn accepted rows into facts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from anxin.kernel.refusal import Refused

if TYPE_CHECKING:
    from anxin.evidence.journal import Actor
    from anxin.evidence.models import ImportBatch
    from anxin.kernel.months import Month
    from anxin.sheets import Recognition

#: (rows done, rows in all, what is being done)
Report = Callable[[int, int, str], None]


class ImportRefused(Refused):
    """The delivery cannot be taken as it is; the sentence tells the clerk why and what to do."""


@dataclass(frozen=True)
class RowProblem:
    """A problem that shows only against the records: ``rejected`` gives the row back, else it warns.

    ``field`` is the name of the column's field (``id_number``), so that the cell can be shown.
    """

    row: int
    reason: str
    rejected: bool = True
    field: str = ""


@dataclass(frozen=True)
class ApplyContext:
    """What a kind sees of one accepted batch. ``month``: stated by the clerk, else read from the sheet."""

    batch: ImportBatch
    recognition: Recognition
    month: Month | None
    actor: Actor
    now: dt.datetime
    report: Report
    #: what the kind made of the files that came with the list; ``None`` without any
    prepared: Any = None


@dataclass
class ApplyResult:
    """What a kind did with the rows.

    ``unchanged`` and ``superseded`` count the facts that were left alone or replaced; ``changes`` holds
    before/after pairs for the journal, identifiers and names masked. ``problems`` may end by themselves when other
    files arrive, so that the same file is worth delivering again; ``notes`` are warnings that do not. ``report`` is
    added to what the batch says about itself. ``employer_ids`` are those of whom something is known anew.
    """

    project_ids: list[int] = field(default_factory=list)
    employer_ids: list[int] = field(default_factory=list)
    months: list[str] = field(default_factory=list)
    inserted: int = 0
    unchanged: int = 0
    superseded: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    notes: list[RowProblem] = field(default_factory=list)
    report: dict[str, Any] = field(default_factory=dict)
    changes: list[dict[str, Any]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def rejected_rows(self) -> set[int]:
        return {problem.row for problem in self.problems if problem.rejected}


class ImportKind(Protocol):
    """One kind of file. ``kind`` is a key of ``anxin.sheets.KINDS`` or ``SIGNALS``, ``title`` what people read."""

    @property
    def kind(self) -> str: ...

    @property
    def title(self) -> str: ...

    def check(self, *, project_code: str) -> None:
        """Raise :class:`ImportRefused` when the delivery cannot be accepted, whatever its rows say."""

    def apply(self, context: ApplyContext) -> ApplyResult:
        """Write the accepted rows as facts, inside the caller's transaction. Raises :class:`ImportRefused`."""


@runtime_checkable
class TakesFiles(Protocol):
    """A kind whose list may come in a ZIP together with files that its rows speak of."""

    def prepare(self, batch: ImportBatch, *, now: dt.datetime) -> object:
        """Look at the files of ``batch.bundle``, outside the transaction: ``ApplyContext.prepared``."""


_kinds: dict[str, ImportKind] = {}


def register(kind: ImportKind) -> None:
    """Called once per kind from the feature's ``AppConfig.ready``."""
    _kinds[kind.kind] = kind


def kind_of(name: str) -> ImportKind:
    """The registered kind. Raises :class:`ImportRefused` with the names there are."""
    try:
        return _kinds[name]
    except KeyError:
        known = "、".join(f"{kind.kind}（{kind.title}）" for kind in _kinds.values())
        raise ImportRefused(f"没有“{name}”这种导入，可用的是：{known}。") from None


def kinds() -> list[ImportKind]:
    """Every registered kind, in the order of registration."""
    return list(_kinds.values())
