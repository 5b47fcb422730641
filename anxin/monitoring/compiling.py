"""From rules to SQL, once per day, law and dialect, however often they run.

Building and compiling the expressions of the whole pack takes seconds; running them over the facts of one
project takes milliseconds. A compiled rule depends on what it may look at and on nothing else: the day, the law,
the regions, and the agreed shape of the tables (:class:`FactTables` has no more than that). All of it stands in the
key, so a kept plan gives what a fresh one would.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from anxin.monitoring.engines.base import Engine, fields, to_sql
from anxin.monitoring.rules.facts import FactTables
from anxin.monitoring.rules.framework import Rule, RuleContext
from anxin.monitoring.rules.law_tables import LawTables

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.law import Law

#: plans that are kept: a few days and sets of regions; each holds some hundred kilobytes of text
_PLANS = 12


@dataclass(frozen=True)
class Query:
    """One compiled expression and what must be there before it runs, in this order."""

    sql: str
    schema: pa.Schema
    small: tuple[tuple[str, pa.Table], ...] = ()
    kept: tuple[str, ...] = ()


@dataclass(frozen=True)
class CompiledRule:
    rows: Query
    gaps: Query | None


@dataclass
class Plan:
    """The compiled rules of one day, law, set of regions and dialect. Grows as rules are asked for."""

    dialect: str
    as_of: dt.date
    law: Law
    regions: tuple[str, ...]
    _kept: dict[str, Query] = field(default_factory=dict)
    _shown: dict[str, ir.Table] = field(default_factory=dict)
    _needs: list[str] = field(default_factory=list)
    _rules: dict[tuple[Any, ...], CompiledRule] = field(default_factory=dict)
    _queries: dict[tuple[str, str], Query] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def rule(self, rule: Rule) -> CompiledRule:
        """The rule as SQL. Raises what the rule raises, such as :class:`~anxin.law.LawError`."""
        key = (rule.code, rule.rows, rule.gaps)
        with self._lock:
            if key not in self._rules:
                facts: Any = FactTables(self.regions)
                ctx = RuleContext(self.as_of, self.law, LawTables.named(), self._keep)
                gaps = rule.gaps
                self._rules[key] = CompiledRule(
                    rows=self._compile(lambda: rule.rows(facts, ctx)),
                    gaps=self._compile(lambda: gaps(facts, ctx).distinct()) if gaps else None,
                )
            return self._rules[key]

    def query(self, build: Callable[[Any, RuleContext], ir.Table]) -> Query:
        """The SQL of an expression that is not a rule's, such as what a forecast looks at."""
        key = (build.__module__, build.__qualname__)
        with self._lock:
            if key not in self._queries:
                ctx = RuleContext(self.as_of, self.law, LawTables.named(), self._keep)
                self._queries[key] = self._compile(lambda: build(FactTables(self.regions), ctx))
            return self._queries[key]

    def kept(self, name: str) -> Query:
        """The query of a table that several rules build on."""
        return self._kept[name]

    def _keep(self, name: str, build: Callable[[], ir.Table]) -> ir.Table:
        """A table worked out once per run: rules see its name and columns only."""
        import ibis

        if name not in self._kept:
            query = self._compile(build)
            self._kept[name] = query
            self._shown[name] = ibis.table(ibis.schema(query.schema), name=kept_name(name))
        self._needs += [need for need in (*self._kept[name].kept, name) if need not in self._needs]
        return self._shown[name]

    def _compile(self, build: Callable[[], ir.Table]) -> Query:
        import ibis.expr.operations as ops

        outer, self._needs = self._needs, []
        try:
            expression = build()
            given = {
                table.name: table.data.to_pyarrow(table.schema)
                for table in expression.op().find(ops.InMemoryTable)
            }
            return Query(
                to_sql(expression, self.dialect), fields(expression), tuple(given.items()), tuple(self._needs)
            )
        finally:
            self._needs = outer


class Run:
    """Compiled queries over one set of facts: what a query needs is made ready once."""

    def __init__(self, plan: Plan, engine: Engine) -> None:
        self._plan = plan
        self._engine = engine
        self._ready: set[str] = set()

    def fetch(self, query: Query) -> pa.Table:
        self._prepare(query)
        return self._engine.fetch(query.sql, query.schema)

    def _prepare(self, query: Query) -> None:
        for name in query.kept:
            if name not in self._ready:
                kept = self._plan.kept(name)
                self._prepare(kept)
                self._engine.keep(kept_name(name), kept.sql)
                self._ready.add(name)
        for name, table in query.small:
            if name not in self._ready:
                self._engine.put(name, table)
                self._ready.add(name)


def kept_name(name: str) -> str:
    """The name under which the engine holds a kept table."""
    return f"kept_{name}"


_plans: OrderedDict[tuple[Any, ...], Plan] = OrderedDict()
_plans_lock = threading.Lock()


def plan_for(dialect: str, as_of: dt.date, law: Law, regions: tuple[str, ...]) -> Plan:
    """The plan for these, kept from the last time or begun."""
    key = (dialect, as_of, law.digest(), regions)
    with _plans_lock:
        plan = _plans.pop(key, None) or Plan(dialect, as_of, law, regions)
        _plans[key] = plan
        while len(_plans) > _PLANS:
            _plans.popitem(last=False)
        return plan


def forget() -> None:
    """Drop every plan."""
    with _plans_lock:
        _plans.clear()
