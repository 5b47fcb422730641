"""Which files may be attached as papers: what people read, hear or see, never what a computer would run."""

from __future__ import annotations

from anxin.evidence import doors

#: an archive or a mail stands as one paper; what lies in it is named in the history
PAPERS = doors.Door(
    "文书", (*doors.SCANS, *doors.PAGES, *doors.OFFICE, *doors.SOUNDS, *doors.FILMS, *doors.WHOLE),
    "PDF、OFD、图片、Word、Excel、WPS文档、录音录像、邮件（.eml）和ZIP压缩包",
)  # fmt: skip
