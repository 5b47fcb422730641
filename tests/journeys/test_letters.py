"""文书 in a real browser by four people: written, read by another, issued under its number, sealed, and served with its proof."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess

from playwright.sync_api import expect

from anxin.accounts.models import Grant, User
from anxin.casework import services
from anxin.evidence import files
from anxin.letters.heads import enter_head
from anxin.letters.models import Letter
from anxin.local_law import queries as local_law
from anxin.registry.models import Employer, Organisation
from tests.monitoring import factories as make
from tests.support.browser import accessibility_problems, arrived, press, sign_in
from tests.support.letters import needs_faces

PASSWORD = "Qinghe-2026-anxin"
PEOPLE = {
    "lin": ("林晓", "inspector"),
    "zhao": ("赵志刚", "inspector"),
    "chen": ("陈明", "leader"),
    "zheng": ("郑小雨", "clerk"),
}
WORDS = {
    "发现日期": "2026-03-02",
    "存在的问题": "2月的人工费用没有拨付到专用账户。",
    "整改事项": "逐人核对应付、已付和未付数额。",
    "整改期限": "2026-03-20",
    "反馈期限": "2026-03-23",
    "联系地址": "云州市政务大道1号",
}


def test_a_letter_from_the_draft_to_its_proof(chosen_page, chosen_clock, tmp_path):
    needs_faces()
    page, now = chosen_page, chosen_clock.set("2026-03-05", 10)
    matter = _office(now)

    sign_in(page, "lin", PASSWORD)
    page.goto(f"/matters/{matter}/letters")
    page.get_by_label("哪一种文书").select_option(label="欠薪风险提示函")
    press(page, "起草", "还要填")
    for label, value in WORDS.items():
        page.get_by_label(label, exact=True).fill(value)
    arrived(page, "已填完")
    assert accessibility_problems(page) == []
    press(page, "保存并送核", "已送核")
    letter = page.url

    for who, button, says in (
        ("zhao", "核稿通过", "已核稿"),
        ("chen", "签发并编号", "云治欠提〔2026〕1号"),
        ("zheng", "加盖印章", "验证通过"),
    ):
        sign_in(page, who, PASSWORD)
        page.goto(letter)
        if button == "加盖印章":
            page.get_by_role("link", name="打开全文").click()
            read = page.get_by_role("button", name="全文看完了，去用印")
            page.locator("#letter-end").scroll_into_view_if_needed()
            expect(read).to_be_enabled()
            press(page, "全文看完了，去用印", "您已在")
        press(page, button, says)

    sign_in(page, "lin", PASSWORD)
    page.goto(letter)
    page.get_by_label("送达方式").select_option("direct")
    page.get_by_label("送达地点").fill("该单位办公室")
    page.get_by_label("送达人", exact=True).fill("林晓、赵志刚")
    press(page, "登记并生成送达回证", "送达已登记")
    arrived(page, page.get_by_role("link", name="送达回证"))
    assert accessibility_problems(page) == []
    assert page.script_errors == []

    kept = Letter.objects.get()
    assert kept.state == "served"
    assert [one.by_name for one in kept.acts.order_by("id")][-4:] == ["赵志刚", "陈明", "郑小雨", "林晓"]
    if shutil.which("pdfsig"):
        (tmp_path / "letter.pdf").write_bytes(files.read(kept.sealed_file))
        said = subprocess.run(
            ["pdfsig", "-nocert", "letter.pdf"], cwd=tmp_path, check=True, capture_output=True, text=True
        )
        assert "Signature is Valid" in said.stdout


def _office(now: dt.datetime) -> int:
    region = make.region("990101")
    body = Organisation.objects.create(code="HR", name="云州市云城区人社局", kind="bureau", region=region)
    people = {}
    for name, (display, role) in PEOPLE.items():
        people[name] = User.objects.create_user(
            name, password=PASSWORD, display_name=display, office=body.name
        )
        Grant.objects.create(user=people[name], role=role, region="9901")
    firm = Employer.objects.create(uscc="91990101MA0000009P", name="云州某建工有限公司", region=region)
    enter_head(
        body,
        {"prefix": "云", "issuer": body.name, "contact_phone": "0999-5550100"},
        by=people["chen"],
        now=now,
    )
    return services.open_matter(
        procedure="interview", title="东台工地工资风险", region=region, lead=body, by=people["lin"], on=now.date(), now=now,
        law=local_law.current(), project=make.project("HERE", region_code="990101", name="东台安置房工程"), employer=firm,
        handler=people["lin"],
    ).pk  # fmt: skip
