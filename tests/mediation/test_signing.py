"""Who signs a mediation paper on whose telephone, what a refusal does, the numbers, the seal, and what verification says."""

from __future__ import annotations

import datetime as dt

import pytest
import typst

from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.letters import turn_files
from anxin.letters.turns import find
from anxin.mediation import agreeing, preparing, sessions, stamping
from anxin.mediation.models import MediationPaper, PaperLink, PaperRegister, PaperSigner
from anxin.mediation.paper_turns import TURNS
from anxin.mediation.preparing import Named
from anxin.typesetting.scans import scan_pdf
from tests.mediation.conftest import ADDRESS, AGENT, IDS, MEDIATOR, TODAY, assigned, at, prepared, scan

NOW = at(TODAY, 14)
FIRST = TODAY + dt.timedelta(days=10)


@pytest.fixture
def made(centre):
    """An agreement of two workers, drafted."""
    case = assigned(centre)
    for party in case.parties.all():
        agreeing.describe_party(
            party, id_number="", phone="", address=ADDRESS, by=centre.shi, now=at(TODAY, 12)
        )
    plans = {one.pk: agreeing.in_parts(one.claimed_fen, [FIRST]) for one in case.parties.all()}
    return agreeing.draft(
        case, plans, facts="双方对拖欠的月份和金额没有争议", manner="汇入劳动者本人银行卡", by=centre.shi,
        now=at(TODAY, 13), today=TODAY, law=centre.law,
    )  # fmt: skip


def signer(paper, side: str) -> PaperSigner:
    return PaperSigner.objects.select_related("paper__case__matter", "paper__share__agreement").get(
        paper=paper, side=side
    )


def opened(centre, one: PaperSigner) -> PaperLink:
    """Scanned, claimed and read to the end, as the page does it."""
    token = TURNS.make_link(one, by=centre.shi, now=NOW)
    turns, link = find(token, NOW)
    assert turns is TURNS
    TURNS.claim(link, now=NOW)
    TURNS.read_to_end(link.signer, now=NOW)
    return TURNS.link_of(token, NOW)


def by_phone(centre, one: PaperSigner) -> None:
    link = opened(centre, one)
    asked = TURNS.ask_code(link.signer, now=NOW)
    TURNS.sign_with_code(link, code=asked.code, consent=True, device="手机", now=NOW)


def test_everybody_signs_on_the_own_telephone_and_one_code_serves_all_copies_of_the_firm(centre, made):
    first, second = prepared(centre, made, now=NOW)
    by_phone(centre, signer(first, "worker"))
    agent = opened(centre, signer(first, "employer"))
    read = [one["text"] for one in TURNS.words(agent.signer)]
    assert sum("赵某某" in text for text in read) and sum("钱某某" in text for text in read)
    assert "合计，金额（元）：12,000.00" in read
    worker = [one["text"] for one in TURNS.words(signer(second, "worker"))]
    assert not any("赵某某" in text for text in worker)
    asked = TURNS.ask_code(agent.signer, now=NOW)
    TURNS.sign_with_code(agent, code=asked.code, consent=True, device="手机", now=NOW)
    assert PaperSigner.objects.filter(side="employer", signed_at__isnull=False).count() == 2
    assert stamping.lacking(stamping.papers_of(made)) == ["劳动者2号还没有签名", "调解员还有2份没有签名"]
    by_phone(centre, signer(second, "mediator"))
    with pytest.raises(Refused, match="不能再附纸质件"):
        stamping.attach_scan(second, data=scan(), name="a.pdf", signed=[signer(second, "worker").pk], by=centre.shi,
                             now=NOW)  # fmt: skip
    TURNS.sign_at_tablet(
        signer(second, "worker"), id_number=IDS[1], witness="马某", consent=True, by=centre.shi, now=NOW
    )
    stamping.seal_agreement(made, by=centre.shi, now=NOW, law=centre.law)
    for paper in MediationPaper.objects.select_related("file"):
        found = turn_files.verdict(paper, NOW)
        assert (found.valid, found.trusted, found.missing) == (True, True, ())
        assert [one.name for one in found.signers][-1] == "某town调解组织"
    actions = list(JournalEntry.objects.values_list("action", flat=True))
    assert actions.count("mediation.paper_signed") == 6 and "mediation.agreement_sealed" in actions
    assert not JournalEntry.objects.filter(summary__contains="赵某某").exists()


def test_the_wrong_person_cannot_sign(centre, made):
    first, second = prepared(centre, made, now=NOW)
    one = signer(first, "worker")
    with pytest.raises(Refused, match="不由您办理"):
        TURNS.make_link(one, by=centre.other, now=NOW)
    token = TURNS.make_link(one, by=centre.shi, now=NOW)
    link = TURNS.link_of(token, NOW)
    secret = TURNS.claim(link, now=NOW)
    with pytest.raises(Refused, match="请让调解员重新出示"):
        TURNS.claim(link, now=NOW)
    link = TURNS.link_of(token, NOW)
    assert TURNS.is_device(link, secret) and not TURNS.is_device(link, "another")
    with pytest.raises(Refused, match="协议书全文看完"):
        TURNS.ask_code(link.signer, now=NOW)
    TURNS.read_to_end(link.signer, now=NOW)
    link = TURNS.link_of(token, NOW)
    assert TURNS.ask_code(link.signer, now=NOW).phone == "13900000001"
    with pytest.raises(Refused, match="验证码不对"):
        TURNS.sign_with_code(link, code="000", consent=True, device="手机", now=NOW)
    with pytest.raises(Refused, match="不能代签"):
        TURNS.sign_at_tablet(
            signer(second, "worker"), id_number=IDS[0], witness="马某", consent=True, by=centre.shi, now=NOW
        )
    assert not PaperSigner.objects.filter(signed_at__isnull=False).exists()
    agreeing.withdraw(made, why="单位要求改期", by=centre.shi, now=NOW)
    assert TURNS.link_of(token, NOW) is None
    with pytest.raises(Refused, match="不在签名阶段"):
        TURNS.make_link(signer(second, "worker"), by=centre.shi, now=NOW)


