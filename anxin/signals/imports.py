"""Registers that other bodies deliver become facts: all rows of a file at once, good ones go on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models

from anxin.evidence import bulk
from anxin.evidence.kinds import ApplyContext, ApplyResult, RowProblem
from anxin.evidence.sealing import finding_hash
from anxin.registry.employers import take_in_employers
from anxin.registry.models import Employer, Project, Region
from anxin.sheets import SIGNALS
from anxin.signals.models import SourceMonth
from anxin.workforce.models import Worker

if TYPE_CHECKING:
    from anxin.sheets.result import ParsedRow

Values = dict[str, Any]


@dataclass(frozen=True)
class References:
    """What the rows of a file refer to by number, looked up once for all of them."""

    employers: Mapping[str, int]
    projects: Mapping[str, int]
    workers: Mapping[str, int]
    regions: Collection[str]


@dataclass(frozen=True)
class SignalImport:
    """One kind of register: which model its rows become, and by what a row is known again."""

    kind: str
    model: type[models.Model]
    #: columns of the model that the file fills
    columns: tuple[str, ...]
    key: tuple[str, ...]
    #: the one column of the key by which the current facts are fetched
    narrow: str
    #: values of a row that refer to something → the column they fill
    refers: Mapping[str, str]
    complete: Callable[[Values], None] = lambda values: None
    #: (starts, ends): days that must stand in this order
    ordered: tuple[tuple[str, str], ...] = ()
    #: columns that tell which source has delivered which month
    sources: Mapping[str, str] | None = None

    @property
    def title(self) -> str:
        return SIGNALS[self.kind].title

    def check(self, *, project_code: str) -> None:
        """Every register may be delivered; which project a row is about stands in the row."""

    def apply(self, context: ApplyContext) -> ApplyResult:
        result = ApplyResult()
        rows = self._in_order(context.recognition.rows, result)
        references = _references(rows, self.refers)
        if self.kind == "employers":
            references = _take_in(rows, references, context, result)
        context.report(len(rows) // 3, len(rows), "对应单位和项目")
        incoming = self._incoming(rows, references, result)
        context.report(len(rows) // 2, len(rows), f"写入{self.title}")
        written = write_facts(self.model, self.columns, self.key, self.narrow, incoming, context, result)
        result.employer_ids = _employers_of(self.columns, written)
        if self.sources:
            _note_sources(self.sources, self.columns, incoming, context)
        if "project_id" in self.columns:
            at = self.columns.index("project_id")
            result.project_ids = sorted({values[at] for _, values in incoming if values[at] is not None})
        return result

    def _in_order(self, rows: Sequence[ParsedRow], result: ApplyResult) -> Sequence[ParsedRow]:
        if not self.ordered:
            return rows
        kept = []
        for row in rows:
            wrong = next(
                (
                    (start, end)
                    for start, end in self.ordered
                    if row.values.get(start) and row.values.get(end) and row.values[end] < row.values[start]
                ),
                None,
            )
            if wrong is None:
                kept.append(row)
                continue
            titles = [SIGNALS[self.kind].title_of(name) for name in wrong]
            sentence = f"{titles[1]}{row.values[wrong[1]]}早于{titles[0]}{row.values[wrong[0]]}，请核对。"
            result.problems.append(RowProblem(row.number, sentence, field=wrong[1]))
        return kept

    def _incoming(
        self, rows: Sequence[ParsedRow], references: References, result: ApplyResult
    ) -> list[tuple[int, tuple[Any, ...]]]:
        incoming = []
        for row in rows:
            values = row.values
            problem = _refer(values, self.refers, references)
            if problem:
                result.problems.append(RowProblem(row.number, problem[1], field=problem[0]))
                continue
            self.complete(values)
            incoming.append((row.number, tuple(values.get(name) for name in self.columns)))
        return incoming


def write_facts(
    model: type[models.Model],
    columns: Sequence[str],
    key: Sequence[str],
    narrow: str,
    incoming: Sequence[tuple[int, tuple[Any, ...]]],
    context: ApplyContext,
    result: ApplyResult,
) -> list[tuple[Any, ...]]:
    """Insert what is new, replace what differs, leave what is the same; returns the values written and replaced."""
    places = [columns.index(name) for name in key]
    at = columns.index(narrow)
    current = {
        tuple(values[place] for place in places): (pk, values)
        for pk, values in _current(model, columns, narrow, {values[at] for _, values in incoming})
    }
    new: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    replaced: dict[int, tuple[Any, ...]] = {}
    for number, values in incoming:
        this = tuple(values[place] for place in places)
        old = current.get(this)
        if old is not None and old[1] == values:
            result.unchanged += 1
            continue
        if old is not None:
            replaced[old[0]] = old[1]
        new[this] = (*values, number)
    result.superseded += bulk.supersede(model, replaced, by=context.batch.pk, now=context.now)
    result.inserted += len(new)
    constants = {"batch_id": context.batch.pk, "recorded_at": context.now}
    bulk.insert(model, (*columns, "row_number"), list(new.values()), constants=constants)
    return [*replaced.values(), *(values[:-1] for values in new.values())]


def _employers_of(columns: Sequence[str], written: Sequence[tuple[Any, ...]]) -> list[int]:
    """Whom the values are about; of a link both."""
    places = [columns.index(name) for name in ("employer_id", "other_id") if name in columns]
    return sorted({values[place] for values in written for place in places if values[place] is not None})


def _current(
    model: type[models.Model], columns: Sequence[str], narrow: str, values: Iterable[Any]
) -> Iterable[tuple[int, tuple[Any, ...]]]:
    manager = model._default_manager.filter(superseded_at__isnull=True)
    for piece in bulk.chunks(values):
        rows = manager.filter(**{f"{narrow}__in": piece}).values_list("pk", *columns)
        for pk, *found in rows.iterator(chunk_size=20_000):
            yield pk, tuple(found)


def _references(rows: Sequence[ParsedRow], refers: Mapping[str, str]) -> References:
    def said(*names: str) -> set[str]:
        return {row.values[name] for row in rows for name in names if row.values.get(name)}

    def wanted(*names: str) -> list[str]:
        return [name for name in names if name in refers]

    projects, workers = said(*wanted("project")), said(*wanted("id_number"))
    hashes = {number: finding_hash("id", number) for number in workers}
    people = dict(bulk.look_up(Worker, "id_hash", hashes.values(), ("id",)))
    employers = said(*wanted("uscc", "other"))
    regions = said(*wanted("region"))
    return References(
        employers=dict(bulk.look_up(Employer, "uscc", employers, ("id",))),
        projects=dict(bulk.look_up(Project, "code", projects, ("id",))),
        workers={number: people[mark] for number, mark in hashes.items() if mark in people},
        regions=set(Region.objects.filter(code__in=regions).values_list("code", flat=True)),
    )


def _take_in(
    rows: Sequence[ParsedRow], references: References, context: ApplyContext, result: ApplyResult
) -> References:
    """The register of businesses is the one file whose employers may be new."""
    taken = take_in_employers(
        [
            (row.values["uscc"], row.values["employer_name"][:120], row.values["region"])
            for row in rows
            if row.values["region"] in references.regions
        ],
        source=f"导入“{context.batch.filename}”",
        actor=context.actor,
        now=context.now,
    )
    result.counts.update(employers_registered=taken.registered, employers_changed=taken.changed)
    return References(taken.ids, references.projects, references.workers, references.regions)


def _refer(values: Values, refers: Mapping[str, str], found: References) -> tuple[str, str] | None:
    """Put the ids of what the row refers to into its values; the field and sentence of what is not known."""
    for name, column in refers.items():
        said = values.get(name)
        if said is None:
            values[column] = None
        elif name in ("uscc", "other"):
            if said not in found.employers:
                return name, f"统一社会信用代码{said}还没有登记，请先导入用人单位登记，再导入这份文件。"
            values[column] = found.employers[said]
            if name == "other" and said == values["uscc"]:
                return name, "关联单位不能是它自己，请核对。"
        elif name == "project":
            if said not in found.projects:
                return name, f"项目编码“{said}”没有登记，请核对编码，或先登记项目。"
            values[column] = found.projects[said]
        elif name == "id_number":
            if said not in found.workers:
                return name, "这个身份证号不在实名制人员中，请先导入花名册。"
            values[column] = found.workers[said]
        elif said not in found.regions:
            return name, f"区划代码“{said}”没有登记，请核对。"
        else:
            values[column] = said
    return None


def _note_sources(
    sources: Mapping[str, str],
    columns: Sequence[str],
    incoming: Sequence[tuple[int, tuple[Any, ...]]],
    context: ApplyContext,
) -> None:
    """Which source has now delivered which month for which region."""
    employer, month = columns.index("employer_id"), columns.index("month")
    ids = {values[employer] for _, values in incoming}
    regions = dict(bulk.look_up(Employer, "id", ids, ("region_id",)))  # type: ignore[arg-type]
    delivered: set[tuple[str, str, str]] = set()
    for column, source in sources.items():
        at = columns.index(column)
        delivered.update(
            (source, regions[values[employer]], values[month])
            for _, values in incoming
            if values[at] is not None and regions[values[employer]]
        )
    rows = [(0, entry) for entry in sorted(delivered)]
    # its own result: what a delivery says about itself is not counted among its rows
    write_facts(
        SourceMonth,
        ("source", "region_id", "month"),
        ("source", "region_id", "month"),
        "month",
        rows,
        context,
        ApplyResult(),
    )
