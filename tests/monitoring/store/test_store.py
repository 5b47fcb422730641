"""The facts snapshot in files: exact, written by what changed, whole at every moment."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import fs

from anxin.cli.main import main
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.law import load
from anxin.monitoring import snapshot
from anxin.monitoring.engine import evaluate
from anxin.monitoring.facts_schema import SCHEMAS
from anxin.monitoring.rules import RULES, Facts
from anxin.monitoring.store import StoreError
from anxin.monitoring.store.manifest import FILE, find
from anxin.monitoring.store.partitions import MONTH_COLUMNS
from anxin.monitoring.store.places import Place
from anxin.monitoring.store.reading import check, facts_at
from anxin.monitoring.store.writing import write_snapshot
from tests.monitoring import factories as make
from tests.monitoring.test_sweep import unpaid_site

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 11, 20)
NOW = make.at("2026-11-20", 22)


@pytest.fixture
def place(tmp_path) -> Place:
    return Place.at(str(tmp_path / "facts"))


@pytest.fixture
def write(place, actor):
    def run(where: Place = place, **changes):
        return write_snapshot(where, **{"as_of": DAY, "known_at": NOW, "actor": actor, "now": NOW, **changes})

    return run


@pytest.fixture
def site():
    """Two people unpaid for October, one of whom was paid for September; one name nobody knows."""
    site, _ = unpaid_site()
    make.enrol(site, make.worker(1), make.worker(2), entry=dt.date(2026, 1, 2))
    make.attend(site, make.worker(1), "2026-09-09", "2026-09-10")
    make.pay(make.line(site, "2026-09", make.worker(1)), paid_on="2026-10-15")
    make.line(site, "2026-09", None, name="甲无名")
    return site


def found(facts: Facts, codes=tuple(RULES)):
    """Everything that the rules say of these facts, to the row."""
    try:
        run = evaluate(facts, load(), DAY, [RULES[code] for code in codes])
        return run.findings, run.gaps, {code: run.rows_table(code).to_pylist() for code in codes}
    finally:
        facts.close()


def from_records(codes=tuple(RULES)):
    return found(Facts.from_arrow(snapshot.take(as_of=DAY, known_at=NOW)), codes)


def parquet_type(field: pa.Field) -> pa.Field:
    """Parquet knows no whole seconds: moments are kept in thousandths of them."""
    return field.with_type(pa.timestamp("ms")) if pa.types.is_timestamp(field.type) else field


def test_files_have_exactly_the_types_of_the_contract_on_every_database(site, place, write):
    manifest = write().manifest
    seen = set()
    for name, part in manifest.parts():
        schema = pq.read_schema(place.path(part.file)).remove_metadata()
        assert schema.equals(pa.schema(map(parquet_type, SCHEMAS[name]))), name
        seen.add(name)
    assert seen >= set(SCHEMAS) - set(MONTH_COLUMNS) | {"payroll_lines", "payments", "attendance"}
    lines = pq.ParquetFile(place.path(manifest.tables["payroll_lines"][0].file)).schema
    assert [str(lines.column(at).physical_type) for at in (0, 5)] == ["INT64", "INT64"]


def test_rows_in_files_are_the_rows_of_the_records(site, place, write):
    write()
    facts = facts_at(place)
    for name, table in snapshot.take(as_of=DAY, known_at=NOW).items():
        stored = facts.engine.fetch(f"SELECT * FROM {name}", SCHEMAS[name])
        assert sorted(map(repr, stored.to_pylist())) == sorted(map(repr, table.to_pylist())), name
    facts.close()


def test_months_stand_in_folders_of_their_own(site, place, write):
    tables = write().manifest.tables
    assert [(part.month, part.rows) for part in tables["payroll_lines"]] == [("2026-09", 2), ("2026-10", 2)]
    assert [(part.month, part.rows) for part in tables["payments"]] == [("2026-10", 1)]
    assert tables["payroll_lines"][0].file.startswith("payroll_lines/month=2026-09/")
    assert [part.month for part in tables["projects"]] == [""]


def test_findings_over_files_are_those_over_the_records_to_the_row(site, place, write):
    write()
    stored = found(facts_at(place))
    assert stored == from_records()
    assert {finding.rule for finding in stored[0]} >= {"W03"}


def test_spark_reads_the_files_itself_and_finds_the_same(site, place, write, spark_url, monkeypatch):
    from anxin.monitoring.engines.spark import SparkEngine

    write()
    monkeypatch.setattr(Place, "read_table", lambda *_: pytest.fail("came through this process"))
    codes = (
        "W03",
        "W01",
        "P01",
    )  # what reads months and what does not; the whole book is held to Spark elsewhere
    assert found(facts_at(place, SparkEngine(spark_url)), codes) == from_records(codes)


def test_files_that_spark_does_not_see_are_told_in_a_sentence(site, place, write, spark_url, monkeypatch):
    from anxin.monitoring.engines.spark import SparkEngine

    write()
    monkeypatch.setattr(Place, "address", lambda _, name: f"file:///somewhere/else/{name}")
    with pytest.raises(StoreError, match="每台机器"):
        facts_at(place, SparkEngine(spark_url))


def test_place_that_is_no_folder_of_this_machine_gives_the_same(site, tmp_path, write):
    (tmp_path / "bucket").mkdir()
    system = fs.SubTreeFileSystem(str(tmp_path / "bucket"), fs.LocalFileSystem())
    bucket = Place("s3://bucket/facts", system, "facts")
    assert not bucket.local
    write(bucket)
    assert write(bucket).written == ()
    assert check(bucket)[1] == []
    assert found(facts_at(bucket)) == from_records()


def test_nothing_changed_nothing_written(site, place, write):
    first = write()
    before = {path: path.stat().st_mtime_ns for path in Path(place.root).rglob("*.parquet")}
    second = write()
    assert len(first.written) == len(before) and first.kept == 0
    assert (second.written, second.kept, second.removed) == ((), len(before), 0)
    assert {path: path.stat().st_mtime_ns for path in Path(place.root).rglob("*.parquet")} == before


def test_one_line_of_a_month_changed_one_partition_is_written(site, place, write):
    write()
    make.line(site, "2026-09", make.worker(3), recorded_at=NOW)
    done = write()
    assert [file.rpartition("/")[0] for file in done.written] == ["payroll_lines/month=2026-09"]
    assert check(place)[1] == []
    assert found(facts_at(place)) == from_records()


def test_old_files_go_one_snapshot_later(site, place, write):
    first = write()
    make.line(site, "2026-09", make.worker(3), recorded_at=NOW)
    assert write().removed == 0  # who reads the former snapshot still finds its files
    assert write().removed == 1
    [gone] = first.manifest.files() - find(place).files()
    assert gone not in place.files()


def test_killed_before_the_manifest_leaves_the_old_snapshot_whole(site, place, write, monkeypatch):
    old = write().manifest
    over_old = found(facts_at(place))
    make.line(site, "2026-09", make.worker(3), recorded_at=NOW)
    real = Place.write

    def die(self, name, content):
        raise KeyboardInterrupt

    monkeypatch.setattr(Place, "write", die)
    with pytest.raises(KeyboardInterrupt):
        write()
    monkeypatch.setattr(Place, "write", real)
    assert find(place) == old
    assert check(place)[1] == []
    assert found(facts_at(place)) == over_old
    write()
    assert found(facts_at(place)) == from_records()


def test_a_half_written_file_of_a_killed_run_is_written_again(site, place, write):
    done = write()
    Path(place.path(FILE)).unlink()
    Path(place.path(done.written[0])).write_bytes(b"PAR1")
    assert len(write().written) == len(done.written)
    assert check(place)[1] == []


def test_another_writer_in_between_is_noticed(site, place, write, monkeypatch):
    write()
    real = snapshot.each

    def overtaken(**options):
        yield from real(**options)
        place.write(FILE, place.read(FILE) + b"\n")

    monkeypatch.setattr(snapshot, "each", overtaken)
    with pytest.raises(StoreError, match="另一个快照"):
        write()


def test_nobody_recorded_yet_is_a_whole_snapshot_too(place, write):
    done = write()
    assert done.manifest.rows == 0
    assert done.manifest.tables["payroll_lines"] == ()
    facts = facts_at(place)
    assert facts.total == 0
    assert found(facts)[0] == ()


def test_what_else_lies_in_the_folder_stays(site, place, write):
    other = Path(place.root) / "notes" / "a.parquet"
    other.parent.mkdir(parents=True)
    other.write_bytes(b"mine")
    write()
    write()
    assert other.read_bytes() == b"mine"


def test_check_names_the_file_that_was_changed_and_the_one_that_is_gone(site, place, write):
    manifest = write().manifest
    changed, gone = (manifest.tables["payroll_lines"][at].file for at in (0, 1))
    rows = place.read_table(changed)
    at = rows.column_names.index("net_fen")
    more = pa.chunked_array([[fen + 1 for fen in rows["net_fen"].to_pylist()]], rows.schema.field(at).type)
    place.write_table(changed, rows.set_column(at, rows.schema.field(at), more))
    place.remove(gone)
    assert check(place)[1] == [f"文件 {changed} 的内容与清单不符。", f"缺少文件 {gone}。"]


def test_a_day_to_come_is_refused(place, write):
    with pytest.raises(Refused, match="还没有到"):
        write(as_of=DAY + dt.timedelta(days=1))
    with pytest.raises(Refused, match="不能晚于现在"):
        write(known_at=NOW + dt.timedelta(seconds=1))
    assert place.files() == []


def test_journal_says_what_left_without_the_password_of_the_address(tmp_path, write):
    (tmp_path / "b").mkdir()
    system = fs.SubTreeFileSystem(str(tmp_path / "b"), fs.LocalFileSystem())
    url = "s3://key:secret@bucket/facts?endpoint_override=127.0.0.1:9&scheme=http"
    write(Place(Place.at(url).shown, system, "facts"))
    entry = JournalEntry.objects.get(action="monitoring.facts_written")
    assert "s3://bucket/facts" in entry.summary
    assert "secret" not in json.dumps([entry.summary, entry.after], default=str)


def test_commands_write_then_check(site, tmp_path, capsys):
    url = (tmp_path / "out").as_uri()
    assert main(["facts", "snapshot", "--out", url, "--as-of", "2026-11-20", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["as_of"] == "2026-11-20" and document["written"] and document["kept"] == 0
    assert main(["facts", "check", url]) == 0
    assert "全部与清单相符" in capsys.readouterr().out
    Path(tmp_path / "out" / document["written"][0]).unlink()
    assert main(["facts", "check", url, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["wrong"] == [f"缺少文件 {document['written'][0]}。"]
    assert main(["facts", "snapshot", "--out", url, "--as-of", "2026-11-20"]) == 0
    assert "改写 1 个文件" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["snapshot", "--out", "ftp://host/x"], "打不开"),
        (["snapshot", "--out", "{file}/below"], "写不进去"),
        (["snapshot", "--out", "{folder}", "--as-of", "昨天"], "不是有效日期"),
        (["check", "{folder}"], "没有事实快照"),
    ],
)
def test_a_place_or_a_call_that_is_wrong_is_told_in_a_sentence(tmp_path, capsys, words, sentence):
    (tmp_path / "file").write_text("x")
    names = {"file": tmp_path / "file", "folder": tmp_path / "folder"}
    assert main(["facts", *(word.format(**names) for word in words), "--json"]) == 2
    assert sentence in json.loads(capsys.readouterr().out)["error"]


def test_a_manifest_of_other_tables_is_not_read(site, place, write):
    write()
    document = json.loads(place.read(FILE))
    place.write(FILE, json.dumps({**document, "schema_version": "0"}).encode())
    with pytest.raises(StoreError, match="另一版本的表结构"):
        facts_at(place)
    place.write(FILE, b"{")
    with pytest.raises(StoreError, match="损坏"):
        check(place)
