"""Which recordings a page may play now, and which are missing or speak of words that have changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anxin.channels.models_recordings import Recording
from anxin.channels.spoken import Passage


@dataclass(frozen=True)
class Kept:
    """A recording as the office sees it. ``stale``: the words have changed since."""

    row: Recording
    stale: bool

    @property
    def state(self) -> str:
        if self.stale:
            return "文字已改，请重新录"
        return "正在播放" if self.row.heard_at else "待另一人听"


def played(passages: Sequence[Passage]) -> list[Recording]:
    """The recordings that say exactly these words and were heard by a second person; one query."""
    marks = {one.key: one.mark for one in passages}
    rows = Recording.objects.filter(key__in=marks, ended_at__isnull=True, heard_at__isnull=False)
    # 普通话 first: it is what a page plays until somebody chooses
    return sorted(
        (one for one in rows if one.text_mark == marks[one.key]),
        key=lambda one: (one.language != "普通话", one.pk),
    )


def playable(pk: int) -> Recording | None:
    """A recording that workers may hear."""
    rows = Recording.objects.filter(pk=pk, ended_at__isnull=True, heard_at__isnull=False)
    return rows.select_related("file").first()


def kept(passages: Sequence[Passage]) -> list[tuple[Passage, list[Kept]]]:
    """Every passage with the recordings that stand; one query."""
    by_key: dict[str, list[Kept]] = {one.key: [] for one in passages}
    marks = {one.key: one.mark for one in passages}
    for row in Recording.objects.filter(key__in=marks, ended_at__isnull=True).order_by("language", "pk"):
        by_key[row.key].append(Kept(row, row.text_mark != marks[row.key]))
    return [(one, by_key[one.key]) for one in passages]


def standing(pk: int) -> Recording | None:
    """A recording that has not been taken back."""
    return Recording.objects.filter(pk=pk, ended_at__isnull=True).select_related("file").first()
