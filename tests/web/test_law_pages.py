"""法规与期限: values over time and places, due dates, statutes, procedures; who sees them and what they refuse."""

from __future__ import annotations

import datetime as dt
import html
import io
import re

import openpyxl
import pytest

from anxin.accounts.models import Grant
from anxin.law import load
from anxin.registry.models import Region
from anxin.web.bureau import law_values

pytestmark = pytest.mark.one_database

LAW = load()
DAY = dt.date(2026, 11, 22)
#: every page of the law that anybody signed in may read
PAGES = (
    "/law",
    "/law/values/inspection.investigation_days",
    "/law/deadline",
    "/law/statutes",
    "/law/procedures",
    "/law/procedures/inspection_case",
)
EXPORTS = ("/law/export.xlsx", "/law/statutes/export.xlsx", "/law/procedures/inspection_case/export.xlsx")


def text(answer) -> str:
    """The page without its tags."""
    return html.unescape(re.sub(r"<[^>]+>", "", answer.content.decode()))


def keys(answer) -> list[str]:
    """Keys of the parameters listed, in their order."""
    return re.findall(r'href="/law/values/([\w.]+)\?', answer.content.decode())


def rows(answer) -> list[tuple]:
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    return [row for row in sheet.iter_rows(values_only=True) if any(cell is not None for cell in row)]


@pytest.fixture
def reader(sign_in, world):
    """An inspector of the invented district 990101."""
    return sign_in("inspector")


# who may


@pytest.mark.parametrize("page", [*PAGES, *EXPORTS])
@pytest.mark.parametrize("name", ["leader", "clerk", "auditor", "admin", "nobody"])
def test_anybody_signed_in_reads_the_law(page, name, sign_in, world):
    assert sign_in(name).get(page).status_code == 200


@pytest.mark.parametrize("page", [*PAGES, *EXPORTS])
def test_a_stranger_is_led_to_sign_in(page, client, world):
    answer = client.get(page)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in")


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_changed_by_post(page, reader):
    assert reader.post(page).status_code == 405


@pytest.mark.parametrize(
    ("page", "most"),
    [
        ("/law", 12),
        ("/law/deadline?key=inspection.complaint_decision_days&start=2026-09-28", 12),
        ("/law/statutes", 12),
    ],
)
def test_the_law_is_read_from_memory(page, most, reader, django_assert_max_num_queries):
    reader.get(page)
    with django_assert_max_num_queries(most):
        reader.get(page)


# the list of values


def test_the_first_page_tells_how_many_there_are_and_leads_on(reader):
    answer = reader.get("/law")
    assert f"共 {len(LAW.keys())} 项" in text(answer)
    assert len(keys(answer)) >= law_values.PAGE
    assert "下一页" in text(answer)


def test_the_pages_show_every_value_once(reader):
    seen: list[str] = []
    after = ""
    while True:
        answer = reader.get("/law", {"after": after})
        shown = list(dict.fromkeys(keys(answer)))
        seen += shown
        if "下一页" not in text(answer):
            break
        after = shown[-1]
    assert seen == list(LAW.keys())


@pytest.mark.parametrize(
    ("asked", "included", "left_out"),
    [
        ({"text": "投诉 受理"}, "inspection.complaint_decision_days", "wage_deposit.deposit_days"),
        ({"text": "DEPOSIT_DAYS"}, "wage_deposit.deposit_days", "inspection.investigation_days"),
        ({"text": "见索即付"}, "wage_deposit.guarantee_nature", "wage_deposit.deposit_days"),
        (
            {"text": "劳动保障监察条例》第十七条"},
            "inspection.investigation_days",
            "wage_deposit.deposit_days",
        ),
        ({"subject": "penalty"}, "penalty.fine_payment_days", "inspection.investigation_days"),
        ({"kind": "operational"}, "casework.reminder_ladder", "inspection.investigation_days"),
        (
            {"mark": "check", "region": "9901"},
            "wage_payment.min_wage_monthly",
            "inspection.investigation_days",
        ),
        ({"mark": "local", "region": "4404"}, "wage_payment.min_wage_monthly", "inspection.limitation_years"),
        ({"mark": "clock"}, "inspection.investigation_days", "warning.w03"),
    ],
)
def test_filters_narrow_the_list(asked, included, left_out, reader):
    found = keys(reader.get("/law", asked))
    assert included in found
    assert left_out not in found


