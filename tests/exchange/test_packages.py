"""Packages in the standard's shape: out, and in again."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anxin.accounts.models import Grant, User
from anxin.evidence import files
from anxin.evidence.models import ImportBatch, ImportProblem, JournalEntry, RawRows, StoredFile
from anxin.exchange.standard import catalogue
from anxin.exchange.standard.agreements import take_agreements
from anxin.exchange.standard.exporting import export_for, export_for_operator
from anxin.exchange.standard.importing import import_for, import_for_operator
from anxin.exchange.standard.registering import Registered
from anxin.exchange.standard.unpacking import read
from anxin.kernel.refusal import Refused
from anxin.payroll.models import Payroll, PayrollLine
from anxin.registry.models import Employer, Participation, Project
from anxin.workforce import particulars, particulars_many
from anxin.workforce.models import AttendanceDay, AttendanceMonth, Enrolment, Punch, Training, Worker
from tests.exchange.world import ACTOR, CONTRACT, agreed, full
from tests.support.deliveries import id_number

pytestmark = pytest.mark.django_db


def exported(now, form="jsonl", **options) -> bytes:
    target = io.BytesIO()
    options = {"codes": [], "full": True, "purpose": "报送测试平台", **options}
    export_for_operator(ACTOR, target, form=form, now=now, **options)
    return target.getvalue()


def taken(data: bytes, now, name="package.zip"):
    return import_for_operator(ACTOR, data, name, now=now)


def opened(value) -> str | None:
    return value.open() if value else None


def facts(form: str = "jsonl") -> dict[str, list]:
    """Everything a package is about, as plain values without keys of the database."""
    current = {"superseded_at__isnull": True}
    enrolments = Enrolment.objects.filter(**current).select_related(
        "worker", "employer", "project", "contract_file"
    )
    lines = PayrollLine.objects.filter(**current).select_related("payroll__project", "worker")
    days = AttendanceDay.objects.filter(**current)
    months = AttendanceMonth.objects.filter(**current)
    found = {
        "projects": [
            {
                key: value
                for key, value in vars(one).items()
                if key not in ("_state", "id", "recorded_at", "responsible_id")
            }
            | {"responsible": one.responsible.code if one.responsible else None}
            for one in Project.objects.select_related("responsible")
        ],
        "employers": list(Employer.objects.values_list("uscc", "name", "region_id")),
        "parts": list(Participation.objects.values_list("project__code", "employer__uscc", "role")),
        "workers": [(one.name, opened(one.id_number), opened(one.phone)) for one in Worker.objects.all()],
        "enrolments": [
            (
                one.project.code,
                one.worker.id_hash,
                one.employer.uscc if one.employer else None,
                one.employer_name,
                one.team,
                one.trade,
                one.employee_number,
                one.entry,
                one.exit,
                one.agreed_wage,
                one.contract_signed,
                one.pay_day,
                one.contract_number,
                one.contract_from,
                one.contract_until,
                opened(one.bank_card),
                one.contract_file.sha256 if one.contract_file and form != "xlsx" else None,
            )
            for one in enrolments
        ],
        "days": list(days.values_list("project__code", "worker__id_hash", "day", "share", "hours", "overtime_hours")),
        "trainings": list(Training.objects.filter(**current).values_list("project__code", "worker__id_hash", "on", "kind", "hours")),
        "months": list(months.values_list("project__code", "worker__id_hash", "month", "days")),
        "lines": [
            (
                one.payroll.project.code,
                one.payroll.month,
                one.worker.id_hash if one.worker else None,
                one.name,
                one.team,
                one.days_worked,
                one.gross_fen,
                one.deduction_fen,
                one.net_fen,
                opened(one.bank_card),
                one.person_key if one.worker is None else "",
            )
            for one in lines
        ],
    }  # fmt: skip
    return {name: sorted(rows, key=repr) for name, rows in found.items()}


def emptied() -> None:
    """Only regions and public bodies are left, as in a new installation."""
    for model in (PayrollLine, Payroll, AttendanceDay, AttendanceMonth, Training, Enrolment, Worker, Participation, Project, Employer, ImportProblem, RawRows, ImportBatch, StoredFile):  # fmt: skip
        model.objects.all().delete()


@pytest.mark.parametrize("form", ["jsonl", "csv", "xlsx"])
def test_what_is_exported_and_imported_into_an_empty_database_is_the_same(form, now):
    agreed(full(now), now)
    full(now, "P2")
    before, data = facts(form), exported(now, form)
    assert all(before.values())
    emptied()
    result = taken(data, now, "package.xlsx" if form == "xlsx" else "package.zip")
    assert [one for one in result.problems if one.rejected] == []
    assert facts(form) == before


def test_the_same_package_twice_changes_nothing(now):
    agreed(full(now), now)
    data = exported(now)
    emptied()
    taken(data, now)
    before = facts()
    again = taken(data, now)
    assert (again.changed, again.rejected) == (0, 0)
    assert facts() == before
    # two persons were enrolled by the roster and completed by their contracts, once
    assert Enrolment.objects.filter(superseded_at__isnull=False).count() == 2
    assert Training.objects.count() == 3


def test_an_unchanged_database_takes_its_own_package_without_a_change(now):
    agreed(full(now), now)
    before = facts()
    result = taken(exported(now), now)
    assert (result.changed, result.rejected) == (0, 0)
    assert facts() == before


def test_a_project_of_a_public_body_goes_out_as_the_governments_and_no_tick_comes_back(now):
    """Whose money it is follows from the owner's code here as everywhere."""
    world = full(now)
    Project.objects.update(government_invested=False)
    Employer.objects.filter(pk=world.owner.pk).update(uscc="12990101MB00000016")
    data = exported(now)
    said = [
        json.loads(line)
        for line in zipfile.ZipFile(io.BytesIO(data)).read("ProjectMaster.jsonl").splitlines()
    ]
    assert [one["x_governmentInvested"] for one in said] == ["1"]
    assert taken(data, now).changed == 0
    assert not Project.objects.get().government_invested


