"""满意不满意, asked of both sides on their own pages once a mediation ended. It moves nothing and is counted with the results.

Each is asked where a sealed agreement stands on the own page, or a sealed notice that the mediation failed. What was said counts for the organisation and the mediator who had the case at its end, whoever has it later.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q

from anxin.evidence import journal
from anxin.evidence.journal import Actor
from anxin.kernel.refusal import Refused
from anxin.mediation.models import MediationPaper, MediationSatisfaction, Party, Stage
from anxin.mediation.models_papers import PaperKind
from anxin.referral.models import Satisfaction

Grade = Satisfaction.Grade
Side = MediationSatisfaction.Side
_OVER = (Stage.Outcome.AGREED, Stage.Outcome.FAILED)


@dataclass(frozen=True)
class Said:
    """Answers that hold, by grade."""

    content: int = 0
    fairly: int = 0
    not_: int = 0

    @property
    def all(self) -> int:
        return self.content + self.fairly + self.not_


def asked(papers: Sequence[MediationPaper], side: str, id_hash: str = "") -> dict[int, str]:
    """Paper → the grade that holds, empty where there is no answer yet; papers on which nobody is asked are left out.

    An employer is asked once a case, on the first of its papers here. ``id_hash``: that of the worker whose page it is, by
    which a notice of the end knows its party. Three queries.
    """
    stages = _ends([one.case_id for one in papers])
    rows = MediationSatisfaction.objects.filter(stage__in=stages.values(), side=side, superseded_at=None)
    known = _known([one.case_id for one in papers], id_hash)
    grades = {(one.stage_id, one.party_id): one.grade for one in rows}
    found: dict[int, str] = {}
    seen: set[int] = set()
    for paper in papers:
        stage = stages.get(paper.case_id)
        if (
            stage is None
            or not _asks(paper, side, known)
            or (side == Side.EMPLOYER and paper.case_id in seen)
        ):
            continue
        seen.add(paper.case_id)
        found[paper.pk] = grades.get((stage.pk, _party(paper, side, known)), "")
    return found


def say(
    paper: MediationPaper, side: str, grade: str, *, who: Actor, now: dt.datetime, id_hash: str = ""
) -> MediationSatisfaction:
    """The answer of the side whose page this paper stands on; said again it replaces the one before. Raises :class:`Refused`."""
    if grade not in Grade.values:
        raise Refused("请选一个：满意、基本满意，或者不满意。", field="grade")
    with transaction.atomic():
        # one answer after the other
        stages = Stage.objects.select_for_update(of=("self",)).select_related("case__matter")
        stage = stages.filter(case=paper.case_id, outcome__in=_OVER).order_by("-pk").first()
        known = _known([paper.case_id], id_hash)
        if stage is None or not _asks(paper, side, known):
            raise Refused("调解还没有结束，结束以后再请您评价。")
        party = _party(paper, side, known)
        was = MediationSatisfaction.objects.filter(
            stage=stage, side=side, party=party, superseded_at=None
        ).first()
        if was is not None and was.grade == grade:
            return was
        if was is not None:
            was.superseded_at = now
            was.save(update_fields=["superseded_at"])
        made = MediationSatisfaction.objects.create(
            stage=stage, side=side, party_id=party, grade=grade, by_name=who.name[:80], at=now
        )
        journal.record(
            actor=who, action="mediation.satisfaction", object_type="mediation_case", object_id=stage.case_id,
            summary=f"{stage.case}：{made.get_side_display()}对调解评价：{made.get_grade_display()}", now=now,
            after={"stage": stage.pk, "grade": grade, "again": was is not None},
        )  # fmt: skip
    return made


def of_bodies(pks: Sequence[int]) -> dict[int, Said]:
    """Organisation → what both sides said of the mediations that ended with it; one query."""
    return _counted("stage__body", pks)


def of_mediators(pks: Sequence[int]) -> dict[int, Said]:
    """Mediator → what both sides said of the mediations that they ended; one query."""
    return _counted("stage__mediator", pks)


def _counted(column: str, pks: Sequence[int]) -> dict[int, Said]:
    rows = MediationSatisfaction.objects.filter(**{f"{column}__in": pks}, superseded_at=None)
    counts = {name: Count("pk", filter=Q(grade=grade)) for name, grade in _NAMES.items()}
    return {row.pop(column): Said(**row) for row in rows.order_by().values(column).annotate(**counts)}


_NAMES = {"content": Grade.CONTENT, "fairly": Grade.FAIRLY, "not_": Grade.NOT}


def _ends(cases: Sequence[int]) -> dict[int, Stage]:
    """Case → the stage in which it ended; those that run are left out."""
    rows = Stage.objects.filter(case__in=cases, outcome__in=_OVER).order_by("pk")
    return {one.case_id: one for one in rows}


def _known(cases: Sequence[int], id_hash: str) -> dict[int, int]:
    """Case → the party that a worker is in it; nobody where the worker has no number here."""
    if not id_hash:
        return {}
    rows = Party.objects.filter(case__in=cases, id_hash=id_hash).order_by("-number")
    return dict(rows.values_list("case", "pk"))


def _asks(paper: MediationPaper, side: str, known: Mapping[int, int]) -> bool:
    if paper.sealed_at is None:
        return False
    if paper.kind == PaperKind.END:
        return side == Side.EMPLOYER or paper.case_id in known
    return paper.share_id is not None


def _party(paper: MediationPaper, side: str, known: Mapping[int, int]) -> int | None:
    if side == Side.EMPLOYER:
        return None
    return paper.share.party_id if paper.share is not None else known[paper.case_id]