def test_place_and_day_change_the_answer(reader):
    nation = text(reader.get("/law", {"text": "investigation_days", "region": ""}))
    sichuan = text(reader.get("/law", {"text": "investigation_days", "region": "5101"}))
    before = text(reader.get("/law", {"text": "investigation_days", "on": "2004-06-01", "region": ""}))
    assert "60个工作日" in nation
    assert "30个工作日" in sichuan and "四川" in sichuan
    assert "自2004-12-01起才有规定" in before


def test_the_place_is_that_of_the_persons_grant_unless_another_is_asked(reader):
    Region.objects.get_or_create(code="990101", defaults={"name": "虚构区"})
    assert 'value="990101"' in reader.get("/law").content.decode()
    assert "全国，" in text(reader.get("/law", {"region": ""}))


@pytest.mark.parametrize(
    "asked",
    [
        {"on": "yesterday"},
        {"on": "2026-13-40"},
        {"region": "99x"},
        {"region": "1" * 40},
        {"region": "９９０１"},
        {"after": "no.such"},
        {"mark": "purple"},
        {"kind": "'; drop table"},
        {"subject": "nowhere"},
        {"text": "<script>alert(1)</script>"},
    ],
    ids=str,
)
@pytest.mark.parametrize("page", ["/law", "/law/values/inspection.investigation_days", "/law/export.xlsx"])
def test_nonsense_in_the_address_counts_as_not_asked(page, asked, reader):
    answer = reader.get(page, asked)
    assert answer.status_code == 200
    assert b"<script>alert" not in answer.content


def test_nothing_found_says_so_and_what_to_do(reader):
    assert "没有符合条件的数值" in text(reader.get("/law", {"text": "没有这样的词"}))


def test_the_export_holds_what_the_list_shows(reader):
    asked = {"subject": "wage_deposit", "region": "35"}
    table = rows(reader.get("/law/export.xlsx", asked))
    named = {row[2]: row for row in table if row[2] in LAW.keys()}  # noqa: SIM118
    assert list(named) == list(dict.fromkeys(keys(reader.get("/law", asked))))
    nature, ratio = named["wage_deposit.guarantee_nature"], named["wage_deposit.ratio_percent"]
    assert nature[3] == "不可撤销、见索即付"
    assert (ratio[3], ratio[5]) == ("1.5%", "福建")


# one value


def test_a_value_shows_where_it_was_found_on_what_and_its_history(reader):
    said = text(reader.get("/law/values/inspection.investigation_days", {"region": "5101"}))
    assert "案件调查期限：30个工作日" in said
    assert "《四川省劳动和社会保障监察条例》第十九条" in said
    assert "省级" in said
    assert "2004-12-01 起" in said and "60个工作日" in said
    assert "河南" in said and "只显示，不参与计算" in said


def test_a_long_value_is_a_list(reader):
    body = reader.get("/law/values/wage_deposit.differentiation").content.decode()
    assert "<li>合同额低于3,000,000元的可以免存</li>" in body


def test_what_the_place_must_fill_in_says_so(reader):
    said = text(reader.get("/law/values/wage_payment.min_wage_monthly", {"region": "9901"}))
    assert "由地方规定" in said and "补录" in said


def test_an_unchecked_value_carries_its_mark_and_no_claim(reader):
    recalled = next(key for key in LAW.keys() if _answer(key) and _answer(key).needs_check)  # noqa: SIM118
    said = text(reader.get(f"/law/values/{recalled}", {"region": ""}))
    assert "待核" in said and "不能作为法律依据" in said


