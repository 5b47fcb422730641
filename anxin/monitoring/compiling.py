"""From rules to SQL, once for a law and a dialect and hardly ever again, however often they run.

Building and compiling the expressions of the whole pack takes seconds; running them over the facts of one
project takes milliseconds. A compiled rule depends on what it may look at and on nothing else: the law, the
regions, the agreed shape of the tables (:class:`FactTables` has no more than that), which stand in the key; and the
day, which notes what is asked of it (:mod:`anxin.monitoring.today`). So a kept rule gives what a fresh one would.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from anxin.monitoring.emptiness import NOTHING, Needs, needs_of, nothing_comes
from anxin.monitoring.engines.base import Engine, fields, to_sql
from anxin.monitoring.rules.facts import FactTables
from anxin.monitoring.rules.framework import Rule, RuleContext
from anxin.monitoring.rules.law_tables import LawTables
from anxin.monitoring.today import Question, Watch, Watched, checked, filled_in, holds

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.law import Law

#: laws, regions and dialects for which compiled rules are kept; each holds some megabytes of text
_SHELVES = 6
#: forms of one rule for different days: most need one, some one a month or one a day
_FORMS = 8


@dataclass(frozen=True)
class Query:
    """One compiled expression, with marks for the day, and what must be there before it runs, in this order."""

    sql: str
    schema: pa.Schema
    small: tuple[tuple[str, pa.Table], ...] = ()
    kept: Mapping[str, Query] = field(default_factory=dict)
    #: tables without which it gives no row
    needs: Needs = NOTHING


@dataclass(frozen=True)
class CompiledRule:
    rows: Query
    gaps: Query | None


@dataclass
class _Forms:
    """What one rule (or kept table) was compiled to, with the questions that each form rests on."""

    forms: list[tuple[tuple[tuple[Question, Any], ...], Any]] = field(default_factory=list)

    def of(self, day: dt.date) -> tuple[tuple[tuple[Question, Any], ...], Any] | None:
        for place, (asked, made) in enumerate(self.forms):
            if holds(asked, day):
                self.forms.insert(0, self.forms.pop(place))
                return asked, made
        return None

    def add(self, asked: tuple[tuple[Question, Any], ...], made: Any) -> None:
        self.forms.insert(0, (asked, made))
        del self.forms[_FORMS:]


@dataclass
class Shelf:
    """The compiled rules of one law, set of regions and dialect. Grows as rules are asked for."""

    dialect: str
    law: Law
    regions: tuple[str, ...]
    _kept: dict[str, _Forms] = field(default_factory=dict)
    _rules: dict[tuple[Any, ...], _Forms] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def rule(self, rule: Rule, day: dt.date) -> CompiledRule:
        """The rule as SQL. Raises what the rule raises, such as :class:`~anxin.law.LawError`."""
        with self._lock:
            forms = self._rules.setdefault((rule.code, rule.rows, rule.gaps), _Forms())
            if found := forms.of(day):
                return found[1]  # type: ignore[no-any-return]
            watch = Watch(day)
            builder = _Builder(self, watch)
            gaps = rule.gaps
            compiled = CompiledRule(
                rows=builder.compile(lambda facts, ctx: rule.rows(facts, ctx)),
                gaps=builder.compile(lambda facts, ctx: gaps(facts, ctx).distinct()) if gaps else None,
            )
            forms.add(tuple(watch.asked), compiled)
            return compiled

    def query(self, build: Callable[[Any, RuleContext], ir.Table], day: dt.date) -> Query:
        """The SQL of an expression that is not a rule's, such as what a forecast looks at."""
        with self._lock:
            forms = self._rules.setdefault((build,), _Forms())
            if found := forms.of(day):
                return found[1]  # type: ignore[no-any-return]
            watch = Watch(day)
            query = _Builder(self, watch).compile(build)
            forms.add(tuple(watch.asked), query)
            return query

    def kept(self, name: str, build: Callable[[], ir.Table], builder: _Builder) -> Query:
        """A table that several rules build on; what it asked of the day counts as asked by each of them."""
        forms = self._kept.setdefault(name, _Forms())
        if found := forms.of(builder.watch.day):
            builder.watch.asked += found[0]
            return found[1]  # type: ignore[no-any-return]
        before = len(builder.watch.asked)
        query = builder.compile(lambda _facts, _ctx: build())
        forms.add(tuple(builder.watch.asked[before:]), query)
        return query


