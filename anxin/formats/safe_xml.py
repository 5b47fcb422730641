"""XML from strangers: no entities, no document type, no network, bounded in size and depth.

The text is decoded here, by the encodings that banks use, and searched for a document type before any parser sees it:
what has none can have no entities, so neither a bomb nor a file of this machine can come in through one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from anxin.formats.messages import FormatRefused

#: an ``lxml`` element; the library has no types of its own
Element = Any

MOST_BYTES = 32 << 20
#: marks that begin a tag: a tree of more takes half a gigabyte
MOST_TAGS = 4_000_000
_DECLARED = re.compile(r"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "gb18030": "gb18030",
    "iso-8859-1": "iso-8859-1",
    "iso-8859-15": "iso-8859-15",
    "windows-1252": "cp1252",
    "utf-16": "utf-16",
}
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DOCTYPE = re.compile(r"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)


def parse(data: bytes) -> Element:
    """The root element. Raises :class:`FormatRefused` (X01 to X04) for everything that is not plain, whole XML."""
    if len(data) > MOST_BYTES:
        raise FormatRefused("X01", f"文件超过{MOST_BYTES >> 20}MB，请让银行分成几个文件。")
    text = _decoded(data)
    if text.count("<") > MOST_TAGS:
        raise FormatRefused("X01", "报文的元素太多，请让银行分成几个文件。")
    if _DOCTYPE.search(text):
        raise FormatRefused(
            "X02", "报文里有文档类型或实体定义（DOCTYPE），为安全起见不予读取；银行报文不需要它。"
        )
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    # The declaration names the encoding that has just been undone; its line stays, so that line numbers do.
    plain = _DECLARATION.sub(lambda match: "\n" * match[0].count("\n"), text, count=1)
    try:
        return etree.fromstring(plain.encode(), parser)
    except (etree.XMLSyntaxError, ValueError, UnicodeEncodeError) as error:
        line = getattr(error, "lineno", None)
        where = f"第{line}行" if line else ""
        raise FormatRefused(
            "X03", "不是完整的 XML，文件可能被截断或改动，请重新导出后再送。", where
        ) from None


def _decoded(data: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    if not encoding:
        head = data[:400].decode("latin-1")
        declared = _DECLARED.match(head)
        name = declared[1].lower() if declared else "utf-8"
        if "\0" in head[:8]:
            name = "utf-16-without-mark"
        encoding = _ENCODINGS.get(name, "")
        if not encoding:
            raise FormatRefused("X04", f"报文的编码“{name}”不读取，请用 UTF-8 重新导出。")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise FormatRefused(
            "X04", "报文的实际编码与声明的不一致，或文件已损坏，请用 UTF-8 重新导出。"
        ) from None


def split_tag(element: Element) -> tuple[str, str]:
    """Namespace and local name."""
    name = etree.QName(element)
    return name.namespace or "", name.localname


def child(element: Element | None, path: str) -> Element | None:
    """The first element at ``A/B/C``, whatever the namespaces."""
    for name in path.split("/"):
        if element is None:
            return None
        element = next(element.iterchildren("{*}" + name), None)
    return element


def children(element: Element | None, name: str) -> Iterator[Element]:
    """All direct children of that name, whatever the namespace."""
    return iter(()) if element is None else element.iterchildren("{*}" + name)


def text(element: Element | None, *paths: str) -> str:
    """The text at the first of the paths that has one, without the space around it."""
    for path in paths:
        found = child(element, path) if path else element
        if found is not None and found.text and found.text.strip():
            return str(found.text).strip()
    return ""


def source(element: Element) -> str:
    """The element as XML, for keeping."""
    return str(etree.tostring(element, encoding="unicode", with_tail=False))
