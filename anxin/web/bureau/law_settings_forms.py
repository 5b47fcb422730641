"""Forms of 本地数值与确认. A structured value has one field for each of its parts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms

from anxin.evidence.doors import MB
from anxin.law.counting_rules import DAY_TYPES, LENGTHS
from anxin.law.parameters import Parameter
from anxin.law.words import path_words, word
from anxin.local_law import shapes
from anxin.local_law.wording import MODE_WORDS
from anxin.web.forms import CodeField, ConsoleForm, DateField, dress
from anxin.web.receiving import TABLES, SentField, tables

_CHOOSE = ("", "请选择")
_YES_NO = (_CHOOSE, ("true", "是"), ("false", "否"))
_SAME = ("", "与国家规定相同")
_NUMBER = re.compile(r"^-?\d+(\.\d+)?$")
#: names of the fields of parts; a part's path follows
LEAF, KEEP = "leaf:", "keep:"
_LEVELS = ("red", "orange", "yellow", "blue")


class NumberField(forms.CharField):
    """A number as people type it: full-width digits and thousands separators are understood."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> int | float | None:
        said = str(super().clean(value) or "").translate(
            str.maketrans("０１２３４５６７８９．－", "0123456789.-")
        )
        text = re.sub(r"[,，\s]", "", said)
        if not text:
            return None
        if not _NUMBER.match(text) or len(text) > 20:
            raise forms.ValidationError("请填写数字，例如 2100 或 1.5。")
        return float(text) if "." in text else int(text)