def test_a_contract_on_file_travels_in_the_package_and_stays_when_it_comes_back(now):
    agreed(full(now), now)
    data = exported(now)
    (row,) = _rows(data, "ContractFile")
    assert zipfile.ZipFile(io.BytesIO(data)).read(row["x_file"]) == CONTRACT
    assert (row["x_fileName"], row["x_size"]) == ("合同.pdf", len(CONTRACT))
    assert row["x_sha256"] == hashlib.sha256(CONTRACT).hexdigest()
    taken(data, now)
    assert Enrolment.objects.filter(superseded_at__isnull=True, contract_file__isnull=False).count() == 1
    (masked,) = _rows(exported(now, full=False, purpose=""), "ContractFile")
    assert (masked["x_fileName"], masked["x_file"]) == (None, None)


def _filed() -> list[tuple[str, str, bytes]]:
    rows = Enrolment.objects.filter(superseded_at__isnull=True, contract_file__isnull=False)
    return [
        (one.worker.id_hash, one.contract_file.name, files.read(one.contract_file))
        for one in rows.select_related("worker", "contract_file")
    ]


def test_a_contract_file_is_read_back_with_its_content_and_kept_once(now):
    agreed(full(now), now)
    before, data = _filed(), exported(now)
    emptied()
    assert taken(data, now).rejected == 0
    assert _filed() == before
    assert before[0][1:] == ("合同.pdf", CONTRACT)
    assert StoredFile.objects.filter(sha256=hashlib.sha256(CONTRACT).hexdigest()).count() == 1
    assert (taken(data, now).changed, len(_filed())) == (0, 1)


def test_a_package_without_its_files_names_them_and_takes_the_rest(now):
    agreed(full(now), now)
    data = exported(now, "xlsx")
    emptied()
    result = taken(data, now, "package.xlsx")
    (told,) = [one for one in result.problems if one.object == "ContractFile"]
    assert (told.rejected, "没有这份合同的原件" in told.reason) == (False, True)
    assert result.rejected == 0 and _filed() == []


