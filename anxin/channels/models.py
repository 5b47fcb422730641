"""Django finds the models of this package through this module; each part of it keeps its own."""

from __future__ import annotations

from anxin.channels.models_codes import CodeFlag, Scan, ScanCode, ScanDay
from anxin.channels.models_guides import GuideDay, GuideVersion, HelpPlace
from anxin.channels.models_recordings import Recording
from anxin.channels.models_voice import FloodMark, Message, Submission, SubmissionFile

__all__ = [
    "CodeFlag",
    "FloodMark",
    "GuideDay",
    "GuideVersion",
    "HelpPlace",
    "Message",
    "Recording",
    "Scan",
    "ScanCode",
    "ScanDay",
    "Submission",
    "SubmissionFile",
]
