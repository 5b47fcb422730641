"""How a hotline's tickets stand, and what changed."""

from __future__ import annotations

import json

from anxin.clues.models import Clue
from anxin.evidence.models import JournalEntry
from anxin.referral import services as referral
from anxin.referral.hotline_changes import changes_after
from anxin.referral.models import Conclusion
from tests.referral.clues import paper
from tests.referral.conftest import NOW
from tests.web.api.hotline.calls import (
    ANSWER,
    CHANGES,
    OWED,
    TICKETS,
    changes,
    concluded,
    read,
    sent,
    state,
    ticket,
)


def test_the_state_goes_with_the_work_from_desk_to_answer(hotline, city):
    sent(hotline)
    assert (state(hotline)["state"], state(hotline)["body"]) == ("received", "")
    clue = read()
    made = referral.refer(
        clue, by=city.desk, now=NOW, law=city.law, lead=city.bodies["QRS"], why="由区局直接核处"
    )
    found = state(hotline)
    assert (found["state"], found["body"], found["accepted_at"]) == ("referred", "云城区人社局", None)
    assert found["due_on"] == made.matter.next_due_on.isoformat()
    referral.accept(clue, by=city.desk, now=NOW, law=city.law)
    assert (state(hotline)["state"], state(hotline)["state_name"]) == ("handling", "已签收，办理中")
    paper(made.matter, "case_filing_approval", by=city.desk)
    referral.conclude(clue, "属实，已立案查处", words=ANSWER, by=city.desk, now=NOW, law=city.law)
    found = state(hotline)
    assert (found["state"], found["conclusion"], found["due_on"]) == ("told", "属实，已立案查处", None)
    assert found["answer"].endswith("承办人电话139****9999。")


def test_a_return_is_seen_with_its_reason_and_no_number_in_it(hotline, city):
    sent(hotline)
    clue = read()
    referral.refer(clue, by=city.desk, now=NOW, law=city.law, lead=city.bodies["ZJ"], why="由住建部门核实")
    referral.return_(clue, why="工地不归我们管，来电人13900001234", by=city.housing, now=NOW, law=city.law)
    found = state(hotline)
    assert (found["state"], found["state_name"]) == ("returned", "承办单位退单，待改派")
    assert [(one["body"], one["why"]) for one in found["returns"]] == [
        ("云州市住建局", "工地不归我们管，来电人139****1234")
    ]


def test_a_conclusion_that_a_second_person_still_looks_at_is_not_told(hotline, city):
    sent(hotline)
    clue = concluded(city)
    Conclusion.objects.update(standing="review", told_at=None)
    Clue.objects.filter(pk=clue.pk).update(state="referred")
    found = state(hotline)
    assert (found["state"], found["conclusion"], found["answer"]) == ("handling", "", "")


def test_nothing_of_anybody_is_in_any_answer(hotline, city):
    sent(hotline, ticket(text=f"我叫赵某某，身份证990101199001010011，{OWED}"))
    concluded(city)
    said = {
        "kind": "supplement",
        "at": "2026-11-20T09:00:00+08:00",
        "words": "我还有个工友钱某，电话13700007777",
    }
    answers = [
        hotline.post(f"{TICKETS}/YZ-1/words", said),
        hotline.get(f"{TICKETS}/YZ-1"),
        hotline.get(CHANGES),
    ]
    text = "".join(json.dumps(answer.json(), ensure_ascii=False) for answer in answers)
    assert [
        part
        for part in ("赵某某", "钱某", "13900001234", "13700007777", "990101199001010011")
        if part in text
    ] == []


def test_changes_come_in_order_by_pages_and_each_once(hotline, city, centre):
    sent(hotline, *(ticket(f"YZ-{number}") for number in range(1, 6)))
    begin = changes(hotline, 0)
    assert ([one["ticket_no"] for one in begin["items"]], begin["more"]) == (
        [f"YZ-{n}" for n in range(1, 6)],
        False,
    )
    assert changes(hotline, begin["next"]) == {"items": [], "next": begin["next"], "more": False}
    for number in (4, 2):
        referral.refer(
            read(f"YZ-{number}"),
            by=city.desk,
            now=NOW,
            law=city.law,
            lead=city.bodies["QRS"],
            why="由区局核处",
        )
    seen, after = [], begin["next"]
    while True:
        piece = changes(hotline, after, limit=1)
        seen += [(one["ticket_no"], one["state"]) for one in piece["items"]]
        assert piece["next"] >= after
        after = piece["next"]
        if not piece["more"]:
            break
    assert seen == [("YZ-4", "referred"), ("YZ-2", "referred")]


def test_a_place_that_the_journal_has_not_reached_is_refused(hotline):
    answer = hotline.get(f"{CHANGES}?after=99999")
    assert (answer.status_code, answer.json()["field"]) == (422, "after")


def test_a_long_journal_is_gone_through_in_bounded_pieces(hotline, city, monkeypatch):
    from anxin.referral import hotline_changes

    sent(hotline)
    begin = changes(hotline, 0)["next"]
    read()
    referral.refer(
        Clue.objects.get(), by=city.desk, now=NOW, law=city.law, lead=city.bodies["QRS"], why="由区局核处"
    )
    monkeypatch.setattr(hotline_changes, "WINDOW", 1)
    found, after, calls = [], begin, 0
    while True:
        piece = changes(hotline, after)
        found += piece["items"]
        after, calls = piece["next"], calls + 1
        if not piece["more"]:
            break
    assert calls == JournalEntry.objects.filter(sequence__gt=begin).count() > 1
    assert {one["ticket_no"] for one in found} == {"YZ-1"}


def test_a_step_that_means_acceptance_is_a_change(hotline, city):
    from tests.referral.clues import step

    sent(hotline)
    made = referral.refer(
        read(), by=city.desk, now=NOW, law=city.law, lead=city.bodies["QRS"], why="由区局核处"
    )
    after = changes(hotline, 0)["next"]
    step(made.matter, "sign", by=city.desk)
    assert [one["state"] for one in changes(hotline, after)["items"]] == ["handling"]
    last = JournalEntry.objects.order_by("-sequence").first()
    assert (last.action, last.object_id) == ("referral.accepted", str(Clue.objects.get().pk))


def test_states_and_changes_ask_no_more_for_many_than_for_one(
    hotline,
    centre,
    city,
    django_assert_max_num_queries,
):
    sent(hotline, *(ticket(f"YZ-{number}") for number in range(1, 9)))
    for number in range(1, 9):
        concluded(city, f"YZ-{number}")
    with django_assert_max_num_queries(12):
        assert len(changes_after(centre, 0, 200).items) == 8