def _with_file(data: bytes, content: bytes, **changes) -> bytes:
    """The package with another content under the name of its contract, and the row made to say so."""

    def spoil(name, rows):
        if name == "ContractFile":
            said = {"x_sha256": hashlib.sha256(content).hexdigest(), "x_size": str(len(content))}
            rows = [row | said | changes for row in rows]
        return rows

    made, out = zipfile.ZipFile(io.BytesIO(remade(data, spoil))), io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for name in made.namelist():
            new.writestr(name, made.read(name))
        new.writestr(_rows(data, "ContractFile")[0]["x_file"], content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "changes", "field", "sentence"),
    [
        (CONTRACT, {"x_sha256": "0" * 64}, "x_sha256", "校验值不符"),
        (CONTRACT, {"x_sha256": None}, "x_sha256", "没有写明文件校验值"),
        (CONTRACT, {"x_size": "3"}, "x_size", "大小不符"),
        (CONTRACT, {"x_file": "contracts/none"}, "x_file", "没有文件"),
        (CONTRACT, {"x_file": "manifest.json"}, "x_file", "没有文件"),
        (b"MZ no contract at all", {}, "x_file", "是程序"),
        (b"%PDF" + b"\0" * (10 * 1024 * 1024), {}, "x_file", "合同文件超过10MB"),
    ],
)
def test_a_contract_file_that_is_not_what_it_says_comes_back_and_the_rest_goes_on(
    content, changes, field, sentence, now
):
    agreed(full(now), now)
    data = exported(now)
    emptied()
    result = taken(_with_file(data, content, **changes), now)
    told = [(one.object, one.field) for one in result.problems if one.rejected]
    assert told == [("ContractFile", field)]
    assert sentence in next(one.reason for one in result.problems if one.rejected)
    assert _filed() == []
    assert Enrolment.objects.filter(superseded_at__isnull=True, contract_number="HT-1").count() == 1


def test_a_full_package_has_no_room_for_every_contract_and_says_so(now, monkeypatch):
    agreed(full(now), now)
    monkeypatch.setattr("anxin.exchange.standard.contract_files.MOST_FILE_BYTES", 3)
    data = exported(now)
    manifest = json.loads(zipfile.ZipFile(io.BytesIO(data)).read("manifest.json"))
    assert manifest["contract_files"] == {"carried": 0, "bytes": 0, "left_out": 1}
    assert _rows(data, "ContractFile")[0]["x_file"] is None


def test_statements_for_contracts_and_trainings_do_not_grow_with_the_people(now):
    def asked(people: int, code: str) -> int:
        world = full(now, code, people)
        places = Enrolment.objects.filter(project=world.project, superseded_at__isnull=True)
        for place in places.select_related("project", "worker"):
            more = {"number": f"HT-{place.pk}", "signed": True, "valid_from": None, "valid_until": None}
            particulars.take_contract(place, pay_day=25, by=ACTOR, now=now, **more)
            held = {"on": now.date(), "kind": "entry", "hours": Decimal(8)}
            particulars.take_training(world.project, place.worker, by=ACTOR, now=now, **held)
        package = read(exported(now, codes=[code]), "package.zip")
        places = Enrolment.objects.filter(project=world.project, superseded_at__isnull=True)
        places.update(pay_day=None, contract_number="")
        Training.objects.all().delete()
        done = Registered(projects={code: world.project})
        with CaptureQueriesContext(connection) as context:
            take_agreements(package, done, by=ACTOR, now=now)
        assert done.accepted == {"WorkerContractRule": people, "x_TrainingWorker": people}
        assert places.filter(pay_day=25, contract_number__startswith="HT-").count() == people
        return len(context)

    few = asked(2, "P1")
    assert asked(12, "P2") <= few


