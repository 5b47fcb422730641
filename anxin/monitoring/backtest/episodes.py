"""What would have been warned of, day by day, folded into one episode for each breach."""

from __future__ import annotations

import datetime as dt
from collections.abc import ItemsView, Iterable, Iterator
from dataclasses import dataclass, field

from anxin.monitoring.rules.framework import Finding, Rule, Subject, fingerprint

RED = 4


@dataclass
class Episode:
    """One breach from the first evaluated day that found it to the last one."""

    rule: str
    subject: Subject
    subject_id: int
    region: str
    #: empty for a standing condition
    month: str
    first: dt.date
    last: dt.date
    severity: int
    people: int
    amount_fen: int
    #: first evaluated day on which it was red; empty where it never was
    first_red: dt.date | None
    #: people named by the rows, where the rule is asked for them
    workers: frozenset[str] = frozenset()

    def see(self, finding: Finding, day: dt.date, workers: frozenset[str]) -> None:
        """Take in what a later day found."""
        self.last = day
        self.severity = max(self.severity, finding.severity)
        self.people = max(self.people, finding.people or 0)
        self.amount_fen = max(self.amount_fen, finding.amount_fen or 0)
        self.workers |= workers
        if finding.severity == RED and self.first_red is None:
            self.first_red = day


@dataclass
class Episodes:
    """All episodes of a period, by fingerprint."""

    _by_fingerprint: dict[str, Episode] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Episode]:
        return iter(self._by_fingerprint.values())

    def __len__(self) -> int:
        return len(self._by_fingerprint)

    def items(self) -> ItemsView[str, Episode]:
        """Fingerprint and episode."""
        return self._by_fingerprint.items()

    def get(self, fingerprint: str) -> Episode | None:
        return self._by_fingerprint.get(fingerprint)

    def take(self, episode: Episode) -> None:
        """Keep an episode of another run as it is."""
        self._by_fingerprint[fingerprint(episode.rule, episode.subject_id, episode.month)] = episode

    def of(self, code: str) -> list[Episode]:
        """The episodes of one rule, in the order in which they were found."""
        return [episode for episode in self if episode.rule == code]

    def add(
        self, finding: Finding, rule: Rule, day: dt.date, region: str, workers: Iterable[str] = ()
    ) -> None:
        """Take in one finding of one day. Days come in order."""
        known = self._by_fingerprint.get(finding.fingerprint)
        if known is not None:
            known.see(finding, day, frozenset(workers))
            return
        self._by_fingerprint[finding.fingerprint] = Episode(
            rule=finding.rule,
            subject=rule.subject,
            subject_id=finding.subject_id,
            region=region,
            month=finding.month,
            first=day,
            last=day,
            severity=finding.severity,
            people=finding.people or 0,
            amount_fen=finding.amount_fen or 0,
            first_red=day if finding.severity == RED else None,
            workers=frozenset(workers),
        )
