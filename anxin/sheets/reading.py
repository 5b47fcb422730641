"""From bytes to a :class:`Workbook`, whatever the file is really called inside; see ``limits``."""

from __future__ import annotations

import io
import struct

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum
from python_calamine import SheetTypeEnum as SheetType

from anxin.sheets import limits
from anxin.sheets.packages import guard_package
from anxin.sheets.refusal import SheetRefused
from anxin.sheets.textfiles import read_text_table
from anxin.sheets.workbook import Sheet, Workbook
from anxin.sheets.xlsxformulas import fill_formulas

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: the record that starts the globals of a BIFF8 workbook
_BIFF_GLOBALS = b"\x09\x08\x10\x00\x00\x06\x05\x00"
_FILEPASS = 0x002F
#: the record that starts any part of a BIFF8 workbook, and the one that ends it
_BIFF_START, _END_OF_PART = b"\x09\x08\x10\x00\x00\x06", 0x000A
#: records that say how many cells and texts follow, and what the format allows
_DIMENSIONS, _STRINGS = 0x0200, 0x00FC
_XLS_ROWS, _XLS_COLUMNS = 65_536, 256
_PASSWORD = "文件“{name}”加了打开密码，无法读取。请在表格软件里去掉密码，另存后重新上传。"
_MACRO = "文件“{name}”带有宏，为安全起见不予读取。请另存为不含宏的 .xlsx 文件后重新上传。"
_BROKEN = "文件“{name}”已损坏或不是完整的表格文件，无法读取。请用表格软件打开后另存为 .xlsx，再重新上传。"


def read_workbook(data: bytes, filename: str) -> Workbook:
    """Read .xlsx, .xls or .csv by its content, not by its name.

    Raises :class:`SheetRefused` with one sentence: empty, too large, password-protected, a zip bomb, a macro
    file, or not a spreadsheet.
    """
    if not data.strip(b"\x00 \r\n\t"):
        raise SheetRefused(f"文件“{filename}”是空的，没有任何内容。请确认选对了文件。")
    if len(data) > limits.MAX_FILE_BYTES:
        raise SheetRefused(
            f"文件“{filename}”有 {len(data) / 1048576:.0f} MB，超过 {limits.MAX_FILE_BYTES // 1048576} MB 的上限。"
            "请按项目或月份拆分后分别上传。"
        )
    if filename.lower().endswith((".xlsm", ".xltm", ".xlam")):
        raise SheetRefused(_MACRO.format(name=filename))
    if data.startswith(_OLE):
        _guard_ole(data, filename)
        return Workbook(filename, "xls", _calamine_sheets(data, filename))
    if data.startswith(b"PK"):
        package = guard_package(data, filename)
        sheets = _calamine_sheets(data, filename)
        for sheet in sheets:
            part = package.sheet_parts.get(sheet.name)
            if part and part.has_formulas:
                fill_formulas(sheet, part.xml(), trust_zero=not package.recalculates)
        return Workbook(filename, "xlsx", sheets)
    return Workbook(filename, "csv", [read_text_table(data, filename)])


def _guard_ole(data: bytes, filename: str) -> None:
    """Refuse what hides in the old binary container: encrypted packages, macros, other Office documents."""

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if holds("EncryptedPackage") or holds("EncryptionInfo") or _has_filepass(data):
        raise SheetRefused(_PASSWORD.format(name=filename))
    if holds("_VBA_PROJECT"):
        raise SheetRefused(_MACRO.format(name=filename))
    if not (holds("Workbook") or holds("Book")):
        raise SheetRefused(f"文件“{filename}”不是表格文件。请上传 .xlsx、.xls 或 .csv 格式的表格。")
    if _claims_too_much(data):
        raise SheetRefused(_BROKEN.format(name=filename))


def _claims_too_much(data: bytes) -> bool:
    """Whether an .xls claims more rows or texts than it can hold.

    The reader sets memory aside for what these records claim, and a claim of a terabyte ends the whole process:
    there is nothing to catch afterwards.
    """
    at = data.find(_BIFF_START)
    while at >= 0:
        if _part_claims_too_much(data, at):
            return True
        at = data.find(_BIFF_START, at + 4)
    return False


def _part_claims_too_much(data: bytes, at: int) -> bool:
    """The same for the records of one part (the globals or one sheet), which starts at ``at``."""
    while at <= len(data) - 16:
        kind, length = struct.unpack_from("<HH", data, at)
        if kind == _DIMENSIONS and length >= 12:
            first, last, left, right = struct.unpack_from("<IIHH", data, at + 4)
            if max(first, last) > _XLS_ROWS or max(left, right) > _XLS_COLUMNS:
                return True
        if kind == _STRINGS and struct.unpack_from("<I", data, at + 8)[0] > len(data):
            return True
        if kind == _END_OF_PART:
            return False
        at += 4 + length
    return False


def _has_filepass(data: bytes) -> bool:
    """Whether an .xls asks for a password: a FILEPASS record right after the start of its globals.

    The reader itself only says that it cannot tell the format of such a file.
    """
    at = data.find(_BIFF_GLOBALS)
    for _ in range(8):
        if at < 0 or at + 4 > len(data):
            return False
        kind, length = struct.unpack_from("<HH", data, at)
        if kind == _FILEPASS:
            return True
        at += 4 + length
    return False


def _calamine_sheets(data: bytes, filename: str) -> list[Sheet]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        kinds = [m for m in book.sheets_metadata if m.typ == SheetType.WorkSheet]
        if len(kinds) > limits.MAX_SHEETS:
            raise SheetRefused(
                f"文件“{filename}”有 {len(kinds)} 个工作表，超过 {limits.MAX_SHEETS} 个的上限。请拆分后分别上传。"
            )
        sheets = [
            _sheet(book.get_sheet_by_name(m.name), m.visible == SheetVisibleEnum.Visible, filename)
            for m in kinds
        ]
    except PasswordError:
        raise SheetRefused(_PASSWORD.format(name=filename)) from None
    except SheetRefused:
        raise
    except (CalamineError, ValueError, OSError) as error:
        sentence = _PASSWORD if "password" in str(error).lower() else _BROKEN
        raise SheetRefused(sentence.format(name=filename)) from None
    except BaseException as error:  # the reader is native code: its panics are not ordinary exceptions
        if type(error).__name__ != "PanicException":
            raise
        raise SheetRefused(_BROKEN.format(name=filename)) from None
    if not any(sheet.rows for sheet in sheets):
        raise SheetRefused(f"文件“{filename}”里的工作表都是空的，没有可以读取的内容。")
    return sheets


def _sheet(source: CalamineSheet, visible: bool, filename: str) -> Sheet:
    height, width = (source.end[0] + 1, source.end[1] + 1) if source.end else (0, 0)
    limits.check_size(height, width, source.name, filename)
    rows = source.to_python(skip_empty_area=False) if height else []
    merges = [(a, b, c, d) for (a, b), (c, d) in source.merged_cell_ranges or ()]
    return Sheet(source.name, rows, merges, visible)  # type: ignore[arg-type]
