"""逐人核实欠薪: the page starts with the list of the clue, a refusal loses nothing, and sums are registered once all are seen."""

from __future__ import annotations

import pytest
from django.urls import reverse

from anxin.clues.claimant_rows import Said
from anxin.clues.claimants import add_claimant
from anxin.enforcement.inspection import arrears_of
from anxin.enforcement.models import FoundPerson
from anxin.referral.models import Referral
from tests.web.cases import a_clue, a_matter


@pytest.fixture
def case(world, now):
    """An inspection case that followed a ticket; the ticket's clue lists two people."""
    ticket, matter = a_matter(world, now, "hotline_12345"), a_matter(world, now, "inspection_case")
    matter.follows = ticket
    matter.save()
    clue = a_clue(world, now)
    Referral.objects.create(
        clue=clue, matter=ticket, table_title="表", route={}, proposed=world.body, referred_at=now, referred_by_name="某"
    )  # fmt: skip
    for name, worker, contractor in (("赵甲乙", 500_000, 400_000), ("钱丙丁", 300_000, 300_000)):
        amounts = {"worker": worker, "contractor": contractor}
        add_claimant(clue, Said(name, amounts=amounts), by=world.inspector, now=now)
    matter.people = list(clue.claimants.order_by("number"))
    return matter


def body(answer) -> str:
    return answer.content.decode()


def test_the_inspector_starts_from_the_list_and_registers_what_was_found(sign_in, case):
    client, where = sign_in("inspector"), reverse("matter-arrears", args=[case.pk])
    assert f'href="{where}"' in body(client.get(reverse("matter-inspection", args=[case.pk])))
    page = body(client.get(where))
    assert "还有 2 人没有核实" in page and "赵**" in page and "赵甲乙" not in page
    assert "工人自述 ¥5,000.00" in page and "说法不一" in page
    first, second = (f"c{one.pk}" for one in case.people)
    form = {
        "person": [first, second], f"number-{first}": "1", f"choice-{first}": "changed", f"months-{first}": "3",
        f"fen-{first}": "四千", f"why-{first}": "按考勤核算", f"choice-{second}": "contractor:300000", f"months-{second}": "2",
    }  # fmt: skip
    answer = client.post(f"{where}/save", form)
    assert answer.status_code == 422 and "1号：" in body(answer)
    assert 'value="四千"' in body(answer) and 'value="按考勤核算"' in body(answer)
    assert not FoundPerson.objects.exists()
    form[f"fen-{first}"] = "4,500"
    assert "已保存2人的核实结果" in body(client.post(f"{where}/save", form, follow=True))
    told = body(client.post(f"{where}/register", follow=True))
    assert "2人，拖欠3个月，合计7,500.00元，最多一人4,500.00元" in told
    assert "逐人核实2人：按总包单位认可1人，核定为其他金额1人" in told
    export = client.get(reverse("matter-arrears-export", args=[case.pk]))
    assert export.status_code == 200 and "attachment" in export["Content-Disposition"]


def test_the_rest_is_taken_at_once_and_nobody_else_may(sign_in, case):
    where = reverse("matter-arrears", args=[case.pk])
    for name, status in (("outsider", 404), ("auditor", 403), ("clerk", 403)):
        client = sign_in(name)
        assert client.get(where).status_code == status, name
        said = {"rest_source": "worker", "rest_months": "3"}
        assert client.post(f"{where}/rest", said).status_code == status, name
    assert not FoundPerson.objects.exists()
    client = sign_in("inspector")
    assert client.post(f"{where}/register").status_code == 422 and arrears_of(case) is None
    said = {"rest_source": "worker", "rest_months": "3"}
    assert "已按“工人自述”认定2人" in body(client.post(f"{where}/rest", said, follow=True))


def test_a_case_without_a_list_says_so_and_keeps_the_form_of_sums(sign_in, world, now):
    matter = a_matter(world, now, "inspection_case")
    client = sign_in("inspector")
    assert "没有可以带过来的名单" in body(client.get(reverse("matter-arrears", args=[matter.pk])))
    answer = client.post(f"{reverse('matter-arrears', args=[matter.pk])}/register")
    assert answer.status_code == 422 and "本件背后没有名单" in body(answer)
    assert 'name="total_fen"' in body(client.get(reverse("matter-inspection", args=[matter.pk])))
