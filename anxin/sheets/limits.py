"""How large a file may be, and why.

A province's largest payroll seen in practice has some 100,000 rows, a large city's register of employers some
350,000; the limits leave room above that and still keep one upload within the memory of a county office's server.
"""

from __future__ import annotations

from anxin.sheets.refusal import SheetRefused

#: bytes of the uploaded file; 100,000 rows of 15 columns are about 7 MB
MAX_FILE_BYTES = 50 * 1024 * 1024
#: bytes after unpacking an .xlsx; 100,000 rows of 15 columns unpack to about 70 MB
MAX_UNPACKED_BYTES = 600 * 1024 * 1024
#: honest sheets pack 5 to 30 times; a bomb packs several hundred times and more
MAX_PACK_RATIO = 200
#: small files may pack very well by chance (a sheet of blanks), so the ratio counts only beyond this size
RATIO_COUNTS_FROM_BYTES = 20 * 1024 * 1024
MAX_ROWS = 500_000
MAX_COLUMNS = 400
#: rows × columns of one sheet, because the reader fills the whole rectangle, blanks included
MAX_CELLS = 12_000_000
MAX_SHEETS = 60
#: a header is looked for only among the first rows; longer preambles are not tables
HEADER_SEARCH_ROWS = 40
#: levels of merged header cells
MAX_HEADER_LEVELS = 4


def check_size(height: int, width: int, sheet: str, filename: str) -> None:
    """Refuse a sheet with more rows, columns or cells than ``limits`` allow."""
    if height > MAX_ROWS:
        raise SheetRefused(
            f"文件“{filename}”的工作表“{sheet}”有 {height} 行，超过 {MAX_ROWS} 行的上限。请拆分后分别上传。"
        )
    if width > MAX_COLUMNS:
        raise SheetRefused(
            f"文件“{filename}”的工作表“{sheet}”有 {width} 列，超过 {MAX_COLUMNS} 列的上限。"
            "请删去表格右侧多余的内容后重新上传。"
        )
    if height * width > MAX_CELLS:
        raise SheetRefused(
            f"文件“{filename}”的工作表“{sheet}”有 {height} 行 × {width} 列，单元格过多。请拆分后分别上传。"
        )
