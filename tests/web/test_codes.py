"""扫码牌 in the console: the list with its flags, printing for many sites, replacing, and who may."""

from __future__ import annotations

import datetime as dt
import io
import re

import openpyxl
import pytest

from anxin.channels import codes, scans, tokens
from anxin.channels.models import ScanCode, ScanDay
from anxin.evidence.models import JournalEntry
from anxin.workforce.site_codes import issue_site_code


@pytest.fixture
def boards(world, actor, now):
    """Both sites' boards, printed ten days ago."""
    long_ago = now - dt.timedelta(days=10)
    made = codes.issue_boards([world.here, world.there], actor=actor, now=long_ago)
    codes.mark_printed(made, actor=actor, now=long_ago)
    return made


def text_of(client, address: str) -> str:
    return client.get(address).text


def test_the_list_shows_one_s_own_sites_only(sign_in, boards):
    text = text_of(sign_in("inspector"), "/codes")
    assert "东台安置房工程" in text
    assert "西河桥梁工程" not in text


def test_a_board_that_nobody_scans_is_missing(sign_in, boards):
    text = text_of(sign_in("inspector"), "/codes?flag=missing")
    assert "贴出后没人扫" in text and "东台安置房工程" in text


def test_a_board_that_was_scanned_is_not_missing(sign_in, boards, now):
    scans.record_scan(boards[0], visitor="a", now=now)
    assert "东台安置房工程" not in text_of(sign_in("inspector"), "/codes?flag=missing")


@pytest.mark.parametrize(("age", "told"), [(6, False), (7, True)])
def test_a_board_is_given_seven_days(age, told, sign_in, world, actor, now):
    printed = now - dt.timedelta(days=age)
    made = codes.issue_boards([world.here], actor=actor, now=printed)
    codes.mark_printed(made, actor=actor, now=printed)
    assert ("东台安置房工程" in text_of(sign_in("inspector"), "/codes?flag=missing")) is told


def test_the_board_of_a_finished_site_is_not_missed(sign_in, world, boards):
    world.here.state = "completed"
    world.here.save()
    assert "东台安置房工程" not in text_of(sign_in("inspector"), "/codes?flag=missing")


def test_a_sticker_that_nobody_scans_is_not_missed(sign_in, world, actor, now):
    long_ago = now - dt.timedelta(days=30)
    made = codes.issue_helmets([world.here], count=2, actor=actor, now=long_ago)
    codes.mark_printed(made, actor=actor, now=long_ago)
    assert "东台安置房工程" not in text_of(sign_in("inspector"), "/codes?kind=&flag=missing")


@pytest.mark.parametrize(
    ("counted", "told"),
    [({"scans": 499}, False), ({"scans": 500}, True), ({"by_one": 29}, False), ({"by_one": 30}, True)],
)
def test_a_code_scanned_in_masses_is_told(counted, told, sign_in, boards, now):
    ScanDay.objects.create(code=boards[0], day=now.date(), **counted)
    assert ("东台安置房工程" in text_of(sign_in("inspector"), "/codes?flag=mass")) is told


def test_what_was_odd_long_ago_is_not_told_any_more(sign_in, boards, now):
    ScanDay.objects.create(code=boards[0], day=now.date() - dt.timedelta(days=31), scans=900, far=3)
    client = sign_in("inspector")
    assert "东台安置房工程" not in text_of(client, "/codes?flag=mass") + text_of(client, "/codes?flag=far")


def test_a_far_scan_is_told_with_its_place(sign_in, world, boards, now):
    world.here.latitude, world.here.longitude = "31.23000", "121.47000"
    world.here.save()
    scan = scans.record_scan(boards[0], visitor="a", now=now)
    scans.tell_place(scan.pk, latitude=39.9, longitude=116.4, now=now)
    client = sign_in("inspector")
    assert "东台安置房工程" in text_of(client, "/codes?flag=far")
    page = text_of(client, f"/codes/{boards[0].pk}")
    assert "39.90，116.40" in page and "约 1,067 公里" in page


