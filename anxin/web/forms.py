"""What the console's forms share: Tabler's classes, and a service's refusal beside its field."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from anxin.kernel.money import MoneyError, parse_yuan
from anxin.kernel.months import Month
from anxin.registry.models import Region

_PLAIN = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)


class ConsoleForm(forms.Form):
    """A form whose fields carry the right classes and say aloud when they are wrong."""

    required_css_class = "required"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            dress(field)

    def add_error(self, field: str | None, error: Any) -> None:
        # Dressed when the error is found, not in __init__: a subclass may still have to set its choices.
        super().add_error(field, error)
        if field in self.fields:
            attributes = self.fields[field].widget.attrs
            attributes["aria-invalid"] = "true"
            attributes["class"] = (
                f"{attributes.get('class', '').replace('is-invalid', '')} is-invalid".strip()
            )

    def refuse(self, sentence: str, field: str | None = None) -> None:
        """Show what a service refused, beside the field it is about where that is known."""
        self.add_error(field if field in self.fields else None, sentence)


def dress(field: forms.Field) -> None:
    """Tabler's classes; for fields that a form adds to itself."""
    widget = field.widget
    if isinstance(widget, forms.CheckboxInput):
        widget.attrs.setdefault("class", "form-check-input")
    elif isinstance(widget, forms.Select):
        widget.attrs.setdefault("class", "form-select")
    elif not isinstance(widget, _PLAIN):
        widget.attrs.setdefault("class", "form-control")
    field.error_messages.setdefault("required", "请填写这一项。")
    if "required" in field.error_messages:
        field.error_messages["required"] = "请填写这一项。"


class DateField(forms.DateField):
    """A day, picked or typed as 2026-11-21."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)
        self.error_messages["invalid"] = "请按 2026-11-21 的样子填写日期。"


class MonthField(forms.CharField):
    """A month as ``YYYY-MM``."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "month", "placeholder": "2026-09"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return str(Month.parse(text))
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None


class YuanField(forms.CharField):
    """An amount in yuan as people write it; the cleaned value is fen or ``None``."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            from anxin.kernel.money import yuan_string

            return yuan_string(value)
        return value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            fen = parse_yuan(text)
        except MoneyError as error:
            raise forms.ValidationError(str(error)) from None
        if self.required and fen is None:
            raise forms.ValidationError("请填写这一项。")
        return fen


class PercentField(forms.DecimalField):
    """A share in percent with at most two decimals; the cleaned value is hundredths of a percent or ``None``."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_digits=5, decimal_places=2, **kwargs)
        self.error_messages["invalid"] = "请填写百分数，如 20 或 12.5。"

    def prepare_value(self, value: Any) -> Any:
        return f"{value / 100:g}" if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        share = super().clean(str(value).rstrip("%％ ") if value else value)
        return None if share is None else int(share * 100)


class CodeField(forms.CharField):
    """An identifier: spaces inside are a slip of the keyboard."""

    def to_python(self, value: Any) -> str:
        return re.sub(r"\s+", "", super().to_python(value) or "")


class RegionField(CodeField):
    """The code of a region, typed; the cleaned value is the :class:`Region`, ``None`` where the field may stay empty.

    ``listed``: the page offers regions to choose from, in a ``datalist`` named ``region-list``.
    """

    def __init__(self, *, listed: bool = True, **kwargs: Any) -> None:
        attributes = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(
            max_length=12,
            widget=forms.TextInput(attrs={"list": "region-list", **attributes} if listed else attributes),
            **kwargs,
        )
        self.advice = "请从列表中选择" if listed else "请核对"

    def clean(self, value: Any) -> Any:
        code = super().clean(value)
        found = Region.objects.filter(code=code).first() if code else None
        if code and found is None:
            raise forms.ValidationError(f"没有这个地区代码，{self.advice}。")
        return found