def test_who_signs_is_known_before_and_does_not_change_afterwards(centre, made):
    give = {"by": centre.shi, "now": NOW, "law": centre.law}
    with pytest.raises(Refused, match="用人单位签名人的手机号和身份证号至少填一项"):
        preparing.prepare_agreement(made, employer=Named("周某"), mediator=MEDIATOR, **give)
    with pytest.raises(Refused, match="调解员签名人的姓名"):
        preparing.prepare_agreement(made, employer=AGENT, mediator=Named(""), **give)
    with pytest.raises(Refused, match="不由您办理"):
        preparing.prepare_agreement(made, employer=AGENT, mediator=MEDIATOR, **{**give, "by": centre.other})
    preparing.prepare_agreement(made, employer=Named("王某", "19900001111"), mediator=MEDIATOR, **give)
    again, _ = preparing.prepare_agreement(made, employer=AGENT, mediator=MEDIATOR, **give)
    assert MediationPaper.objects.count() == 2 and PaperSigner.objects.count() == 6
    by_phone(centre, signer(again, "mediator"))
    with pytest.raises(Refused, match="已经有人签名"):
        preparing.prepare_agreement(made, employer=AGENT, mediator=MEDIATOR, **give)


def test_the_record_is_signed_by_those_who_were_there_or_says_who_would_not(centre):
    case = assigned(centre)
    session = sessions.appoint(
        case, at=at(TODAY, 13), place="镇调解室", online=False, by=centre.shi, now=at(TODAY, 12)
    )
    parties = list(case.parties.values_list("pk", flat=True))
    give = {"mediator": MEDIATOR, "by": centre.shi, "now": NOW, "law": centre.law}
    with pytest.raises(Refused, match="还没有登记笔录"):
        preparing.prepare_record(session, parties=parties, employer=AGENT, **give)
    said = sessions.Said("双方到场", "要求付清", "金额没有异议", "同意分两期付清")
    session = sessions.hold(session, said, by=centre.shi, now=NOW, law=centre.law)
    assert session.document.filename.endswith("未签名）.pdf")
    with pytest.raises(Refused, match="还没有到场的当事人"):
        preparing.prepare_record(session, parties=[], employer=None, **give)
    paper = preparing.prepare_record(session, parties=parties[:1], employer=AGENT, **give)
    assert any("金额没有异议" in one["text"] for one in turn_files.shown_words(paper))
    with pytest.raises(Refused, match="1号劳动者、2号用人单位、3号调解员没有签名"):
        stamping.seal_record(paper, by=centre.shi, now=NOW, law=centre.law)
    by_phone(centre, signer(paper, "worker"))
    TURNS.note_refusal(signer(paper, "employer"), why="须请示公司，不签", by=centre.shi, now=NOW)
    with pytest.raises(Refused, match="还有3号调解员没有签名"):
        stamping.seal_record(paper, by=centre.shi, now=NOW, law=centre.law)
    by_phone(centre, signer(paper, "mediator"))
    with pytest.raises(Refused, match="不由您办理"):
        stamping.seal_record(paper, by=centre.other, now=NOW, law=centre.law)
    done = stamping.seal_record(paper, by=centre.shi, now=NOW, law=centre.law)
    assert done.number == "某town调解组织调录〔2026〕1号" and done.document.kind == "mediation_record"
    session.refresh_from_db()
    assert session.document_id == done.document_id
    with pytest.raises(Refused, match="已经盖章存卷"):
        stamping.seal_record(paper, by=centre.shi, now=NOW, law=centre.law)


def test_a_number_that_was_not_used_is_given_again(centre, made, monkeypatch):
    papers = prepared(centre, made, now=NOW)
    for paper in papers:
        stamping.attach_scan(paper, data=scan(), name="a.pdf", by=centre.shi, now=NOW,
                             signed=paper.signers.values_list("pk", flat=True))  # fmt: skip

    def fails(*_, **__):
        raise Refused("签名服务没有回应。")

    with monkeypatch.context() as broken:
        broken.setattr(stamping, "take_effect", fails)
        with pytest.raises(Refused, match="没有回应"):
            stamping.seal_agreement(made, by=centre.shi, now=NOW, law=centre.law)
    assert not PaperRegister.objects.exists()
    assert not MediationPaper.objects.filter(sealed_at__isnull=False).exists()
    stamping.seal_agreement(made, by=centre.shi, now=NOW, law=centre.law)
    register = PaperRegister.objects.get()
    assert (register.body, register.kind, register.year, register.last) == (
        centre.bodies["town"], "agreement", 2026, 2,
    )  # fmt: skip


def test_a_photograph_becomes_a_page_and_what_is_none_is_refused():
    dot = typst.compile(b"#set page(width: 9pt, height: 9pt)\n#place(circle())", format="png")
    assert scan_pdf(dot).startswith(b"%PDF-")
    with pytest.raises(Refused, match="打不开"):
        scan_pdf(b"\x89PNG\r\n\x1a\nbroken")
    with pytest.raises(Refused, match="PDF，或者JPG"):
        scan_pdf(b"words")
