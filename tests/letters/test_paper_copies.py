"""纸质文书 on request: who may ask, what is kept, what stays open and for whom, and that the day of service does not move."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.letters import links, paper_copies, queries
from anxin.letters.life import Act
from anxin.letters.models import Letter, PaperRequest, Service
from anxin.notices.models import Notice
from tests.letters.conftest import sealed
from tests.letters.test_serving import agreed, electronic, recorded, sent, serve
from tests.support.letters import needs_faces

DAY = dt.timedelta(days=1)


@pytest.fixture
def letter(office) -> Letter:
    needs_faces()
    return sealed(office, kind="defence_notice")


@pytest.fixture
def service(office, letter) -> Service:
    agreed(office)
    return electronic(office, letter)


def noted(office, service, **more) -> PaperRequest:
    said = {"on": office.now.date(), "how": "来电申请", "by": office.inspector, "now": office.now}
    return paper_copies.record_request(service, **said | more)


def handed(office, asked, **more) -> PaperRequest:
    said = {
        "on": office.now.date(),
        "way": "collected",
        "proof": "该单位某甲",
        "by": office.inspector,
        "now": office.now,
    }
    return paper_copies.hand_over(asked, **said | more)


def test_it_is_open_for_whoever_serves_there_until_it_is_handed_over(office, letter, service):
    day = office.now.date()
    assert queries.waiting(office.inspector, day)["paper"] == 0
    asked = noted(office, service)
    assert list(queries.queue(office.inspector, "paper", day)) == [letter]
    assert queries.waiting(office.outsider, day)["paper"] == 0
    assert "paper" not in queries.waiting(office.auditor, day)
    done = handed(office, asked, way="post", proof="EMS-1")
    assert (done.handed_on, done.handed_way, done.handed_by_name) == (day, "post", str(office.inspector))
    assert queries.waiting(office.inspector, day)["paper"] == 0
    acts = list(letter.acts.filter(act__in=(Act.ASKED, Act.HANDED)).values_list("act", "note"))
    assert acts == [
        ("asked", f"云州某建工有限公司来电申请，{day}"),
        ("handed", f"给云州某建工有限公司，邮寄，{day}"),
    ]
    assert JournalEntry.objects.filter(action__startswith="letter.paper_").count() == 2
    service.refresh_from_db()
    assert service.served_on == day and Letter.objects.get(pk=letter.pk).services.count() == 1


def test_one_request_at_a_time_and_another_after_it_was_given(office, service):
    asked = noted(office, service)
    with pytest.raises(Refused, match="无须重复申请"):
        noted(office, service)
    handed(office, asked)
    with pytest.raises(Refused, match="无须重复登记"):
        handed(office, asked)
    noted(office, service)
    assert service.paper_requests.count() == 2


def test_what_was_served_on_paper_is_not_asked_for(office, letter):
    with pytest.raises(Refused, match="不是电子送达"):
        noted(office, serve(office, letter))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"on": dt.date(2030, 1, 1)}, "将来"),
        ({"on": dt.date(2020, 1, 1)}, "不能早于送达"),
        ({"how": " "}, "怎样申请"),
    ],
)
def test_what_a_request_asks_for(office, service, changes, says):
    with pytest.raises(Refused, match=says):
        noted(office, service, **changes)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"way": "pigeon"}, "交付方式"),
        ({"proof": " "}, "领取人"),
        ({"on": dt.date(2030, 1, 1)}, "将来"),
        ({"on": dt.date(2020, 1, 1)}, "不能早于申请"),
    ],
)
def test_what_handing_over_asks_for(office, service, changes, says):
    asked = noted(office, service)
    with pytest.raises(Refused, match=says):
        handed(office, asked, **changes)
    asked.refresh_from_db()
    assert asked.handed_on is None


def test_who_may_not_write_it_down(office, service):
    asked = noted(office, service)
    for name in ("keeper", "outsider", "auditor"):
        by = getattr(office, name)
        with pytest.raises(Refused, match="没有在本件送达文书的权限"):
            noted(office, service, by=by)
        with pytest.raises(Refused, match="没有在本件送达文书的权限"):
            handed(office, asked, by=by)


def test_whoever_has_the_link_asks_and_the_handler_is_told_once(office, letter):
    link = sent(office, letter, agreed(office))
    with pytest.raises(Refused, match="还没有登记"):
        links.ask_paper(link, now=office.now)
    recorded(office, link)
    links.ask_paper(link, now=office.now + DAY)
    asked = PaperRequest.objects.get()
    assert asked.asked_by_name == "持链接的人（未核验身份）" and asked.asked_on == (office.now + DAY).date()
    (notice,) = Notice.objects.filter(kind="paper_asked")
    assert notice.to == office.inspector and notice.link == f"/letters/{letter.pk}#paper"
    with pytest.raises(Refused, match="无须重复申请"):
        links.ask_paper(link, now=office.now + DAY)
    assert Notice.objects.filter(kind="paper_asked").count() == 1