def test_a_crash_between_contracts_keeps_a_project_whole(now, monkeypatch):
    agreed(full(now), now)
    data = exported(now)
    Enrolment.objects.filter(superseded_at__isnull=True).update(pay_day=None)
    monkeypatch.setattr(particulars_many, "_journal", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        taken(data, now)
    current = Enrolment.objects.filter(superseded_at__isnull=True)
    assert current.filter(pay_day=None).count() == current.count() == 4


def test_one_training_is_one_row_with_its_workers_beside(now):
    agreed(full(now), now)
    data = exported(now)
    assert len(_rows(data, "ProjectTraining")) == 2
    assert len(_rows(data, "x_TrainingWorker")) == 3


def test_contracts_and_trainings_that_lead_nowhere_come_back(now):
    agreed(full(now), now)
    data = exported(now)

    def spoil(name, rows):
        if name == "WorkerContractRule":
            rows[-1]["x_payDay"] = "45"
        if name == "ProjectTraining":
            rows[0]["x_kind"] = None
        if name == "x_TrainingWorker":
            rows[2]["x_trainingCode"] = "nothing"
        return rows

    emptied()
    told = {(one.object, one.field) for one in taken(remade(data, spoil), now).problems if one.rejected}
    assert ("WorkerContractRule", "x_payDay") in told
    assert ("x_TrainingWorker", "x_kind") in told
    assert ("x_TrainingWorker", "x_trainingCode") in told
    assert Training.objects.count() == 0
    assert Enrolment.objects.filter(pay_day__isnull=False).count() == 1


def _rows(data: bytes, name: str) -> list[dict]:
    lines = zipfile.ZipFile(io.BytesIO(data)).read(f"{name}.jsonl").decode().splitlines()
    return [json.loads(line) for line in lines]


def test_every_object_of_the_standard_is_in_the_package_also_the_empty_ones(now):
    agreed(full(now), now)
    archive = zipfile.ZipFile(io.BytesIO(exported(now)))
    manifest = json.loads(archive.read("manifest.json"))
    own = [one for one in manifest["objects"] if not one["object"].startswith("x_")]
    assert len(own) == 23
    empty = {one["object"]: one.get("note", "") for one in own if one["rows"] == 0}
    assert {"TeamReview", "WorkerBlackList", "Company_Employe"} <= set(empty)
    assert all(empty.values())
    assert all(one["rows"] == len(archive.read(one["file"]).splitlines()) for one in manifest["objects"])


def test_masked_packages_show_nobody_and_are_not_taken_in(now):
    agreed(full(now), now)
    data = exported(now, full=False, purpose="")
    archive = zipfile.ZipFile(io.BytesIO(data))
    everything = "".join(archive.read(name).decode() for name in archive.namelist())
    for secret in (id_number(1), "13800000001", "阿依古丽", "张三", "合同.pdf", CONTRACT.decode()):
        assert secret not in everything
    with pytest.raises(Refused, match="遮盖"):
        taken(data, now)


def test_full_identifiers_need_a_purpose_and_leave_a_trace_without_them(now):
    full(now)
    with pytest.raises(Refused, match="目的"):
        exported(now, purpose=" ")
    exported(now, purpose="报送省级平台")
    entry = JournalEntry.objects.filter(action="exchange.exported").get()
    assert entry.after["full"] is True
    assert "报送省级平台" in entry.summary
    assert id_number(1) not in json.dumps([entry.after, entry.summary])


@pytest.fixture
def people(db):
    found = {}
    for name, role, region in (("inspector", "inspector", "990101"), ("clerk", "clerk", "990101"), ("outsider", "inspector", "990102")):  # fmt: skip
        found[name] = User.objects.create_user(name, display_name=name)
        Grant.objects.create(user=found[name], role=role, region=region)
    return found


def test_each_person_exports_what_they_may_see(people, now):
    full(now)
    manifest = export_for(people["inspector"], io.BytesIO(), codes=["P1"], form="jsonl", now=now, full=True, purpose="核对名单")  # fmt: skip
    assert manifest["projects"] == ["P1"]
    assert export_for(people["clerk"], io.BytesIO(), codes=[], form="csv", now=now)["identifiers"] == "masked"
    with pytest.raises(Refused, match="权限"):
        export_for(people["clerk"], io.BytesIO(), codes=[], form="jsonl", now=now, full=True, purpose="核对名单")  # fmt: skip
    with pytest.raises(Refused, match="没有可导出的项目"):
        export_for(people["outsider"], io.BytesIO(), codes=["P1"], form="jsonl", now=now)


def test_each_person_imports_where_they_may_deliver(people, now):
    full(now)
    data = exported(now)
    emptied()
    outside = import_for(people["outsider"], data, "p.zip", now=now)
    assert Project.objects.count() == Worker.objects.count() == 0
    assert any("权限" in one.reason and one.object == "ProjectMaster" for one in outside.problems)
    inside = import_for(people["clerk"], data, "p.zip", now=now)
    assert inside.rejected == 0
    assert Project.objects.get().code == "P1"


# --- bad packages ----------------------------------------------------------------------------------------


def remade(data: bytes, change) -> bytes:
    """The package with ``change(name, rows)`` applied to each object, its manifest made to agree."""
    old = zipfile.ZipFile(io.BytesIO(data))
    manifest = json.loads(old.read("manifest.json"))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for entry in manifest["objects"]:
            lines = old.read(entry["file"]).decode().splitlines()
            rows = change(entry["object"], [json.loads(line) for line in lines])
            text = "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)
            entry["rows"], entry["sha256"] = len(rows), hashlib.sha256(text.encode()).hexdigest()
            new.writestr(entry["file"], text)
        new.writestr("manifest.json", json.dumps(manifest))
    return out.getvalue()


def test_a_bad_row_comes_back_with_object_row_and_field_and_the_rest_goes_on(now):
    full(now)
    data = exported(now)
    emptied()

    def spoil(name, rows):
        if name == "ProjectWorker":
            rows[0]["entryTime"] = "2026-13-01"
        if name == "PayRollDetail":
            rows[1]["actualAmount"] = "很多"
            rows.append("不是JSON")
        if name == "WorkerMaster":
            for row in rows:
                row["idCardNumber"] = row["idCardNumber"].replace(id_number(2), id_number(2)[:-1] + "?")
        return rows

    result = taken(remade(data, spoil), now)
    told = {(one.object, one.row, one.field) for one in result.problems if one.rejected}
    assert ("ProjectWorker", 1, "entryTime") in told
    assert ("PayRollDetail", 2, "actualAmount") in told
    assert ("PayRollDetail", 11, "") in told
    assert ("ProjectWorker", 3, "idCardNumber") in told
    assert Enrolment.objects.count() == 2
    assert PayrollLine.objects.count() == 9
    assert all(one.reason.endswith("。") for one in result.problems)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda data: data[: len(data) // 2], "损坏"),
        (lambda data: b"", "损坏"),
        (lambda data: data.replace(b"manifest.json", b"manifest.jsom"), "清单"),
        (lambda data: _edited(data, "SubContractor.jsonl"), "校验值"),
        (lambda data: _without(data, "PayRoll.jsonl"), "缺少文件"),
        (lambda data: _manifest(data, shape="other/9"), "版式"),
        (lambda data: _manifest(data, objects=[{"object": "Nothing", "file": "x", "rows": 0, "sha256": ""}]), "不认识"),
        (lambda data: _manifest(data, objects=7), "约定的写法"),
    ],
)  # fmt: skip
def test_a_spoiled_package_is_refused_whole(spoil, sentence, now):
    full(now)
    data = exported(now)
    emptied()
    with pytest.raises(Refused, match=sentence):
        taken(spoil(data), now)
    assert Project.objects.count() == Employer.objects.count() == 0


