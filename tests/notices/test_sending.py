"""Who is told what, once, and by which channels."""

from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from anxin.accounts.models import User
from anxin.kernel.refusal import Refused
from anxin.notices import kinds, preferences, queries, services
from anxin.notices.models import Delivery, Notice
from anxin.notices.outline import Outline
from anxin.notices.services import Message


def by_channel(notice) -> dict[str, str]:
    return dict(notice.deliveries.values_list("channel", "state"))


def test_a_notice_stands_on_the_screen_at_once_and_is_queued_for_the_other_channels(mail, chat, lin, tell):
    notice = tell(lin)
    assert by_channel(notice) == {"screen": "sent", "email": "queued", "webhook": "queued"}
    assert queries.unread_count(lin) == 1


def test_an_office_without_mail_and_chat_has_the_screen_alone(lin, tell):
    assert by_channel(tell(lin)) == {"screen": "sent"}


def test_somebody_without_an_address_gets_no_mail(mail, lin, tell):
    User.objects.filter(pk=lin.pk).update(email="")
    lin.refresh_from_db()
    assert by_channel(tell(lin)) == {"screen": "sent"}


def test_the_same_occasion_is_told_once_to_each_person(lin, zhou, tell):
    assert tell(lin, once_key="a") is not None
    assert tell(lin, once_key="a", title="换了说法") is None
    assert tell(zhou, once_key="a") is not None
    assert sorted(Notice.objects.values_list("to__username", "title")) == [
        ("lin.inspector", "监察案件的调查期限已过1个工作日"),
        ("zhou.leader", "监察案件的调查期限已过1个工作日"),
    ]


def test_the_same_occasion_twice_in_one_batch_is_told_once(lin, now):
    twice = [Message(to=lin, kind="oversight", title=title, once_key="a") for title in ("先", "后")]
    assert [notice.title for notice in services.send_many(twice, now=now)] == ["先"]


@pytest.mark.django_db
def test_the_database_itself_refuses_the_same_occasion_twice(lin, tell, now):
    tell(lin, once_key="a")
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(to=lin, kind="oversight", title="x", once_key="a", created_at=now)


def test_a_closed_account_is_told_nothing(lin, tell):
    lin.is_active = False
    lin.save()
    assert tell(lin) is None
    assert not Notice.objects.exists()


def test_what_is_rolled_back_was_not_told(lin, tell):
    with pytest.raises(RuntimeError), transaction.atomic():
        tell(lin, once_key="a")
        raise RuntimeError
    assert not Delivery.objects.exists()
    assert tell(lin, once_key="a") is not None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "weather"}, "kind"),
        ({"title": " \n "}, "title"),
        ({"once_key": ""}, "once_key"),
        ({"once_key": "x" * 161}, "once_key"),
        ({"link": "https://elsewhere.example/"}, "link"),
        ({"link": "//elsewhere.example/"}, "link"),
        ({"link": "/\\elsewhere.example"}, "link"),
        ({"link": "/a\r\nb"}, "link"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"about": ("matter", "x" * 41)}, "about"),
        ({"outline": Outline(count=0)}, "count"),
    ],
)
def test_a_message_that_cannot_be_told_is_refused_in_a_sentence(changes, field, lin, tell):
    with pytest.raises(Refused) as refused:
        tell(lin, **changes)
    assert refused.value.field == field
    assert str(refused.value).endswith("。")
    assert not Notice.objects.exists()


def test_a_code_that_is_too_long_is_left_out_and_the_notice_told(lin, tell):
    notice = tell(lin, outline=Outline(region="9" * 13, number="9" * 121))
    assert (notice.region, notice.number) == ("", "")


def test_one_bad_message_in_a_batch_keeps_all_of_them_back(lin, zhou, now):
    batch = [
        Message(to=lin, kind="oversight", title="好的", once_key="a"),
        Message(to=zhou, kind="oversight", title="", once_key="b"),
    ]
    with pytest.raises(Refused):
        services.send_many(batch, now=now)
    assert not Notice.objects.exists()


def test_a_long_title_and_body_are_cut_and_the_title_is_one_line(lin, tell):
    notice = tell(lin, title="第一行\n" + "长" * 300, body="文" * 3000)
    assert (len(notice.title), len(notice.body)) == (200, 2000)
    assert notice.title.startswith("第一行 长")
    assert notice.title.endswith("…")


@pytest.fixture
def crowd(db) -> list[User]:
    return User.objects.bulk_create(
        [
            User(username=f"u{number}", display_name=f"某{number}", email=f"u{number}@x.example")
            for number in range(60)
        ]
    )


def messages(people, key="a") -> list[Message]:
    return [
        Message(to=person, kind="task_overdue", title="到期", once_key=key, outline=Outline(region="990101"))
        for person in people
    ]


def test_many_people_cost_no_statement_each(mail, chat, crowd, now, django_assert_max_num_queries):
    # Wide inserts are cut where the database takes no more values in one statement.
    with django_assert_max_num_queries(12):
        assert len(services.send_many(messages(crowd), now=now)) == 60
    assert Delivery.objects.filter(state="queued").count() == 60 * 2


