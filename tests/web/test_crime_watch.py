"""行刑衔接 in the console: the list, its workbook, and the number on the page of the day."""

from __future__ import annotations

from io import BytesIO

from openpyxl import load_workbook

from tests.web.cases import a_case
from tests.web.test_warnings import text


def test_a_case_over_the_line_is_on_the_list_in_the_workbook_and_on_the_page_of_the_day(sign_in, world, now):
    case, client = a_case(world, now), sign_in("inspector")
    assert "没有达到或者接近刑事标准的在办案件" in text(client.get("/criminal-line"))
    owed = {"people": "12", "months": "4", "total_fen": "15万", "single_fen": "2.5万", "source": "欠薪明细表"}
    client.post(f"/matters/{case.pk}/inspection/arrears", owed)
    page = text(client.get("/criminal-line"))
    for said in (case.number, "达到数额标准", "12 / 10 人", "4 / 3 个月", "¥150,000.00 / ¥30,000.00", "最高人民法院",
                 "还没有责令支付", "涉嫌犯罪案件移送书", "没有开始移送", "已全部列出"):  # fmt: skip
        assert said in page, said
    assert f"/matters/{case.pk}/inspection#crime" in client.get("/criminal-line").content.decode()
    assert "没有符合条件的案件" in text(client.get("/criminal-line?level=near"))
    book = load_workbook(BytesIO(client.get("/criminal-line/export.xlsx").content)).active
    cells = [cell for row in book.iter_rows(values_only=True) for cell in row]
    assert case.number in cells and 150_000 in cells
    home = client.get("/").content.decode()
    assert "达到刑事数额未移送" in home and "/criminal-line?level=met&amp;transfer=no" in home
    assert case.number not in text(sign_in("outsider").get("/criminal-line"))
    assert sign_in("outsider").get("/criminal-line/export.xlsx").status_code == 200
    assert "在行刑衔接清单中看" in text(sign_in("inspector").get(f"/matters/{case.pk}/inspection"))