class _Builder:
    """Compiles the expressions of one rule on one day."""

    def __init__(self, shelf: Shelf, watch: Watch) -> None:
        self.watch = watch
        self._shelf = shelf
        self._needs: dict[str, Query] = {}
        law: Any = Watched(shelf.law, watch)
        self._facts: Any = FactTables(shelf.regions)
        self._ctx = RuleContext(watch.today(), law, LawTables.named(), self._keep)

    def compile(self, build: Callable[[Any, RuleContext], ir.Table]) -> Query:
        import ibis.expr.operations as ops

        outer, self._needs = self._needs, {}
        try:
            expression = build(self._facts, self._ctx)
            given = {
                table.name: table.data.to_pyarrow(table.schema)
                for table in expression.op().find(ops.InMemoryTable)
            }
            sql = checked(to_sql(expression, self._shelf.dialect), given.values())
            needs = needs_of(expression, {name: query.needs for name, query in self._needs.items()})
            return Query(sql, fields(expression), tuple(given.items()), self._needs, needs)
        finally:
            self._needs = outer

    def _keep(self, name: str, build: Callable[[], ir.Table]) -> ir.Table:
        """A table worked out once per run: rules see its name and columns only."""
        import ibis

        query = self._shelf.kept(name, build, self)
        called = f"kept_{name}_{hashlib.sha256(query.sql.encode()).hexdigest()[:12]}"
        self._needs[called] = query
        return ibis.table(ibis.schema(query.schema), name=called)


@dataclass(frozen=True)
class Plan:
    """The compiled rules on one day."""

    shelf: Shelf
    as_of: dt.date

    @property
    def law(self) -> Law:
        return self.shelf.law

    def rule(self, rule: Rule) -> CompiledRule:
        return self.shelf.rule(rule, self.as_of)

    def query(self, build: Callable[[Any, RuleContext], ir.Table]) -> Query:
        """The expression of a function of a module, compiled like a rule and kept by that function."""
        return self.shelf.query(build, self.as_of)


class Run:
    """Compiled queries over one set of facts: what a query needs is made ready once.

    With ``counts``, the rows of each table, a query that cannot give a row is not asked.
    """

    def __init__(self, plan: Plan, engine: Engine, counts: Mapping[str, int] | None = None) -> None:
        self._day = plan.as_of
        self._engine = engine
        self._counts = counts or {}
        self._ready: set[str] = set()

    def fetch(self, query: Query) -> pa.Table:
        if nothing_comes(query.needs, self._counts):
            return query.schema.empty_table()
        self._prepare(query)
        return self._engine.fetch(filled_in(query.sql, self._day), query.schema)

    def _prepare(self, query: Query) -> None:
        for name, kept in query.kept.items():
            if name not in self._ready:
                self._prepare(kept)
                self._engine.keep(name, filled_in(kept.sql, self._day))
                self._ready.add(name)
        for name, table in query.small:
            if name not in self._ready:
                self._engine.put(name, table)
                self._ready.add(name)


_shelves: OrderedDict[tuple[Any, ...], Shelf] = OrderedDict()
_shelves_lock = threading.Lock()


def plan_for(dialect: str, as_of: dt.date, law: Law, regions: tuple[str, ...]) -> Plan:
    """The plan for these: what was compiled before is kept."""
    key = (dialect, law.digest(), regions)
    with _shelves_lock:
        shelf = _shelves.pop(key, None) or Shelf(dialect, law, regions)
        _shelves[key] = shelf
        while len(_shelves) > _SHELVES:
            _shelves.popitem(last=False)
        return Plan(shelf, as_of)


def forget() -> None:
    """Drop whatever was compiled."""
    with _shelves_lock:
        _shelves.clear()