def test_a_batch_that_was_partly_told_before_tells_the_others(crowd, now):
    services.send_many(messages(crowd[:10]), now=now)
    assert {notice.to_id for notice in services.send_many(messages(crowd), now=now)} == {
        person.pk for person in crowd[10:]
    }


@pytest.mark.django_db(transaction=True)
def test_two_processes_that_tell_the_same_at_once_tell_it_once(crowd, now):
    barrier, told, wrong = threading.Barrier(4), [], []

    def run() -> None:
        barrier.wait()
        try:
            told.extend(services.send_many(messages(crowd[:20]), now=now))
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(told) == Notice.objects.count() == 20
    assert Delivery.objects.filter(channel="screen").count() == 20


def test_somebody_who_tells_the_same_between_looking_and_writing_does_no_harm(crowd, now, monkeypatch):
    services.send_many(messages(crowd[:10]), now=now)
    look, looks = services._new, []

    def blind_at_first(wanted):
        looks.append(len(wanted))
        return list(wanted) if len(looks) == 1 else look(wanted)

    monkeypatch.setattr(services, "_new", blind_at_first)
    assert len(services.send_many(messages(crowd[:15]), now=now)) == 5
    assert looks == [15, 15]


# what people choose


def test_without_a_choice_the_kind_decides(mail, chat, lin, tell):
    assert by_channel(tell(lin, kind="task_due")) == {"screen": "sent", "email": "queued"}
    assert by_channel(tell(lin, kind="law_changed")) == {"screen": "sent"}


def test_a_choice_holds_for_that_person_and_kind_alone(mail, chat, lin, zhou, tell):
    preferences.choose(lin, {"task_overdue": [], "law_changed": ["email"]})
    assert by_channel(tell(lin)) == {"screen": "sent"}
    assert by_channel(tell(lin, kind="law_changed")) == {"screen": "sent", "email": "queued"}
    assert by_channel(tell(lin, kind="oversight")) == {
        "screen": "sent",
        "email": "queued",
        "webhook": "queued",
    }
    assert by_channel(tell(zhou)) == {"screen": "sent", "email": "queued", "webhook": "queued"}


def test_a_choice_can_be_changed_back(mail, lin, tell):
    preferences.choose(lin, {"task_due": []})
    preferences.choose(lin, {"task_due": ["email"]})
    assert by_channel(tell(lin, kind="task_due")) == {"screen": "sent", "email": "queued"}


def test_nobody_can_switch_the_screen_off(lin, tell):
    preferences.choose(lin, {"task_due": []})
    assert by_channel(tell(lin, kind="task_due")) == {"screen": "sent"}
    assert "screen" not in preferences.CHOOSABLE


def test_every_kind_has_a_chinese_name_and_explains_itself():
    assert {
        "task_due",
        "task_overdue",
        "matter_assigned",
        "oversight",
        "law_changed",
        "value_to_confirm",
    } <= {kind.key for kind in kinds.kinds()}
    for kind in kinds.kinds():
        assert all("\u4e00" <= letter <= "\u9fff" for letter in kind.title), kind
        assert kind.explained
        assert kind.channels <= set(preferences.CHOOSABLE)


# reading


def test_reading_ones_own_notices_leaves_other_peoples_unread(lin, zhou, tell, now):
    mine, theirs = tell(lin), tell(zhou)
    assert services.mark_read(lin, ids=[mine.pk, theirs.pk], now=now) == 1
    assert (queries.unread_count(lin), queries.unread_count(zhou)) == (0, 1)
    assert services.mark_read(lin, ids=[mine.pk], now=now) == 0
    assert services.mark_read(zhou, now=now) == 1


def test_the_list_goes_by_key_and_holds_ones_own_alone(lin, zhou, tell, django_assert_num_queries):
    mine = [tell(lin).pk for _ in range(7)]
    tell(zhou)
    seen, after = [], None
    while True:
        with django_assert_num_queries(2):
            page = queries.notice_page(lin, after=after, limit=3)
            seen += [notice.pk for notice in page.items]
        after = page.next_after
        if after is None:
            break
    assert seen == mine[::-1]
    assert queries.find(zhou, mine[0]) is None
    assert queries.find(lin, mine[0]).pk == mine[0]


def test_the_list_narrows_to_unread_and_to_a_kind(lin, tell, now):
    first, second = tell(lin), tell(lin, kind="oversight")
    services.mark_read(lin, ids=[first.pk], now=now)
    assert [notice.pk for notice in queries.notice_page(lin, unread=True).items] == [second.pk]
    assert [notice.pk for notice in queries.notice_page(lin, kind="task_overdue").items] == [first.pk]


def test_the_bell_counts_no_further_than_a_hundred(lin, now):
    many = [Message(to=lin, kind="oversight", title="督办", once_key=str(number)) for number in range(130)]
    services.send_many(many, now=now)
    assert queries.unread_count(lin) == queries.MANY == 100


def test_more_messages_than_one_statement_takes(lin, now):
    many = [Message(to=lin, kind="oversight", title="督办", once_key=str(number)) for number in range(1100)]
    assert len(services.send_many(many, now=now)) == 1100
    assert services.send_many(many, now=now) == []
    assert Delivery.objects.count() == 1100
