"""Reading NTAGCAPY, request or answer, and the details that NTAGDINF answers with."""

from __future__ import annotations

from pathlib import Path

from anxin.formats import codes
from anxin.formats.amounts import fen, whole
from anxin.formats.codes import OTHER, code_of_words
from anxin.formats.messages import (
    OrderState,
    Outcome,
    PayOrder,
    PayOrderLine,
    PayResult,
    PayResults,
    Reading,
    RowRefusal,
)
from anxin.formats.safe_xml import Element, child, children, parse, source, text
from anxin.kernel.money import yuan_string

CODES = codes.load(Path(__file__).parent)
KEY = "ntagcapy"


def read(data: bytes) -> Reading:
    """Raises ``FormatRefused`` (X01 to X04, N01 to N05, N08)."""
    root = parse(data)
    name = text(root, "INFO/FUNNAM")
    answer = child(root, "INFO/RETCOD") is not None
    if name == "NTAGCAPY" and not answer:
        return _request(root)
    if name not in ("NTAGCAPY", "NTAGDINF"):
        raise CODES.refused("N04", found=name[:20] or "（没有写）")
    if not answer:
        raise CODES.refused("N04", found=f"{name} 查询请求")
    refused = _refused(root)
    if refused:
        return Reading(KEY, name, (PayResults("", (), refused),))
    return _details(root) if name == "NTAGDINF" else _answer(root)


def _refused(root: Element) -> OrderState | None:
    """The bank did not take the call: its return code and its words."""
    code = text(root, "INFO/RETCOD")
    if code == "0":
        return None
    return OrderState(Outcome.RETURNED, code[:10], text(root, "INFO/ERRMSG")[:200] or "银行拒绝了这次请求。")


# --- the request -----------------------------------------------------------------------------------------


def _request(root: Element) -> Reading:
    summary = child(root, "NTAGCAGCX1")
    if summary is None:
        raise CODES.refused("N01", what="汇总（NTAGCAGCX1）", name="NTAGCAPY")
    details = list(children(root, "NTAGCDTLY1"))
    _check_counts(summary, details)
    if text(summary, "CCYNBR") != "10":
        raise CODES.refused("N05", found=text(summary, "CCYNBR")[:10])
    reference = text(summary, "YURREF")
    if not reference or not text(summary, "ACCNBR"):
        raise CODES.refused("N01", what="业务参考号（YURREF）或付款账号（ACCNBR）", name="NTAGCAPY")
    refusals: list[RowRefusal] = []
    seen: dict[str, int] = {}
    lines = [_line(one, place, reference, seen, refusals) for place, one in enumerate(details, 1)]
    order = PayOrder(
        reference=reference,
        project_code="",
        month="",
        payer_account=text(summary, "ACCNBR"),
        payer_name="",
        created_at=None,
        lines=tuple(line for line in lines if line),
    )
    complete = text(summary, "BEGTAG") == "Y" and text(summary, "ENDTAG") == "Y"
    uploads = text(summary, "TTLNUM")[:9]
    notes = () if complete else (f"这是分{uploads}次上传的批次中的一次，共{text(summary, 'TTLCNT')[:9]}笔。",)
    return Reading(KEY, "NTAGCAPY", (order,), tuple(refusals), notes)


def _check_counts(summary: Element, details: list[Element]) -> None:
    most = CODES.limits["lines_per_upload"]
    if not details:
        raise CODES.refused("N01", what="付款明细（NTAGCDTLY1）", name="NTAGCAPY")
    if len(details) > most:
        raise CODES.refused("N03", found=len(details), most=most)
    marks = text(summary, "BEGTAG"), text(summary, "ENDTAG")
    if not set(marks) <= {"Y", "N"}:
        raise CODES.refused("N08", what="BEGTAG 和 ENDTAG 应为 Y 或 N")
    count, total = text(summary, "CURCNT"), fen(text(summary, "CURAMT"))
    if count != str(len(details)):
        raise CODES.refused("N02", what="本次笔数（CURCNT）", stated=count[:12], found=len(details))
    amounts = [fen(text(one, "TRSAMT")) for one in details]
    found = sum(amount or 0 for amount in amounts)
    if total != found:
        stated = text(summary, "CURAMT")[:20]
        raise CODES.refused("N02", what="本次金额（CURAMT）", stated=stated, found=yuan_string(found))
    all_count, all_total = text(summary, "TTLCNT"), fen(text(summary, "TTLAMT"))
    only = marks == ("Y", "Y")
    if (whole(all_count) or 0) < len(details) or (only and all_count != count):
        raise CODES.refused("N02", what="总笔数（TTLCNT）", stated=all_count[:12], found=len(details))
    if all_total is None or all_total < found or (only and all_total != found):
        stated = text(summary, "TTLAMT")[:20]
        raise CODES.refused("N02", what="总金额（TTLAMT）", stated=stated, found=yuan_string(found))


