"""What a paper or letter takes over from earlier ones: fields that fit, the latest that counts, and nothing before the writer's own words."""

from __future__ import annotations

from anxin.casework import services as casework
from anxin.letters import content, drafting, earlier, party, party_kinds
from anxin.registry.models import Organisation
from anxin.typesetting.templates import template
from tests.letters.conftest import drafted, issued
from tests.letters.test_party import done, made, values
from tests.monitoring import factories as make


def test_what_is_carried_over_are_fields_of_both_papers():
    for kind, taken in earlier.rules().items():
        assert kind in party_kinds.kinds() or template(kind).register
        for before, fields in taken.items():
            assert set(fields) <= set(template(before).fields)
            assert set(fields.values()) <= set(template(kind).fields)
            for there, here in fields.items():
                said, asked = template(before).fields[there], template(kind).fields[here]
                assert said.columns == asked.columns
                assert dict(said.options) == dict(asked.options)
                assert said.type == asked.type or (said.type, asked.type) == ("text", "long_text")


def test_a_hearing_goes_on_from_its_notice_and_its_report_from_the_record(office):
    assert "host" not in content.values_of(made(office, "hearing_record", filled=False))
    notice = content.values_of(issued(office, kind="hearing_notice"))
    record = made(office, "hearing_record", filled=False)
    begun = content.values_of(record)
    assert {name: begun[name] for name in ("host", "place", "matter", "recorder")} == {
        name: notice[name] for name in ("host", "place", "matter", "recorder")
    }
    party.edit(
        record, begun | {"charge": "建议罚款"}, by=office.inspector, now=office.now, expected_version=1
    )
    report = content.values_of(made(office, "hearing_report", filled=False))
    assert (report["charge"], report["held_on"]) == ("建议罚款", office.now.date().isoformat())
    party.drop(record, why="当事人没有到场，听证改期", by=office.inspector, now=office.now)
    report = content.values_of(made(office, "hearing_report", filled=False))
    assert "charge" not in report
    assert report["host"] == notice["host"]


def test_a_decision_begins_with_what_was_said_at_the_hearing_and_what_was_made_of_it(office):
    def begun():
        letter = drafting.draft(office.matter, kind="penalty_decision", by=office.inspector, now=office.now)
        return content.values_of(letter)

    assert "discretion" not in begun()
    report = made(office, "hearing_report", filled=False)
    said = content.values_of(report) | {"defence": "已经补齐，请求从轻", "issues": "事后补齐，可以从轻"}
    party.edit(report, said, by=office.inspector, now=office.now, expected_version=1)
    decision = begun()
    assert (decision["defence"], decision["discretion"]) == ("已经补齐，请求从轻", "事后补齐，可以从轻")


def test_an_application_to_the_court_begins_with_the_demand_that_was_numbered(office):
    drafted(office, "demand_letter")
    assert "decision" not in content.values_of(
        drafting.draft(office.matter, kind="enforcement_application", by=office.inspector, now=office.now)
    )
    demand = issued(office, kind="demand_letter")
    said = content.values_of(demand)
    begun = content.values_of(
        drafting.draft(office.matter, kind="enforcement_application", by=office.inspector, now=office.now)
    )
    assert (begun["decision"], begun["amount"], begun["subject"]) == (
        said["decision"],
        said["unpaid"],
        said["duty"],
    )
    assert begun["demand_number"] == demand.number
    # what is known of the matter does not come before what the writer says
    own = drafting.draft(
        office.matter,
        kind="enforcement_application",
        by=office.inspector,
        now=office.now,
        values={"subject": "另定"},
    )
    assert content.values_of(own)["subject"] == "另定"


def test_the_index_of_a_file_lists_its_papers_and_closes_with_them(office):
    kept = done(office)
    index = made(office, "case_file_index", filled=False)
    rows = content.values_of(index)["entries"]
    assert [(one["title"], one["dated"]) for one in rows] == [("整改承诺书", kept.document.dated.isoformat())]
    said = values(office, "case_file_index") | {"entries": rows}
    assert not party.problems(index, said, office.now.date())


def test_the_matter_that_is_followed_is_read_only_by_who_sees_it(office):
    issued(office, kind="hearing_notice")
    region = make.region("990102")
    other = Organisation.objects.create(
        code="HR2", name="云州市另区人力资源和社会保障局", kind="bureau", region=region
    )
    after = casework.open_matter(
        procedure="inspection_case", title="后一件", region=region, lead=other, by=office.outsider,
        on=office.now.date(), now=office.now, law=office.law,
    )  # fmt: skip
    after.follows = office.matter
    after.save(update_fields=["follows"])
    assert earlier.carried(after, "hearing_record", office.inspector)["host"]
    assert earlier.carried(after, "hearing_record", office.outsider) == {}