def _answer(key: str):
    found = [span.value for span in LAW.spans(key) if span.until is None]
    return found[0] if found else None


def test_a_length_of_time_leads_to_its_due_date_and_a_grading_does_not(reader):
    length = reader.get("/law/values/inspection.investigation_days").content.decode()
    grading = reader.get("/law/values/warning.w03").content.decode()
    assert "算到期日" in length and "见延长的规定" in length
    assert "算到期日" not in grading


def test_a_value_tells_the_procedures_that_use_it(reader):
    body = reader.get("/law/values/inspection.investigation_days").content.decode()
    assert 'href="/law/procedures/inspection_case"' in body


@pytest.mark.parametrize("page", ["/law/values/no.such", "/law/values/x", "/law/procedures/no-such"])
def test_what_is_not_recorded_is_not_found(page, reader):
    assert reader.get(page).status_code == 404


@pytest.mark.parametrize("key", LAW.keys())
def test_no_page_of_a_value_shows_a_code_but_its_key(key, reader):
    body = reader.get(f"/law/values/{key}", {"region": "4404"}).content.decode()
    main = re.sub(r"<(script|svg|select)\b.*?</\1>", "", body[body.index("<main") :], flags=re.S)
    shown = html.unescape(re.sub(r"<[^>]+>", " ", main)).replace(key, "")
    assert re.findall(r"[A-Za-z]+_[A-Za-z_]+|[a-z]{4,}", shown) == []


# due dates


def reckon(reader, **asked: object):
    return reader.get("/law/deadline", asked)


COMPLAINT = "inspection.complaint_decision_days"


def test_the_form_alone_asks_for_a_period_and_a_day(reader):
    said = text(reckon(reader))
    assert "选择期限和起算日期" in said
    assert "投诉受理决定期限" in said and "案件调查延长期限" not in said


def test_a_due_date_comes_with_its_steps_articles_and_days(reader):
    answer = reckon(reader, key=COMPLAINT, start="2026-09-28", region="")
    said = text(answer)
    assert "到期日：2026年10月10日（星期六）" in said
    assert "国庆节放假10月1日至10月7日不计" in said and "10月10日调休上班计入" in said
    assert "《关于实施〈劳动保障监察条例〉若干规定》第十八条" in said
    assert 'class="day-counted day-makeup day-last"' in answer.content.decode()


def test_pauses_extensions_and_restarts_are_told(reader):
    said = text(
        reckon(
            reader, key="inspection.investigation_days", start="2026-03-02", region="", extend="30",
            restart="2026-03-09", pause_from=["2026-04-01", ""], pause_to=["2026-04-10", ""],
        )
    )  # fmt: skip
    assert "重新计算" in said and "中止，其间不计入期限" in said and "延长30个工作日" in said


def test_a_period_from_service_starts_on_the_day_of_service(reader):
    said = text(
        reckon(
            reader, key="penalty.hearing_request_days", start="2026-08-03", region="", manner="public_notice"
        )
    )
    assert "公告送达" in said and "2026年9月2日（星期三）视为送达" in said
    assert "到期日：2026年9月9日（星期三）" in said


def test_hours_are_counted_from_the_moment(reader):
    said = text(reckon(reader, key="crime.transfer_send_hours", start="2026-09-30T16:30", region=""))
    assert "到期日：2026年10月1日（星期四）16:30" in said


def test_a_provision_with_several_lengths_asks_which_in_words(reader):
    unsaid = text(reckon(reader, key="penalty.publish_decision_days", start="2026-09-01", region=""))
    answer = reckon(
        reader, key="penalty.publish_decision_days", start="2026-09-01", region="", part="permit_or_penalty"
    )
    assert "请指明其中一种：一般执法决定、许可和处罚决定" in unsaid
    assert "2026年9月10日（星期四）" in text(answer)
    assert '<option value="permit_or_penalty" selected>许可和处罚决定</option>' in answer.content.decode()