def _copied(data: bytes, change) -> bytes:
    old, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


def _edited(data: bytes, target: str) -> bytes:
    return _copied(data, lambda name, content: content + b"{}\n" if name == target else content)


def _without(data: bytes, target: str) -> bytes:
    return _copied(data, lambda name, content: None if name == target else content)


def _manifest(data: bytes, **changes) -> bytes:
    def change(name, content):
        return json.dumps(json.loads(content) | changes) if name == "manifest.json" else content

    return _copied(data, change)


# --- the standard as data --------------------------------------------------------------------------------


def test_the_standard_names_23_objects_and_says_how_sure_it_is_of_each_field():
    objects = catalogue.objects()
    assert len([one for one in objects.values() if not one.own]) == 23
    for one in objects.values():
        assert one.confidence in catalogue.CONFIDENCE
        assert one.kept or one.note
        for field in one.fields:
            assert field.confidence in catalogue.CONFIDENCE
            assert field.code.startswith("x_") == (field.confidence == "own") or one.own
            assert not field.required or field.source


def test_every_code_list_that_a_field_names_exists_and_ours_point_into_it():
    for one in catalogue.objects().values():
        for field in one.fields:
            if field.dictionary:
                assert set(catalogue.ours(field.dictionary).values()) <= set(
                    catalogue.codes(field.dictionary)
                )


