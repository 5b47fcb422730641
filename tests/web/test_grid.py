"""The grid worker's page and the bureau's view of what came, each within one's own."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from anxin.accounts.models import Grant, Role, User
from anxin.clues.models import Clue
from anxin.evidence.models import JournalEntry
from anxin.grid.models import GridReport
from anxin.grid.reporting import Told, report
from tests.web.cases import a_picture

pytestmark = pytest.mark.django_db
HOME = "/grid/"


def fields(**more):
    photo = SimpleUploadedFile("p.jpg", a_picture(), "image/jpeg")
    return {
        "key": "a-word-of-the-phone-0001", "kind": "wages", "people": "few", "urgency": "pressing",
        "place": "柳林路口工地", "photo": photo, **more,
    }  # fmt: skip


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def neighbour(world) -> User:
    """A grid worker of the next district."""
    user = User.objects.create_user("neighbour", password="x", display_name="某邻居")
    Grant.objects.create(user=user, role=Role.GRID_WORKER, region="990102")
    return user


def made(by, now, number=1, kind="site", **more) -> GridReport:
    told = Told(
        kind=kind, people="few", urgency="ordinary", **{"place": f"工地{by.username}{number}", **more}
    )
    return report(told, key=f"a-word-of-the-phone-9{number:03d}", by=by, now=now, picture=a_picture()).report


def test_the_form_works_without_a_script(sign_in, world):
    client = sign_in("grid_worker")
    page = text(client.get(HOME))
    assert "东台安置房工程" in page and "西河桥梁工程" not in page and "某grid_worker" not in page
    answer = client.post(HOME, fields(site=world.here.pk, place=""), follow=True)
    kept = GridReport.objects.get()
    assert kept.number in text(answer) and kept.project == world.here and Clue.objects.get() == kept.clue


def test_what_is_refused_comes_back_with_what_was_typed(sign_in, world):
    answer = sign_in("grid_worker").post(HOME, fields(kind="site", photo=""))
    assert answer.status_code == 422 and "请拍一张现场照片" in text(answer)
    assert 'value="柳林路口工地"' in text(answer) and not GridReport.objects.exists()


def test_the_script_gets_an_answer_and_the_same_twice_is_one(sign_in, world):
    client = sign_in("grid_worker", headers={"accept": "application/json"})
    first = client.post(HOME, fields()).json()
    again = client.post(HOME, fields()).json()
    assert (first["repeated"], again["repeated"], first["number"]) == (False, True, again["number"])
    wrong = client.post(HOME, fields(key="a-word-of-the-phone-0002", people=""))
    assert wrong.status_code == 422 and wrong.json()["field"] == "people"


def test_one_sees_ones_own_reports_and_what_came_of_them_and_nothing_else(sign_in, world, neighbour, now):
    made(world.grid_worker, now)
    made(neighbour, now, 2)
    client = sign_in("grid_worker")
    page, state = text(client.get("/grid/mine")), client.get("/grid/state.json").json()
    assert "工地grid_worker1" in page and "工地neighbour2" not in page
    assert [one["where"] for one in state["reports"]] == ["工地grid_worker1"]
    report_, clue = GridReport.objects.first(), made(world.grid_worker, now, 3, "wages").clue
    for address in (
        f"/grid-reports/{report_.pk}",
        f"/clues/{clue.pk}",
        "/clues",
        "/grid-reports",
        "/projects",
    ):
        assert client.get(address).status_code == 403
    for address in ("grid-prove",):
        assert client.post(reverse(address, args=[report_.pk])).status_code == 403


@pytest.mark.parametrize("role", ["inspector", "leader", "payroll_clerk", "nobody"])
def test_nobody_else_reports(role, sign_in, world):
    assert sign_in(role).post(HOME, fields()).status_code == 403
    assert sign_in(role).get("/grid/state.json").status_code == 403 and not GridReport.objects.exists()


def test_a_report_needs_its_token(sign_in, world):
    assert sign_in("grid_worker", enforce_csrf_checks=True).post(HOME, fields()).status_code == 403


def test_the_service_worker_reaches_only_the_portal_and_keeps_no_state(client, db):
    answer = client.get("/grid/sw.js")
    script = text(answer)
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/javascript")
    assert (
        "Service-Worker-Allowed" not in answer and "default-src 'self'" in answer["Content-Security-Policy"]
    )
    head = script.splitlines()[0]
    assert "/static/grid/report.js?v=" in head and "state.json" not in script and "mine" not in script


def test_the_kept_page_names_nobody(sign_in, world, now):
    kept = made(world.grid_worker, now)
    page = text(sign_in("grid_worker").get(HOME))
    assert kept.number not in page and kept.place not in page and "某" not in page.replace("某建工", "")


def test_the_bureau_sees_what_came_within_its_places(sign_in, world, neighbour, now):
    here, there = made(world.grid_worker, now), made(neighbour, now, 2)
    assert "工地neighbour2" in text(sign_in("leader").get("/grid-reports/rows"))
    inspector = sign_in("inspector")
    rows, towns, workers = (text(inspector.get(f"/grid-reports{path}")) for path in ("/rows", "", "/workers"))
    assert "工地grid_worker1" in rows and "工地neighbour2" not in rows
    assert "990102" not in towns and "某邻居" not in workers and "某grid_worker" in workers
    assert inspector.get(f"/grid-reports/{there.pk}").status_code == 404
    assert inspector.get(f"/grid-reports/{there.pk}/photo").status_code == 404
    for path in ("export.xlsx", "rows.xlsx", "workers.xlsx"):
        book = load_workbook(BytesIO(inspector.get(f"/grid-reports/{path}").content))
        cells = "".join(str(cell.value) for row in book.active for cell in row)
        assert "neighbour" not in cells and "邻居" not in cells and "填报单位" in cells
    assert here.number in text(inspector.get(f"/grid-reports/{here.pk}"))


def test_numbers_lead_to_their_rows(sign_in, world, neighbour, now):
    made(world.grid_worker, now)
    page = text(sign_in("leader").get("/grid-reports"))
    assert "?region=990101&amp;part=recent" in page and "从未上报" in page
    silent = text(sign_in("leader").get("/grid-reports/workers?part=silent"))
    assert "某邻居" in silent and "某grid_worker" not in silent
    assert "没有这样的上报" in text(sign_in("leader").get("/grid-reports/rows?part=right"))


def test_the_photo_is_shown_to_who_works_on_it_and_the_look_is_journalled(sign_in, world, now):
    kept = made(world.grid_worker, now)
    answer = sign_in("inspector").get(f"/grid-reports/{kept.pk}/photo")
    assert answer["Content-Type"] == "image/jpeg" and "sandbox" in answer["Content-Security-Policy"]
    assert JournalEntry.objects.filter(action="grid.file_seen", object_id=str(kept.pk)).count() == 1
    assert sign_in("clerk").get(f"/grid-reports/{kept.pk}/photo").status_code == 403
    assert sign_in("inspector").get(f"/grid-reports/{kept.pk}/sound").status_code == 404


def test_what_the_inspector_found_reaches_the_grid_worker(sign_in, world, now):
    kept = made(world.grid_worker, now)
    inspector = sign_in("inspector")
    empty = inspector.post(f"/grid-reports/{kept.pk}/prove", {"right": "yes", "words": "是"})
    assert empty.status_code == 422 and "写一句核实情况" in text(empty)
    inspector.post(f"/grid-reports/{kept.pk}/prove", {"right": "yes", "words": "现场有6人施工"})
    assert "核实属实</span>：现场有6人施工" in text(sign_in("grid_worker").get("/grid/mine"))


def test_the_clue_of_a_report_leads_to_it(sign_in, world, now):
    kept = made(world.grid_worker, now, kind="wages")
    page = text(sign_in("inspector").get(f"/clues/{kept.clue_id}"))
    assert f"/grid-reports/{kept.pk}" in page and "网格上报" in page
