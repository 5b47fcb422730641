"""The files that were delivered: who, when, what came of each, its SHA-256, and the files themselves where they may leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from anxin.dossier.showing import moment
from anxin.evidence import files
from anxin.evidence.kinds import kinds
from anxin.evidence.models import ImportBatch, StoredFile
from anxin.kernel.refusal import Refused
from anxin.proof import Document, Table

#: files of one package together: it is put together in memory
MOST_BYTES = 512 * 1024 * 1024


def delivered(batches: Iterable[ImportBatch], slug: str, without: str) -> Table:
    """``without``: why the files themselves are not in the package, empty where they are."""
    columns = {
        "kind": "种类", "file": "文件名", "month": "月份", "by": "谁交来", "at": "交来时间", "state": "结果", "accepted": "接收行数",
        "rejected": "退回行数", "refusal": "拒绝的原因", "sha256": "文件的 SHA-256", "size": "大小（字节）", "without": "没有装入",
    }  # fmt: skip
    titles = {one.kind: one.title for one in kinds()}
    rows = [_row(one, titles, without) for one in sorted(batches, key=lambda one: one.pk)]
    return Table(slug, "交来的文件", columns, rows)


def _row(one: ImportBatch, titles: Mapping[str, str], without: str) -> dict[str, Any]:
    return {
        "kind": titles.get(one.kind, one.kind),
        "file": one.filename,
        "month": one.month,
        "by": one.delivered_by_name,
        "at": moment(one.delivered_at),
        "state": one.get_state_display(),
        "accepted": one.rows_accepted,
        "rejected": one.rows_rejected,
        "refusal": one.refusal,
        "sha256": one.file.sha256,
        "size": one.file.size,
        "without": without,
    }


def documents(found: Sequence[tuple[StoredFile, str, str]], about: Sequence[str] = ()) -> list[Document]:
    """Each file once, as ``(file, name, title)`` says. Raises :class:`Refused` where one is damaged or all are too large."""
    once = {stored.sha256: (stored, name, title) for stored, name, title in found}
    if sum(stored.size for stored, _, _ in once.values()) > MOST_BYTES:
        raise Refused(f"文件合计超过{MOST_BYTES // 1024 // 1024} MB，一个证据包装不下。")
    packed = []
    for stored, name, title in once.values():
        try:
            data = files.read(stored)
        except files.FileDamaged as damage:
            raise Refused(f"{damage}请联系系统管理员从备份恢复后再出具。") from damage
        packed.append(Document(name, title, "application/octet-stream", data, about))
    return packed