def test_an_unknown_trade_has_no_code():
    assert catalogue.trade_code("木工") == "240"
    assert catalogue.trade_code("绑扎工") is None


# --- punches in a package of another maker -----------------------------------------------------------------


def _punched(data: bytes, *punches: tuple[str, str]) -> bytes:
    """The package with these punches of the first worker as its whole attendance, as other makers send it."""

    def replace(name, rows):
        if name != "WorkerAttendance":
            return rows
        plain = {key: value for key, value in rows[0].items() if not key.startswith("x_")}
        return [plain | {"date": moment, "direction": direction} for moment, direction in punches]

    return remade(data, replace)


def _day_facts() -> dict[str, tuple[str, str]]:
    found = AttendanceDay.objects.filter(superseded_at=None).order_by("day")
    return {str(one.day): (str(one.share), one.source) for one in found}


def test_punches_of_another_maker_become_days_by_the_rule_of_the_gates(now):
    full(now)
    data = exported(now)
    emptied()
    punches = [
        ("2026-09-01 07:58:30", "01"), ("2026-09-01T17:02:00+08:00", "02"),  # nine hours
        ("2026-09-02T00:00:00+00:00", "01"), ("2026-09-02 12:30", "02"),  # 8:00 here, four and a half hours
        ("2026-09-03 08:00:00", ""), ("2026-09-03 09:30:00", ""),  # an hour and a half is no day
        ("2026-09-04 19:00:00", "01"), ("2026-09-05 00:00:00", "02"),  # over midnight, five hours
        ("2026-09-06 08:00:00", "01"),  # the departure is missing
    ]  # fmt: skip
    result = taken(_punched(data, *punches), now)
    assert [one for one in result.problems if one.object == "WorkerAttendance" and one.rejected] == []
    assert _day_facts() == {
        "2026-09-01": ("1.00", "gate"),
        "2026-09-02": ("0.50", "gate"),
        "2026-09-04": ("0.50", "gate"),
        "2026-09-06": ("0.50", "gate"),
    }
    assert Punch.objects.count() == len(punches)
    before = _day_facts()
    again = taken(_punched(data, *punches), now)
    assert (again.changed, again.rejected, Punch.objects.count()) == (0, 0, len(punches))
    assert _day_facts() == before


def test_punches_that_tell_no_time_or_direction_of_the_list_come_back(now):
    full(now)
    data = exported(now)
    emptied()
    punches = [
        ("2026-09-01", "01"), ("2026-09-02 08:00:00", "07"), ("2026-09-02 25:00:00", "01"),
        ("9999-12-31T23:59:59-08:00", "01"), ("2026-09-03 08:00:00", "01"), ("2026-09-03 16:00:00", "02"),
    ]  # fmt: skip
    result = taken(_punched(data, *punches), now)
    told = {
        (o.row, o.field): o.reason for o in result.problems if o.object == "WorkerAttendance" and o.rejected
    }
    assert set(told) == {(1, "date"), (2, "direction"), (3, "date"), (4, "date")}
    assert "没有刷卡的时刻" in told[1, "date"]
    assert _day_facts() == {"2026-09-03": ("1.00", "gate")}


def test_a_share_by_the_rule_of_the_gates_stays_in_a_package_whatever_its_hours(now):
    """Five hours at a gate are half a day; the hours beside it do not make it another."""
    full(now)
    data = exported(now)
    emptied()
    said = [("2026-09-01", "0.5", "5"), ("2026-09-02", "0", "2.5"), ("2026-09-03", "1", "0")]

    def replace(name, rows):
        if name != "WorkerAttendance":
            return rows
        return [rows[0] | {"date": on, "x_share": share, "x_hours": hours} for on, share, hours in said]

    taken(remade(data, replace), now)
    days = AttendanceDay.objects.filter(superseded_at=None).order_by("day")
    assert [(str(one.day), one.share, one.hours) for one in days] == [
        (on, Decimal(share), Decimal(hours)) for on, share, hours in said
    ]
