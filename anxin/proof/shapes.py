"""Whether what a package says has the shape that it must have, before anything is done with it."""

from __future__ import annotations

import re
from typing import Any

from anxin.proof import canonical
from anxin.proof.keys import SEAL_FILES
from anxin.proof.statement import FORMAT

_HASH = re.compile(r"[0-9a-f]{64}")
_SIGNATURE = re.compile(r"[0-9a-f]{128}")
_SALT = re.compile(r"[0-9a-f]{32}")
_FILE = re.compile(r"rows/[a-z0-9_]+\.jsonl|documents/[0-9]{5}\.[a-z0-9]{1,8}")


class WrongShape(ValueError):
    """A part of a package that is not what the format asks for; the text is a sentence."""


def statement(content: bytes) -> dict[str, Any]:
    """The signed statement. Raises :class:`WrongShape`."""
    said = _object(
        content,
        {"seal": dict, "format": str, "title": str, "subject": dict, "as_of": str, "made": dict, "files": list, "leaves": int,
         "chain": dict, "tables": dict, "signers": list, "verifier": str, "viewer": str},
        free=("seal",),
    )  # fmt: skip
    if said["format"] != FORMAT:
        raise WrongShape(f"格式是“{said['format'][:40]}”，这个版本认得的是“{FORMAT}”")
    _texts(said["subject"])
    _keys(said["made"], {"at": str, "by": str, "product": str})
    _keys(said["chain"], {"sha256": str, "sm3": str})
    _hashes(said["viewer"], said["verifier"], *said["chain"].values())
    for one in said["signers"]:
        _keys(one, {"name": str, "role": str, "key": str})
        _hashes(one["key"])
    if "seal" in said:
        _keys(said["seal"], {"name": str, "certificate": str})
        _hashes(said["seal"]["certificate"])
    _files(said)
    for path, table in said["tables"].items():
        _keys(table, {"title": str, "columns": list})
        if not all(
            isinstance(each, list) and len(each) == 2 and all(isinstance(one, str) for one in each)
            for each in table["columns"]
        ):
            raise WrongShape("声明里的表不对")
        if not path.startswith("rows/"):
            raise WrongShape("声明里的表不对")
    if not said["signers"]:
        raise WrongShape("声明里没有签章人")
    return said


def signature(content: bytes) -> dict[str, Any]:
    """One line of the signatures. Raises :class:`WrongShape`."""
    said = _object(
        content,
        {"name": str, "role": str, "at": str, "statement": str, "key": str, "signature": str, "seal": dict},
        free=("seal",),
    )
    if "seal" in said:
        _keys(said["seal"], dict.fromkeys(SEAL_FILES, str))
        _hashes(*said["seal"].values())
    _hashes(said["statement"], said["key"])
    if not _SIGNATURE.fullmatch(said["signature"]):
        raise WrongShape("签章的写法不对")
    return said


def redaction(content: bytes) -> dict[str, Any]:
    """The note of something taken out. Raises :class:`WrongShape`."""
    said = _object(
        content,
        {"name": str, "role": str, "at": str, "statement": str, "key": str, "signature": str, "reason": str,
         "leaves": list, "viewer": str},
    )  # fmt: skip
    _hashes(said["statement"], said["key"], said["viewer"])
    if not _SIGNATURE.fullmatch(said["signature"]):
        raise WrongShape("签章的写法不对")
    numbers = said["leaves"]
    if not all(type(each) is int and each >= 0 for each in numbers) or sorted(set(numbers)) != numbers:
        raise WrongShape("隐去的编号不对")
    return said


def leaf(content: bytes) -> tuple[str, int, bytes | None, bytes, bytes]:
    """``(path, line, salt, sha256, sm3)`` of one leaf. Raises :class:`WrongShape`."""
    said = _load(content)
    if not (isinstance(said, list) and len(said) == 5):
        raise WrongShape("不是一项指纹")
    path, line, salt, *hashes = said
    if (
        not isinstance(path, str)
        or type(line) is not int
        or not all(isinstance(each, str) for each in hashes)
    ):
        raise WrongShape("不是一项指纹")
    _hashes(*hashes)
    if salt is not None and not (isinstance(salt, str) and _SALT.fullmatch(salt)):
        raise WrongShape("盐值的写法不对")
    return path, line, bytes.fromhex(salt) if salt else None, *map(bytes.fromhex, hashes)  # type: ignore[return-value]


def _files(said: dict[str, Any]) -> None:
    paths = []
    for each in said["files"]:
        if not (
            isinstance(each, list) and len(each) == 2 and isinstance(each[0], str) and type(each[1]) is int
        ):
            raise WrongShape("声明里的文件清单不对")
        if not _FILE.fullmatch(each[0]) or each[1] < 0:
            raise WrongShape("声明里的文件清单不对")
        paths.append(each[0])
    if sorted(set(paths)) != paths or said["leaves"] != sum(count for _, count in said["files"]):
        raise WrongShape("声明里的文件清单不对")


def _object(content: bytes, fields: dict[str, type], free: tuple[str, ...] = ()) -> dict[str, Any]:
    """``free``: fields that may be missing."""
    said = _load(content)
    if not isinstance(said, dict):
        raise WrongShape("不是一个对象")
    _keys(said, {name: kind for name, kind in fields.items() if name in said or name not in free})
    return said


def _load(content: bytes) -> Any:
    try:
        return canonical.load(content)
    except canonical.NotCanonical as problem:
        raise WrongShape(str(problem)) from problem


def _keys(said: Any, fields: dict[str, type]) -> None:
    if not isinstance(said, dict) or set(said) != set(fields):
        raise WrongShape("缺少或多出了字段")
    for name, kind in fields.items():
        if type(said[name]) is not kind:
            raise WrongShape(f"字段 {name} 不对")


def _texts(said: dict[str, Any]) -> None:
    if not all(isinstance(value, str) for value in said.values()):
        raise WrongShape("有一项说明不是文字")


def _hashes(*said: str) -> None:
    if not all(_HASH.fullmatch(each) for each in said):
        raise WrongShape("指纹的写法不对")
