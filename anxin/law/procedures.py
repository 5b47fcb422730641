"""Procedures as tables: states, transitions, who takes them, papers, articles and the clocks that run.

A table knows nothing of databases or days. ``parse_procedure`` reads one file into frozen dataclasses and
refuses what is malformed; ``procedure_checks.check_procedure`` holds it against statutes, parameters,
papers and bodies. Every message is one Chinese sentence naming file and entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anxin.law.errors import DataError, UnknownKey
from anxin.law.statutes import Reference, parse_references

#: name that stands for "the day the matter is opened" among the transitions a clock starts with
OPEN = "open"
#: name that stands, in ``restarted_by``, for "the matter is handed to another body", which is no step
TRANSFERRED = "transferred"
#: oversight: listed for supervision · deemed: the law says what silence means · party_may: a party may go
#: elsewhere · barred: a right is gone · escalate: the next step opens · notice: a reminder, nothing more
EFFECTS = ("oversight", "deemed", "party_may", "barred", "escalate", "notice")
#: passed: the whole period is over · missed: the last day went by unmet
WHENS = ("passed", "missed")
_CONFIDENCES = ("verified", "verified_secondary", "recalled", "derived", "unknown")


@dataclass(frozen=True)
class State:
    """Where a matter stands; a ``final`` one needs no way out."""

    key: str
    name: str
    final: bool
    note: str


@dataclass(frozen=True)
class Automatic:
    """The step follows by itself when ``clock`` has passed (minimum period) or is missed (limit)."""

    clock: str
    when: str


@dataclass(frozen=True)
class Transition:
    """One step. ``by``: one of these bodies suffices. ``documents``: all are needed before the step;
    of each group in ``any_of`` one is needed. ``checks``: parameters that are no clocks, shown beside it."""

    key: str
    name: str
    from_: tuple[str, ...]
    to: str
    by: tuple[str, ...]
    documents: tuple[str, ...]
    any_of: tuple[tuple[str, ...], ...]
    optional_documents: tuple[str, ...]
    checks: tuple[str, ...]
    references: tuple[Reference, ...]
    automatic: Automatic | None
    note: str


@dataclass(frozen=True)
class Missed:
    """What it means that a limit went by unmet; ``transition`` is the step that then opens."""

    effect: str
    says: str
    transition: str
    references: tuple[Reference, ...]


@dataclass(frozen=True)
class Clock:
    """A deadline or period of the law running in a procedure.

    ``starts``: transitions (or ``open``) whose date it is counted from. ``gates``: steps that wait until a
    minimum period is over, or until a party has used its right or let it go by. ``bars``: steps no longer possible after the last day. ``counts_back_from``: name
    of the event that a backward period is counted from. ``part``: sub-key where the value is a table.
    ``counts_from``: name of the event the law counts from where that is not the day of the step; its date is
    asked with the step, and until it is given the day of the step stands. ``when_known``: the clock does not
    run at all before that date is given. ``set_ahead``: that date is set in advance and may lie in the future
    (the end of a period), where otherwise it is known only once it has come. ``regions``: region codes or prefixes where the rule holds; empty
    everywhere.
    """

    key: str
    parameter: str
    starts: tuple[str, ...]
    met_by: tuple[str, ...]
    paused_by: tuple[str, ...]
    resumed_by: tuple[str, ...]
    extended_by: tuple[str, ...]
    restarted_by: tuple[str, ...]
    counts_back_from: str
    gates: tuple[str, ...]
    bars: tuple[str, ...]
    missed: Missed | None
    part: str
    only_for: str
    note: str
    counts_from: str = ""
    when_known: bool = False
    set_ahead: bool = False
    regions: tuple[str, ...] = ()

    def runs_in(self, region: str) -> bool:
        """Whether the rule holds in a region (code of any level)."""
        return not self.regions or region.startswith(self.regions)

    def transitions(self) -> tuple[str, ...]:
        """Every transition the clock names, ``open`` left out, each once."""
        named = [
            *self.starts, *self.met_by, *self.paused_by, *self.resumed_by, *self.extended_by,
            *(key for key in self.restarted_by if key != TRANSFERRED), *self.gates, *self.bars,
        ]  # fmt: skip
        if self.missed and self.missed.transition:
            named.append(self.missed.transition)
        return tuple(dict.fromkeys(name for name in named if name != OPEN))


@dataclass(frozen=True)
class Procedure:
    """One procedure of the law with its states, steps and clocks, in the order of the file."""

    key: str
    name: str
    purpose: str
    begins: str
    decided_by: tuple[str, ...]
    confidence: str
    references: tuple[Reference, ...]
    note: str
    documents: tuple[str, ...]
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    clocks: tuple[Clock, ...]

    @property
    def initial(self) -> State:
        return self.states[0]

    def state(self, key: str) -> State:
        """Raises :class:`UnknownKey`."""
        return _find(self.states, key, f"程序“{self.name}”没有名为“{key}”的状态")

    def transition(self, key: str) -> Transition:
        """Raises :class:`UnknownKey`."""
        return _find(self.transitions, key, f"程序“{self.name}”没有名为“{key}”的步骤")

    def clock(self, key: str) -> Clock:
        """Raises :class:`UnknownKey`."""
        return _find(self.clocks, key, f"程序“{self.name}”没有名为“{key}”的期限")

    def leaving(self, state: str) -> tuple[Transition, ...]:
        """The steps that may follow in this state."""
        return tuple(step for step in self.transitions if state in step.from_)

    def started_by(self, transition: str) -> tuple[Clock, ...]:
        """Clocks that begin with a step, or with the opening (``open``)."""
        return tuple(clock for clock in self.clocks if transition in clock.starts)

    def set_ahead(self) -> frozenset[str]:
        """Names of the events whose day is set in advance; of any other the day is known once it has come."""
        back = {clock.counts_back_from for clock in self.clocks}
        return frozenset(back | {clock.counts_from for clock in self.clocks if clock.set_ahead}) - {""}

    def met_by(self, transition: str) -> tuple[Clock, ...]:
        """Clocks that a step meets."""
        return tuple(clock for clock in self.clocks if transition in clock.met_by)

    def parameters(self) -> tuple[str, ...]:
        """Keys of all parameters used as clocks or shown beside steps, each once."""
        keys = [clock.parameter for clock in self.clocks]
        keys += [key for step in self.transitions for key in step.checks]
        return tuple(dict.fromkeys(keys))

    def documents_used(self) -> tuple[str, ...]:
        """Keys of all papers of the file and of its steps, each once."""
        keys = list(self.documents)
        for step in self.transitions:
            keys += [*step.documents, *(key for group in step.any_of for key in group)]
            keys += step.optional_documents
        return tuple(dict.fromkeys(keys))


_PROCEDURE = {
    "key", "name", "purpose", "begins", "decided_by", "confidence", "references", "note", "documents",
    "states", "transitions", "clocks",
}  # fmt: skip
_STATE = {"name", "final", "note"}
_TRANSITION = {
    "key", "name", "from", "to", "by", "documents", "any_of", "optional_documents", "checks", "references",
    "automatic", "note",
}  # fmt: skip
_CLOCK = {
    "key", "parameter", "starts", "met_by", "paused_by", "resumed_by", "extended_by", "restarted_by",
    "counts_back_from", "gates", "bars", "missed", "part", "only_for", "note", "counts_from", "when_known",
    "set_ahead", "regions",
}  # fmt: skip
_MISSED = {"effect", "says", "transition", "references"}


def parse_procedure(content: Mapping[str, Any], file: str) -> Procedure:
    """One procedure from a data file. Raises :class:`DataError` naming file and entry."""
    where = f"{file}：程序"
    _shape(content, _PROCEDURE, ("key", "name", "purpose", "begins", "decided_by", "states"), where)
    if f"{content['key']}.yaml" != file:
        raise DataError(f"{file}：程序的 key“{content['key']}”应与文件名相同，请改正。")
    if content.get("confidence") not in _CONFIDENCES:
        raise DataError(f"{where}的 confidence 应为 {'、'.join(_CONFIDENCES)} 之一。")
    return Procedure(
        key=content["key"],
        name=_text(content, "name", where),
        purpose=_text(content, "purpose", where),
        begins=_text(content, "begins", where),
        decided_by=_names(content, "decided_by", where),
        confidence=content["confidence"],
        references=parse_references(content.get("references", ()), where),
        note=_text(content, "note", where),
        documents=_names(content, "documents", where),
        states=_states(content["states"], file),
        transitions=_each(content.get("transitions"), _transition, f"{file}：步骤"),
        clocks=_each(content.get("clocks"), _clock, f"{file}：期限"),
    )


def _states(entries: Any, file: str) -> tuple[State, ...]:
    if not isinstance(entries, Mapping) or not entries:
        raise DataError(f"{file}：程序没有状态，states 应列出各状态，第一个为初始状态。")
    states = []
    for key, entry in entries.items():
        where = f"{file}：状态“{key}”"
        _shape(entry, _STATE, ("name",), where)
        note = _text(entry, "note", where)
        states.append(State(str(key), _text(entry, "name", where), _flag(entry, "final", where), note))
    return tuple(states)


def _transition(entry: Mapping[str, Any], where: str) -> Transition:
    _shape(entry, _TRANSITION, ("key", "name", "from", "to", "by"), where)
    groups = entry.get("any_of", ())
    if not _is_list(groups) or not all(_is_list(group) and len(group) > 1 for group in groups):
        raise DataError(f"{where}的 any_of 应为若干组文书，每组至少两份，形如 [[甲, 乙]]。")
    return Transition(
        key=entry["key"],
        name=_text(entry, "name", where),
        from_=_names(entry, "from", where),
        to=_text(entry, "to", where),
        by=_names(entry, "by", where),
        documents=_names(entry, "documents", where),
        any_of=tuple(tuple(group) for group in groups),
        optional_documents=_names(entry, "optional_documents", where),
        checks=_names(entry, "checks", where),
        references=parse_references(entry.get("references", ()), where),
        automatic=_automatic(entry.get("automatic"), where),
        note=_text(entry, "note", where),
    )


def _automatic(entry: Any, where: str) -> Automatic | None:
    if entry is None:
        return None
    _shape(entry, {"clock", "when"}, ("clock", "when"), f"{where}的 automatic ")
    if entry["when"] not in WHENS:
        raise DataError(f"{where}的 automatic.when 应为 {'、'.join(WHENS)} 之一，现在是“{entry['when']}”。")
    return Automatic(str(entry["clock"]), entry["when"])


def _clock(entry: Mapping[str, Any], where: str) -> Clock:
    _shape(entry, _CLOCK, ("key", "parameter"), where)
    return Clock(
        key=entry["key"],
        parameter=_text(entry, "parameter", where),
        starts=_names(entry, "starts", where),
        met_by=_names(entry, "met_by", where),
        paused_by=_names(entry, "paused_by", where),
        resumed_by=_names(entry, "resumed_by", where),
        extended_by=_names(entry, "extended_by", where),
        restarted_by=_names(entry, "restarted_by", where),
        counts_back_from=_text(entry, "counts_back_from", where),
        gates=_names(entry, "gates", where),
        bars=_names(entry, "bars", where),
        missed=_missed(entry.get("missed"), where),
        part=_text(entry, "part", where),
        only_for=_text(entry, "only_for", where),
        note=_text(entry, "note", where),
        counts_from=_text(entry, "counts_from", where),
        when_known=_flag(entry, "when_known", where),
        set_ahead=_flag(entry, "set_ahead", where),
        regions=_names(entry, "regions", where),
    )


def _missed(entry: Any, where: str) -> Missed | None:
    if entry is None:
        return None
    where = f"{where}的 missed "
    _shape(entry, _MISSED, ("effect", "says"), where)
    if entry["effect"] not in EFFECTS:
        raise DataError(f"{where}的 effect 应为 {'、'.join(EFFECTS)} 之一，现在是“{entry['effect']}”。")
    return Missed(
        effect=entry["effect"],
        says=_text(entry, "says", where),
        transition=_text(entry, "transition", where),
        references=parse_references(entry.get("references", ()), where),
    )


def _each(entries: Any, parse: Any, where: str) -> tuple[Any, ...]:
    if entries is None:
        return ()
    if not _is_list(entries):
        raise DataError(f"{where}应写成列表，每项一个 key。")
    parsed = []
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, Mapping) or not isinstance(entry.get("key"), str):
            raise DataError(f"{where}第{number}项没有 key，请补齐。")
        parsed.append(parse(entry, f"{where}“{entry['key']}”"))
    return tuple(parsed)


def _shape(entry: Any, allowed: set[str], needed: Sequence[str], where: str) -> None:
    if not isinstance(entry, Mapping):
        raise DataError(f"{where}应写成“名称: 内容”的形式，请检查缩进。")
    strange = sorted(str(name) for name in set(entry) - allowed)
    if strange:
        raise DataError(f"{where}有不认识的字段：{'、'.join(strange)}。")
    for name in needed:
        if not entry.get(name):
            raise DataError(f"{where}缺少 {name}，请补齐。")


def _text(entry: Mapping[str, Any], name: str, where: str) -> str:
    value = entry.get(name) or ""
    if not isinstance(value, str):
        raise DataError(f"{where}的 {name} 应为文字，现在是“{value}”。")
    return value.strip()


def _names(entry: Mapping[str, Any], name: str, where: str) -> tuple[str, ...]:
    value = entry.get(name) or ()
    if not _is_list(value) or not all(isinstance(item, str) for item in value):
        raise DataError(f"{where}的 {name} 应为代号的列表，形如 [甲, 乙]，现在是“{value}”。")
    if len(set(value)) != len(value):
        raise DataError(f"{where}的 {name} 有重复的代号，请删去一个。")
    return tuple(value)


def _flag(entry: Mapping[str, Any], name: str, where: str) -> bool:
    value = entry.get(name, False)
    if not isinstance(value, bool):
        raise DataError(f"{where}的 {name} 应为 true 或 false，现在是“{value}”。")
    return value


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _find(entries: Iterable[Any], key: str, missing: str) -> Any:
    for entry in entries:
        if entry.key == key:
            return entry
    raise UnknownKey(f"{missing}，请检查代号。")