class LinesField(forms.CharField):
    """A list of texts, one to a line."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 6}))
        kwargs.setdefault("help_text", "每行一项。")
        super().__init__(**kwargs)

    def clean(self, value: Any) -> list[str]:
        return [line.strip() for line in str(super().clean(value) or "").splitlines() if line.strip()]


class ValueForm(ConsoleForm):
    """Propose a local value. ``base`` is a value whose structure the typed one shall have.

    ``prefilled``: it holds in the region, so its parts are where one starts from.
    """

    region = CodeField(
        label="地区代码",
        max_length=12,
        help_text="在您的管辖范围内，2、4、6、9或12位。",
        widget=forms.TextInput(attrs={"list": "region-list", "inputmode": "numeric", "autocomplete": "off"}),
    )
    valid_from = DateField(label="生效日")
    valid_until = DateField(label="截止日", required=False, help_text="文件没有写的留空。")
    source_title = forms.CharField(label="依据文件", max_length=160, help_text="文件全称。")
    source_number = forms.CharField(
        label="文号", max_length=80, help_text="没有文号的，写会议纪要或批示的日期。"
    )
    note = forms.CharField(label="说明", max_length=300, required=False)

    def __init__(
        self,
        *args: Any,
        parameter: Parameter,
        base: Any,
        examples: list[Any],
        prefilled: bool = True,
        **kwargs: Any,
    ) -> None:
        self.parameter, self.base, self._examples = parameter, base, examples
        super().__init__(*args, **kwargs)
        for name, field in {**self._value_fields(), **self._counting_fields()}.items():
            if not prefilled and (name == "value" or name.startswith(LEAF)):
                field.initial = None
            dress(field)
            self.fields[name] = field
        self._order()

    def _value_fields(self) -> dict[str, forms.Field]:
        return leaf_fields(self.base, self._examples, self.parameter)

    def _counting_fields(self) -> dict[str, forms.Field]:
        fields: dict[str, forms.Field] = {}
        if self.parameter.unit in LENGTHS:
            others = [unit for unit in LENGTHS if unit not in (self.parameter.unit, "月")]
            units = [("", f"{self.parameter.unit}（与国家规定相同）"), *((unit, unit) for unit in others)]
            fields["unit"] = forms.ChoiceField(label="单位", choices=units, required=False)
            fields["starts_on"] = forms.CharField(
                label="起算", max_length=80, required=False, help_text="与国家规定不同才填，例如“受理之日”。"
            )
            fields["day_type"] = forms.ChoiceField(
                label="按什么日计", choices=[_SAME, *DAY_TYPES.items()], required=False
            )
            fields["rolls"] = forms.ChoiceField(
                label="末日遇休息日", choices=[_SAME, ("true", "顺延"), ("false", "不顺延")], required=False
            )
            if self.parameter.counting is not None and self.parameter.counting.extends:
                fields["mode"] = forms.ChoiceField(
                    label="延长的写法", choices=[_SAME, *MODE_WORDS.items()], required=False
                )
        fields["only_for"] = forms.CharField(
            label="只适用于",
            max_length=60,
            required=False,
            help_text="文件只对某类事项这样规定时填写，例如“工资类举报”。",
        )
        return fields

    def _order(self) -> None:
        value = [name for name in self.fields if name.startswith((LEAF, KEEP)) or name == "value"]
        first = ["region", "valid_from", "valid_until", *value]
        last = ["source_title", "source_number", "note"]
        counting = [name for name in self.fields if name not in {*first, *last}]
        self.order_fields([*first, *last, *counting])

    @property
    def place_fields(self) -> list[Any]:
        return [self[name] for name in ("region", "valid_from", "valid_until")]

    @property
    def paper_fields(self) -> list[Any]:
        return [self[name] for name in ("source_title", "source_number", "note")]

    @property
    def value_rows(self) -> list[tuple[Any, list[Any]]]:
        """Fields of the value by row: the box that keeps the row (or ``None``), and its fields."""
        rows: dict[str, list[Any]] = {}
        for name in self.fields:
            if name == "value" or name.startswith(LEAF):
                first = name.removeprefix(LEAF).split(".")[0]
                row = first if f"{KEEP}{first}" in self.fields else ""
                rows.setdefault(row, []).append(self[name])
        return [(self[f"{KEEP}{row}"] if row else None, fields) for row, fields in rows.items()]

    @property
    def rare_names(self) -> list[str]:
        return [
            name
            for name in ("unit", "starts_on", "day_type", "rolls", "mode", "only_for")
            if name in self.fields
        ]

    @property
    def rare_fields(self) -> list[Any]:
        """What few papers change: shown folded, unless something is in it or wrong with it."""
        return [self[name] for name in self.rare_names]

    @property
    def rare_open(self) -> bool:
        return any(self[name].errors or self[name].value() for name in self.rare_names)

    def refuse(self, sentence: str, field: str | None = None) -> None:
        """A refusal about the value stands at its first part."""
        if field == "value" and "value" not in self.fields:
            field = next((name for name in self.fields if name.startswith(LEAF)), None)
        if field == "counting":
            field = "day_type"
        super().refuse(sentence, field)

    def arguments(self) -> dict[str, Any]:
        """The arguments of ``propose_value`` that the form holds."""
        data = self.cleaned_data
        counting = {name: data[name] for name in ("starts_on", "day_type", "mode") if data.get(name)}
        if data.get("rolls"):
            counting["rolls"] = data["rolls"] == "true"
        names = ("region", "valid_from", "valid_until", "source_title", "source_number", "note", "only_for")
        return {name: data[name] for name in names} | {
            "value": typed_value(self.base, data),
            "unit": data.get("unit", ""),
            "counting": counting,
        }


class CheckForm(ConsoleForm):
    """Propose that a recorded value was held against its paper."""

    document_title = forms.CharField(
        label="核对所据的文件", max_length=160, help_text="文件全称；从哪里取得的可写在说明里。"
    )
    document_number = forms.CharField(label="文号和条款", max_length=80)
    note = forms.CharField(label="说明", max_length=300, required=False)


class CalendarForm(ConsoleForm):
    """Import the State Council's notice as a small table."""

    year = forms.IntegerField(label="年份", min_value=2004, max_value=2100)
    notice = forms.CharField(label="通知文号", max_length=80, help_text="例如 国办发明电〔2026〕7号。")
    file = SentField(
        label="表格文件", accept=TABLES,
        door=lambda: tables(advice="一年的放假安排没有这么大，请核对是否选错了文件", most=2 * MB),
    )  # fmt: skip


