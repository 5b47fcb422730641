"""Which tables a query cannot do without: where they have no rows, it has none, and need not be asked.

Most tables say nothing about one site, and asking costs the same whether there is an answer or not. What is told here
is necessary and never more than that: what is not understood asks for nothing, and the query runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ibis.expr.types as ir

#: each set needs a row in at least one of its tables
Needs = frozenset[frozenset[str]]

NOTHING: Needs = frozenset()
#: a union of many joins would need a set for each way through it; leaving sets out only asks for less
_MOST = 64
#: a row out needs a row of both sides, or of the left one
_BOTH = frozenset({"inner", "semi", "cross", "asof"})
_LEFT = frozenset({"left", "anti"})


def needs_of(expression: ir.Table, kept: Mapping[str, Needs]) -> Needs:
    """What an expression over named tables needs; ``kept`` says it for tables that are themselves worked out."""
    return _Reader(kept).needs(expression.op())


def nothing_comes(needs: Needs, counts: Mapping[str, int]) -> bool:
    """Whether a query gives no row over tables of these sizes; a table of unknown size counts as having some."""
    return any(not any(counts.get(name, 1) for name in names) for names in needs)


class _Reader:
    """Goes through one expression, each part of it once."""

    def __init__(self, kept: Mapping[str, Needs]) -> None:
        self._kept = kept
        self._known: dict[Any, Needs] = {}

    def needs(self, part: Any) -> Needs:
        if part not in self._known:
            self._known[part] = self._of(part)
        return self._known[part]

    def _of(self, part: Any) -> Needs:
        import ibis.expr.operations as ops
        from ibis.expr.operations.relations import Reference, Simple

        if isinstance(part, ops.UnboundTable):
            return self._kept.get(part.name, frozenset({frozenset({part.name})}))
        if isinstance(part, ops.JoinChain):
            return self._joined(part)
        if isinstance(part, ops.Union):
            return _either(self.needs(part.left), self.needs(part.right))
        if isinstance(part, ops.Aggregate) and not part.groups:
            return NOTHING  # one row of nothing
        if isinstance(part, Simple | Reference | ops.Project | ops.DropColumns | ops.Aggregate):
            return self.needs(part.parent)
        return NOTHING

    def _joined(self, chain: Any) -> Needs:
        found = self.needs(chain.first)
        for link in chain.rest:
            if link.how in _BOTH:
                found |= self.needs(link.table)
            elif link.how not in _LEFT:
                return NOTHING
        return found


def _either(one: Needs, other: Needs) -> Needs:
    pairs = {left | right for left, right in product(one, other)}
    least: list[frozenset[str]] = []
    for names in sorted(pairs, key=lambda names: (len(names), sorted(names))):
        if not any(fewer <= names for fewer in least):
            least.append(names)
    return frozenset(least[:_MOST])
