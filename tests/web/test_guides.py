"""扫码知 in the console: reading, drafting, the second person, paper, and the desks beside it."""

from __future__ import annotations

import pytest

from anxin.channels import codes, places
from anxin.channels import queries_guides as queries
from anxin.channels.models import GuideVersion, HelpPlace
from anxin.channels.shipped import shipped
from anxin.evidence.journal import Actor

DRAFT = {
    "title": "这笔钱该谁付",
    "summary": "新写的一版",
    "body": "## 谁招的您，谁付\n招用您的单位付（{据:wage_regulation 16}）。",
    "source": "某局通知",
    "valid_from": "2026-11-20",
}


def drafted(client, **changes):
    return client.post("/guides/payers/draft", {**DRAFT, **changes})


def test_the_list_shows_versions_openings_and_sites(sign_in, world, now):
    queries.count_open("unpaid", project_id=world.here.pk, on=now.date())
    queries.count_open("unpaid", project_id=world.there.pk, on=now.date())
    text = sign_in("inspector").get("/guides").text
    assert "工资没拿到，现在怎么办" in text and "随系统提供的一版" in text
    assert "东台安置房工程" in text and "西河桥梁工程" not in text


@pytest.mark.parametrize("key", shipped())
def test_every_guide_has_its_own_page_in_the_console(key, sign_in, world):
    page = sign_in("leader").get(f"/guides/{key}")
    assert page.status_code == 200
    assert f"<h1>{shipped()[key].title}</h1>" in page.text


def test_the_list_goes_out_as_a_workbook(sign_in, world):
    assert sign_in("inspector").get("/guides/export.xlsx").content[:2] == b"PK"


def test_an_inspector_drafts_and_a_leader_publishes(sign_in, world):
    assert drafted(sign_in("inspector")).status_code == 302
    leader = sign_in("leader")
    assert "《保障农民工工资支付条例》第十六条" in leader.get("/guides/payers").text
    answer = leader.post("/guides/payers/publish", follow=True)
    assert "已发布" in answer.text and "第1版" in answer.text
    assert "新写的一版" in sign_in("inspector").get("/z/payers").text


def test_a_leader_does_not_publish_the_own_draft(sign_in, world):
    leader = sign_in("leader")
    drafted(leader)
    answer = leader.post("/guides/payers/publish")
    assert answer.status_code == 422 and "换一个人" in answer.text
    assert "核对无误，发布" not in leader.get("/guides/payers").text
    assert GuideVersion.objects.get().state == "draft"


def test_who_may_not_confirm_does_not_publish(sign_in, world):
    drafted(sign_in("colleague"))
    assert sign_in("inspector").post("/guides/payers/publish").status_code == 403
    assert sign_in("clerk").get("/guides/payers/draft").status_code == 403


def test_a_draft_is_sent_back_with_a_reason(sign_in, world):
    drafted(sign_in("inspector"))
    leader = sign_in("leader")
    assert leader.post("/guides/payers/refuse", {"why": ""}).status_code == 422
    assert "请写短一点" in leader.post("/guides/payers/refuse", {"why": "请写短一点"}, follow=True).text


def test_the_writer_takes_the_own_draft_back(sign_in, world):
    inspector = sign_in("inspector")
    drafted(inspector)
    inspector.post("/guides/payers/refuse", {"why": "重写"})
    assert GuideVersion.objects.get().state == "refused"


def test_a_wrong_mark_is_told_beside_the_text(sign_in, world):
    answer = drafted(sign_in("inspector"), body="{据:no_law 3}")
    assert answer.status_code == 422
    assert "不是法规库里的数值或条文" in answer.text and "{据:no_law 3}" in answer.text


def test_a_poster_carries_the_site_s_code(sign_in, world, actor, now):
    codes.issue_boards([world.here, world.there], actor=actor, now=now)
    client = sign_in("inspector")
    plain, of_site = (
        client.get(f"/guides/unpaid/poster{ask}").text for ask in ("", f"?site={world.here.pk}")
    )
    assert plain.count('class="qr"') == of_site.count('class="qr"') == 1
    assert plain != of_site  # another address stands in the code
    assert client.get(f"/guides/unpaid/poster?site={world.there.pk}").status_code == 404


def test_a_leaflet_holds_the_whole_text(sign_in, world):
    text = sign_in("inspector").get("/guides/payers/leaflet").text
    assert "第三十条第三款" in text and "{据" not in text


def test_a_guide_that_there_is_not_is_not_found(sign_in, world):
    for address in ("/guides/nothing", "/guides/nothing/poster", "/guides/nothing/draft"):
        assert sign_in("inspector").get(address).status_code == 404


def test_a_clerk_keeps_the_desks_of_the_own_district(sign_in, world):
    clerk = sign_in("clerk")
    place = {"name": "某区监察大队", "phone": "0999-5550101", "region": "990101"}
    assert clerk.post("/help-places", place).status_code == 302
    assert "某区监察大队" in clerk.get("/help-places").text
    refused = clerk.post("/help-places", {**place, "region": "990102"})
    assert refused.status_code == 422 and "不在您的管辖范围内" in refused.text
    assert HelpPlace.objects.count() == 1


def test_another_district_s_desk_is_not_ended(sign_in, people, world, now):
    by = people["outsider"]
    place = places.add_place(
        region=world.there.region,
        name="那边",
        phone="0999-5550102",
        by=by,
        actor=Actor("user:9", "某"),
        now=now,
    )
    assert sign_in("clerk").post(f"/help-places/{place.pk}/end").status_code == 404
    assert sign_in("outsider").post(f"/help-places/{place.pk}/end").status_code == 302
    place.refresh_from_db()
    assert place.ended_at is not None


@pytest.mark.parametrize("role", ["auditor", "payroll_clerk"])
def test_who_has_nothing_to_do_with_clues_sees_no_guides_in_the_console(role, sign_in, world):
    assert sign_in(role).get("/guides").status_code == 403