def test_a_length_left_over_from_another_period_is_dropped(reader):
    assert "2026年10月10日" in text(
        reckon(reader, key=COMPLAINT, start="2026-09-28", region="", part="award")
    )


def test_a_case_that_a_place_treats_apart_can_be_chosen(reader):
    answer = reckon(reader, key=COMPLAINT, start="2026-09-14", region="3201", only_for="工资类举报")
    assert "<option selected>工资类举报</option>" in answer.content.decode()
    assert "7个工作日" in text(answer)


def test_a_least_period_says_from_when_one_may_go_on(reader):
    said = text(reckon(reader, key="wage_deposit.refund_publicity_days", start="2026-09-01", region=""))
    assert "期满日：2026年10月1日" in said and "2026年10月2日（星期五）起方可进行下一步" in said


def test_backwards_it_is_the_latest_day(reader):
    said = text(reckon(reader, key="penalty.hearing_notice_days", start="2026-09-23", region=""))
    # the Sunday before the Mid-Autumn holiday, the 20th, was worked
    assert "最迟日：2026年9月15日" in said


def test_the_pay_day_moves_earlier(reader):
    said = text(reckon(reader, key="period_counting.pay_date_on_holiday", start="2026-10-05", region=""))
    assert "到期日：2026年9月30日" in said


def test_a_year_not_yet_published_is_marked(reader):
    said = text(reckon(reader, key=COMPLAINT, start="2026-12-30", region=""))
    assert "暂定" in said and "公布后自动重算" in said


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"key": "no.such"}, "没有名为“no.such”的法规参数"),
        ({"start": "soon"}, "起算日期“soon”不对，应形如 2026-10-09"),
        ({"start": "2026-02-30"}, "起算日期“2026-02-30”不对"),
        ({"start": "2026-09-28T25:00"}, "起算日期“2026-09-28T25:00”不对"),
        ({"key": "warning.w03"}, "不是可以计算到期日的期限"),
        ({"key": "blacklist.repair_accept_days"}, "由地方规定"),
        ({"extend": "ten"}, "延长的长度“ten”不对，应为正整数"),
        ({"extend": "0"}, "延长的长度“0”不对"),
        ({"extend": "5"}, "没有可以延长的规定"),
        ({"key": "inspection.investigation_days", "extend": "31"}, "最多可延长30个工作日"),
        ({"restart": "2026-09-01"}, "重新起算日2026-09-01早于起算日2026-09-28"),
        ({"restart": "x"}, "重新起算日期“x”不对"),
        ({"pause_from": "2026-10-20", "pause_to": "2026-10-09"}, "早于开始日2026-10-20"),
        ({"pause_from": "2026-10-20", "pause_to": ""}, "中止结束日“”不对"),
        (
            {"pause_from": ["2026-10-08", "2026-10-09"], "pause_to": ["2026-10-10", "2026-10-12"]},
            "两段中止重叠",
        ),
        ({"manner": "pigeon"}, "没有“pigeon”这种送达方式"),
        ({"manner": "posted"}, "劳动保障监察文书不能用“留置、张贴送达”"),
        ({"manner": "direct", "family": "church"}, "没有“church”这类文书"),
        ({"start": "1999-01-01"}, "起才有规定"),
        ({"start": "9999-12-31"}, "日期9999-12-31太远，只计算到2100年"),
        ({"pause_from": "2026-10-09", "pause_to": "9999-12-31"}, "日期9999-12-31太远"),
        ({"restart": "2101-01-01"}, "日期2101-01-01太远"),
    ],
    ids=str,
)
def test_what_cannot_be_reckoned_gets_a_sentence_beside_what_was_typed(asked, sentence, reader):
    typed = {"key": COMPLAINT, "start": "2026-09-28", "region": ""} | asked
    answer = reader.get("/law/deadline", typed)
    assert answer.status_code == 200
    assert sentence in text(answer)
    assert 'role="alert"' in answer.content.decode()
    assert f'value="{typed["start"]}"' in answer.content.decode()


