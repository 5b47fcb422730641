"""What a paper made with a party begins with: the matter, the interview it follows, and the record of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from anxin.accounts.models import User
from anxin.casework.models import Matter
from anxin.kernel.days import day_words
from anxin.letters import content, earlier, sources
from anxin.letters.life import NUMBERED, State
from anxin.letters.models import Letter, LetterHead, PartyPaper
from anxin.local_law import queries as local_law
from anxin.registry.investment import investment_of
from anxin.registry.models import Project

#: lists of papers, and the table that holds their rows
_LISTS = {"case_file_index": "entries", "evidence_index": "evidence"}


def begun(matter: Matter, kind: str, *, by: User, on: dt.date) -> dict[str, Any]:
    """Field → value for everything that is known; what is not known is left out, so that a person fills it in."""
    head = LetterHead.objects.filter(office=matter.lead).first()
    found = sources.known(matter, head)
    if head is not None:
        found["office"] = head.issuer
    found |= {
        "issued_on": on.isoformat(),
        "recorder": str(by),
        "hosts": found.get("handlers", ""),
        "received_on": matter.opened_on.isoformat(),
        "due_on": _iso(matter.next_due_on),
        "mail": found.get("employer_address", ""),
    }
    if kind == "pay_agreement":  # elsewhere it is the person who leads a hearing or a discussion
        found["host"] = found["office"]
    if matter.procedure == "inspection_case":
        found["filed_on"] = matter.opened_on.isoformat()
    if matter.project is not None:
        found["finished_on"] = _iso(matter.project.completion)
        found |= _of_project(matter.project)
    found |= _of_interview(matter)
    found |= sources.known_for(kind, matter)
    found |= earlier.carried(matter, kind, by)
    if kind == "rectification_pledge":
        found |= _of_record(matter)
    if kind in _LISTS:
        found |= _listed(matter, _LISTS[kind])
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def _listed(matter: Matter, table: str) -> dict[str, Any]:
    """The papers of the matter, in the order of their days, as rows of a list; what a page number is, a person says."""
    law = local_law.current()
    rows = []
    for one in matter.documents.filter(withdrawn_at=None).order_by("dated", "pk"):
        row: dict[str, Any] = {"title": law.document(one.kind).name}
        if table == "entries":
            row |= {"number": one.number, "dated": _iso(one.dated)}
        elif one.number:
            row["title"] += f"（{one.number}）"
        rows.append(row)
    return {table: rows}


def _of_project(project: Project) -> dict[str, Any]:
    """What the register knows of the project, as forms of projects and deposits name it."""
    firm = "firm" if project.state_invested else ""
    return {
        "project_code": project.code,
        "industry": project.get_industry_display(),
        "funding": "state" if investment_of(project).government else firm,
        "location": project.site_address,
        "contract": project.contract_fen,
        "signed_on": _iso(project.contract_on),
        "permit": project.permit_number,
        "permit_on": _iso(project.permit_on),
        "begins_on": _iso(project.commencement),
        "ends_on": _iso(project.planned_completion),
    }


def _of_interview(matter: Matter) -> dict[str, Any]:
    """What the latest issued notice of an interview says, of the matter or of the one it follows."""
    matters = [one for one in (matter.pk, matter.follows_id) if one]
    rows = Letter.objects.filter(matter__in=matters, kind="interview_notice", state__in=NUMBERED)
    letter = rows.exclude(state=State.REPLACED).order_by("-pk").first()
    if letter is None:
        return {}
    said = content.values_of(letter)
    who, post = said.get("interviewee", ""), said.get("post", "")
    known = {
        "interviewee": f"{who}（{post}）" if who and post else who,
        "employer": said.get("employer", ""),
        "place": said.get("place", ""),
        "hours": said.get("hour", ""),
        "problems": said.get("matter", ""),
    }
    if said.get("day"):
        known["origin"] = f"{day_words(dt.date.fromisoformat(said['day']))}约谈"
    return {name: value for name, value in known.items() if value}


def _of_record(matter: Matter) -> dict[str, Any]:
    """What was promised in the record of the interview, as the first line of the pledge."""
    rows = PartyPaper.objects.filter(matter=matter, kind="interview_record")
    record = rows.exclude(state=PartyPaper.State.DROPPED).order_by("-pk").first()
    if record is None:
        return {}
    said = content.values_of(record)
    day = said.get("issued_on", "")
    found: dict[str, Any] = {}
    if said.get("commitment") and said.get("finish_by"):
        found["items"] = [{"item": said["commitment"], "finish_by": said["finish_by"], "proof": ""}]
    if day:
        found["origin"] = f"{day_words(dt.date.fromisoformat(day))}约谈"
    return found


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
