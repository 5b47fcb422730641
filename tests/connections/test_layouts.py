"""An institution's files are joined by sample, mapping, trial and a second look; later files find their layout."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin import formats
from anxin.agency.answers import read_answers
from anxin.connections import layouts
from anxin.connections.headers import header_hash, marks
from anxin.connections.models import InstitutionLayout
from anxin.connections.queries_layouts import agreed_mapping, order_format
from anxin.connections.trials import try_layout
from anxin.evidence.journal import Actor
from anxin.evidence.models import JournalEntry
from anxin.formats.ntagcapy import Ntagcapy
from anxin.funds.models import BankReceipt
from anxin.kernel.refusal import Refused
from anxin.registry.models import Organisation
from anxin.sheets.workbook import Sheet, Workbook
from tests.formats.makers import order, results
from tests.support.deliveries import bank_card, deliver, make_project, receipts, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]

#: a header whose words nobody could guess
HEADER = ["序", "甲", "乙", "丙", "丁", "戊"]
COLUMNS = {"name": "B", "bank_card": "C", "amount": "D", "paid_on": "E", "status": "F"}
COLLEAGUE = Actor("user:2", "李同事")


def rows(*people: tuple[str, int, int, str]) -> list[list]:
    return [
        [n, name, bank_card(index), yuan, "2026-11-10", said]
        for n, (name, index, yuan, said) in enumerate(people, 1)
    ]


def sample(title: str = "") -> bytes:
    people = (("王小明", 1, 5000, "成功"), ("李大海", 2, 6000, "失败"), ("赵四", 3, 7000, "处理中"))
    return workbook(HEADER, rows(*people), title=title)


@pytest.fixture
def bank(db):
    return Organisation.objects.create(code="SLYH", name="示例银行", kind="bank")


@pytest.fixture
def draft(bank, actor, now):
    return layouts.draft_receipts_layout(
        organisation=bank, name="代发回执", data=sample(), filename="样本.xlsx", actor=actor, now=now
    )


@pytest.fixture
def mapped(draft, actor, now):
    mapping = {**draft.mapping, "header_rows": [1], "columns": COLUMNS}
    return layouts.map_layout(draft, mapping=mapping, actor=actor, now=now)


@pytest.fixture
def live(mapped, actor, now):
    tried, _ = layouts.pass_trial(mapped, actor=actor, now=now)
    return layouts.go_live(tried, actor=COLLEAGUE, now=now)


def test_columns_that_are_known_are_mapped_from_the_start(bank, actor, now):
    layout = layouts.draft_receipts_layout(
        organisation=bank,
        name="回执",
        data=receipts(("王小明", 1, 5000)),
        filename="a.xlsx",
        actor=actor,
        now=now,
    )
    assert layout.format_key == "table"
    assert layout.mapping["columns"]["amount"] == "D"
    assert try_layout(layout).counts == {"accepted": 1, "refused": 0, "skipped": 0}


def test_header_nobody_knows_is_a_draft_to_map(draft):
    assert draft.mapping["columns"] == {}
    assert "还没有指出各列" in try_layout(draft).refusal


def test_trial_shows_the_fate_of_every_row_masked(mapped):
    trial = try_layout(mapped)
    assert [(f.row, f.verdict, f.name) for f in trial.fates] == [
        (2, "accepted", "王**"),
        (3, "accepted", "李**"),
        (4, "refused", "赵*"),
    ]
    assert trial.fates[1].outcome == "失败"
    assert "尚在处理" in trial.fates[2].reason
    assert all(len(f.card) < 10 for f in trial.fates)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"columns": {"name": "B"}}, "金额"),
        ({"columns": {"amount": "D"}}, "收款人"),
        ({"columns": {**COLUMNS, "reason": "F"}}, "只留一个"),
        ({"columns": {**COLUMNS, "amount": "ZZ"}}, "没有ZZ列"),
        ({"columns": {**COLUMNS, "gender": "A"}}, "没有“gender”"),
        ({"header_rows": []}, "表头"),
        ({"header_rows": [900]}, "没有第900行"),
        ({"header_rows": [1, 2, 3, 4, 5, 6]}, "最多5行"),
        ({"unit": "亿元"}, "元或万元"),
    ],
)
def test_mapping_that_does_not_fit_is_refused_with_a_sentence(draft, actor, now, changes, words):
    mapping = {"header_rows": [1], "columns": COLUMNS, "unit": "元", **changes}
    with pytest.raises(Refused, match=words):
        layouts.map_layout(draft, mapping=mapping, actor=actor, now=now)
    draft.refresh_from_db()
    assert draft.mapping["columns"] == {}


def test_layout_that_accepts_nothing_does_not_pass_its_trial(draft, actor, now):
    with pytest.raises(Refused):
        layouts.pass_trial(draft, actor=actor, now=now)


def test_its_author_may_not_put_it_into_force_and_a_colleague_may(mapped, actor, now):
    with pytest.raises(Refused, match="试读"):
        layouts.go_live(mapped, actor=COLLEAGUE, now=now)
    tried, _ = layouts.pass_trial(mapped, actor=actor, now=now)
    with pytest.raises(Refused, match="另一位同事"):
        layouts.go_live(tried, actor=actor, now=now)
    assert layouts.go_live(tried, actor=COLLEAGUE, now=now).stage == "live"
    actions = JournalEntry.objects.filter(object_type="institution_layout").order_by("sequence")
    assert list(actions.values_list("action", flat=True)) == [
        "layout.drafted", "layout.mapped", "layout.tested", "layout.live",
    ]  # fmt: skip


def test_changed_mapping_must_be_tried_again(mapped, actor, now):
    tried, _ = layouts.pass_trial(mapped, actor=actor, now=now)
    again = layouts.map_layout(tried, mapping=tried.mapping, actor=actor, now=now)
    assert again.stage == "draft"
    with pytest.raises(Refused):
        layouts.go_live(again, actor=COLLEAGUE, now=now)


def test_live_layout_is_not_changed_and_its_next_version_takes_its_place(live, bank, actor, now):
    with pytest.raises(Refused, match="下一版"):
        layouts.map_layout(live, mapping=live.mapping, actor=actor, now=now)
    later = now + dt.timedelta(days=1)
    following = layouts.draft_receipts_layout(
        organisation=bank,
        name="代发回执",
        data=receipts(("王小明", 1, 5000)),
        filename="b.xlsx",
        actor=actor,
        now=later,
    )
    assert following.version == 2
    with pytest.raises(Refused, match="还没有启用"):
        layouts.draft_receipts_layout(
            organisation=bank, name="代发回执", data=sample(), filename="c.xlsx", actor=actor, now=later
        )
    tried, _ = layouts.pass_trial(following, actor=actor, now=later)
    layouts.go_live(tried, actor=COLLEAGUE, now=later)
    stages = InstitutionLayout.objects.order_by("version").values_list("version", "stage", "retired_by_name")
    assert list(stages) == [(1, "retired", "李同事"), (2, "live", "")]


def test_file_delivered_later_uses_the_layout_by_itself(live, actor, now):
    make_project(now)
    people = (("钱五", 5, 4100, "成功"), ("孙六", 6, 4200, "退回"))
    batch = deliver(
        "receipts",
        workbook(HEADER, rows(*people), title="示例银行 2026年11月 代发结果"),
        actor=actor,
        now=now,
    )
    assert batch.mapping["layout"] == "示例银行“代发回执”第1版"
    assert batch.mapping["header_rows"] == [2]
    assert dict(BankReceipt.objects.values_list("payee_name", "outcome")) == {
        "钱五": "paid",
        "孙六": "returned",
    }


def test_answer_to_an_order_is_read_by_the_layout_too(live):
    people = (("钱五", 5, 4100, "成功"), ("孙六", 6, 4200, "退回"))
    (answer,) = read_answers(workbook(HEADER, rows(*people)), "结果.xlsx")
    assert [(line.name, line.amount_fen, line.outcome.value) for line in answer.lines] == [
        ("钱五", 410_000, "paid"),
        ("孙六", 420_000, "returned"),
    ]


def test_layout_that_is_not_live_is_not_used(mapped, actor, now):
    assert agreed_mapping("receipts", sample(), "x.xlsx") is None


def test_retired_layout_is_no_longer_used(live, actor, now):
    assert agreed_mapping("receipts", sample(), "x.xlsx") is not None
    layouts.retire_layout(live, actor=actor, now=now)
    assert agreed_mapping("receipts", sample(), "x.xlsx") is None


def test_two_institutions_that_mean_different_columns_by_one_header_decide_nothing(live, actor, now):
    other = Organisation.objects.create(code="DEYH", name="第二银行", kind="bank")
    draft = layouts.draft_receipts_layout(
        organisation=other, name="回执", data=sample(), filename="a.xlsx", actor=actor, now=now
    )
    swapped = {**draft.mapping, "header_rows": [1], "columns": {**COLUMNS, "name": "C", "bank_card": "B"}}
    tried, _ = layouts.pass_trial(
        layouts.map_layout(
            draft, mapping={**swapped, "columns": {"name": "B", "amount": "D"}}, actor=actor, now=now
        ),
        actor=actor,
        now=now,
    )
    layouts.go_live(tried, actor=COLLEAGUE, now=now)
    assert agreed_mapping("receipts", sample(), "x.xlsx") is None


def test_sample_that_is_a_message_needs_no_mapping(bank, actor, now):
    sent = order(3)
    data = formats.get("wage_file").write_results(results(sent), sent)
    layout = layouts.draft_receipts_layout(
        organisation=bank, name="结果", data=data, filename="r.txt", actor=actor, now=now
    )
    assert layout.format_key == "wage_file"
    assert try_layout(layout).counts["accepted"] == 3
    with pytest.raises(Refused, match="不需要对应"):
        layouts.map_layout(layout, mapping={}, actor=actor, now=now)


@pytest.mark.parametrize("data", [b"%PDF-1.4", b"AXGZ|1|RES|cut", b""])
def test_sample_that_cannot_be_read_makes_no_draft(bank, actor, now, data):
    with pytest.raises(Refused):
        layouts.draft_receipts_layout(
            organisation=bank, name="结果", data=data, filename="r.xlsx", actor=actor, now=now
        )
    assert not InstitutionLayout.objects.exists()


def test_only_institutions_are_joined(actor, now):
    town = Organisation.objects.create(code="ZJ", name="示例镇", kind="town")
    insurer = Organisation.objects.create(code="BX", name="示例保险", kind="insurer")
    with pytest.raises(Refused, match="只有银行、保险机构和担保公司"):
        layouts.draft_receipts_layout(
            organisation=town, name="x", data=sample(), filename="a.xlsx", actor=actor, now=now
        )
    with pytest.raises(Refused, match="只送给银行"):
        layouts.draft_order_layout(
            organisation=insurer, name="x", format_key="wage_file", actor=actor, now=now
        )


@pytest.mark.parametrize("key", ["wage_file", "iso20022", "ntagcapy"])
def test_order_format_is_tried_on_an_invented_order_and_used_once_live(bank, actor, now, key):
    options = {"place": "示例市"} if key == "ntagcapy" else None
    layout = layouts.draft_order_layout(
        organisation=bank, name="代发", format_key=key, options=options, actor=actor, now=now
    )
    assert order_format(bank) is None
    tried, trial = layouts.pass_trial(layout, actor=actor, now=now)
    assert [fate.amount_fen for fate in trial.fates] == [512_345, 60_000]
    layouts.go_live(tried, actor=COLLEAGUE, now=now)
    found = order_format(bank)
    assert found.key == key
    if isinstance(found, Ntagcapy):
        assert found.options.place == "示例市"


def test_order_format_that_is_not_written_is_refused(bank, actor, now):
    with pytest.raises(Refused, match="没有"):
        layouts.draft_order_layout(organisation=bank, name="x", format_key="nothing", actor=actor, now=now)
    with pytest.raises(Refused, match="约定参数"):
        layouts.draft_order_layout(
            organisation=bank, name="x", format_key="wage_file", options={"login": "A"}, actor=actor, now=now
        )


@given(
    st.lists(st.lists(st.text(max_size=4), min_size=1, max_size=4), min_size=1, max_size=6), st.integers(0, 5)
)
def test_header_is_found_wherever_it_stands(cells, blank):
    width = max(map(len, cells))
    header = ["收款人", "金额", *[""] * max(width - 2, 0)]
    body = [row + [""] * (len(header) - len(row)) for row in cells]
    table = [[""] * len(header)] * blank + [header, *body]
    mark = header_hash([["收款人", "金额"]])
    found = [
        (sheet, rows)
        for one, sheet, rows in marks(Workbook("x", "xlsx", [Sheet("一", table)]), {1})
        if one == mark
    ]
    assert ("一", [blank + 1]) in found