# statutes and procedures


def test_statutes_are_found_by_name_and_number(reader):
    by_name = text(reader.get("/law/statutes", {"text": "工程建设领域农民工工资保证金规定"}))
    assert "共 1 部" in by_name and "人社部发〔2021〕65号" in by_name
    assert "没有找到" in text(reader.get("/law/statutes", {"text": "没有这样的法"}))


def test_every_statute_is_exported_with_its_days(reader):
    table = rows(reader.get("/law/statutes/export.xlsx"))
    titles = {row[0] for row in table}
    assert {statute.title for statute in LAW.statutes()} <= titles


def test_procedures_are_listed_and_found(reader):
    everything = text(reader.get("/law/procedures"))
    assert f"共 {len(LAW.procedures())} 个程序" in everything
    assert "共 1 个程序" in text(reader.get("/law/procedures", {"text": "工资专用账户"}))


@pytest.mark.parametrize("procedure", LAW.procedures(), ids=lambda one: one.key)
def test_a_procedure_shows_its_diagram_steps_clocks_and_papers(procedure, reader):
    answer = reader.get(f"/law/procedures/{procedure.key}")
    said = text(answer)
    assert "<svg" in answer.content.decode()
    assert all(step.name in said for step in procedure.transitions)
    assert all(LAW.parameter(clock.parameter).name in said for clock in procedure.clocks)
    assert all(LAW.document(paper).name in said for paper in procedure.documents)


def test_the_steps_of_a_procedure_are_exported(reader):
    table = rows(reader.get("/law/procedures/inspection_case/export.xlsx"))
    names = {row[0] for row in table}
    assert {step.name for step in LAW.procedure("inspection_case").transitions} <= names


def test_a_person_of_two_places_starts_in_the_first(sign_in, world):
    Grant.objects.create(user=world.inspector, role="inspector", region="4404")
    assert 'value="990101"' in sign_in("inspector").get("/law/deadline").content.decode()


@pytest.mark.parametrize("typed", ["abc", "77", "９９０１", "没有这个县", "1" * 40])
def test_an_unknown_place_is_said_and_not_counted_as_the_nation(typed, reader):
    """Another law than the one asked for would be shown without a word."""
    listed = text(reader.get("/law", {"region": typed, "text": "投诉受理"}))
    one = text(reader.get(f"/law/values/{COMPLAINT}", {"region": typed}))
    assert f"没有“{typed[:20]}”这个地区" in listed
    assert f"没有“{typed[:20]}”这个地区" in one
    answer = reckon(reader, key=COMPLAINT, start="2026-09-28", region=typed)
    assert f"没有“{typed[:20]}”这个地区" in text(answer)
    assert "到期日：" not in text(answer)


@pytest.mark.parametrize("typed", ["四川省", "四川", "51"])
def test_a_place_may_be_given_by_its_name(typed, reader):
    Region.objects.get_or_create(code="51", defaults={"name": "四川省"})
    said = text(reader.get("/law/values/inspection.investigation_days", {"region": typed}))
    assert "没有“" not in said
    assert "四川省 · " in said
    assert "30个工作日" in said


def test_a_day_that_is_none_is_said(reader):
    said = text(reader.get("/law", {"on": "2026-02-30"}))
    assert "日期“2026-02-30”不对" in said


def test_a_procedure_says_of_each_paper_where_it_comes_from(reader):
    shown = text(reader.get("/law/procedures/crime_transfer"))
    assert "文书从哪里来" in shown and "在事项的文书页拟稿，签发用印" in shown
    assert "由外单位出具，收到后上传" in shown and "即《调查（询问）笔录》" in shown
