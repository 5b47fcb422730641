"""A thousand contracts in one action, killed in the middle; texts and what the law asks of them; terms of the roster."""

from __future__ import annotations

import datetime as dt
import os

import pytest

from anxin.contracts import acting, drafting, papers, seals, signatures
from anxin.contracts.models import Contract
from anxin.contracts.terms import wage_of
from anxin.contracts.texts import model_words, problems, save_text
from anxin.evidence import bulk
from anxin.evidence.models import JournalEntry, StoredFile
from anxin.evidence.sealing import finding_hash, sealer
from anxin.kernel.refusal import Refused
from anxin.workforce.models import Enrolment, Worker
from tests.contracts.conftest import SHARED, enrolments, start
from tests.monitoring import factories as make
from tests.support.readings import ask_seals

State = Contract.State


class Killed(BaseException):
    """As a kill does: nothing on the way catches it."""


def crowd(site, people: int) -> None:
    seal = sealer()
    rows = [
        (f"工人{number}", seal(make.id_number(1)), finding_hash("id", f"crowd-{number}"), make.EARLY)
        for number in range(people)
    ]
    bulk.insert(Worker, ("name", "id_number", "id_hash", "recorded_at"), rows)
    workers = Worker.objects.filter(name__startswith="工人").order_by("pk")
    Enrolment.objects.bulk_create(
        Enrolment(
            project=site.project, worker=one, employer=site.firm, trade="木工", agreed_wage="300元/天",
            entry=dt.date(2026, 11, 1), recorded_at=make.EARLY,
        )
        for one in workers
    )  # fmt: skip


def test_a_thousand_in_one_action_killed_in_the_middle_are_made_exactly_once(site, now, monkeypatch):
    """Rows, states and files are real; a file is a line of its own here, because setting a thousand takes half a minute."""
    crowd(site, 997)
    batch = start(site, now).batch
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    monkeypatch.setattr(papers, "make", lambda row, *_: (f"%PDF {row.number}".encode(), "[]"))
    assert batch.contracts.filter(state=State.WAITING).count() == 1000
    made = papers.make
    count = iter(range(10_000))

    def until_killed(*args):
        if next(count) == 450:
            raise Killed
        return made(*args)

    monkeypatch.setattr(papers, "make", until_killed)
    with pytest.raises(Killed):
        drafting.make_batch(batch.pk, now=now)
    assert batch.contracts.filter(state=State.SENT).count() == 440
    monkeypatch.setattr(papers, "make", made)
    assert drafting.make_batch(batch.pk, now=now) == 560
    assert drafting.make_batch(batch.pk, now=now) == 0
    sent = batch.contracts.filter(state=State.SENT)
    assert (
        sent.count()
        == sent.values("worker").distinct().count()
        == sent.values("file").distinct().count()
        == 1000
    )
    assert StoredFile.objects.count() == 1000
    with pytest.raises(Refused, match="没有再生成"):
        start(site, now)


def test_seals_killed_in_the_middle_are_set_exactly_once(site, now, monkeypatch):
    crowd(site, 2)
    batch = start(site, now).batch
    drafting.make_batch(batch.pk, now=now)
    by = {"witness": "王见证", "consent": True, "user": site.clerk, "now": now}
    signed = list(batch.contracts.order_by("pk")[:3])
    for serial, one in enumerate(signed, 1):
        signatures.sign_at_counter(one, id_number=make.id_number(serial), **by)
    ask_seals([one.pk for one in signed], user=site.clerk, now=now)
    set_seal = papers.signed
    count = iter(range(100))

    def until_killed(*args, **kwargs):
        if next(count) == 2:
            raise Killed
        return set_seal(*args, **kwargs)

    monkeypatch.setattr(seals, "_CHUNK", 2)
    monkeypatch.setattr(papers, "signed", until_killed)
    with pytest.raises(Killed):
        seals.seal_asked(now=now)
    assert batch.contracts.filter(state=State.IN_FORCE).count() == 2
    monkeypatch.setattr(papers, "signed", set_seal)
    assert seals.seal_asked(now=now) == 1
    for one in batch.contracts.filter(state=State.IN_FORCE):
        assert len([line for line in papers.judged(one, now) if "签署，身份" in line]) == 2


def test_only_the_own_employers_people_and_clerks(site, now):
    with pytest.raises(Refused, match="不能为这个单位"):
        start(site, now, user=site.stranger)
    stranger = make.worker(8)
    make.enrol(site.project, stranger, employer_name="别的劳务公司")
    assert start(site, now, enrolments=enrolments(site)).made == 3


