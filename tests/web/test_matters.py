"""事项: the list, opening, the page, and what happens at each of its forms."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anxin.accounts.models import Grant, User
from anxin.casework.due import run_due
from anxin.casework.models import Document, Matter, Step
from anxin.evidence.models import JournalEntry
from anxin.local_law import queries as local_law
from anxin.registry.models import Organisation
from tests.monitoring import factories as make
from tests.web.cases import a_matter, take
from tests.web.test_warnings import text


@pytest.fixture
def matter(world, now) -> Matter:
    return a_matter(world, now)


@pytest.fixture
def case(world, now) -> Matter:
    """A case under investigation."""
    found = a_matter(world, now, "inspection_case", on=dt.date(2026, 10, 9), title="连续两个月未发工资")
    take(found, "assign", by=world.inspector, on=dt.date(2026, 10, 12), now=now)
    return Matter.objects.get(pk=found.pk)


def fields(matter: Matter, **more) -> dict[str, object]:
    return {"version": matter.version, "on": "2026-11-20", **more}


def paper(name: str = "文书.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.4 paper")


# the list


def test_the_row_says_what_where_it_stands_until_when_and_with_whom(sign_in, world, matter):
    page = text(sign_in("inspector").get("/matters"))
    for said in ("木工班反映没有结清工资", matter.number, "投诉举报受理", "已收件", "已逾期2个工作日", "2026-11-18",
                 "某区人社局", "某inspector", "东台安置房工程"):  # fmt: skip
        assert said in page, said


def test_the_list_shows_only_what_one_may_see(sign_in, world, matter):
    assert "木工班" not in text(sign_in("outsider").get("/matters"))
    assert "木工班" in text(sign_in("clerk").get("/matters"))
    assert "开始一件事项" not in text(sign_in("clerk").get("/matters"))


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("procedure=complaint_intake", True),
        ("procedure=inspection_case", False),
        ("procedure=complaint_intake&state=received", True),
        ("procedure=complaint_intake&state=supplement", False),
        ("mine=1", True),
        ("due=overdue", True),
        ("due=today", False),
        ("region=990101", True),
        ("region=990102", False),
        ("text=木工", True),
        ("text=瓦工", False),
        ("standing=closed", False),
        ("standing=nonsense&sort=nonsense&employer=x&after=_", True),
        ("oversight=1", False),
        ("project=HERE", True),
    ],
)
def test_filters_narrow_and_nonsense_does_nothing(sign_in, matter, query, shown):
    page = text(sign_in("inspector").get(f"/matters?{query}"))
    assert ("木工班反映" in page) == shown
    if not shown:
        assert "没有符合条件的事项" in page


def test_an_empty_list_says_what_to_do(sign_in, world):
    assert "从选择程序开始" in text(sign_in("inspector").get("/matters"))
    assert "由监察员或领导开始" in text(sign_in("clerk").get("/matters"))


def test_pages_by_key_show_every_matter_once_at_the_same_cost(
    sign_in, world, now, django_assert_max_num_queries
):
    client = sign_in("inspector")
    made = [a_matter(world, now, title=f"第{number}件").pk for number in range(3)]
    with django_assert_max_num_queries(100) as first:
        client.get("/matters")
    made += [a_matter(world, now, title=f"第{number}件").pk for number in range(3, 55)]
    with django_assert_max_num_queries(len(first.captured_queries)):
        answer = client.get("/matters")
    second = client.get("/matters", {"after": answer.context["next_key"]})
    seen = [row["matter"].pk for row in [*answer.context["rows"], *second.context["rows"]]]
    assert sorted(seen) == made
    assert second.context["next_key"] is None


def test_the_export_opens_and_holds_the_filtered_rows(sign_in, world, now, matter):
    a_matter(world, now, "inspection_case", title="另一件")
    answer = sign_in("inspector").get("/matters/export.xlsx?procedure=complaint_intake")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[0][0] == "事项清单"
    assert [row[3] for row in rows[3:]] == ["木工班反映没有结清工资"]
    assert rows[3][12].date() == matter.next_due_on


# opening


def test_procedures_are_grouped_and_found_by_word(sign_in, world):
    page = text(sign_in("inspector").get("/matters/new"))
    assert "监察" in page
    assert page.count("/matters/new?procedure=") == len(local_law.current().procedures())
    found = text(sign_in("inspector").get("/matters/new?text=投诉"))
    assert "投诉举报受理" in found
    assert "电子劳动合同" not in found
    assert "没有这样的程序" in text(sign_in("inspector").get("/matters/new?text=没有这个词"))


def test_a_matter_is_opened_for_the_project_that_was_typed(sign_in, world, now):
    client = sign_in("inspector")
    address = "/matters/new?procedure=complaint_intake"
    assert "990101" in text(client.get(address))
    answer = client.post(
        address,
        {
            "title": "电话投诉",
            "about_text": "东台安置房",
            "region": "990101",
            "lead": world.body.pk,
            "on": "2026-11-18",
        },
    )
    made = Matter.objects.get(title="电话投诉")
    assert answer["Location"] == f"/matters/{made.pk}"
    assert (made.project, made.handler, made.opened_on) == (
        world.here,
        world.inspector,
        dt.date(2026, 11, 18),
    )
    assert JournalEntry.objects.filter(action="matter.opened", object_id=str(made.pk)).exists()


def test_several_hits_are_offered_and_one_is_picked(sign_in, world):
    make.project("HERE2", region_code="990101", name="东台幼儿园工程")
    client, address = sign_in("inspector"), "/matters/new?procedure=complaint_intake"
    typed = {
        "title": "电话投诉",
        "about_text": "东台",
        "region": "990101",
        "lead": world.body.pk,
        "on": "2026-11-18",
    }
    answer = client.post(address, typed)
    assert answer.status_code == 422
    assert "请在下面选择" in text(answer)
    assert f'value="project:{world.here.pk}"' in text(answer)
    client.post(address, typed | {"about": f"project:{world.here.pk}"})
    assert Matter.objects.get().project == world.here


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"about_text": "没有这个项目"}, "辖区内没有找到"),
        ({"about_text": "西河桥梁"}, "辖区内没有找到"),  # of another district
        ({"region": "123"}, "没有这个地区代码"),
        ({"region": "990102"}, "没有以某区人社局名义"),
        ({"on": "2026-12-01"}, "在将来"),
        ({"on": "昨天"}, "请按 2026-11-21 的样子填写日期"),
        ({"title": ""}, "请填写这一项"),
    ],
)
def test_what_cannot_be_opened_says_why_and_keeps_what_was_typed(sign_in, world, changed, said):
    typed = {"title": "电话投诉", "region": "990101", "lead": world.body.pk, "on": "2026-11-18"}
    answer = sign_in("inspector").post("/matters/new?procedure=complaint_intake", typed | changed)
    assert answer.status_code == 422
    assert said in text(answer)
    assert 'value="990101"' in text(answer) or "region" in changed
    assert not Matter.objects.exists()


def test_the_search_of_the_form_finds_only_what_one_may_see(sign_in, world):
    client = sign_in("inspector")
    assert f'value="project:{world.here.pk}"' in text(client.get("/matters/find?about_text=东台"))
    assert f'value="employer:{world.firm.pk}"' in text(client.get("/matters/find?about_text=某建工"))
    assert "没有找到“西河”" in text(client.get("/matters/find?about_text=西河"))


def test_an_unknown_procedure_does_not_exist(sign_in, world):
    assert sign_in("inspector").get("/matters/new?procedure=nothing").status_code == 404


def test_from_a_project_the_form_knows_the_project(sign_in, world):
    page = text(sign_in("inspector").get(f"/matters/new?procedure=complaint_intake&project={world.here.pk}"))
    assert f'value="project:{world.here.pk}" checked' in page.replace("\n", " ")
    other = text(
        sign_in("inspector").get(f"/matters/new?procedure=complaint_intake&project={world.there.pk}")
    )
    assert "西河" not in other


# the page


def test_the_page_says_in_one_sentence_what_it_is_and_what_comes_next(sign_in, world, case):
    page = text(sign_in("inspector").get(f"/matters/{case.pk}"))
    assert (
        "劳动保障监察案件：连续两个月未发工资。涉及东台安置房工程，2026年10月9日开始，现为“调查中”。" in page
    )
    assert "办理“调查终结”或“查实欠薪，责令限期支付”。" in page
    assert "还剩" in page
    assert "procedure-state-current" in page
    assert "全案还缺：" in page
    assert "（《劳动保障监察条例》" not in page.split("</h1>")[0]


def test_what_may_not_be_done_says_why(sign_in, world, case):
    page = text(sign_in("inspector").get(f"/matters/{case.pk}"))
    assert "请提请有决定权限的领导办理" in page
    assert f"/matters/{case.pk}/steps/dismiss" not in page
    leader = text(sign_in("leader").get(f"/matters/{case.pk}"))
    assert f"/matters/{case.pk}/steps/dismiss" in leader


def test_a_partys_step_is_recorded_for_it(sign_in, world, now, case):
    take(case, "order", by=world.inspector, on=dt.date(2026, 11, 16), now=now)
    client = sign_in("inspector")
    assert "代为登记" in text(client.get(f"/matters/{case.pk}"))
    case.refresh_from_db()
    data = fields(case, **{"paper-0": paper("付款凭证.pdf"), "paper-0-kind": "payment_proof",
                           "paper-1": paper("签收单.pdf"), "paper-1-kind": "worker_receipt"})  # fmt: skip
    assert client.post(f"/matters/{case.pk}/steps/perform", data).status_code == 302
    step = Step.objects.get(matter=case, transition="perform")
    assert (step.body, step.actor_name) == ("employer", "某inspector")
    page = text(client.get(f"/matters/{case.pk}"))
    assert "用人单位（某inspector代为登记）" in page
    assert "付款凭证.pdf" in page


def test_the_next_step_is_whose_turn_it_is(sign_in, world, now, case):
    take(case, "conclude", by=world.inspector, on=dt.date(2026, 11, 10), now=now)
    take(case, "notify", by=world.inspector, on=dt.date(2026, 11, 16), now=now)
    inspector, leader = (text(sign_in(name).get(f"/matters/{case.pk}")) for name in ("inspector", "leader"))
    assert "提请领导“审核、集体讨论后作出决定”。有“要求听证”的，代为登记。" in inspector
    assert "办理“审核、集体讨论后作出决定”。" in leader


def test_a_step_without_its_paper_is_refused_in_its_form(sign_in, world, case):
    answer = sign_in("inspector").post(f"/matters/{case.pk}/steps/order", fields(case, note="已核对工资表"))
    assert answer.status_code == 422
    page = text(answer)
    assert "还须附上《劳动保障监察限期改正指令书》" in page
    assert "已核对工资表" in page
    assert not Document.objects.filter(kind="rectification_order").exists()


def test_a_refused_step_leaves_its_papers_out(sign_in, world, case):
    data = fields(case, on="2026-11-21", **{"paper-0": paper(), "paper-0-kind": "rectification_order"})
    answer = sign_in("inspector").post(f"/matters/{case.pk}/steps/order", data)
    assert answer.status_code == 422
    assert "在将来" in text(answer)
    assert not Document.objects.filter(kind="rectification_order").exists()


def test_somebody_elses_step_came_first(sign_in, world, now, case):
    stale = fields(case, **{"paper-0": paper(), "paper-0-kind": "rectification_order"})
    take(case, "conclude", by=world.colleague, on=dt.date(2026, 11, 19), now=now)
    answer = sign_in("inspector").post(f"/matters/{case.pk}/steps/order", stale)
    assert answer.status_code == 422
    assert "您填写期间，某colleague已经办理了“调查终结”" in text(answer)
    case.refresh_from_db()
    assert case.state == "concluded"
    assert f'name="version" value="{case.version}"' in text(answer)


def test_an_extension_asks_how_long_and_by_which_paper(sign_in, world, case):
    client = sign_in("leader")
    assert "最多还可延长30个工作日" in text(client.get(f"/matters/{case.pk}"))
    given = {"paper-0": paper(), "paper-0-kind": "extension_approval", "extension_paper": "批〔2026〕1号"}
    for amount, said in (("40", "不能延长40个工作日"), ("很多", "应为正整数"), ("", "请填写")):
        answer = client.post(
            f"/matters/{case.pk}/steps/extend",
            fields(case, extension_amount=amount, **given | {"paper-0": paper()}),
        )
        assert answer.status_code == 422
        assert said in text(answer)
    before = case.deadlines.get(clock="investigation").due_on
    given["paper-0"] = paper()
    assert client.post(
        f"/matters/{case.pk}/steps/extend", fields(case, extension_amount="30", **given)
    ).status_code == 302  # fmt: skip
    assert case.deadlines.get(clock="investigation").due_on > before


def test_a_pause_asks_why(sign_in, world, case):
    client = sign_in("leader")
    given = {"paper-0-kind": "suspension_approval"}
    answer = client.post(f"/matters/{case.pk}/steps/suspend", fields(case, **given, **{"paper-0": paper()}))
    assert answer.status_code == 422
    assert "原因" in text(answer)
    client.post(
        f"/matters/{case.pk}/steps/suspend",
        fields(case, pause_reason="等待鉴定意见", **given, **{"paper-0": paper()}),
    )
    page = text(client.get(f"/matters/{case.pk}"))
    assert "已中止" in page
    assert "恢复后重算" in page


def test_the_day_a_clock_counts_from_is_asked_with_the_step_or_later(sign_in, world, now, case):
    take(case, "conclude", by=world.inspector, on=dt.date(2026, 11, 10), now=now)
    take(case, "notify", by=world.inspector, on=dt.date(2026, 11, 16), now=now)
    client = sign_in("inspector")
    assert not case.deadlines.filter(clock="hearing_request").exists()
    case.refresh_from_db()
    answer = client.post(
        f"/matters/{case.pk}/event",
        {"version": case.version, "event": "听证告知书送达之日", "day": "2026-11-18"},
    )
    assert answer.status_code == 302
    assert case.deadlines.filter(clock="hearing_request").latest("pk").due_on == dt.date(2026, 11, 25)
    case.refresh_from_db()
    answer = client.post(
        f"/matters/{case.pk}/event", {"version": case.version, "event": "乱写", "day": "2026-11-18"}
    )
    assert answer.status_code == 422
    assert "本程序没有名为“乱写”的日期" in text(answer)


def test_papers_are_attached_downloaded_and_taken_back(sign_in, world, matter):
    client = sign_in("inspector")
    answer = client.post(
        f"/matters/{matter.pk}/attach",
        {"kind": "complaint_form", "file": paper("投诉书.pdf"), "number": "1号", "dated": "2026-11-10"},
    )
    assert answer.status_code == 302
    found = Document.objects.get()
    got = client.get(f"/matters/{matter.pk}/papers/{found.pk}")
    assert got.content == b"%PDF-1.4 paper"
    assert got["Content-Disposition"].startswith("attachment")
    assert sign_in("outsider").get(f"/matters/{matter.pk}/papers/{found.pk}").status_code == 404
    assert client.get(f"/matters/{matter.pk + 1}/papers/{found.pk}").status_code == 404
    refused = client.post(f"/matters/{matter.pk}/withdraw", {"document": found.pk, "why": ""})
    assert refused.status_code == 422
    assert "请写明撤下这份文书的原因" in text(refused)
    client.post(f"/matters/{matter.pk}/withdraw", {"document": found.pk, "why": "传错了"})
    assert (
        "投诉书.pdf"
        not in text(client.get(f"/matters/{matter.pk}")).split('id="papers"')[1].split("</section>")[0]
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"kind": "complaint_form"}, "请选择要上传的文书"),
        ({"kind": "nothing", "file": b"x"}, "nothing"),
        ({"kind": "complaint_form", "file": b""}, "是空的"),
        ({"kind": "complaint_form", "file": b"x", "dated": "2026-12-31"}, "在将来"),
        ({"kind": "complaint_form", "file": b"x", "dated": "x"}, "请填写文书日期"),
    ],
)
def test_a_paper_that_cannot_be_attached_says_why(sign_in, matter, given, said):
    if "file" in given:
        given = given | {"file": SimpleUploadedFile("文书.pdf", given["file"])}
    answer = sign_in("inspector").post(f"/matters/{matter.pk}/attach", given)
    assert answer.status_code == 422
    assert said in text(answer)


def test_the_tasks_follow_whoever_is_made_to_handle_it(sign_in, world, matter):
    client = sign_in("leader")
    client.post(f"/matters/{matter.pk}/assign", {"handler": world.colleague.pk})
    assert set(matter.tasks.values_list("for_user", flat=True)) == {world.colleague.pk}
    refused = client.post(f"/matters/{matter.pk}/assign", {"handler": world.outsider.pk})
    assert refused.status_code == 422
    assert "对本件没有办理权限" in text(refused)
    client.post(f"/matters/{matter.pk}/assign", {"handler": ""})
    matter.refresh_from_db()
    assert matter.handler is None


def test_a_supporting_body_sees_and_cannot_act(sign_in, world, matter):
    helper = Organisation.objects.create(
        code="ZJ", name="某区住建局", kind="industry_authority", region=matter.region
    )
    person = User.objects.create_user("helper", password="x", display_name="某helper")
    Grant.objects.create(user=person, role="inspector", region="9901", organisation="ZJ")
    client = sign_in("inspector").__class__()
    client.force_login(person, backend="anxin.accounts.backends.PeopleBackend")
    assert client.get(f"/matters/{matter.pk}").status_code == 404
    sign_in("inspector").post(f"/matters/{matter.pk}/supporting", {"supporting": [helper.pk]})
    page = text(client.get(f"/matters/{matter.pk}"))
    assert "协办单位只能查看" in page
    assert "附上文书" not in page
    refused = client.post(f"/matters/{matter.pk}/assign", {"handler": person.pk})
    assert refused.status_code == 422
    assert "您没有办理权限" in text(refused)
    assert "木工班" in text(client.get("/matters"))


def test_a_transfer_needs_a_reason_and_leads_back_to_the_list(sign_in, world, matter):
    elsewhere = Organisation.objects.create(
        code="THERE", name="他区人社局", kind="bureau", region=world.there.region
    )
    client = sign_in("inspector")
    given = {"version": matter.version, "to": elsewhere.pk, "on": "2026-11-20"}
    refused = client.post(f"/matters/{matter.pk}/transfer", given)
    assert refused.status_code == 422
    assert "请写明移送的原因" in text(refused)
    answer = client.post(f"/matters/{matter.pk}/transfer", given | {"reason": "工地在他区"})
    assert answer["Location"] == "/matters"
    matter.refresh_from_db()
    assert (matter.lead, matter.region_id) == (elsewhere, "990102")
    assert "木工班" in text(sign_in("outsider").get("/matters"))


def test_oversight_and_the_missed_limit_stand_on_the_page(sign_in, world, now, matter):
    run_due(now.date(), now=now, law=local_law.current())
    page = text(sign_in("leader").get(f"/matters/{matter.pk}"))
    assert "没有按期决定是否受理，列入督办" in page
    assert "已逾期2个工作日" in page
    assert "逾期：投诉受理决定期限" in page


def test_what_nobody_may_do_by_address(sign_in, world, matter):
    client = sign_in("inspector")
    assert client.post(f"/matters/{matter.pk}/nothing").status_code == 404
    assert sign_in("outsider").post(f"/matters/{matter.pk}/assign", {}).status_code == 404
    answer = client.post(f"/matters/{matter.pk}/steps/nothing", fields(matter))
    assert answer.status_code == 422
    assert "没有代号为“nothing”的步骤" in text(answer)
    assert sign_in("clerk").post(f"/matters/{matter.pk}/steps/accept", fields(matter)).status_code == 403


@pytest.mark.parametrize(
    ("given", "said"),
    [({"on": "x"}, "请填写办理日期"), ({"version": ""}, "页面已失效"), ({"at": "x"}, "09:30")],
)
def test_nonsense_in_a_step_is_a_sentence(sign_in, matter, given, said):
    answer = sign_in("inspector").post(f"/matters/{matter.pk}/steps/accept", fields(matter) | given)
    assert answer.status_code == 422
    assert said in text(answer)


def test_the_page_costs_the_same_for_a_longer_history(
    sign_in, world, now, case, django_assert_max_num_queries
):
    client = sign_in("inspector")
    with django_assert_max_num_queries(100) as first:
        client.get(f"/matters/{case.pk}")
    take(case, "conclude", by=world.inspector, on=dt.date(2026, 11, 10), now=now)
    take(case, "notify", by=world.inspector, on=dt.date(2026, 11, 16), now=now)
    with django_assert_max_num_queries(len(first.captured_queries) + 1):
        client.get(f"/matters/{case.pk}")


def test_the_search_above_all_pages_finds_a_matter(sign_in, world, matter):
    answer = sign_in("inspector").post("/search", {"text": matter.number})
    assert answer["Location"] == f"/matters/{matter.pk}"
    assert "没有找到" in text(sign_in("outsider").post("/search", {"text": matter.number}))
