"""Reporting and packages in the console."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anxin.exchange.models import PackageImport, Platform, UploadRecord
from anxin.exchange.uploads.draining import drain
from anxin.exchange.uploads.filling import fill_all
from anxin.kernel.identifiers import id_number_problem
from anxin.workforce.models import Enrolment
from tests.support.province import APP_ID, KEY, SECRET, province

SETTINGS = {
    "name": "虚构省平台",
    "code": "PROV",
    "adapter": "sichuan",
    "app_id": APP_ID,
    "secret": SECRET,
    "cipher": "sm4-cbc",
    "cipher_key": KEY,
    "region": "",
    "stall_minutes": "10",
    "kinds": ["enterprise", "project", "personnel", "pay"],
}


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def reported(world, sign_in, now):
    """A platform that does not like one line of pay, joined by the administrator in the console."""

    def judge(kind, body):
        return (
            ("bankCardNumber", "卡号与户名不符") if kind == "pay" and body["payMonth"] == "2026-09" else None
        )

    client = sign_in("admin")
    with province(judge=judge) as there:
        answer = client.post("/system/uploads/new", {**SETTINGS, "base_url": there.url})
        assert answer.status_code == 302, text(answer)
        platform = Platform.objects.get()
        assert not platform.enabled
        client.post(f"/system/uploads/platforms/{platform.pk}/on")
        platform.refresh_from_db()
        assert platform.enabled
        fill_all(platform, now=now)
        for second in range(0, 100, 20):
            drain(now + dt.timedelta(seconds=second))
        yield there


def test_the_administrator_joins_a_platform_without_code_and_sees_numbers_but_no_people(
    reported, sign_in, world
):
    admin = sign_in("admin")
    page = text(admin.get("/system/uploads"))
    assert "虚构省平台" in page
    assert "报送中" in page
    assert "/system/uploads/records" not in page
    settings = text(admin.get(f"/system/uploads/platforms/{Platform.objects.get().pk}"))
    assert APP_ID in settings
    assert SECRET not in settings
    assert KEY not in settings


def test_a_setting_that_cannot_work_is_said_at_its_field(sign_in, world):
    answer = sign_in("admin").post("/system/uploads/new", {**SETTINGS, "base_url": "http://open.example.cn"})
    assert answer.status_code == 422
    assert "https://" in text(answer)
    assert Platform.objects.count() == 0


def test_a_record_that_came_back_says_why_and_where_to_mend_it(reported, sign_in):
    client = sign_in("clerk")
    page = text(client.get("/system/uploads/records?state=rejected"))
    assert "卡号与户名不符" in page
    record = UploadRecord.objects.get(state="rejected")
    detail = text(client.get(f"/system/uploads/records/{record.pk}"))
    assert "卡号与户名不符" in detail
    assert "银行卡号" in detail
    assert f"/projects/{record.projects.get().pk}/wages/2026-09" in detail
    assert "甲工人1" not in detail
    assert "报送的内容" in detail
    numbers = [row.worker.id_number.open() for row in Enrolment.objects.select_related("worker")]
    assert numbers
    assert not any(number in detail + page for number in numbers)
    assert all(id_number_problem(number) is None for number in numbers)


def test_a_clerk_sends_the_filtered_records_again_and_an_outsider_none(reported, sign_in):
    record = UploadRecord.objects.get(state="rejected")
    for person in ("outsider",):
        sign_in(person).post("/system/uploads/resend", {"record": record.pk})
        record.refresh_from_db()
        assert record.state == "rejected"
    assert sign_in("leader").post("/system/uploads/resend", {"record": record.pk}).status_code == 403
    answer = sign_in("clerk").post("/system/uploads/resend", {"state": "rejected"}, follow=True)
    assert "1条记录已重新排队报送" in text(answer)
    record.refresh_from_db()
    assert record.state == "queued"


def test_sending_again_without_saying_what_is_a_bad_request(sign_in, world):
    assert sign_in("clerk").post("/system/uploads/resend", {}).status_code == 400


def test_lists_show_ones_own_district_and_export(reported, sign_in, world):
    inside, outside = sign_in("inspector"), sign_in("outsider")
    assert "东台安置房工程" in text(inside.get("/system/uploads/records"))
    elsewhere = text(outside.get("/system/uploads/records"))
    assert "东台安置房工程" not in elsewhere
    assert "西河桥梁工程" in elsewhere
    for what in ("platforms", "records"):
        answer = inside.get(f"/system/uploads/export/{what}.xlsx")
        assert answer.status_code == 200
        assert zipfile.is_zipfile(io.BytesIO(answer.content))
    assert sign_in("admin").get("/system/uploads/export/records.xlsx").status_code == 404


def test_a_standing_queue_is_said_on_the_overview(reported, sign_in, now):
    UploadRecord.objects.filter(kind="personnel").update(
        state="queued", queued_at=now - dt.timedelta(hours=1), next_try=now
    )
    Platform.objects.update(
        progress_at=now - dt.timedelta(hours=1),
        enabled_at=now - dt.timedelta(hours=2),
        trouble="平台没有应答。",
    )
    assert "停滞" in text(sign_in("inspector").get("/system/uploads"))
    assert "平台没有应答。" in text(sign_in("inspector").get("/system/uploads"))


# --- packages --------------------------------------------------------------------------------------------


def package(client, **changes) -> bytes:
    answer = client.post("/imports/packages/export", {"project": "", "form": "jsonl", **changes})
    assert answer.status_code == 200, text(answer)
    return b"".join(answer.streaming_content)


def test_a_package_goes_out_masked_or_in_full_with_a_purpose(world, sign_in):
    client = sign_in("inspector")
    masked = zipfile.ZipFile(io.BytesIO(package(client)))
    assert json.loads(masked.read("manifest.json"))["projects"] == ["HERE"]
    number = world.workers[0].id_number
    number = number if isinstance(number, str) else number.open()
    assert number not in masked.read("WorkerMaster.jsonl").decode()
    refused = client.post("/imports/packages/export", {"project": "", "form": "jsonl", "full": "on"})
    assert refused.status_code == 422
    assert "目的" in text(refused)
    full = zipfile.ZipFile(io.BytesIO(package(client, full="on", purpose="报送省级平台")))
    assert number in full.read("WorkerMaster.jsonl").decode()


def test_a_clerk_cannot_ask_for_full_identifiers(world, sign_in):
    data = zipfile.ZipFile(io.BytesIO(package(sign_in("clerk"), full="on", purpose="报送省级平台")))
    assert json.loads(data.read("manifest.json"))["identifiers"] == "masked"


def test_a_package_is_taken_in_its_result_is_shown_to_its_deliverer_alone_and_exported(world, sign_in):
    client = sign_in("inspector")
    data = package(client, full="on", purpose="报送省级平台")
    answer = client.post(
        "/imports/packages/take", {"file": SimpleUploadedFile("上报.zip", data)}, follow=True
    )
    taken = PackageImport.objects.get()
    assert "上报.zip" in text(answer)
    assert "项目中工人信息" in text(answer)
    assert client.get(f"/imports/packages/{taken.pk}/problems.xlsx").status_code == 200
    assert sign_in("clerk").get(f"/imports/packages/{taken.pk}").status_code == 404
    assert sign_in("clerk").get(f"/imports/packages/{taken.pk}/problems.xlsx").status_code == 404
    assert sign_in("leader").get(f"/imports/packages/{taken.pk}").status_code == 403
    assert "上报.zip" in text(client.get("/imports/packages"))


def test_a_file_that_is_no_package_is_said_beside_the_field(world, sign_in):
    answer = sign_in("clerk").post(
        "/imports/packages/take", {"file": SimpleUploadedFile("x.zip", b"nothing")}
    )
    assert answer.status_code == 422
    assert "损坏" in text(answer)
    assert PackageImport.objects.count() == 0
