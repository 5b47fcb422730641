"""Tell the rows of people from blanks, subtotals, signatures, footnotes and numbered but empty lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum

from anxin.sheets.headers import Header
from anxin.sheets.texts import header_word, is_blank, squeeze
from anxin.sheets.workbook import Cell

_TOTAL = re.compile(
    r"^(?:[^,。;]{0,14}?)(?:小计|合计|总计|共计|总合计)(?:\(?(?:大写|小写|元|人民币|金额|人数)[^,]*|\(.{0,12}\))?[:;]?(?:[^,。]{0,3}|\d+人?)$"
)
_SUBTOTAL = re.compile(r"小计|本页|本组|班组?合计|班合计|队合计")
#: what banks print below a batch: 总笔数, 成功金额
_COUNTS = re.compile(r"^(?:合计|总|共|成功|失败)(?:总)?(?:笔数|金额|户数|人数)[:]?[\d,.]*(?:笔|元|户|人)?$")
_IN_WORDS = re.compile(r"大写|^人民币|[零壹贰叁肆伍陆柒捌玖拾佰仟萬万亿]{3,}[元圆]")
_SIGNATURE_WORDS = (
    r"制表|审核|复核|批准|审批|签字|签章|盖章|签名|经办|出纳|会计|主管|负责人|填表|编制|领导|项目经理|劳资|班组长|总包|分包|施工单位|建设单位"
    r"|监理|填报|公示|监督电话|举报电话|联系电话|确认|日期|时间|造表|复审|审定|总经理|财务|人事|考勤员|记工员|队长|代发|劳务公司|单位|公章|印章"
)
_SIGNATURE = re.compile(rf"(?:{_SIGNATURE_WORDS})[^,。;]{{0,10}}:")
_SIGNATURE_START = re.compile(
    r"^(?:制表|审核|复核|批准|审批|经办|填表|编制|项目负责人|单位负责人|财务负责人|造表|出纳|劳资专管员)(?:人|员|签字|签名)?$"
)
_FOOTNOTE = re.compile(
    r"^(?:注|备注|说明|附注|附|填表说明|填写说明|※|★|\(?\d{1,2}[.、)]|[一二三四五六七八九十][、.]|本表|以上|上述|特此|声明|承诺|图例|符号)"
)
_PLAIN_NAME = re.compile(r"^[\u3400-\u9fff]{2,4}$")
_NOT_A_NAME = re.compile(r"[计总表审制签批注]")


class RowKind(Enum):
    DATA = "data"
    SKIPPED = "skipped"
    SUBTOTAL = "subtotal"
    TOTAL = "total"


@dataclass
class RowVerdict:
    kind: RowKind
    reason: str = ""


BLANK = RowVerdict(RowKind.SKIPPED, "空行")
NUMBERED_ONLY = RowVerdict(RowKind.SKIPPED, "只有序号，没有填写内容")


@dataclass
class RowJudge:
    """Judges the rows below one header. ``filled`` says which typed fields of a row hold something."""

    header: Header
    columns: dict[str, int]
    identity: tuple[str, ...]
    serial: int | None
    #: field names whose values are numbers
    numeric: tuple[str, ...]
    _words: dict[int, tuple[str, ...]] = field(init=False)
    _plain_names: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._words = {c: path for c, path in enumerate(self.header.paths) if path}

    def plainly_a_person(self, name: object) -> bool:
        """Whether a name cell alone settles that the row is a person's (the usual, quick case)."""
        if name in self._plain_names:
            return True
        if type(name) is str and _PLAIN_NAME.match(name) and not _NOT_A_NAME.search(name):
            self._plain_names.add(name)
            return True
        return False

    def judge(self, cells: Sequence[Cell], values: dict[str, object]) -> RowVerdict:
        """What a row is. ``values`` are its typed field values, blanks ``None``."""
        filled = [c for c, cell in enumerate(cells) if not is_blank(cell)]
        if not filled:
            return BLANK
        if self._repeats_header(cells, filled):
            return RowVerdict(RowKind.SKIPPED, "重复的表头")
        has_id = bool(values.get("id_number"))
        has_numbers = any(
            isinstance(values.get(name), int | Decimal) and values[name] for name in self.numeric
        )
        texts = [(c, squeeze(cells[c])) for c in filled if isinstance(cells[c], str)]  # type: ignore[arg-type]
        if not has_id:
            verdict = self._by_words(texts, filled, has_numbers)
            if verdict:
                return verdict
        if not has_id and not any(values.get(name) for name in self.identity) and not has_numbers:
            meaningful = [c for c in filled if c != self.serial and not self._zero(cells[c])]
            if not meaningful or not any(c in self.columns.values() for c in meaningful):
                return NUMBERED_ONLY
            return RowVerdict(RowKind.SKIPPED, "没有姓名，也没有金额或天数")
        return RowVerdict(RowKind.DATA)

    @staticmethod
    def _zero(cell: Cell) -> bool:
        return isinstance(cell, int | float) and cell == 0

    def _repeats_header(self, cells: Sequence[Cell], filled: list[int]) -> bool:
        same = 0
        for column in filled:
            cell = cells[column]
            if isinstance(cell, str) and header_word(cell) in self._words.get(column, ()):
                same += 1
        english = any(
            squeeze(str(cells[c])) in ("NAME", "姓名") for c in filled if c == self.columns.get("name")
        )
        return (same >= 2 and same * 2 >= len(filled)) or english

    def _signed(self, texts: list[str], cells: list[tuple[int, str]], first: str) -> bool:
        """Whether a row is a line for signatures: it starts with a label, or has labels and no plain name."""
        if _SIGNATURE.search(first) or _SIGNATURE_START.match(first):
            return True
        labels = sum(1 for text in texts if _SIGNATURE.search(text))
        name = next((text for c, text in cells if c == self.columns.get("name")), None)
        return labels > 1 or (labels == 1 and not self.plainly_a_person(name))

    def _by_words(
        self, texts: list[tuple[int, str]], filled: list[int], has_numbers: bool
    ) -> RowVerdict | None:
        remark = self.columns.get("remark")
        label = next((text for c, text in texts if c != remark and _TOTAL.match(text)), None)
        if label:
            kind = RowKind.SUBTOTAL if _SUBTOTAL.search(label) else RowKind.TOTAL
            return RowVerdict(kind, "小计行" if kind is RowKind.SUBTOTAL else "合计行")
        if not texts:
            return None
        if any(_COUNTS.match(text) for c, text in texts if c != remark):
            return RowVerdict(RowKind.SKIPPED, "合计行")
        first_column, first = texts[0]
        if any(_IN_WORDS.search(text) for _, text in texts) and len(filled) <= 4:
            return RowVerdict(RowKind.SKIPPED, "大写金额或合计说明")
        if not has_numbers and self._signed([text for c, text in texts if c != remark], texts, first):
            return RowVerdict(RowKind.SKIPPED, "签字、制表等落款")
        if not has_numbers and (_FOOTNOTE.match(first) and (len(filled) <= 2 or len(first) > 12)):
            return RowVerdict(RowKind.SKIPPED, "说明文字")
        if not has_numbers and any(len(text) > 30 for _, text in texts) and len(filled) <= 3:
            return RowVerdict(RowKind.SKIPPED, "说明文字")
        alone = len([c for c in filled if c != self.serial or isinstance(texts[0][1], str)]) == 1
        if alone and not has_numbers:
            if first_column != self.columns.get("name"):
                return RowVerdict(RowKind.SKIPPED, "分组标题或说明文字")
            if len(first) > 6 or re.search(r"班组|[班队组]$|部$|[:]|以下空白|空白", first):
                return RowVerdict(RowKind.SKIPPED, "分组标题或说明文字")
        if not has_numbers and "以下空白" in "".join(text for _, text in texts):
            return RowVerdict(RowKind.SKIPPED, "说明文字")
        return None