def test_an_old_code_that_is_still_scanned_is_told(sign_in, boards, actor, now):
    codes.rotate([boards[0]], reason="丢失", actor=actor, now=now - dt.timedelta(days=2))
    scans.record_scan(boards[0], visitor="a", now=now)
    client = sign_in("inspector")
    assert "旧码还在用" in text_of(client, "/codes?flag=old")
    assert "仍有人扫" in text_of(client, f"/codes/{boards[0].pk}")


def test_the_list_goes_out_as_a_workbook_with_its_flags(sign_in, boards):
    answer = sign_in("inspector").get("/codes/export.xlsx?flag=missing")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert any("东台安置房工程" in row and "贴出后没人扫" in row for row in rows)
    assert not any("西河桥梁工程" in row for row in rows)


def test_the_list_costs_the_same_however_long(sign_in, world, actor, now, django_assert_max_num_queries):
    codes.issue_helmets([world.here], count=60, actor=actor, now=now)
    client = sign_in("inspector")
    with django_assert_max_num_queries(9):
        assert "安全帽贴60号" in text_of(client, "/codes?kind=helmet")


def printed(client, world, **more):
    return client.post("/codes/print", {"ids": [world.here.pk, world.there.pk], **more})


def test_printing_makes_what_is_missing_and_only_for_one_s_own_sites(sign_in, world):
    answer = printed(sign_in("clerk"), world, what="boards")
    assert answer.status_code == 302
    code = ScanCode.objects.get()
    assert (code.project, code.kind) == (world.here, "board")
    assert code.printed_at is not None
    assert [
        entry.action
        for entry in JournalEntry.objects.filter(action__startswith="scan_code").order_by("sequence")
    ] == [
        "scan_code.issued",
        "scan_code.printed",
    ]


def test_a_board_carries_both_codes_and_nobody_s_data(sign_in, world, actor, now):
    issued = issue_site_code(world.here, actor=actor, now=now)
    client = sign_in("clerk")
    sheet = client.get(printed(client, world, what="boards")["Location"]).text
    assert tokens.token_of(ScanCode.objects.get().pk) in sheet
    assert issued.code in sheet
    assert sheet.count('class="qr"') == 2
    assert "某建工公司" in sheet and "甲工人" not in sheet


def test_stickers_are_numbered_and_laid_out_by_twelve(sign_in, world):
    client = sign_in("clerk")
    sheet = client.get(printed(client, world, what="stickers", count="14")["Location"]).text
    assert re.findall(r'sticker-foot">(\d+)号', sheet) == [str(number) for number in range(1, 15)]
    assert sheet.count('class="a4 stickers"') == 2


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"ids": []}, "请先勾选"),
        ({"what": "stickers", "count": "x"}, "请填写张数"),
        ({"what": "stickers", "count": "601"}, "一次最多做600张"),
    ],
)
def test_a_print_that_cannot_be_is_refused_with_a_sentence(asked, sentence, sign_in, world):
    answer = printed(sign_in("clerk"), world, **asked)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not ScanCode.objects.exists()


def test_a_site_s_board_is_replaced_with_a_reason(sign_in, world, boards):
    client = sign_in("clerk")
    answer = client.post(f"/codes/{boards[0].pk}/rotate", {"reason": "被人撕走"}, follow=True)
    assert "第2代" in answer.text and "被人撕走" in answer.text
    assert "被人撕走" in JournalEntry.objects.get(action="scan_code.rotated").summary


def test_replacing_without_a_reason_is_refused(sign_in, boards):
    answer = sign_in("clerk").post(f"/codes/{boards[0].pk}/rotate", {"reason": ""})
    assert answer.status_code == 422
    assert "请写明为什么换新码" in answer.text
    assert ScanCode.objects.filter(withdrawn_at__isnull=False).count() == 0