def test_what_is_missing_is_said_before_and_for_each(site, now):
    with pytest.raises(Refused, match="法定代表人"):
        start(site, now, shared={**SHARED, "employer_head": ""})
    with pytest.raises(Refused, match="先选择"):
        start(site, now, enrolments=[])
    with pytest.raises(Refused, match="最多1000人"):
        start(site, now, enrolments=range(1001))
    Enrolment.objects.filter(worker=site.people[0]).update(agreed_wage="")
    batch = start(site, now).batch
    drafting.make_batch(batch.pk, now=now)
    failed = batch.contracts.get(state=State.FAILED)
    assert "计酬标准" in failed.reason
    Enrolment.objects.filter(worker=site.people[0]).update(agreed_wage="9000元/月")
    acting.act("retry", [failed.pk], user=site.clerk, now=now)
    drafting.make_batch(batch.pk, now=now)
    failed.refresh_from_db()
    assert (failed.state, failed.terms["pay_rate"]) == (State.SENT, "每月9000元")
    assert any("每月9000元" in part["text"] for part in papers.words_of(failed))
    first, again = JournalEntry.objects.filter(action="contracts.made").order_by("sequence")
    assert first.summary == "生成劳动合同2份并发送给本人，1份没有办成"
    assert again.after["files"] == {failed.number: failed.file.sha256}
    assert failed.number not in first.after["files"] and len(first.after["files"]) == 2


def test_drafts_wait_until_they_are_sent(site, now):
    batch = start(site, now, send=False).batch
    drafting.make_batch(batch.pk, now=now)
    drafted = list(batch.contracts.all())
    assert {one.state for one in drafted} == {State.DRAFTED}
    with pytest.raises(Refused):
        acting.act("send", [drafted[0].pk], user=site.stranger, now=now)
    acting.act("send", [drafted[0].pk], user=site.clerk, now=now)
    drafted[0].refresh_from_db()
    assert drafted[0].state == State.SENT


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("300元/天", ("day", "每日300元")),
        ("9,000元/月", ("month", "每月9,000元")),
        ("每立方米45元", ("piece", "每立方米45元")),
        ("", ("", "")),
    ],
)
def test_the_wage_of_the_roster_as_the_contract_says_it(written, read):
    assert wage_of(written) == read


def test_the_model_text_says_all_that_the_law_asks(db):
    assert problems(model_words()) == []


@pytest.mark.parametrize(
    ("out", "into", "says"),
    [
        ("每月{每月支付日期}日", "每月", "第六条"),
        ("{单位住所}", "某地", "第十七条第一款第一项"),
        ("{社会保险}", "另行约定", "社会保险"),
        ("通过银行转账给", "付给", "货币形式"),
        ("# 其他", "# 其他\n乙方进场交押金五百元。", "第九条"),
        ("# 其他", "# 其他\n发生工伤自负。", "第二十六条"),
        ("# 其他", "# 其他\n工资年底一次性结清。", "年底"),
        ("{工种}", "{岗位}", "不认识占位"),
        ("{工种}", "{工种", "括号"),
    ],
)
def test_a_text_without_a_clause_of_the_law_is_not_kept(site, now, out, into, says):
    body = model_words()
    assert out in body
    with pytest.raises(Refused, match=says):
        save_text(site.firm, name="自己的文本", body=body.replace(out, into), user=site.clerk, now=now)


def test_a_lawful_sentence_that_forbids_a_deposit_is_no_fault(db):
    assert problems(model_words() + "\n甲方不得收取押金。") == []


def test_an_own_text_has_versions_and_contracts_keep_theirs(site, now):
    body = model_words() + "\n甲方提供免费工作餐。"
    first = save_text(site.firm, name="含餐", body=body, user=site.clerk, now=now)
    assert save_text(site.firm, name="含餐", body=body, user=site.clerk, now=now) == first
    second = save_text(site.firm, name="含餐", body=body + "\n另有夜餐。", user=site.clerk, now=now)
    assert (first.version, second.version) == (1, 2)
    with pytest.raises(Refused):
        save_text(site.firm, name="含餐", body=body, user=site.stranger, now=now)
    batch = start(site, now, text=first).batch
    drafting.make_batch(batch.pk, now=now)
    said = " ".join(part["text"] for part in papers.words_of(batch.contracts.first()))
    assert "免费工作餐" in said
    assert "夜餐" not in said
