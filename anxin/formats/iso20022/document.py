"""From bytes to a checked ISO 20022 document: which message, which version, and whether its schema holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from lxml import etree

from anxin.formats import codes, safe_xml
from anxin.formats.safe_xml import Element

CODES = codes.load(Path(__file__).parent)

_ISO = "urn:iso:std:iso:20022:tech:xsd:"
#: ``…:camt.054.001.04`` of ISO, ``…/de/pain.001.001.03.ch.02.xsd`` of the Swiss banks
_NAMESPACE = re.compile(
    r"(?P<base>urn:iso:std:iso:20022:tech:xsd:|http://www\.six-interbank-clearing\.com/de/)"
    r"(?P<message>[a-z]{4}\.\d{3})\.(?P<variant>\d{3})\.(?P<version>\d{2})(?P<dialect>\.ch\.\d{2})?(?:\.xsd)?"
)
#: message → its element, and the versions whose elements this reader knows; the first is written and recommended
MESSAGES: dict[str, tuple[str, tuple[str, ...]]] = {
    "pain.001": ("CstmrCdtTrfInitn", ("03", "04", "05", "06", "07", "08", "09", "10", "11")),
    "pain.002": ("CstmrPmtStsRpt", ("03", "04", "05", "06", "07", "08", "09", "10", "11", "12")),
    "camt.053": ("BkToCstmrStmt", ("04", "02", "03", "05", "06", "07", "08", "09", "10")),
    "camt.054": ("BkToCstmrDbtCdtNtfctn", ("04", "02", "03", "05", "06", "07", "08", "09", "10")),
}
_SCHEMAS = Path(__file__).with_name("schemas")
_validating = Lock()


@dataclass(frozen=True)
class Document:
    """A message whose kind and version are known. ``body`` is the element below ``Document``."""

    message: str
    version: str
    body: Element
    notes: tuple[str, ...]


def load(data: bytes) -> Document:
    """Raises ``FormatRefused``: X01 to X04 for the XML, I01 to I03 and I07 for the message."""
    root = safe_xml.parse(data)
    namespace, _ = safe_xml.split_tag(root)
    match = _NAMESPACE.fullmatch(namespace)
    if not match or match["message"] not in MESSAGES:
        raise CODES.refused("I01", namespace=namespace[:120] or "（没有写）")
    name = f"{match['message']}.{match['variant']}.{match['version']}{match['dialect'] or ''}"
    element, versions = MESSAGES[match["message"]]
    if match["variant"] != "001" or match["version"] not in versions:
        known = "、".join(f"{match['message']}.001.{version}" for version in sorted(versions))
        first = f"{match['message']}.001.{versions[0]}"
        raise CODES.refused("I02", name=name, known=known, first=first)
    iso = f"{match['message']}.001.{match['version']}"
    notes: tuple[str, ...] = ()
    if match["dialect"] or match["base"] != _ISO:
        _rename(root, namespace, _ISO + iso)
        notes = (f"报文是瑞士银行的写法（{name}），已按 ISO 的{iso}核对并读取。",)
    schema = _schema(iso)
    if schema is None:
        notes = (*notes, f"{name}没有随附的模式文件，已按{match['message']}的结构逐项核对。")
    else:
        _validate(schema, root, iso)
    body = safe_xml.child(root, element)
    if body is None:
        found = next((safe_xml.split_tag(one)[1] for one in root), "空")
        raise CODES.refused("I07", name=iso, found=found[:60])
    return Document(match["message"], name, body, notes)


@cache
def _schema(name: str) -> Any | None:
    path = _SCHEMAS / f"{name}.xsd"
    if not path.exists():
        return None
    parser = etree.XMLParser(no_network=True, resolve_entities=False, load_dtd=False)
    return etree.XMLSchema(etree.parse(str(path), parser))


def _validate(schema: Any, root: Element, name: str) -> None:
    with _validating:  # a schema keeps the errors of its last document
        if schema.validate(root):
            return
        error = schema.error_log[0]
    place = re.search(r"Element '(?:\{[^}]*\})?([^']{1,60})'", error.message)
    what = f"元素 {place[1]} 的位置或内容不对" if place else "结构不对"
    raise CODES.refused("I03", f"第{error.line}行", name=name, what=what)


def _rename(root: Element, old: str, new: str) -> None:
    """Give the elements of a dialect the namespace of the schema that it is a dialect of."""
    for element in root.iter(f"{{{old}}}*"):
        element.tag = f"{{{new}}}{safe_xml.split_tag(element)[1]}"
