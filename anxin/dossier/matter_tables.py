"""What casework knows of the matter, as tables: itself, steps, clocks and how each was counted, tasks, oversight, papers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from anxin.casework.computing import answer
from anxin.casework.effects import effect_words
from anxin.casework.models import Deadline, Document, Step
from anxin.casework.statuses import status
from anxin.dossier.officer_table import DEEDS, Deeds, is_officer
from anxin.dossier.reading import MatterRead
from anxin.dossier.showing import day, moment, yuan
from anxin.law import LawError
from anxin.proof import Table


def tables(told: MatterRead, office: str, withheld: Mapping[int, str]) -> list[Table]:
    """``withheld``: papers whose file stays here, by key, with the reason."""
    return [
        _matter(told, office),
        _steps(told),
        _clocks(told),
        _counted(told),
        _tasks(told),
        _oversight(told),
        _papers(told, withheld),
        _officers(told),
        _found(told),
        _opinions(told),
    ]


def facts(slug: str, title: str, rows: Sequence[tuple[str, str]]) -> Table:
    """A table of one thing: what, and how it is; what is not known is left out."""
    listed = [{"what": what, "said": said} for what, said in rows if said]
    return Table(slug, title, {"what": "项目", "said": "内容"}, listed)


def _matter(told: MatterRead, office: str) -> Table:
    matter, procedure = told.matter, told.found.procedure
    employer = f"{matter.employer.name}（{matter.employer.uscc}）" if matter.employer else ""
    rows = [
        ("编号", matter.number),
        ("事项", matter.title),
        ("程序", procedure.name),
        ("状态", procedure.state(matter.state).name),
        ("地区", str(matter.region)),
        ("出具单位", office),
        ("牵头单位", matter.lead.name),
        ("协办单位", "、".join(one.name for one in matter.supporting.all())),
        ("承办人", str(matter.handler) if matter.handler else ""),
        ("项目", f"{matter.project.name}（{matter.project.code}）" if matter.project else ""),
        ("用人单位", employer),
        ("接自", matter.follows.number if matter.follows else ""),
        ("开始日期", day(matter.opened_on)),
        ("办结日期", day(matter.closed_on)),
        *((f"期限所据的日期：{name}", day(on)) for name, on in sorted(told.found.events.items())),
    ]
    return facts("t01_matter", "事项", rows)


def _steps(told: MatterRead) -> Table:
    columns = {
        "on": "日期", "name": "步骤", "to": "办后状态", "body": "单位", "who": "经办人", "note": "说明",
        "papers": "所附文书", "clocks": "对期限的影响", "basis": "依据", "recorded": "记录时间",
    }  # fmt: skip
    return Table("t02_steps", "办理步骤", columns, [_step(step, told) for step in told.found.steps])


def _step(step: Step, told: MatterRead) -> dict[str, Any]:
    papers = told.found.papers_of.get(step.pk, ())
    return {
        "on": day(step.on),
        "kind": step.get_kind_display(),
        "name": step.name,
        "to": told.found.procedure.state(step.to_state).name,
        "body": step.body_name,
        "who": step.actor_name,
        "note": step.note,
        "papers": "；".join(_paper_name(paper, told) for paper in papers),
        "clocks": "".join(effect_words(one) for one in step.effects),
        "basis": "；".join(step.articles),
        "recorded": moment(step.at),
    }


def _clocks(told: MatterRead) -> Table:
    columns = {
        "name": "期限", "nature": "性质", "started": "起算", "due": "到期", "standing": "状态", "met": "完成日期",
        "pauses": "中止", "extensions": "延长", "parameter": "法规参数", "basis": "依据",
    }  # fmt: skip
    rows = []
    for run in told.found.runs:
        clock = run.deadline
        rows.append(
            {
                "name": clock.name,
                "nature": clock.get_nature_display(),
                "started": moment(clock.started_at) or day(clock.started_on),
                "due": "" if clock.paused_since else moment(clock.due_at) or day(clock.due_on),
                "provisional": clock.provisional,
                "standing": status(clock, told.on, told.law.calendar).words,
                "met": day(clock.met_on),
                "pauses": "；".join(
                    f"{one.first}起，{_until(one.resumed_on)}：{one.reason}" for one in run.pauses
                ),
                "extensions": "；".join(
                    f"{one.amount}（{one.approved_on}批准，{one.paper}）" for one in run.extensions
                ),
                "parameter": clock.parameter,
                "basis": clock.basis,
            }
        )
    return Table("t03_clocks", "期限", columns, rows)


def _until(resumed: Any) -> str:
    return f"{resumed}恢复" if resumed else "尚未恢复"


def _counted(told: MatterRead) -> Table:
    """How each due day was reached, sentence by sentence, counted anew by the law's engine."""
    columns = {"clock": "期限", "number": "步", "text": "怎样算出", "basis": "依据"}
    rows: list[dict[str, Any]] = []
    for run in told.found.runs:
        clock: Deadline = run.deadline
        try:
            steps = [(one.text, one.basis) for one in answer(run, told.law).steps]
        except LawError as problem:
            steps = [(str(problem), "")]
        rows += [
            {
                "clock": clock.name,
                "started": day(clock.started_on),
                "number": number,
                "text": text,
                "basis": basis,
            }
            for number, (text, basis) in enumerate(steps, start=1)
        ]
    return Table("t04_counted", "期限怎样算出", columns, rows)


