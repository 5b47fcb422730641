"""送达: the manners a letter has, what each asks, the day that counts, its proof, the clock that starts; links."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.test import override_settings

from anxin.casework import flow
from anxin.casework.clockwork import Words
from anxin.casework.models import Deadline, Matter
from anxin.evidence import files
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.law.loading import load
from anxin.letters import consents, links, manners, serving
from anxin.letters.life import Act, State
from anxin.letters.models import Letter, Link, Service
from anxin.letters.serving import Told
from anxin.notices.channels.base import NotDelivered
from anxin.typesetting.templates import templates
from tests.letters.conftest import fresh_matter, issued, sealed
from tests.support.chat_sink import chat_gateway
from tests.support.letters import needs_faces, needs_poppler, text_of

EVENT = "被申请人收到申请书副本之日"


@pytest.fixture
def letter(office) -> Letter:
    needs_faces()
    return sealed(office, kind="defence_notice")


def told(office, **changes) -> Told:
    plain = Told(
        receiver="云州某建工有限公司", manner="direct", on=office.now.date(), at="15时20分", place="该单位办公室", servers="某甲、某乙"
    )  # fmt: skip
    return replace(plain, **changes)


def serve(office, letter, *, by=None, now=None, **changes) -> Service:
    fresh = Letter.objects.get(pk=letter.pk)
    return serving.serve(
        letter, told(office, **changes), by=by or office.inspector, now=now or office.now, law=office.law, expected_version=fresh.version
    )  # fmt: skip


def agreed(office, *, awards: bool = False):
    return consents.record_consent(
        office.matter, receiver="云州某建工有限公司", address="13900000001", given_on=office.now.date(),
        how="签了送达地址确认书", awards=awards, by=office.inspector, now=office.now,
    )  # fmt: skip


def test_handed_over_with_a_proof_that_is_a_paper_of_the_matter(office, letter, tmp_path):
    needs_poppler()
    service = serve(office, letter)
    assert service.served_on == office.now.date()
    assert "第八十八条" in service.basis
    assert Letter.objects.get().state == State.SERVED
    words = text_of(files.read(service.proof.file), tmp_path)
    assert letter.number in words
    assert "直接送达" in words
    assert service.proof in office.matter.documents.all()


def test_the_day_starts_the_clock_of_casework(office, letter):
    to_service(office)
    target = manners.targets(letter, office.law)[0]
    assert target.event == EVENT
    later = office.now + dt.timedelta(days=3)
    service = serve(office, letter, now=later, on=later.date(), target=target.key)
    assert service.event_given_at == later
    assert service.served_on == later.date()
    clock = Deadline.objects.get(clock="defence", ended_on=None)
    assert clock.started_on == service.served_on
    assert fresh_matter(office).event_dates.get(name=EVENT).on == service.served_on


def to_service(office) -> None:
    """Accepted, and the step taken that the clock of the defence begins with."""
    needed = {
        "accept": ("arbitration_acceptance_notice",),
        "serve": ("defence_notice", "tribunal_notice"),
    }
    for step in ("accept", "serve"):
        table = office.law.procedure("arbitration").transition(step)
        from anxin.casework import services as casework

        for kind in (*table.documents, *(one[0] for one in table.any_of), *needed[step]):
            casework.attach(
                office.matter, kind=kind, data=f"{step}{kind}".encode(), filename=f"{kind}.pdf", by=office.inspector, now=office.now, law=office.law
            )  # fmt: skip
        fresh = fresh_matter(office)
        by = (
            office.leader
            if "head" in "".join(table.by) or "commission" in "".join(table.by)
            else office.inspector
        )
        flow.take(
            fresh, step, by=by, on=office.now.date(), now=office.now, law=office.law, expected_version=fresh.version,
            words=Words(body=table.by[0]),
        )  # fmt: skip


def test_a_public_notice_counts_when_its_period_is_over(office, letter):
    to_service(office)
    target = manners.targets(letter, office.law)[0]
    service = serve(office, letter, manner="public_notice", place="某日报", target=target.key)
    assert (
        service.served_on
        == office.law.served_on("public_notice", office.now.date(), "arbitration", "990101").served_on
    )
    assert service.served_on > office.now.date()
    assert service.event_given_at is None
    with pytest.raises(Refused, match="才满"):
        serving.give_day(service, by=office.inspector, now=office.now, law=office.law)
    later = dt.datetime.combine(service.served_on, dt.time(10), office.now.tzinfo)
    serving.give_day(service, by=office.inspector, now=later, law=office.law)
    assert Deadline.objects.get(clock="defence", ended_on=None).started_on == service.served_on
    with pytest.raises(Refused, match="无须重复"):
        serving.give_day(service, by=office.inspector, now=later, law=office.law)


ASKED = [
    ({"servers": "某甲"}, "不少于两人"),
    ({"manner": "left", "witness": "某社区"}, "拒收事由"),
    ({"manner": "left", "refusal": "前台拒收"}, "见证人"),
    ({"manner": "posted"}, "见证人"),
    ({"manner": "post"}, "邮件编号"),
    ({"manner": "electronic"}, "确认书"),
    ({"manner": "pigeon"}, "选择送达方式"),
    ({"receiver": " "}, "受送达人"),
    ({"place": "处" * 201}, "删减"),
    ({"on": dt.date(2026, 11, 21)}, "将来"),
    ({"on": dt.date(2026, 11, 19)}, "成文日期"),
    ({"target": "1:别的日期"}, "没有这个可以登记的日期"),
]


def test_what_each_manner_asks(office, letter):
    for changes, says in ASKED:
        with pytest.raises(Refused, match=says):
            serve(office, letter, **changes)
    assert not Service.objects.exists()
    assert Letter.objects.get().state == State.SERVE


def test_twice_to_one_is_refused_and_to_another_not(office, letter):
    serve(office, letter)
    with pytest.raises(Refused, match="已经登记过"):
        serve(office, letter)
    serve(office, letter, receiver="另一家公司", manner="post", media="EMS-1", servers="某甲")
    assert letter.services.count() == 2


def test_who_may_not_serve(office, letter):
    for name in ("keeper", "outsider", "auditor"):
        with pytest.raises(Refused, match="没有“送达”的权限"):
            serve(office, letter, by=getattr(office, name))


def test_nothing_is_served_before_it_is_sealed(office):
    needs_faces()
    with pytest.raises(Refused, match="待用印"):
        serve(office, issued(office))


def test_electronic_service_after_consent_only(office, letter):
    consent = agreed(office)
    assert "13900000001" not in str(consent.address)
    with pytest.raises(Refused, match="无须重复"):
        agreed(office)
    assert (
        serve(office, letter, manner="electronic", place="手机短信链接", servers="某甲").manner
        == "electronic"
    )


def test_a_link_opens_one_letter_until_it_runs_out(office, letter):
    consent = agreed(office)
    link, token = links.make_link(
        letter, consent, by=office.inspector, now=office.now, law=office.law, expected_version=letter.version
    )
    assert token not in link.token_hash
    found = links.link_of(token, office.now)
    assert found == link
    links.opened(found, office.now, device="安卓手机（微信）")
    links.opened(found, office.now + dt.timedelta(hours=1), device="电脑（浏览器）")
    link.refresh_from_db()
    assert (link.first_opened_at, link.times_opened) == (office.now, 2)
    assert letter.acts.filter(act=Act.OPENED).count() == 2
    assert JournalEntry.objects.filter(action="letter.opened", actor=f"link:{link.pk}").count() == 2
    assert links.link_of(token, office.now + links.HOLDS) is None
    assert links.link_of("another", office.now) is None


def sent(office, letter, consent, *, target: str = "", now: dt.datetime | None = None) -> Link:
    """A link that the system has sent to the telephone of the consent, through a gateway that answers."""
    now, fresh = now or office.now, Letter.objects.get(pk=letter.pk)
    link, token = links.make_link(
        letter, consent, by=office.inspector, now=now, law=office.law, expected_version=fresh.version, target=target
    )  # fmt: skip
    with chat_gateway() as gateway, override_settings(ANXIN_SMS_URL=gateway.url, ANXIN_SMS_SECRET="k"):
        assert links.send(link, f"https://anxin.example/l/{token}", by=office.inspector, now=now)
        assert token in gateway.posts[0].content["text"]
    return link


def recorded(office, link: Link) -> Service | None:
    return links.record_service(link, by=office.inspector, now=link.sent_at or office.now, law=office.law)


def test_a_sent_link_is_the_service_of_its_day_with_its_proof_and_starts_the_deadline(
    office, letter, tmp_path
):
    needs_poppler()
    to_service(office)
    target, later = manners.targets(letter, office.law)[0].key, office.now + dt.timedelta(days=1)
    service = recorded(office, sent(office, letter, agreed(office), target=target, now=later))
    assert (service.receiver, service.manner) == ("云州某建工有限公司", "electronic")
    assert (service.served_on, service.event_given_at) == (later.date(), later)
    assert Deadline.objects.get(clock="defence", ended_on=None).started_on == later.date()
    words = text_of(files.read(service.proof.file), tmp_path)
    assert "手机短信链接" in words and "139****0001" in words and "13900000001" not in words


def test_a_link_sent_again_changes_no_day(office, letter):
    consent = agreed(office)
    service = recorded(office, sent(office, letter, consent))
    again = sent(office, letter, consent, now=office.now + dt.timedelta(days=2))
    assert recorded(office, again) is None
    assert letter.services.get() == service and letter.services.get().served_on == office.now.date()
    assert letter.links.filter(sent_at__isnull=False).count() == 2


def test_a_link_that_the_system_did_not_send_records_nothing(office, letter):
    consent, how = agreed(office), {"by": office.inspector, "now": office.now}
    link, _ = links.make_link(letter, consent, law=office.law, expected_version=letter.version, **how)
    assert not links.send(link, "https://anxin.example/l/x", **how)  # the office has no gateway
    with pytest.raises(Refused, match="不是由系统发出的"):
        recorded(office, link)
    with (
        override_settings(ANXIN_SMS_URL="http://127.0.0.1:9/", ANXIN_SMS_SECRET="k"),
        pytest.raises(NotDelivered),
    ):
        links.send(link, "https://anxin.example/l/x", **how)
    with pytest.raises(Refused, match="不是由系统发出的"):
        recorded(office, link)
    assert not Service.objects.exists() and Letter.objects.get(pk=letter.pk).state == State.SERVE


def test_a_day_that_is_none_is_refused_before_there_is_a_link(office, letter):
    with pytest.raises(Refused, match="没有这个可以登记的日期"):
        sent(office, letter, agreed(office), target="1:别的日期")
    assert not Link.objects.exists()


def test_what_came_between_does_not_undo_that_the_link_was_sent(office, letter):
    consent = agreed(office)
    link = sent(office, letter, consent)
    serve(office, letter, receiver="另一家公司", manner="post", media="EMS-1", servers="某甲")
    assert recorded(office, link).receiver == "云州某建工有限公司"


def test_who_opens_by_a_link_is_never_written_down_as_the_addressee(office, letter):
    consent = agreed(office)
    link, _ = links.make_link(
        letter, consent, by=office.inspector, now=office.now, law=office.law, expected_version=letter.version
    )
    links.opened(link, office.now, device="安卓手机（微信）")
    Link.objects.update(sent_at=office.now)
    link.refresh_from_db()
    links.opened(link, office.now, device="电脑（浏览器）")
    by_hand, by_us = letter.acts.filter(act=Act.OPENED).order_by("id")
    assert by_hand.by_name == by_us.by_name == "持链接的人（未核验身份）"
    assert (
        by_hand.note
        == f"凭链接{link.pk}打开，安卓手机（微信）。这个链接给云州某建工有限公司，系统没有代发，登记的是139****0001。"
    )
    assert "电脑（浏览器）" in by_us.note and "由系统发到登记的139****0001" in by_us.note
    for entry in JournalEntry.objects.filter(action="letter.opened"):
        assert entry.actor_name == "持链接的人（未核验身份）" and "受送达人" not in entry.summary


def test_no_link_without_consent(office, letter):
    fresh = Letter.objects.get(pk=letter.pk)
    with pytest.raises(Refused, match="确认书"):
        links.make_link(
            letter, None, by=office.inspector, now=office.now, law=office.law, expected_version=fresh.version
        )


AWARDS = (
    "arbitration_award",
    "collective_award",
    "partial_award",
    "award_correction",
    "advance_enforcement_award",
)


def electronic(office, letter, **more) -> Service:
    return serve(office, letter, manner="electronic", place="手机短信链接", servers="某甲", **more)


def test_an_award_goes_electronically_to_who_agreed_to_it_for_awards(office):
    needs_faces()
    award = sealed(office, kind="arbitration_award")
    plain = agreed(office)
    with pytest.raises(Refused, match="没有同意裁决书也电子送达"):
        electronic(office, award)
    with pytest.raises(Refused, match="没有同意裁决书也电子送达"):
        links.make_link(
            award, plain, by=office.inspector, now=office.now, law=office.law, expected_version=award.version
        )
    named = agreed(office, awards=True)
    plain.refresh_from_db()
    assert plain.withdrawn_on == office.now.date()
    with pytest.raises(Refused, match="无须重复"):
        agreed(office, awards=True)
    links.make_link(
        award, named, by=office.inspector, now=office.now, law=office.law, expected_version=award.version
    )
    service = electronic(office, award)
    assert service.served_on == office.now.date() and "第九十条" in service.basis


@pytest.mark.parametrize("kind", AWARDS)
def test_no_award_of_a_simple_case_and_none_before_2022_goes_electronically(office, kind):
    rule = manners.rule_of(kind)
    assert rule.named_consent
    today, before = office.now.date(), dt.date(2021, 12, 31)
    for procedure in ("arbitration", "arbitration_collective"):
        assert rule.refused("electronic", procedure, today) is None
        assert rule.refused("electronic", procedure, before + dt.timedelta(days=1)) is None
        assert rule.refused("electronic", procedure, before).article == 87
    assert rule.refused("electronic", "arbitration_simple", today).article == 59


def test_an_award_of_a_simple_case_is_refused_with_its_article_whoever_agreed(office):
    needs_faces()
    award = sealed(office, kind="arbitration_award")
    Matter.objects.filter(pk=office.matter.pk).update(procedure="arbitration_simple")
    consent = agreed(office, awards=True)
    with pytest.raises(Refused, match="第五十九条"):
        electronic(office, award)
    with pytest.raises(Refused, match="第五十九条"):
        links.make_link(
            award,
            consent,
            by=office.inspector,
            now=office.now,
            law=office.law,
            expected_version=award.version,
        )
    award = Letter.objects.select_related("matter").get(pk=award.pk)
    assert "electronic" not in {one.key for one in manners.manners(award, office.law, office.now.date())}


def test_what_both_sides_sign_for_is_never_sent(office):
    for procedure in ("arbitration", "arbitration_simple", "arbitration_collective"):
        rule = manners.rule_of("arbitration_mediation")
        assert rule.refused("electronic", procedure, office.now.date()).article == 42


def test_every_kind_of_the_file_is_a_letter_and_every_day_is_one_that_a_procedure_counts_from():
    law = load()
    days = {clock.counts_from for table in law.procedures() for clock in table.clocks}
    keys = {one.key for one in law.manners()}
    for kind, rule in manners.rules().items():
        assert templates()[kind].register
        assert set(rule.events) <= days
        assert set(rule.without) <= keys
        assert all(law.cite_reference(one.reference) for several in rule.without.values() for one in several)
