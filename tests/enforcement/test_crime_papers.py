"""Which papers of a case stand for those that the police are to get, and which only look like it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from anxin.casework import services
from anxin.casework.models import Document, Matter
from anxin.enforcement import crime, crime_papers
from anxin.letters.content import sealed_values
from anxin.letters.models import Letter, Service
from anxin.local_law import queries as local_law
from tests.casework.conftest import day
from tests.monitoring import factories as make

ORDER, ARREARS, STATEMENT = "责令支付文书及送达证据", "欠薪明细表", "劳动者笔录"


@pytest.fixture
def case(world) -> Matter:
    return world.matter("inspection_case", title="拖欠工资", law=local_law.current())


def lay(world, case: Matter, kind: str) -> Document:
    """A scan that somebody attached."""
    return services.attach(
        Matter.objects.get(pk=case.pk), kind=kind, data=kind.encode(), filename=f"{kind}.pdf",
        by=world.inspector, now=make.at("2026-04-02"), law=local_law.current(),
    )  # fmt: skip


def letter(world, case: Matter, kind: str, serial: int = 1) -> Letter:
    """A letter of the product under number and seal, its file among the papers."""
    document = lay(world, case, kind)
    return Letter.objects.create(
        matter=case, kind=kind, office=world.lead, drafted_by=world.inspector, drafted_at=make.at("2026-04-01"),
        fields=sealed_values({}), state="serve", serial=serial, year=2026, register="令", number=f"令〔2026〕{serial}号",
        issued_on=day("2026-04-01"), issued_file=document.file, sealed_file=document.file,
        content=sealed_values({}), document=document,
    )  # fmt: skip


def serve(world, case: Matter, served: Letter) -> Service:
    return Service.objects.create(
        letter=served, receiver="某建工公司", manner="direct", event_on=day("2026-04-02"), served_on=day("2026-04-02"),
        place="该单位", servers="某甲、某乙", proof=lay(world, case, "service_return"), by_name="某甲", at=make.at("2026-04-02"),
    )  # fmt: skip


def watch(case: Matter) -> crime.Watch:
    return crime.watch(Matter.objects.get(pk=case.pk), day("2026-04-20"), local_law.current())


def lacks(case: Matter) -> set[str]:
    return {ORDER, ARREARS, STATEMENT} & set(watch(case).missing)


def test_a_case_without_papers_lacks_all(case):
    assert lacks(case) == {ORDER, ARREARS, STATEMENT}


@pytest.mark.parametrize("kind", ["rectification_order", "admin_decision"])
def test_a_sealed_order_counts_with_the_proof_of_its_own_service(world, case, kind):
    order = letter(world, case, kind)
    assert ORDER in lacks(case), "nobody has got it yet"
    notice = letter(world, case, "inquiry_notice", serial=2)
    serve(world, case, notice)
    assert ORDER in lacks(case), "the proof is another letter's"
    served = serve(world, case, order)
    assert ORDER not in lacks(case)
    assert [one for one in watch(case).papers if one.title.startswith(f"{ORDER}（已有") and one.at_hand]
    Document.objects.filter(pk=served.proof_id).update(withdrawn_at=timezone.now())
    assert ORDER in lacks(case)


def test_an_order_in_whose_place_another_has_come_orders_nothing(world, case):
    order = letter(world, case, "rectification_order")
    serve(world, case, order)
    Letter.objects.filter(pk=order.pk).update(state="replaced")
    assert ORDER in lacks(case)


def test_scans_count_together_and_a_person_is_asked_to_look(world, case):
    lay(world, case, "service_return")
    assert ORDER in lacks(case)
    lay(world, case, "rectification_order")
    assert ORDER not in lacks(case)
    assert any("请核对是同一份" in one.title for one in watch(case).papers if one.at_hand)


def test_a_scanned_proof_says_nothing_of_an_order_that_was_not_served(world, case):
    letter(world, case, "rectification_order")
    lay(world, case, "service_return")
    assert ORDER in lacks(case)


def test_an_inquiry_record_counts_as_the_workers_and_a_site_record_does_not(world, case):
    lay(world, case, "site_inspection_record")
    assert STATEMENT in lacks(case)
    record = lay(world, case, "inquiry_record")
    assert STATEMENT not in lacks(case)
    assert any("请核对其中有劳动者的" in one.title for one in watch(case).papers)
    Document.objects.filter(pk=record.pk).update(withdrawn_at=timezone.now())
    assert STATEMENT in lacks(case)


def test_the_paper_itself_needs_nobody_to_look(world, case):
    for kind in ("pay_order_with_service", "arrears_list", "worker_statement", "inquiry_record"):
        lay(world, case, kind)
    assert lacks(case) == set()
    assert {ORDER, ARREARS, STATEMENT} <= {one.title for one in watch(case).papers if one.at_hand}


def test_papers_cost_one_query_for_many_cases(world, case, django_assert_num_queries):
    serve(world, case, letter(world, case, "rectification_order"))
    other = world.matter("inspection_case", title="另一件", law=local_law.current())
    with django_assert_num_queries(1):
        found = crime_papers.papers_at_hand([case, other])
    assert "rectification_order" in found[case.pk]
    assert other.pk not in found