def test_all_stickers_of_a_site_are_replaced_at_once(sign_in, world, actor, now):
    made = codes.issue_helmets([world.here], count=5, actor=actor, now=now)
    sign_in("clerk").post(f"/codes/{made[1].pk}/rotate", {"reason": "换头盔", "whole": "1"})
    assert ScanCode.objects.filter(withdrawn_at__isnull=True, generation=2).count() == 5


def test_a_replaced_code_is_not_printed_again(sign_in, boards, actor, now):
    codes.rotate([boards[0]], reason="丢失", actor=actor, now=now)
    answer = sign_in("clerk").post(f"/codes/{boards[0].pk}/print")
    assert answer.status_code == 422
    assert "已经换过" in answer.text


@pytest.mark.parametrize("address", ["/codes/{pk}", "/codes/boards?site={site}"])
def test_the_codes_of_another_district_do_not_exist(address, sign_in, world, boards):
    where = address.format(pk=boards[1].pk, site=world.there.pk)
    assert sign_in("inspector").get(where).status_code == 404


def test_another_district_s_code_is_not_replaced(sign_in, boards):
    assert sign_in("clerk").post(f"/codes/{boards[1].pk}/rotate", {"reason": "x"}).status_code == 404
    assert ScanCode.objects.get(pk=boards[1].pk).current


def test_who_only_looks_prints_and_replaces_nothing(sign_in, boards):
    leader = sign_in("leader")
    assert leader.get("/codes").status_code == 200
    assert leader.get("/codes/print").status_code == 403
    assert leader.post(f"/codes/{boards[0].pk}/rotate", {"reason": "x"}).status_code == 403


def test_an_empty_list_says_what_to_do(sign_in, world):
    assert "打印扫码牌" in text_of(sign_in("clerk"), "/codes")
    assert "由录入员或监察员打印" in text_of(sign_in("leader"), "/codes")


# --- cleared by a person


def clear(client, code, why: str, flag: str = "missing"):
    return client.post(f"/codes/{code.pk}/clear", {"flag": flag, "why": why}, follow=True)


def test_a_flag_is_cleared_on_the_page_with_a_reason_that_stays_there(sign_in, boards):
    client = sign_in("inspector")
    assert "消除这条提示" in text_of(client, f"/codes/{boards[0].pk}")
    refused = clear(client, boards[0], "看过")
    assert refused.status_code == 422 and "核实的情况" in refused.text and 'value="看过"' in refused.text
    assert "已消除提示" in clear(client, boards[0], "到现场看过，牌子在大门内侧").text
    assert "到现场看过，牌子在大门内侧" in text_of(client, f"/codes/{boards[0].pk}")
    assert "东台安置房工程" not in text_of(client, "/codes?flag=missing") + text_of(client, "/codes?flag=any")
    again = clear(client, boards[0], "到现场看过，牌子在大门内侧")
    assert again.status_code == 422 and "已经消除" in again.text


def test_who_only_looks_finds_no_form_and_clears_nothing(sign_in, boards):
    leader = sign_in("leader")
    assert "消除这条提示" not in text_of(leader, f"/codes/{boards[0].pk}")
    assert clear(leader, boards[0], "到现场看过，牌子在大门内侧").status_code == 403
    assert clear(sign_in("outsider"), boards[0], "到现场看过，牌子在大门内侧").status_code == 404
    assert "东台安置房工程" in text_of(leader, "/codes?flag=missing")


def test_codes_with_any_flag_are_one_list(sign_in, world, boards, actor, now):
    helmets = codes.issue_helmets([world.here], count=2, actor=actor, now=now)
    ScanDay.objects.create(code=helmets[0], day=now.date(), scans=600)
    text = text_of(sign_in("inspector"), "/codes?kind=&flag=any")
    assert "告示牌" in text and "安全帽贴1号" in text and "安全帽贴2号" not in text
