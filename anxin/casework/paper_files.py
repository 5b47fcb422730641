"""Which files may be attached as papers: what people read, hear or see, never what a computer would run."""

from __future__ import annotations

from anxin.evidence import doors

#: archives are taken apart first, so that every paper stands in the list under its own name
PAPERS = doors.Door(
    "文书", (*doors.SCANS, *doors.PAGES, *doors.OFFICE, *doors.SOUNDS, *doors.FILMS), "PDF、OFD、图片、Word、Excel、WPS文档和录音录像",
)  # fmt: skip
