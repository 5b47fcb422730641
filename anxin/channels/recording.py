"""Recordings of the public pages: one person records or uploads, another one hears it, then workers hear it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from django.db import transaction
from django.db.models import QuerySet

from anxin.channels.models_recordings import Recording
from anxin.channels.spoken import Passage, passages
from anxin.evidence import contents, doors, journal
from anxin.evidence.journal import Actor
from anxin.kernel.refusal import Refused, worded

#: what officers choose from; another name may be typed
LANGUAGES = (
    "普通话", "四川话", "河南话", "山东话", "东北话", "陕西话", "湖南话", "江西话", "粤语", "客家话", "闽南语", "吴语",
    "彝语", "苗语", "壮语", "藏语", "维吾尔语", "蒙古语",
)  # fmt: skip
_LONGEST_LANGUAGE = 12
#: what every phone plays, and what the console's own recorder makes
DOOR = doors.Door(
    "这段录音",
    (contents.MP3, contents.M4A, contents.AAC, contents.OGG, contents.WAV, contents.WEBM),
    "MP3、M4A、AAC、OGG、WAV",
    4 * doors.MB,
    "请录成MP3或M4A（手机录音机的默认格式），或者念得紧凑一些",
    field="sound",
)


def add_recording(
    key: str, *, language: str, data: bytes, filename: str, on: dt.date, actor: Actor, now: dt.datetime
) -> Recording:
    """Keep a recording of the words as they read on a day; it waits for a second person. One that waited in the same
    language is replaced; the same file again changes nothing. Raises :class:`Refused`."""
    passage = _passage(key, on)
    language = "".join(language.split())
    if not language:
        raise Refused("请选择或填写是哪种话，例如“普通话”。", field="language")
    if len(language) > _LONGEST_LANGUAGE:
        raise Refused(f"语言的名称最长{_LONGEST_LANGUAGE}个字，请缩短。", field="language")
    found = doors.taken(data, filename, DOOR)
    with transaction.atomic():
        stored = doors.store(replace(found, name=f"{language}.{found.kind.endings[0]}"), now=now)
        standing = Recording.objects.select_for_update().filter(
            key=key, language=language, ended_at__isnull=True
        )
        same = standing.filter(file=stored, text_mark=passage.mark).first()
        if same is not None:
            return same
        _end(standing.filter(heard_at__isnull=True), "换了一段", actor, now)
        made = Recording.objects.create(
            key=key,
            language=language,
            text_mark=passage.mark,
            text=passage.text,
            file=stored,
            content_type=found.kind.content_type,
            made_at=now,
            made_by=actor.key,
            made_by_name=actor.name,
        )
        _record(made, "recording.added", f"录了“{passage.title}”（{language}），待另一人听过", actor, now)
    return made


def hear_recording(recording: Recording, *, on: dt.date, actor: Actor, now: dt.datetime) -> Recording:
    """A second person has heard that it says the words: workers hear it from now on. Raises :class:`Refused`."""
    with transaction.atomic():
        held = _held(recording)
        if held.heard_at is not None:
            raise Refused("这段录音已经有人听过，正在播放。")
        if held.made_by == actor.key:
            raise Refused("录音的人不能自己核对，请另一位同事听一遍。")
        if _passage(held.key, on).mark != held.text_mark:
            raise Refused("文字已改，这段录音念的是旧的文字，请重新录。")
        played = Recording.objects.filter(
            key=held.key, language=held.language, ended_at__isnull=True, heard_at__isnull=False
        )
        _end(played, "有了新的一段", actor, now)
        held.heard_at, held.heard_by_name = now, actor.name
        held.save(update_fields=["heard_at", "heard_by_name"])
        _record(held, "recording.heard", f"听过“{held.key}”（{held.language}）的录音，开始播放", actor, now)
    return held


def end_recording(recording: Recording, *, why: str, actor: Actor, now: dt.datetime) -> Recording:
    """Take a recording back; its file stays on record. Raises :class:`Refused`."""
    why = worded(why, "请写明为什么停用这段录音", field="why")
    with transaction.atomic():
        held = _held(recording)
        _end(Recording.objects.filter(pk=held.pk), why, actor, now)
        _record(held, "recording.ended", f"停用“{held.key}”（{held.language}）的录音：{why}", actor, now)
    held.refresh_from_db()
    return held


def _passage(key: str, on: dt.date) -> Passage:
    found = next((one for one in passages(on) if one.key == key), None)
    if found is None:
        raise Refused("没有这一段文字，请从列表里选。")
    return found


def _held(recording: Recording) -> Recording:
    held = Recording.objects.select_for_update().get(pk=recording.pk)
    if held.ended_at is not None:
        raise Refused("这段录音已经停用，请刷新页面。")
    return held


def _end(rows: QuerySet[Recording], why: str, actor: Actor, now: dt.datetime) -> None:
    rows.update(ended_at=now, ended_by_name=actor.name, ended_why=why[:200])


def _record(made: Recording, action: str, summary: str, actor: Actor, now: dt.datetime) -> None:
    journal.record(
        actor=actor,
        action=action,
        object_type="recording",
        object_id=made.pk,
        summary=summary,
        now=now,
        after={"key": made.key, "language": made.language, "file": made.file.sha256},
    )
