"""Opening, handing on, papers; who may and who may not."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.accounts.models import Grant, User
from anxin.casework import queries, services
from anxin.casework.access import may_see, visible_matter, visible_matters
from anxin.casework.models import Document, Matter, Task
from anxin.casework.paper_files import PAPERS
from anxin.evidence import files
from anxin.evidence.doors import taken
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.notices.models import Notice
from tests.casework.conftest import day
from tests.evidence import samples
from tests.monitoring import factories as make

NOW = make.at("2026-03-03")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("告知书.pdf", b"", "是空的"),
        ("告知书.exe", b"%PDF-1.4", "程序或网页的名字"),
        ("告知书.html", b"<p>", "是网页"),
        ("图.svg", b"<svg/>", "是网页或矢量图"),
        ("照片.jpg", samples.RUNNING["page"], "是网页"),
        ("材料.zip", samples.zipped({"内.zip": samples.GOOD["ZIP"]}), "“内.zip”又是压缩包"),
        ("材料.zip", samples.zipped({"内.exe": b"x"}), "“内.exe”是程序"),
        ("告知书.pdf", b"\x01\x02", "看不出是什么文件"),
        ("告知书.pdf", b"MZ\x90\x00", "是程序"),
        ("通知.doc", samples.RUNNING["old macros"], "带有宏"),
        ("大.pdf", b"%PDF-" + b"0" * 20 * 1024 * 1024, "文书超过20MB"),
    ],
)
def test_files_that_are_no_papers_are_refused(name, data, said):
    with pytest.raises(Refused, match=said) as caught:
        taken(data, name, PAPERS)
    assert caught.value.field == "file"


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("阿依古丽·买买提😀的申请.pdf", "PDF"), ("照片.JPG", "JPG"), ("a.b.docx", "DOCX"), ("红头.ofd", "OFD"), ("录音.m4a", "M4A"),
        ("表.et", "XLS"), ("录像.mp4", "MP4"), ("材料.zip", "ZIP"), ("来信.eml", "邮件"),
    ],
)  # fmt: skip
def test_papers_pictures_and_recordings_are_taken(name, what):
    assert taken(samples.GOOD[what], name, PAPERS).name.lower() == name.lower()


def test_what_lies_in_an_archive_is_named_in_the_history(world):
    matter = world.matter()
    data = samples.zipped({"工资/1月.xlsx": samples.GOOD["XLSX"], "现场.jpg": samples.GOOD["JPG"]})
    kept = services.attach(
        matter,
        kind="evidence_index",
        data=data,
        filename="材料.zip",
        by=world.inspector,
        now=NOW,
        law=world.law,
    )
    assert (kept.filename, files.read(kept.file)) == ("材料.zip", data)
    entry = JournalEntry.objects.get(action="matter.document")
    assert entry.summary.endswith("》（内有2个文件：工资/1月.xlsx、现场.jpg）")


def test_numbers_follow_one_another_in_each_place_year_and_procedure(world):
    other = make.region("990103")
    numbers = [
        world.matter().number,
        world.matter().number,
        world.matter(region=other).number,
        world.matter("test_hearing", events={"听证会": day("2026-03-31")}).number,
        world.matter(on=day("2025-12-31")).number,
    ]
    assert numbers == [
        "990102〔2026〕试办甲程序0001号",
        "990102〔2026〕试办甲程序0002号",
        "990103〔2026〕试办甲程序0001号",
        "990102〔2026〕试办乙程序0001号",
        "990102〔2025〕试办甲程序0001号",
    ]


def test_what_is_refused_takes_no_number(world):
    world.matter()
    with pytest.raises(Refused):
        world.matter("test_hearing")  # no day of the hearing: refused after the number was drawn
    with pytest.raises(Refused):
        world.matter(title=" ")
    assert world.matter().number.endswith("0002号")
    made = world.matter("test_hearing", events={"听证会": day("2026-03-31")})
    assert made.number.endswith("0001号")


def test_names_of_shipped_procedures_differ(world):
    names = [procedure.name for procedure in world.law.procedures()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "长" * 201}, "title"),
        ({"on": dt.date(2026, 3, 3)}, "on"),
        ({"procedure": "nothing"}, "procedure"),
    ],
    ids=["no title", "long title", "in the future", "no such procedure"],
)
def test_opening_that_cannot_be(world, fields, field):
    with pytest.raises(Refused) as caught:
        world.matter(**fields)
    assert caught.value.field == field


def test_project_gives_the_industry_and_what_scopes_see(world):
    site = make.project("P1", industry="water")
    matter = world.matter(project=site)
    assert matter.industry == "water"
    assert list(queries.project_matters(world.inspector, site)) == [matter]
    assert list(queries.project_matters(world.stranger, site)) == []


def person(name: str, **grant) -> User:
    user = User.objects.create(username=name, display_name=name)
    Grant.objects.create(user=user, **{"role": "inspector", **grant})
    return user


@pytest.mark.parametrize(
    ("grant", "seen"),
    [
        ({"region": "9901"}, True),
        ({"region": "990102", "organisation": "LEAD"}, True),
        ({"region": "990102", "industry": "housing"}, True),
        ({"region": "990102", "industry": "water"}, False),
        ({"region": "990103"}, False),
        ({"region": "990102", "organisation": "ELSE"}, False),
        ({"region": "990102", "organisation": "HELP"}, True),
        ({"region": "9902", "organisation": "HELP"}, False),
        ({"region": "", "organisation": "HELP", "industry": "water"}, False),
        ({"region": "990102", "role": "admin"}, False),
        ({"region": "990102", "role": "clerk"}, True),
    ],
)
def test_the_list_and_the_single_question_agree_on_who_sees(world, grant, seen):
    matter = world.matter(supporting=[world.helper_body])
    user = person("p", **grant)
    assert visible_matters(user).filter(pk=matter.pk).exists() == seen
    assert may_see(user, matter) == seen
    assert (visible_matter(user, matter.pk) is not None) == seen


def test_a_supporting_body_of_another_place_sees_it(world):
    matter = world.matter(supporting=[world.elsewhere])
    assert visible_matter(world.stranger, matter.pk) == matter
    assert may_see(world.stranger, matter)


def test_assigning_tells_the_person_and_is_kept(world):
    matter = world.matter()
    services.assign(matter, to=world.colleague, by=world.inspector, now=NOW)
    entry = JournalEntry.objects.get(action="matter.assigned")
    assert entry.after == {"handler": world.colleague.pk}
    assert Notice.objects.filter(to=world.colleague, kind="matter_assigned").exists()
    assert matter.tasks.get().for_user == world.colleague


@pytest.mark.parametrize("to", ["stranger", "clerk", "helper"])
def test_assigning_only_to_who_may_handle_it(world, to):
    matter = world.matter(supporting=[world.helper_body])
    with pytest.raises(Refused, match="没有办理权限") as caught:
        services.assign(matter, to=getattr(world, to), by=world.inspector, now=NOW)
    assert caught.value.field == "handler"
    assert [user.username for user in queries.handlers_for(matter)] == ["colleague", "inspector", "leader"]


@pytest.mark.parametrize("by", ["stranger", "clerk", "helper", "auditor"])
def test_only_the_lead_body_acts(world, by):
    matter = world.matter(supporting=[world.helper_body])
    who = getattr(world, by)
    paper = world.paper(matter, "case_filing_approval")
    doings = (
        lambda: services.assign(matter, to=None, by=who, now=NOW),
        lambda: services.set_supporting(matter, [], by=who, now=NOW),
        lambda: world.paper(matter, "case_filing_approval", by=who),
        lambda: services.withdraw_document(paper, why="误传", by=who, now=NOW),
        lambda: services.transfer(matter, world.elsewhere, on=day("2026-03-03"), reason="管辖", by=who, now=NOW,
                                  law=world.law, expected_version=1),
    )  # fmt: skip
    before = JournalEntry.objects.count()
    for doing in doings:
        with pytest.raises(Refused, match="没有办理权限"):
            doing()
    assert JournalEntry.objects.count() == before


def test_supporting_bodies_are_set_and_the_lead_is_none_of_them(world):
    matter = world.matter()
    services.set_supporting(matter, [world.helper_body], by=world.inspector, now=NOW)
    assert list(matter.supporting.all()) == [world.helper_body]
    with pytest.raises(Refused, match="牵头单位"):
        services.set_supporting(matter, [world.lead], by=world.inspector, now=NOW)


def test_paper_is_kept_with_file_number_and_date(world):
    matter = world.matter()
    paper = world.paper(matter, "case_filing_approval")
    assert paper.file.sha256 == JournalEntry.objects.get(action="matter.document").after["file"]
    assert queries.visible_document(world.inspector, paper.pk) == paper
    assert queries.visible_document(world.stranger, paper.pk) is None


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "no_such_paper"}, "kind"),
        ({"data": b""}, "file"),
        ({"dated": dt.date(2026, 3, 4)}, "dated"),
    ],
)
def test_paper_that_cannot_be(world, given, field):
    matter = world.matter()
    values = {"kind": "case_filing_approval", "data": b"x", "filename": "x.pdf", **given}
    with pytest.raises(Refused) as caught:
        services.attach(matter, **values, by=world.inspector, now=NOW, law=world.law)
    assert caught.value.field == field
    assert not Document.objects.exists()


def test_paper_that_a_step_rests_on_stays(world):
    matter = world.accepted()
    paper = matter.documents.get()
    with pytest.raises(Refused, match="不能撤下"):
        services.withdraw_document(paper, why="误传", by=world.inspector, now=NOW)
    with pytest.raises(Refused, match="原因"):
        services.withdraw_document(paper, why=" ", by=world.inspector, now=NOW)


def handed_on(world, matter, **given):
    values = {
        "on": day("2026-03-05"), "reason": "不属本单位管辖", "by": world.inspector, "now": make.at("2026-03-05"),
        "law": world.law, "expected_version": 1, **given,
    }  # fmt: skip
    return services.transfer(matter, values.pop("to", world.elsewhere), **values)


def test_transfer_moves_place_and_people_and_restarts_what_the_table_says(world):
    matter = world.matter(supporting=[world.elsewhere], handler=world.colleague)
    number = matter.number
    handed_on(world, matter)
    matter.refresh_from_db()
    assert (matter.lead, matter.region_id, matter.handler) == (world.elsewhere, "990201", None)
    assert (matter.number, matter.version) == (number, 2)
    assert list(matter.supporting.all()) == []
    clock = matter.deadlines.get()
    assert (clock.due_on, clock.region_code) == (day("2026-03-12"), "990201")
    assert clock.restarts.get().reason == "移送虚构单位ELSE"
    assert [step.kind for step in matter.steps.order_by("pk")] == ["opened", "transferred"]
    entry = JournalEntry.objects.get(action="matter.transferred")
    assert (entry.before["lead"], entry.after["lead"]) == ("LEAD", "ELSE")
    task = matter.tasks.get(state=Task.State.OPEN)
    assert (task.for_organisation, task.for_user, task.due_on) == (world.elsewhere, None, day("2026-03-12"))
    # who had it has no hand in it any more, who has it now does
    assert visible_matter(world.inspector, matter.pk) is None
    assert world.option(matter, "refuse", "2026-03-06", world.stranger).allowed
    assert not world.option(matter, "refuse", "2026-03-06", world.inspector).allowed


def test_transfer_leaves_other_clocks_as_they_run(world):
    matter = world.accepted()
    handed_on(world, matter, on=day("2026-03-10"), now=make.at("2026-03-10"), expected_version=2)
    clock = matter.deadlines.get(clock="investigate")
    assert (clock.due_on, clock.region_code) == (day("2026-06-02"), "990102")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"on": dt.date(2026, 3, 1)}, "on"),
        ({"on": dt.date(2026, 3, 6)}, "on"),
        ({"expected_version": 7}, "version"),
    ],
)
def test_transfer_that_cannot_be(world, given, field):
    with pytest.raises(Refused) as caught:
        handed_on(world, world.matter(), **given)
    assert caught.value.field == field


def test_transfer_to_itself_or_of_what_is_closed(world):
    matter = world.matter()
    with pytest.raises(Refused, match="无须移送"):
        handed_on(world, matter, to=world.lead)
    Matter.objects.filter(pk=matter.pk).update(closed_on=day("2026-03-04"))
    with pytest.raises(Refused, match="已经办结"):
        handed_on(world, matter)


@pytest.mark.parametrize("kind", ["bank", "insurer", "guarantor"])
def test_bank_or_guarantor_neither_leads_nor_helps(world, kind):
    matter, outsider = world.matter(), make.organisation(f"OUT-{kind}", kind=kind)
    with pytest.raises(Refused, match="不能牵头或协办"):
        services.set_supporting(matter, [outsider], by=world.inspector, now=NOW)
    with pytest.raises(Refused, match="不能牵头或协办") as caught:
        handed_on(world, matter, to=outsider)
    assert caught.value.field == "to"
