"""Lists of hotline tickets (12345 and other channels) become clues: good rows go on, a ticket that comes again stays one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from anxin.clues import intake
from anxin.clues.intake import Voice
from anxin.clues.models import Clue, Telling
from anxin.clues.places import Places, places_for
from anxin.evidence import bulk
from anxin.evidence.kinds import ApplyContext, ApplyResult, RowProblem
from anxin.evidence.sealing import finder
from anxin.sheets import SIGNALS

if TYPE_CHECKING:
    from anxin.sheets.result import ParsedRow

KIND = "hotline"
#: how lists name the channels; what names none of them (电话, 微信, 网站) is a way to the hotline
_CHANNELS = {
    "平台": Clue.Channel.PLATFORM,
    "来访": Clue.Channel.VISIT,
    "接访": Clue.Channel.VISIT,
    "窗口": Clue.Channel.VISIT,
    "监察电话": Clue.Channel.TELEPHONE,
    "举报投诉电话": Clue.Channel.TELEPHONE,
    "网格": Clue.Channel.GRID,
    "公安": Clue.Channel.POLICE,
    "110": Clue.Channel.POLICE,
    "警情": Clue.Channel.POLICE,
    "二维码": Clue.Channel.QR,
    "扫码": Clue.Channel.QR,
}
#: a hotline calls itself a platform too
_HOTLINE = ("12345", "热线")
#: names of files and sheets that come from the platforms above us and have no column for the channel
_PLATFORM_FILES = ("根治欠薪线索", "线索反映平台", "国家平台", "省级平台", "全国平台", "省平台")
#: what the sender said of a ticket, kept beside it
_SAID = ("channel", "category", "urgency", "handler", "dispatched_at", "sign_by", "handle_by", "answer_by")
#: what a platform asks one by one; read together with the words
_ASKED = {
    "employer": "欠薪单位",
    "project": "工程项目",
    "construction": "类别",
    "people": "被欠薪人数",
    "amount": "拖欠工资",
    "period": "欠薪时段",
}


class HotlineImport:
    """热线工单: one row is one ticket, known again by its channel and its number."""

    kind = KIND
    title = SIGNALS[KIND].title

    def check(self, *, project_code: str) -> None:
        """Tickets are about no project before somebody has read them."""

    def apply(self, context: ApplyContext) -> ApplyResult:
        result = ApplyResult()
        places = places_for(context.actor)
        incoming = _read(context, places, result)
        context.report(len(incoming) // 2, len(incoming), "与已登记的工单核对")
        known = _known(incoming)
        changed, new = [], []
        marks = finder("clue")
        for one in incoming:
            clue = known.get((one.channel, one.sender_number))
            if clue is None:
                new.append(one)
            elif not places.allows(clue.region_id):
                sentence = f"工单“{one.sender_number}”已由其他地区登记，不能由本单位更改，请与该地区联系。"
                result.problems.append(RowProblem(one.row, sentence, field="number"))
            elif clue.mark == marks(one.words):  # type: ignore[attr-defined]
                result.unchanged += 1
            else:
                changed.append((clue, one))
        result.superseded = _supersede(changed, context)
        clues = intake.write(new, now=context.now)
        told = [*changed, *zip(clues, new, strict=True)]
        intake.tell(told, now=context.now, batch=context.batch)
        result.inserted = len(new) + len(changed)
        result.counts = {"clues_new": len(new), "clues_changed": len(changed)}
        return result


def channel_of(said: str | None) -> str:
    """The channel that a list's own word means."""
    said = said or ""
    if any(word in said for word in _HOTLINE):
        return Clue.Channel.HOTLINE
    return next((channel for word, channel in _CHANNELS.items() if word in said), Clue.Channel.HOTLINE)


def _channel_of_file(context: ApplyContext) -> str:
    """Of a list without a column for it: the platform's, where file or sheet are named after one."""
    named = f"{context.batch.filename}{context.recognition.sheet}"
    return Clue.Channel.PLATFORM if any(word in named for word in _PLATFORM_FILES) else Clue.Channel.HOTLINE


