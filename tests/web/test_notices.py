"""通知: the bell, the page behind it, and by which channels notices come."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.test import RequestFactory

from anxin.accounts.models import User
from anxin.evidence.models import JournalEntry
from anxin.notices import preferences, services
from anxin.notices.models import Delivery, Notice
from anxin.web import context
from tests.web.test_warnings import _count, text


@pytest.fixture
def tell(people, now):
    """``tell("inspector", title="…")`` → the notice, a new occasion each time."""

    def told(name: str, **changes) -> Notice:
        message = {
            "kind": "task_due",
            "title": "监察案件的调查期限还剩3个工作日",
            "once_key": f"{name}:{Notice.objects.count()}",
            "now": now,
        }
        return services.send(to=people[name], **message | changes)

    return told


def unread(name: str) -> int:
    return Notice.objects.filter(to__username=name, read_at__isnull=True).count()


def test_the_bell_counts_ones_own_unread_notices_on_every_page(sign_in, world, tell):
    client = sign_in("inspector")
    assert 'aria-label="通知，没有未读"' in text(client.get("/warnings"))
    tell("inspector")
    tell("inspector")
    tell("outsider")
    for address in ("/", "/warnings", "/account", "/notices"):
        assert 'aria-label="通知，2 条未读"' in text(client.get(address)), address


def test_more_than_the_bell_can_show(sign_in, people, now):
    many = [
        services.Message(to=people["inspector"], kind="oversight", title="督办", once_key=str(number))
        for number in range(120)
    ]
    services.send_many(many, now=now)
    page = text(sign_in("inspector").get("/account"))
    assert "99+" in page
    assert "99 条以上未读" in page


def test_a_piece_of_a_page_counts_nothing(people, django_assert_num_queries):
    request = RequestFactory().get("/imports/1/progress")
    request.user = people["inspector"]
    known = context.console(request)
    with django_assert_num_queries(1):
        assert (known["unread_notices"](), known["unread_notices"]()) == (0, 0)


def test_the_page_lists_ones_own_notices_and_nobody_elses(sign_in, people, tell):
    tell("inspector", title="给我的", body="第一行\n第二行")
    tell("outsider", title="给别人的")
    page = text(sign_in("inspector").get("/notices"))
    assert "给我的" in page
    assert "第一行<br>第二行" in page
    assert "给别人的" not in page
    assert "任务将到期" in page


def test_somebody_without_any_is_told_what_will_stand_here(sign_in, people):
    assert "还没有通知" in text(sign_in("nobody").get("/notices"))
    assert "没有符合条件的通知" in text(sign_in("nobody").get("/notices?unread=1"))


def test_opening_a_notice_reads_it_and_leads_to_its_page(sign_in, people, tell):
    notice = tell("inspector", link="/warnings?due=today")
    answer = sign_in("inspector").post(f"/notices/{notice.pk}/open")
    assert (answer.status_code, answer["Location"]) == (302, "/warnings?due=today")
    assert unread("inspector") == 0


def test_a_notice_without_a_page_leads_back_to_the_list(sign_in, people, tell):
    notice = tell("inspector")
    assert sign_in("inspector").post(f"/notices/{notice.pk}/open")["Location"] == "/notices"


def test_somebody_elses_notice_does_not_exist(sign_in, people, tell):
    notice = tell("inspector", link="/warnings")
    for name in ("outsider", "leader", "admin", "auditor"):
        assert sign_in(name).post(f"/notices/{notice.pk}/open").status_code == 404
    assert unread("inspector") == 1


def test_looking_at_the_list_reads_nothing(sign_in, people, tell):
    tell("inspector")
    sign_in("inspector").get("/notices")
    assert unread("inspector") == 1


def test_picked_notices_are_read_where_they_are_ones_own(sign_in, people, tell):
    first, second, theirs = tell("inspector"), tell("inspector"), tell("outsider")
    client = sign_in("inspector")
    answer = client.post("/notices/read?unread=1&kind=task_due", {"ids": [first.pk, theirs.pk]})
    assert answer["Location"] == "/notices?unread=1&kind=task_due"
    assert "已将1条通知标为已读" in text(client.get("/notices"))
    assert (unread("inspector"), unread("outsider")) == (1, 1)
    assert Notice.objects.get(pk=second.pk).read_at is None


def test_all_are_read_at_once_but_only_ones_own(sign_in, people, tell):
    for name in ("inspector", "inspector", "outsider"):
        tell(name)
    sign_in("inspector").post("/notices/read", {"all": "1"})
    assert (unread("inspector"), unread("outsider")) == (0, 1)


@pytest.mark.parametrize("ids", [[], ["x"], ["9" * 30]])
def test_picking_nothing_reads_nothing_and_says_so(ids, sign_in, people, tell):
    tell("inspector")
    answer = sign_in("inspector").post("/notices/read", {"ids": ids}, follow=True)
    assert "请先勾选" in text(answer)
    assert unread("inspector") == 1


def test_the_list_narrows_and_goes_by_key(sign_in, people, tell):
    for number in range(45):
        tell("inspector", title=f"第{number:02}条")
    tell("inspector", kind="oversight", title="督办一件")
    client = sign_in("inspector")
    first = client.get("/notices?kind=task_due")
    assert "督办一件" not in text(first)
    assert "第44条" in text(first)
    rest = text(client.get(f"/notices?kind=task_due&after={first.context['next_key']}"))
    assert "第00条" in rest
    assert "第44条" not in rest
    assert "督办一件" in text(client.get("/notices?kind=nonsense&after=x"))


def test_more_notices_cost_no_more_queries(sign_in, people, tell, django_assert_num_queries):
    client = sign_in("inspector")
    tell("inspector")
    before = _count(client, "/notices")
    for _ in range(8):
        notice = tell("inspector")
        Delivery.objects.create(notice=notice, channel="email", next_try=notice.created_at)
    with django_assert_num_queries(before):
        client.get("/notices")


def test_how_it_went_out_stands_beside_it(sign_in, people, tell):
    notice = tell("inspector")
    Delivery.objects.create(
        notice=notice, channel="email", state="failed", sentence="邮件服务器不接受收件地址。"
    )
    page = text(sign_in("inspector").get("/notices"))
    assert "电子邮件未送达" in page
    assert "邮件服务器不接受收件地址。" in page


def test_the_list_can_be_taken_along(sign_in, people, tell):
    notice = tell("inspector", title="=督办", body="内容")
    Delivery.objects.create(notice=notice, channel="email", state="failed", sentence="没有应答。")
    tell("outsider", title="别人的")
    answer = sign_in("inspector").get("/notices/export.xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert [row[1:4] for row in rows[3:]] == [("任务将到期", "=督办", "内容")]
    assert rows[3][5] == "电子邮件未送达（没有应答）"


# 接收方式


def chosen(name: str) -> dict[str, frozenset[str]]:
    return {one.kind.key: one.channels for one in preferences.choices(User.objects.get(username=name))}


def test_what_is_ticked_is_what_comes(sign_in, people):
    client = sign_in("inspector")
    answer = client.post(
        "/notices/settings",
        {"address": " wu@rsj.example ", "email": ["oversight", "law_changed"], "webhook": ["task_due"]},
        follow=True,
    )
    page = text(answer)
    assert "接收方式已保存" in page
    assert 'value="wu@rsj.example"' in page
    assert 'value="law_changed" aria-label="法规数值变动：电子邮件" checked' in page
    assert 'value="task_due" aria-label="任务将到期：电子邮件">' in page
    assert chosen("inspector")["oversight"] == {"email"}
    assert chosen("inspector")["task_due"] == {"webhook"}
    assert chosen("inspector")["task_overdue"] == set()
    assert chosen("outsider")["task_overdue"] == {"email", "webhook"}


def test_a_changed_address_is_journalled_without_the_address(sign_in, people):
    client = sign_in("inspector")
    client.post("/notices/settings", {"address": "wu@rsj.example"})
    client.post("/notices/settings", {"address": "wu@rsj.example"})
    client.post("/notices/settings", {"address": ""})
    entries = list(JournalEntry.objects.filter(action="account.email_set").order_by("sequence"))
    assert [entry.summary for entry in entries] == [
        "更改账号“inspector”的邮箱",
        "清除账号“inspector”的邮箱",
    ]
    assert all("rsj.example" not in str((entry.before, entry.after, entry.summary)) for entry in entries)


def test_a_wrong_address_is_refused_beside_its_field_and_nothing_is_kept(sign_in, people):
    answer = sign_in("inspector").post("/notices/settings", {"address": "吴@", "email": []})
    assert answer.status_code == 422
    assert "邮箱地址不正确" in text(answer)
    assert 'value="吴@"' in text(answer)
    assert chosen("inspector")["task_due"] == {"email"}
    assert User.objects.get(username="inspector").email == ""


def test_a_channel_that_the_office_has_not_set_up_says_so(sign_in, people, settings):
    client = sign_in("inspector")
    settings.EMAIL_HOST = ""
    assert "还没有开通电子邮件、政务通讯群" in text(client.get("/notices/settings"))
    settings.EMAIL_HOST, settings.ANXIN_WEBHOOK_URL = "mail.example", "https://chat.example/x"
    assert "还没有开通" not in text(client.get("/notices/settings"))