def _tasks(told: MatterRead) -> Table:
    columns = {
        "title": "待办", "kind": "类别", "for": "由谁办", "due": "期限", "state": "状态", "done": "办结日期",
        "note": "怎样完成", "given": "交办时间",
    }  # fmt: skip
    rows = [
        {
            "title": task.title,
            "kind": task.get_kind_display(),
            "for": str(task.for_user or task.for_organisation),
            "due": day(task.due_on),
            "state": task.get_state_display(),
            "done": day(task.done_on),
            "note": "：".join(filter(None, (task.done_by_name, task.done_note))),
            "given": moment(task.created_at),
        }
        for task in told.tasks
    ]
    return Table("t05_tasks", "待办和交办任务", columns, rows)


def _oversight(told: MatterRead) -> Table:
    columns = {"clock": "期限", "raised": "列入日期", "sentence": "督办事由", "settled": "补办日期"}
    marks = [
        run.deadline.oversight_mark for run in told.found.runs if hasattr(run.deadline, "oversight_mark")
    ]
    rows = [
        {
            "clock": mark.deadline.name,
            "raised": day(mark.raised_on),
            "sentence": mark.sentence,
            "settled": day(mark.settled_on),
        }
        for mark in marks
    ]
    return Table("t06_oversight", "督办", columns, rows)


def _paper_name(paper: Document, told: MatterRead) -> str:
    number = f"（{paper.number}）" if paper.number else ""
    return f"{told.law.document(paper.kind).name}{number}"


def _papers(told: MatterRead, withheld: Mapping[int, str]) -> Table:
    columns = {
        "kind": "文书", "number": "文号", "dated": "日期", "file": "文件", "by": "谁附上", "at": "何时附上",
        "sha256": "文件的 SHA-256", "without": "没有装入的原因",
    }  # fmt: skip
    rows = [
        {
            "kind": told.law.document(paper.kind).name,
            "number": paper.number,
            "dated": day(paper.dated),
            "file": paper.filename,
            "by": str(paper.attached_by),
            "at": moment(paper.attached_at),
            "sha256": paper.file.sha256,
            "size": paper.file.size,
            "without": withheld.get(paper.pk, ""),
        }
        for paper in told.papers
    ]
    return Table("t07_papers", "文书", columns, rows)


def _officers(told: MatterRead) -> Table:
    """Everybody who did something here, by the steps and the journal: what, and the moments of the first and the last."""
    met: dict[str, Deeds] = {}
    bodies: dict[str, set[str]] = {}
    for step in told.found.steps:
        met.setdefault(step.actor_name, Deeds()).times.append(step.at)
        bodies.setdefault(step.actor_name, set()).update(filter(None, [step.body_name]))
    for entry in told.entries:
        if is_officer(entry.actor):  # parties who signed stand among the signers of their papers
            met.setdefault(entry.actor_name, Deeds()).add(entry.action, entry.at)
    cards = {one.name: one.certificate for one in told.inspectors if one.until is None}
    rows = [
        {
            "name": name,
            "bodies": "、".join(sorted(bodies.get(name, ()))),
            "certificate": cards.pop(name, ""),
            **deeds.row(),
        }
        for name, deeds in sorted(met.items())
    ]
    rows += [{"name": name, "certificate": card} for name, card in sorted(cards.items())]
    columns = {"name": "姓名", "bodies": "办理的步骤属于", "certificate": "执法证号", **DEEDS}
    return Table("t08_officers", "经办人", columns, rows)


def _found(told: MatterRead) -> Table:
    columns = {
        "people": "人数", "months": "拖欠月数", "total": "合计（元）", "single": "最多一人（元）", "source": "依据",
        "by": "登记人", "recorded": "登记时间", "superseded": "被替换",
    }  # fmt: skip
    rows = [
        {
            "people": one.people,
            "months": one.months,
            "total": yuan(one.total_fen),
            "single": yuan(one.single_fen),
            "source": one.source,
            "by": one.by_name,
            "recorded": moment(one.recorded_at),
            "superseded": moment(one.superseded_at),
        }
        for one in told.arrears
    ]
    return Table("t09_arrears", "查明的欠薪", columns, rows)


def _opinions(told: MatterRead) -> Table:
    columns = {"at": "时间", "outcome": "裁量意见", "reason": "理由", "by": "谁"}
    rows = [
        {
            "at": moment(one.at),
            "outcome": one.get_outcome_display(),
            "malicious": one.malicious,
            "reason": one.reason,
            "by": one.by_name,
        }
        for one in told.opinions
    ]
    return Table("t10_leniency", "裁量意见", columns, rows)


def filled(listed: Collection[Table]) -> list[Table]:
    """The tables that have rows."""
    return [table for table in listed if table.rows]