def _read(context: ApplyContext, places: Places, result: ApplyResult) -> list[Voice]:
    found = {}
    unsaid = _channel_of_file(context)
    for row in context.recognition.rows:
        one = _incoming(row, places, unsaid)
        said = row.values.get("region")
        if not one.region:
            sentence = "没有写明是哪个区县，请补填区县名称或区划代码后重新导入。"
            result.problems.append(RowProblem(row.number, sentence, field="region"))
            continue
        if not places.allows(one.region):
            sentence = f"这张工单属于“{said or one.place}”，不在您负责的地区内，请交由该地区导入。"
            result.problems.append(RowProblem(row.number, sentence, field="region"))
            continue
        if (one.channel, one.sender_number) in found:
            sentence = f"工单“{one.sender_number}”在文件中出现了两次，请只保留一行。"
            result.problems.append(RowProblem(row.number, sentence, field="number"))
            continue
        if said and not places.knows(said):
            sentence = f"没有登记名为“{said}”的地区，这张工单暂记在本单位名下。"
            result.notes.append(RowProblem(row.number, sentence, rejected=False, field="region"))
        found[one.channel, one.sender_number] = one
    return list(found.values())


def _incoming(row: ParsedRow, places: Places, unsaid: str) -> Voice:
    said = row.values
    title, text, category = said.get("title") or "", said["text"], said.get("category") or ""
    if asked := _asked(said):
        text = f"{text}\n来件所填：{asked}。"
    place = (said.get("place") or "")[: intake.LONGEST_PLACE]
    return Voice(
        row=row.number,
        channel=channel_of(said["channel"]) if said.get("channel") else unsaid,
        sender_number=said["number"][: intake.LONGEST_NUMBER],
        kind=Clue.Kind.REPORT if "举报" in category and "投诉" not in category else Clue.Kind.COMPLAINT,
        region=places.of(said.get("region"), place, title, text),
        received_at=timezone.make_aware(said["received_at"]),
        title=title,
        text=text,
        place=place,
        name=said.get("name") or "",
        phone=said.get("phone") or "",
        said={name: _plain(said[name]) for name in _SAID if said.get(name)},
    )


def _asked(said: Mapping[str, Any]) -> str:
    """What stands in columns of its own, as a sentence, so that it is read like the words."""
    parts = []
    for name, title in _ASKED.items():
        value = str(said.get(name) or "").strip()
        if value and name == "people" and value.isdecimal():
            value += "人"
        if value and name == "amount" and value.replace(".", "", 1).isdecimal():
            value += "元"
        if value:
            parts.append(f"{title}：{value}")
    return "；".join(parts)


def _plain(value: Any) -> str:
    return value.isoformat(sep=" ", timespec="minutes") if isinstance(value, dt.datetime) else str(value)


def _known(incoming: Sequence[Voice]) -> dict[tuple[str, str], Clue]:
    """The tickets that have come before, with the mark of what they say now."""
    numbers = {one.sender_number for one in incoming}
    found: dict[tuple[str, str], Clue] = {}
    for piece in bulk.chunks(sorted(numbers)):
        clues = Clue.objects.filter(sender_number__in=piece).in_bulk()
        tellings = Telling.objects.filter(clue__in=clues, superseded_at__isnull=True)
        for clue_id, pk, mark in tellings.values_list("clue_id", "pk", "mark"):
            clue = clues[clue_id]
            clue.telling_id, clue.mark = pk, mark  # type: ignore[attr-defined]
            found[clue.channel, clue.sender_number] = clue
    return found


def _supersede(changed: Sequence[tuple[Clue, Voice]], context: ApplyContext) -> int:
    """What a ticket said before is kept; what a person corrected stands, but somebody must look again."""
    for clue, one in changed:
        clue.kind, clue.region_id, clue.received_at = one.kind, one.region, one.received_at
        clue.title, clue.looked_at, clue.looked_by_name = intake.shown_title(one), None, ""
    bulk.update(
        [clue for clue, _ in changed],
        ("kind", "region_id", "received_at", "title", "looked_at", "looked_by_name"),
    )
    ids = [clue.telling_id for clue, _ in changed]  # type: ignore[attr-defined]
    return bulk.supersede(Telling, ids, by=context.batch.pk, now=context.now)
