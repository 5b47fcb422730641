"""What a procedure table must keep before anybody may use it.

Every state reachable, every open state with a way out, everything that is named exists, and every clock can
be counted, met and explained. Pure: what the rest of the law offers comes in as :class:`Lookups`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from anxin.law.counting_rules import Counting
from anxin.law.errors import DataError
from anxin.law.procedures import OPEN, TRANSFERRED, Clock, Procedure, Transition
from anxin.law.statutes import Reference

#: sides whose own limits must say what follows when they are missed
_AUTHORITIES = ("bureau", "outside")


@dataclass(frozen=True)
class Lookups:
    """What the catalogues hold. ``parameters``: counting rule by key, ``None`` where it is no length of time.
    ``bodies``: side by key (bureau, party, outside, system)."""

    statutes: Collection[str]
    parameters: Mapping[str, Counting | None]
    documents: Collection[str]
    bodies: Mapping[str, str]


def check_procedure(procedure: Procedure, lookups: Lookups) -> None:
    """Raises :class:`DataError` naming the file and the entry that breaks a promise."""
    where = f"{procedure.key}.yaml"
    _unique(procedure, where)
    _steps(procedure, lookups, where)
    _ways(procedure, where)
    _known(procedure.documents, lookups.documents, f"{where}的 documents", "文书")
    _known(procedure.decided_by, lookups.bodies, f"{where}的 decided_by", "主体")
    _articles(procedure.references, lookups, where)
    for clock in procedure.clocks:
        _clock(clock, procedure, lookups, f"{where}：期限“{clock.key}”")


def _unique(procedure: Procedure, where: str) -> None:
    for what, keys in (
        ("步骤", [step.key for step in procedure.transitions]),
        ("期限", [clock.key for clock in procedure.clocks]),
    ):
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise DataError(f"{where}：{what}“{twice[0]}”出现了两次，代号不能重复。")
    if any(step.key == OPEN for step in procedure.transitions):
        raise DataError(f"{where}：步骤不能叫“{OPEN}”，这个名字留给立案（开始）之日。")
    if any(step.key == TRANSFERRED for step in procedure.transitions):
        raise DataError(f"{where}：步骤不能叫“{TRANSFERRED}”，这个名字留给移送其他承办单位。")


def _steps(procedure: Procedure, lookups: Lookups, where: str) -> None:
    states = {state.key for state in procedure.states}
    for step in procedure.transitions:
        here = f"{where}：步骤“{step.key}”"
        _known((*step.from_, step.to), states, here, "状态")
        _known(step.by, lookups.bodies, here, "主体")
        papers = [*step.documents, *step.optional_documents, *(key for group in step.any_of for key in group)]
        _known(papers, lookups.documents, here, "文书")
        _known(step.checks, lookups.parameters, here, "法规参数")
        _articles(step.references, lookups, here)
        _automatic(step, procedure, lookups, here)


def _automatic(step: Transition, procedure: Procedure, lookups: Lookups, where: str) -> None:
    if step.automatic is None:
        return
    if any(lookups.bodies[body] != "system" for body in step.by):
        raise DataError(f"{where}由期限自动触发，by 只能是系统。")
    if step.automatic.clock not in {clock.key for clock in procedure.clocks}:
        raise DataError(f"{where}所等的期限“{step.automatic.clock}”不在本程序的 clocks 里。")
    counting = lookups.parameters.get(procedure.clock(step.automatic.clock).parameter)
    waits = counting is not None and counting.bound == "min"
    if waits != (step.automatic.when == "passed"):
        raise DataError(
            f"{where}的 automatic.when 与期限“{step.automatic.clock}”不合："
            "最短期间用 passed（期满），最长期限用 missed（逾期）。"
        )


def _ways(procedure: Procedure, where: str) -> None:
    """From the first state everything can be reached, and only final states are dead ends."""
    reached, ahead = {procedure.initial.key}, [procedure.initial.key]
    while ahead:
        for step in procedure.leaving(ahead.pop()):
            if step.to not in reached:
                reached.add(step.to)
                ahead.append(step.to)
    for state in procedure.states:
        if state.key not in reached:
            raise DataError(f"{where}：状态“{state.name}”从初始状态走不到，请补上通向它的步骤。")
        if not state.final and not any(step.to != state.key for step in procedure.leaving(state.key)):
            raise DataError(f"{where}：状态“{state.name}”没有出路，请补上步骤或标为 final: true。")


def _clock(clock: Clock, procedure: Procedure, lookups: Lookups, where: str) -> None:
    _known((clock.parameter,), lookups.parameters, where, "法规参数")
    counting = lookups.parameters[clock.parameter]
    if counting is None:
        raise DataError(f"{where}的参数“{clock.parameter}”不是期限或期间，请改列入步骤的 checks。")
    if counting.extends:
        raise DataError(
            f"{where}的参数“{clock.parameter}”是“{counting.extends}”的延长，请在后者的期限上用 extended_by 写明。"
        )
    if counting.bound == "range":
        raise DataError(f"{where}的参数“{clock.parameter}”只是有效年份的范围，不能计算，请改列入 checks。")
    _known(clock.transitions(), {step.key for step in procedure.transitions}, where, "步骤")
    if not clock.starts and not clock.counts_back_from:
        raise DataError(f"{where}没有 starts，请写明从哪一步（或 {OPEN}）起算。")
    if counting.backward != bool(clock.counts_back_from):
        raise DataError(f"{where}：向前倒数的期限须写 counts_back_from，其他期限不能写。")
    if clock.set_ahead and not clock.counts_from:
        raise DataError(f"{where}写了 set_ahead，须同时用 counts_from 写明从哪个事件起算。")
    if clock.when_known and not (clock.counts_from or clock.counts_back_from):
        raise DataError(f"{where}写了 when_known，须同时用 counts_from 写明从哪个事件起算。")
    if any(not code.isdigit() for code in clock.regions):
        raise DataError(f"{where}的 regions 应为区划代码或其前几位，并加引号。")
    if bool(clock.paused_by) != bool(clock.resumed_by):
        raise DataError(f"{where}的 paused_by 与 resumed_by 须同时写，中止了要能恢复。")
    _bound(clock, counting, procedure, where)
    _extension(clock, lookups, where)
    _missed(clock, counting, procedure, lookups, where)


def _bound(clock: Clock, counting: Counting, procedure: Procedure, where: str) -> None:
    automatic = any(step.automatic and step.automatic.clock == clock.key for step in procedure.transitions)
    if counting.bound == "min" and (clock.met_by or clock.bars):
        raise DataError(f"{where}是最短期间，只能用 gates 写明期满后才可走的步骤，不能用 met_by 或 bars。")
    if counting.bound == "max" and clock.gates and not clock.bars:
        # Nobody waits for a limit to pass, but an office waits while a party may still use a right.
        raise DataError(f"{where}是最长期限，只有写了 bars 的当事人权利期限才能用 gates。")
    if counting.bound == "max" and not (clock.met_by or clock.bars or automatic):
        raise DataError(f"{where}没有 met_by，请写明走了哪一步算按期完成。")


def _extension(clock: Clock, lookups: Lookups, where: str) -> None:
    extensions = [key for key, rule in lookups.parameters.items() if rule and rule.extends == clock.parameter]
    if clock.extended_by and not extensions:
        raise DataError(f"{where}写了 extended_by，但没有参数延长“{clock.parameter}”。")


def _missed(clock: Clock, counting: Counting, procedure: Procedure, lookups: Lookups, where: str) -> None:
    """An authority that lets its own limit pass has to answer for it: the table says how."""
    if counting.bound == "min":
        return
    sides = {lookups.bodies[body] for key in clock.met_by for body in procedure.transition(key).by}
    if sides & set(_AUTHORITIES) and clock.missed is None:
        raise DataError(f"{where}是机关的办理期限，须写 missed：逾期怎么办。")
    if clock.missed:
        _articles(clock.missed.references, lookups, where)


def _known(keys: Iterable[str], catalogue: Collection[str], where: str, what: str) -> None:
    for key in keys:
        if key not in catalogue:
            raise DataError(f"{where}写了没有收录的{what}“{key}”，请检查代号。")


def _articles(references: Iterable[Reference], lookups: Lookups, where: str) -> None:
    _known((reference.statute for reference in references), lookups.statutes, where, "法规")
