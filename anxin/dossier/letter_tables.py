"""The letters of the matter: who wrote, reviewed, issued and sealed each, and how it reached whom. The letters themselves are papers."""

from __future__ import annotations

from typing import Any

from anxin.dossier.reading import MatterRead
from anxin.dossier.showing import day, moment
from anxin.letters.models import Letter, LetterAct, Service
from anxin.letters.queries import kind_name
from anxin.proof import Table


def tables(told: MatterRead) -> list[Table]:
    """Nothing where the matter has no letters."""
    return [_acts(told), _services(told)] if told.letters else []


def _acts(told: MatterRead) -> Table:
    columns = {
        "letter": "文书", "number": "文号", "act": "办理", "who": "谁", "at": "时间", "note": "说明", "sha256": "用印文件的 SHA-256",
    }  # fmt: skip
    rows = [
        _act(letter, act)
        for letter in told.letters
        for act in sorted(letter.acts.all(), key=lambda one: one.pk)
    ]
    return Table("t21_letters", "文书的拟稿、核稿、签发和用印", columns, rows)


def _act(letter: Letter, act: LetterAct) -> dict[str, Any]:
    sealed = letter.sealed_file.sha256 if letter.sealed_file and act.act == "sealed" else ""
    return {
        "letter": kind_name(letter.kind),
        "number": letter.number,
        "act": act.get_act_display(),
        "who": act.by_name,
        "at": moment(act.at),
        "note": act.note,
        "sha256": sealed,
    }


def _services(told: MatterRead) -> Table:
    columns = {
        "number": "文号", "receiver": "受送达人", "manner": "送达方式", "event": "签收、张贴、公告之日", "served": "送达日", "place": "地点",
        "servers": "送达人", "refusal": "拒收事由", "witness": "见证人", "media": "影像或邮件编号", "basis": "依据", "counts": "起算的期限",
    }  # fmt: skip
    names = {one.key: one.name for one in told.law.manners()}
    rows = [
        _service(letter, one, names)
        for letter in told.letters
        for one in sorted(letter.services.all(), key=lambda one: one.pk)
    ]
    return Table("t22_services", "文书的送达", columns, rows)


def _service(letter: Letter, one: Service, names: dict[str, str]) -> dict[str, Any]:
    return {
        "number": letter.number,
        "receiver": one.receiver,
        "manner": names.get(one.manner, one.manner),
        "event": day(one.event_on),
        "served": day(one.served_on),
        "place": one.place,
        "servers": one.servers,
        "refusal": one.refusal,
        "witness": one.witness,
        "media": one.media,
        "basis": one.basis,
        "counts": one.event_name,
    }
