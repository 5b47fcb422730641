"""Read the spreadsheets that clerks really send. See README.md; everything outside is reached from here."""

from anxin.sheets.reading import read_workbook
from anxin.sheets.recognition import recognise
from anxin.sheets.refusal import SheetRefused
from anxin.sheets.registers import recognise_register
from anxin.sheets.rejects import write_rejects
from anxin.sheets.result import AttendanceDay, CellProblem, ParsedRow, Recognition
from anxin.sheets.vocabulary import KINDS
from anxin.sheets.vocabulary.signals import SIGNALS
from anxin.sheets.workbook import Sheet, Workbook

__all__ = [
    "KINDS",
    "SIGNALS",
    "AttendanceDay",
    "CellProblem",
    "ParsedRow",
    "Recognition",
    "Sheet",
    "SheetRefused",
    "Workbook",
    "read_workbook",
    "recognise",
    "recognise_register",
    "write_rejects",
]