def _line(
    detail: Element, place: int, batch: str, seen: dict[str, int], refusals: list[RowRefusal]
) -> PayOrderLine | None:
    sequence, amount = text(detail, "TRXSEQ"), fen(text(detail, "TRSAMT"))
    account, name = text(detail, "ACCNBR"), text(detail, "ACCNAM")
    limits = CODES.limits
    first = seen.setdefault(sequence, place)
    problem: tuple[str, str, dict[str, object]] | None = None
    if len(sequence) != 8 or not (sequence.isascii() and sequence.isdigit()) or first != place:
        problem = "sequence", "O04", {"found": sequence[:12], "first": first}
    elif not amount:
        problem = "amount", "O01", {"found": text(detail, "TRSAMT")[:30]}
    elif not account or len(account) > limits["account"]:
        problem = "card", "O02", {"most": limits["account"]}
    elif not name or len(name) > limits["name"]:
        problem = "name", "O03", {"most": limits["name"]}
    elif text(detail, "BNKFLG") == "N" and not text(detail, "EACBNK"):
        problem = "bank_code", "O05", {}
    if problem:
        refusals.append(CODES.row(place, problem[0], problem[1], source(detail), **problem[2]))
        return None
    return PayOrderLine(
        sequence=int(sequence),
        reference=text(detail, "CPRREF") or f"{batch}-{sequence}",
        name=name,
        card=account,
        amount_fen=amount or 0,
        bank_code=text(detail, "RCVBNK"),
        purpose=text(detail, "TRSDSP"),
    )


# --- the answers -----------------------------------------------------------------------------------------


def _answer(root: Element) -> Reading:
    state = child(root, "NTAGCAGCZ1")
    number, status = text(state, "REQNBR"), text(state, "REQSTA")
    if not number or not status:
        raise CODES.refused("N01", what="流程实例号或业务状态（NTAGCAGCZ1）", name="NTAGCAPY")
    flag = text(state, "RTNFLG")
    meaning = CODES.bank_code(f"FIN-{flag or 'S'}" if status == "FIN" else status)
    outcome = meaning.outcome if meaning else Outcome.PENDING
    word = text(state, "ERRTXT") or (meaning.word if meaning else f"业务状态 {status[:3]}")
    return Reading(KEY, "NTAGCAPY", (PayResults("", (), OrderState(outcome, flag or status, word, number)),))


def _details(root: Element) -> Reading:
    details = list(children(root, "NTAGCDTLY1"))
    if not details:
        raise CODES.refused("N01", what="明细（NTAGCDTLY1）", name="NTAGDINF")
    refusals: list[RowRefusal] = []
    seen: dict[str, int] = {}
    results = [_result(one, place, seen, refusals) for place, one in enumerate(details, 1)]
    more = child(root, "NTAGDINFY1") is not None
    notes = ("明细还没有完，请继续查询后面的部分并一并导入。",) if more else ()
    found = PayResults("", tuple(result for result in results if result))
    return Reading(KEY, "NTAGDINF", (found,), tuple(refusals), notes)


def _result(
    detail: Element, place: int, seen: dict[str, int], refusals: list[RowRefusal]
) -> PayResult | None:
    sequence, amount, raw = text(detail, "TRXSEQ"), fen(text(detail, "TRSAMT")), source(detail)
    first = seen.setdefault(sequence, place)
    if len(sequence) != 8 or not (sequence.isascii() and sequence.isdigit()) or first != place:
        refusals.append(CODES.row(place, "sequence", "O04", raw, found=sequence[:12], first=first))
        return None
    if not amount:
        refusals.append(CODES.row(place, "amount", "O01", raw, found=text(detail, "TRSAMT")[:30]))
        return None
    status = text(detail, "STSCOD")
    meaning = CODES.bank_code(status)
    if meaning is None or len(status) != 1:
        refusals.append(CODES.row(place, "status", "O06", raw, found=status[:10]))
        return None
    returned = meaning.outcome == Outcome.RETURNED
    said = text(detail, "ERRDSP") or (meaning.word if returned else "")
    return PayResult(
        sequence=int(sequence),
        reference=text(detail, "CPRREF"),
        name=text(detail, "ACCNAM"),
        card=text(detail, "ACCNBR"),
        amount_fen=amount,
        outcome=meaning.outcome,
        code=(code_of_words(said) or OTHER) if returned else "",
        reason=said[:200] if returned else "",
        bank_code=text(detail, "ERRCOD") or status,
        line=place,
        raw=raw,
    )
