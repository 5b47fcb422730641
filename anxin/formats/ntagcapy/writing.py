"""Writing NTAGCAPY: one request per upload, at most so many payees each, all with the totals of the whole."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from lxml import etree

from anxin.formats.messages import FormatRefused, PayOrder, PayOrderLine
from anxin.formats.ntagcapy.reading import CODES, read
from anxin.formats.safe_xml import Element, child, parse
from anxin.kernel.money import yuan_string

#: numbers of China Merchants Bank itself
_OWN = "308"


@dataclass(frozen=True)
class Options:
    """What the bank and the payer agreed: who signs in, which flow of approval, which branch, which kind of payment.

    ``place`` is where payees of other banks have their accounts, as the bank asks for it.
    """

    login: str = "ANXIN"
    mode: str = "00001"
    branch: str = "69"
    kind: str = "BYSA"
    purpose: str = "代发农民工工资"
    place: str = "本地"


def write(order: PayOrder, options: Options) -> tuple[bytes, ...]:
    """The requests in the order in which they go up. Raises ``FormatRefused`` for what the bank would not take."""
    limits = CODES.limits
    if len(order.reference) > limits["reference"]:
        raise CODES.refused("N06", most=limits["reference"])
    if len(options.purpose) > limits["purpose"]:
        raise CODES.refused("N07", most=limits["purpose"])
    size = limits["lines_per_upload"]
    pieces = [order.lines[start : start + size] for start in range(0, len(order.lines), size)]
    if not pieces:
        raise CODES.refused("N01", what="付款明细", name="NTAGCAPY")
    if len(pieces) > limits["uploads"]:
        raise CODES.refused("N03", found=len(order.lines), most=limits["uploads"] * size)
    requests = []
    for index, lines in enumerate(pieces):
        data = _request(order, lines, index, len(pieces), options)
        for refusal in read(data).refusals:
            raise FormatRefused(refusal.code, refusal.sentence, f"第{index * size + refusal.line}笔")
        requests.append(data)
    return tuple(requests)


def continue_with(request: bytes, number: str) -> bytes:
    """A later upload of an order, with the number that the bank gave to the first (REQNBR of its answer)."""
    root = parse(request)
    element = child(root, "NTAGCAGCX1/REQNBR")
    if element is None:
        raise CODES.refused("N08", what="只有续传的请求才带流程实例号")
    element.text = number
    return _bytes(root)


def _request(
    order: PayOrder, lines: tuple[PayOrderLine, ...], index: int, uploads: int, options: Options
) -> bytes:
    root = etree.Element("CMBSDKPGK")
    info = etree.SubElement(root, "INFO")
    _fill(info, FUNNAM="NTAGCAPY", DATTYP="2", LGNNAM=options.login)
    _fill(etree.SubElement(root, "NTBUSMODY"), BUSMOD=options.mode)
    summary = etree.SubElement(root, "NTAGCAGCX1")
    _fill(summary, BEGTAG="Y" if index == 0 else "N", ENDTAG="Y" if index == uploads - 1 else "N")
    if index:
        etree.SubElement(summary, "REQNBR")
    _fill(
        summary,
        TTLAMT=yuan_string(order.total_fen),
        TTLCNT=str(len(order.lines)),
        TTLNUM=str(uploads),
        CURAMT=yuan_string(sum(line.amount_fen for line in lines)),
        CURCNT=str(len(lines)),
        CCYNBR="10",
        BBKNBR=options.branch,
        ACCNBR=order.payer_account,
        CCYMKT="0",
        TRSTYP=options.kind,
        NUSAGE=options.purpose,
        YURREF=order.reference,
        GRTFLG="Y",
    )
    for place, line in enumerate(lines, 1):
        _fill(etree.SubElement(root, "NTAGCDTLY1"), **_detail(line, place, index, options))
    return _bytes(root)


def _detail(line: PayOrderLine, place: int, index: int, options: Options) -> dict[str, str]:
    if not 0 < line.sequence < 10**8:
        raise FormatRefused("O04", "交易序号应为1至99999999。", f"第{place}笔")
    fields = {
        "TRXSEQ": f"{line.sequence:08d}",
        "ACCNBR": line.card,
        "ACCNAM": line.name,
        "TRSAMT": yuan_string(line.amount_fen),
    }
    if line.purpose:
        fields["TRSDSP"] = line.purpose[: CODES.limits["memo"]]
    own = not line.bank_code or line.bank_code.startswith(_OWN)
    fields["BNKFLG"] = "Y" if own else "N"
    if not own:
        # The bank asks for all three of a payee elsewhere; the reader finds a bank that nobody knows.
        fields |= {"EACBNK": _banks().get(line.bank_code[:3], ""), "EACCTY": options.place}
        fields |= {"FSTFLG": "N", "RCVBNK": line.bank_code}
    elif line.bank_code:
        fields["RCVBNK"] = line.bank_code
    if len(line.reference) <= 20:
        fields["CPRREF"] = line.reference
    return fields


@cache
def _banks() -> dict[str, str]:
    data = yaml.safe_load(Path(__file__).with_name("codes.yaml").read_text(encoding="utf-8"))
    return dict(data["banks"])


def _fill(parent: Element, **fields: str) -> None:
    for name, value in fields.items():
        try:
            etree.SubElement(parent, name).text = value
        except ValueError:
            raise FormatRefused(
                "forbidden", f"{name}的内容含有报文写不下的控制字符，请更正姓名或用途。"
            ) from None


def _bytes(root: Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))
