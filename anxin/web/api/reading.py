"""Reading bodies: bounded, UTF-8 JSON, nothing in it that a database or a person could not read."""

from __future__ import annotations

import json
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Schema
from ninja.parser import Parser
from pydantic import ConfigDict, Field, model_validator

from anxin.connections.refusals import CallRefused


class BoundedParser(Parser):
    """What cannot be read is refused in a sentence; nothing a caller sends may end in an exception."""

    def parse_body(self, request: HttpRequest) -> Any:
        try:
            return json.loads(
                request.body.decode("utf-8"), parse_constant=_no_number, object_pairs_hook=_no_name_twice
            )
        except NameTwice as twice:
            reason = f"同一层里“{twice.name[:40]}”出现了两次"
        except UnicodeDecodeError:
            reason = "编码不是UTF-8"
        except RecursionError:
            reason = "嵌套太深"
        except ValueError as error:
            reason = "数字太长或不是数字" if "number" in str(error) or "digits" in str(error) else "不是JSON"
        raise CallRefused("body_unreadable", reason=reason)


class NameTwice(ValueError):
    """Two values under one name: whichever is meant, the other would be lost without a word."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = "".join(char for char in name if char.isprintable())


def _no_name_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        raise NameTwice(next(name for name, _ in pairs if name in seen or seen.add(name)))  # type: ignore[func-returns-value]
    return found


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number")


class Strict(Schema):
    """A part of a body: nothing unknown in it, and no characters that no keyboard types."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _readable(cls, values: Any) -> Any:
        content = getattr(values, "_obj", values)
        for value in content.values() if isinstance(content, dict) else ():
            if isinstance(value, str) and not _is_text(value):
                raise ValueError("文字中含有无法保存的字符。")
        return values


def _is_text(value: str) -> bool:
    return not any(char == "\0" or "\ud800" <= char <= "\udfff" for char in value)


#: an amount in fen, a whole number: yuan with decimals are the commonest source of lost fen
Fen = Annotated[int, Field(strict=True, gt=0, le=10**13, description="金额，单位：分（整数）")]
