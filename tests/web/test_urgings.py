"""催办 on the matter's pages."""

from __future__ import annotations

import io

import openpyxl
import pytest

from anxin.casework.models import Urging
from anxin.notices.models import Notice
from tests.web.cases import a_matter
from tests.web.test_warnings import text

WORDS = {"words": "三天没有进展，请今天回复"}


@pytest.fixture
def place(world, people, now) -> str:
    """The page of a matter that the colleague handles."""
    return f"/matters/{a_matter(world, now, handler=people['colleague']).pk}/urgings"


def test_one_urges_and_the_urged_are_led_to_it_and_answer(sign_in, place):
    page = text(sign_in("inspector").get(place))
    assert "还没有被催办过" in page and "催一次" in page
    answer = sign_in("inspector").post(place, WORDS, follow=True)
    assert "已催办，通知了2人" in text(answer) and "等答复" in text(answer)
    assert "有催办等答复" in text(sign_in("colleague").get(place.removesuffix("/urgings")))
    assert Notice.objects.get(to__username="colleague", kind="urging").link == place
    urged = sign_in("colleague")
    assert "办到哪一步，什么时候有结果" in text(urged.get(place))
    urged.post(place, {"urging": Urging.objects.get().pk, "answer": "已约谈总包，周五发放"})
    assert "周五发放" in text(sign_in("inspector").get(place))
    assert "有催办等答复" not in text(urged.get(place.removesuffix("/urgings")))


def test_a_second_one_of_the_day_is_refused_and_keeps_its_words(sign_in, place):
    sign_in("inspector").post(place, WORDS)
    again = sign_in("colleague").post(place, {"words": "还是没有消息吗"})
    assert again.status_code == 422 and "一天催一次" in text(again) and "还是没有消息吗" in text(again)
    assert "已催办" in text(sign_in("leader").post(place, {"words": "请下午四点前报我"}, follow=True))


@pytest.mark.parametrize(("who", "status"), [("outsider", 404), ("clerk", 403), ("auditor", 403)])
def test_others_may_not(sign_in, place, who, status):
    assert sign_in(who).post(place, WORDS).status_code == status
    assert not Urging.objects.exists()


def test_who_only_looks_has_no_form_and_answers_nothing(sign_in, place):
    sign_in("inspector").post(place, WORDS)
    page = text(sign_in("clerk").get(place))
    assert "等答复" in page and "<textarea" not in page
    answered = sign_in("clerk").post(place, {"urging": Urging.objects.get().pk, "answer": "已经办好了"})
    assert answered.status_code == 403 and Urging.objects.get().answer == ""


def test_the_list_leaves_as_a_workbook(sign_in, place):
    sign_in("leader").post(place, WORDS)
    answer = sign_in("inspector").get(f"{place}/list.xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)
    assert any(WORDS["words"] in [str(cell) for cell in row] for row in rows)
    assert sign_in("outsider").get(f"{place}/list.xlsx").status_code == 404
