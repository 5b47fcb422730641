"""Statements of invented banks, made by template: what ISO 20022 says, in the versions that banks use."""

from __future__ import annotations

from collections.abc import Sequence


def party(name: str, inside: str = "") -> str:
    return f"<{inside}><Nm>{name}</Nm></{inside}>" if inside else f"<Nm>{name}</Nm>"


def payment(
    number: int, fen: int = 500_000, *, name: str | None = None, version: str = "04", extra: str = ""
) -> str:
    pty = "Pty" if int(version) >= 7 else ""
    who = party(name or f"工人{number}", pty)
    return (
        f"<TxDtls><Refs><AcctSvcrRef>B{number:06d}</AcctSvcrRef><EndToEndId>DF1-{number:05d}</EndToEndId></Refs>"
        f'<Amt Ccy="CNY">{fen // 100}.{fen % 100:02d}</Amt><CdtDbtInd>DBIT</CdtDbtInd>'
        f"<RltdPties><Cdtr>{who}</Cdtr><CdtrAcct><Id><Othr><Id>62{number:014d}</Id></Othr></Id></CdtrAcct>"
        f"</RltdPties>{extra}</TxDtls>"
    )


def entry(
    details: Sequence[str],
    fen: int,
    *,
    direction: str = "DBIT",
    version: str = "04",
    family: str = "SALA",
    reversal: bool = False,
    status: str = "BOOK",
    stated: int | None = None,
) -> str:
    said = f"<Sts><Cd>{status}</Cd></Sts>" if int(version) >= 8 else f"<Sts>{status}</Sts>"
    count = f"<Btch><NbOfTxs>{stated}</NbOfTxs></Btch>" if stated is not None else ""
    inside = f"<NtryDtls>{count}{''.join(details)}</NtryDtls>" if details or count else ""
    return (
        f'<Ntry><Amt Ccy="CNY">{fen // 100}.{fen % 100:02d}</Amt><CdtDbtInd>{direction}</CdtDbtInd>'
        f"<RvslInd>{str(reversal).lower()}</RvslInd>{said}<BookgDt><Dt>2026-11-20</Dt></BookgDt>"
        "<AcctSvcrRef>SUM1</AcctSvcrRef>"
        f"<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>{family}</SubFmlyCd></Fmly></Domn></BkTxCd>"
        f"{inside}</Ntry>"
    )


def notification(*entries: str, version: str = "04", message: str = "camt.054") -> bytes:
    outer, inner = {
        "camt.054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
        "camt.053": ("BkToCstmrStmt", "Stmt"),
    }[message]
    balances = ""
    if message == "camt.053":
        balances = "".join(
            f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>"
            f'<Amt Ccy="CNY">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-20</Dt></Dt></Bal>'
            for kind, amount in (("OPBD", "20000.00"), ("CLBD", "10000.00"))
        )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{message}.001.{version}"><{outer}>'
        "<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-20T18:00:00</CreDtTm></GrpHdr>"
        f"<{inner}><Id>N1</Id><CreDtTm>2026-11-20T18:00:00</CreDtTm>"
        f"<Acct><Id><Othr><Id>755900008010306</Id></Othr></Id></Acct>{balances}{''.join(entries)}"
        f"</{inner}></{outer}></Document>"
    ).encode()


def status_report(*transactions: str, group: str = "") -> bytes:
    said = f"<GrpSts>{group}</GrpSts>" if group else ""
    block = (
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>DF1</OrgnlPmtInfId>{''.join(transactions)}</OrgnlPmtInfAndSts>"
        if transactions
        else ""
    )
    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt>'
        "<GrpHdr><MsgId>M2</MsgId><CreDtTm>2026-11-20T18:00:00</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>DF1</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.03</OrgnlMsgNmId>{said}"
        f"</OrgnlGrpInfAndSts>{block}</CstmrPmtStsRpt></Document>"
    ).encode()


def fate(number: int, status: str, *, reason: str = "", words: str = "", original: bool = True) -> str:
    why = f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn>" if reason else ""
    why += f"<AddtlInf>{words}</AddtlInf>" if words else ""
    why += "</StsRsnInf>" if reason else ""
    what = (
        '<OrgnlTxRef><Amt><InstdAmt Ccy="CNY">5000.00</InstdAmt></Amt>'
        f"<Cdtr><Nm>工人{number}</Nm></Cdtr><CdtrAcct><Id><Othr><Id>62{number:014d}</Id></Othr></Id></CdtrAcct>"
        "</OrgnlTxRef>"
        if original
        else ""
    )
    return (
        f"<TxInfAndSts><OrgnlInstrId>{number}</OrgnlInstrId><OrgnlEndToEndId>DF1-{number:05d}</OrgnlEndToEndId>"
        f"<TxSts>{status}</TxSts>{why}<AccptncDtTm>2026-11-20T12:00:00</AccptncDtTm>{what}</TxInfAndSts>"
    )


def bank_answer(body: str, *, name: str = "NTAGCAPY", code: str = "0", words: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><CMBSDKPGK><INFO><DATTYP>2</DATTYP><ERRMSG>{words}</ERRMSG>'
        f"<FUNNAM>{name}</FUNNAM><RETCOD>{code}</RETCOD></INFO>{body}</CMBSDKPGK>"
    ).encode()


def detail(number: int, status: str, words: str = "") -> str:
    return (
        f"<NTAGCDTLY1><TRXSEQ>{number:08d}</TRXSEQ><ACCNBR>62{number:014d}</ACCNBR><ACCNAM>工人{number}</ACCNAM>"
        f"<TRSAMT>5000.00</TRSAMT><STSCOD>{status}</STSCOD><ERRCOD>AGT0001</ERRCOD><ERRDSP>{words}</ERRDSP></NTAGCDTLY1>"
    )