def leaf_fields(base: Any, examples: list[Any], parameter: Parameter) -> dict[str, forms.Field]:
    """A field for every part of ``base``; one field ``value`` where it has none."""
    if not isinstance(base, dict | list):
        return {"value": _leaf(base, examples, f"数值（{parameter.unit}）", needed=True)}
    if _is_texts(base):
        return {LEAF: LinesField(label=parameter.name, initial="\n".join(base))}
    peers: dict[str, list[Any]] = {}
    for example in examples:
        for path, part in shapes.leaves(example).items():
            peers.setdefault(_pattern(path), []).append(part)
    fields: dict[str, forms.Field] = {}
    for path, part in _parts(base).items():
        row = path.split(".")[0]
        if row.isdigit() and f"{KEEP}{row}" not in fields:
            fields[f"{KEEP}{row}"] = forms.BooleanField(
                label=f"保留第{int(row) + 1}项", required=False, initial=True
            )
        # Within a row its number is already said.
        label = path_words(path.partition(".")[2] if row.isdigit() and "." in path else path)
        if _is_texts(part):
            fields[LEAF + path] = LinesField(label=label, initial="\n".join(part), required=False)
        else:
            seen = peers.get(_pattern(path), [part])
            fields[LEAF + path] = _leaf(part, seen, label, needed=False)
    return fields


def typed_value(base: Any, data: Mapping[str, Any]) -> Any:
    """The value out of the form's fields, in the structure of ``base``; parts left empty are left out."""
    if not isinstance(base, dict | list):
        return _typed(data.get("value"))
    if _is_texts(base):
        return data.get(LEAF, [])
    return _rebuilt(base, data, "")


def _rebuilt(base: Any, data: Mapping[str, Any], path: str) -> Any:
    if _is_texts(base):
        return data.get(LEAF + path) or None
    if isinstance(base, dict):
        parts = {name: _rebuilt(part, data, _join(path, name)) for name, part in base.items()}
        return {name: part for name, part in parts.items() if part is not None} or None
    if isinstance(base, list):
        rows = [
            _rebuilt(part, data, _join(path, str(index)))
            for index, part in enumerate(base)
            if path or data.get(f"{KEEP}{index}", True)
        ]
        return [row for row in rows if row is not None]
    return _typed(data.get(LEAF + path))


def _typed(value: Any) -> Any:
    if value in ("true", "false"):
        return value == "true"
    return None if value == "" else value


def _leaf(part: Any, seen: list[Any], label: str, *, needed: bool) -> forms.Field:
    if isinstance(part, bool):
        return forms.ChoiceField(
            label=label, choices=_YES_NO, required=needed, initial="true" if part else "false"
        )
    texts = [one for one in seen if isinstance(one, str)]
    if isinstance(part, str) and all(one.isascii() for one in texts):
        names = list(_LEVELS) if set(texts) <= set(_LEVELS) else list(dict.fromkeys([*texts, part]))
        choices = [_CHOOSE, *((name, word(name)) for name in names)]
        return forms.ChoiceField(label=label, choices=choices, required=needed, initial=part)
    if isinstance(part, str):
        return forms.CharField(label=label, max_length=300, required=needed, initial=part)
    shown = "" if part is None else f"{part}"
    return NumberField(label=label, required=needed, initial=shown)


def _parts(value: Any, path: str = "") -> dict[str, Any]:
    """Like ``shapes.leaves``, but a list of texts is one part."""
    if _is_texts(value):
        return {path: value}
    if isinstance(value, dict):
        named = value.items()
    elif isinstance(value, list):
        named = {str(index): part for index, part in enumerate(value)}.items()
    else:
        return {path: value}
    found: dict[str, Any] = {}
    for name, part in named:
        found |= _parts(part, _join(path, name))
    return found


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, str) for one in value)


def _pattern(path: str) -> str:
    """Rows of a list are alike: ``2.level`` and ``0.level`` are one part."""
    return ".".join("#" if part.isdigit() else part for part in path.split("."))


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
