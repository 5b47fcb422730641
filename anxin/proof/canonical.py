"""One way to write a JSON value as bytes: sorted keys, no spaces, UTF-8, whole numbers only."""

from __future__ import annotations

import json
from typing import Any


class NotCanonical(ValueError):
    """The bytes are no JSON, or not the one way in which this value is written."""


def dump(value: Any) -> bytes:
    """The bytes of a value of dicts, lists, strings, whole numbers, truth values and null.

    Raises :class:`NotCanonical` for a float (two machines may write it differently) and for text that has no UTF-8.
    """
    try:
        return json.dumps(_checked(value), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    except (UnicodeEncodeError, TypeError) as problem:
        raise NotCanonical(f"无法写成规范的 JSON：{problem}") from problem


def load(content: bytes) -> Any:
    """The value behind ``content``; raises :class:`NotCanonical` unless :func:`dump` writes these very bytes."""
    try:
        value = json.loads(content.decode())
    except (ValueError, RecursionError) as problem:
        raise NotCanonical("不是规范的 JSON") from problem
    if dump(value) != content:
        raise NotCanonical("不是规范的 JSON 写法")
    return value


def _checked(value: Any) -> Any:
    if isinstance(value, float):
        raise NotCanonical("数字必须是整数，小数请写成文字")
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise NotCanonical("字段名必须是文字")
        return {key: _checked(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_checked(each) for each in value]
    return value
