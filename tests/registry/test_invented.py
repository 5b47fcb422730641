"""A demonstration whose office has set a real gateway texts nobody at an invented number, and everybody else as ever."""

from __future__ import annotations

import pytest

from anxin.notices import outside
from anxin.notices.channels.base import NotDelivered
from anxin.notices.codes import code_channel
from anxin.registry.models import Region
from tests.support.chat_sink import chat_gateway

REAL = "13900001234"


@pytest.fixture
def gateway(settings):
    with chat_gateway() as stub:
        settings.ANXIN_SMS_URL, settings.ANXIN_SMS_SECRET = stub.url, "k"
        yield stub


@pytest.mark.parametrize(
    "number", ["19900000001", "199 0000 9123", "+86 199-0000-0001", "８６１９９００００９９９９"]
)
def test_an_invented_persons_telephone_gets_nothing_however_it_is_written(county, gateway, now, number):
    assert outside.reaches(number)
    for send in (outside.short_message, lambda to, words, *, now: outside.tell(to, "送达", words, now=now)):
        with pytest.raises(NotDelivered, match="演示城市里虚构的号码") as refused:
            send(number, "您好", now=now)
        assert refused.value.final and not refused.value.everybody
    assert gateway.posts == []


def test_whoever_tries_the_demonstration_with_a_telephone_of_their_own_gets_it(county, gateway, now):
    outside.short_message(REAL, "您好", now=now)
    assert [post.content["phone"] for post in gateway.posts] == [REAL]


def test_in_a_real_office_the_same_number_is_somebodys_and_is_told(db, gateway, now):
    assert not Region.objects.filter(code__startswith="99").exists()
    outside.short_message("19900000001", "您好", now=now)
    assert [post.content["phone"] for post in gateway.posts] == ["19900000001"]


def test_a_code_for_an_invented_person_stands_on_the_screen_and_for_a_real_one_only_in_the_text(
    county, gateway, now
):
    channel = code_channel(invented_people=True)
    assert channel.send(phone="19900000001", code="123456", minutes=5, now=now) == "123456"
    assert gateway.posts == []
    assert channel.send(phone=REAL, code="654321", minutes=5, now=now) == ""
    assert "654321" in gateway.posts[0].content["text"]
