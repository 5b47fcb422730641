"""A snapshot in a bucket named by URL: Arrow's own S3 client, and a server that the test starts."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from anxin.cli.main import main
from anxin.monitoring import snapshot
from anxin.monitoring.facts_schema import SCHEMAS
from anxin.monitoring.store.places import Place
from anxin.monitoring.store.reading import facts_at
from anxin.monitoring.store.writing import write_snapshot
from tests.monitoring import factories as make
from tests.support.bucket import running_bucket

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 11, 20)
NOW = make.at("2026-11-20", 22)


@pytest.fixture
def bucket():
    with running_bucket() as started:
        yield started


@pytest.fixture
def write(bucket, actor):
    def run():
        return write_snapshot(Place.at(bucket.url), as_of=DAY, known_at=NOW, actor=actor, now=NOW)

    return run


def test_a_bucket_holds_the_tables_of_the_records_and_only_what_changed_is_sent(bucket, write):
    site = make.project()
    for month in ("2026-09", "2026-10"):
        make.line(site, month, make.worker(1))
    first = write()
    bucket.asked.clear()
    make.line(site, "2026-09", make.worker(2), recorded_at=NOW)
    second = write()
    sent = {key for method, key in bucket.asked if method == "PUT" and key.endswith(".parquet")}
    assert sent == {f"facts/{file}" for file in second.written}
    assert [file.rpartition("/")[0] for file in second.written] == ["payroll_lines/month=2026-09"]
    assert len(first.written) == second.kept + 1
    facts = facts_at(Place.at(bucket.url))
    for name, table in snapshot.take(as_of=DAY, known_at=NOW).items():
        stored = facts.engine.fetch(f"SELECT * FROM {name}", SCHEMAS[name])
        assert sorted(map(repr, stored.to_pylist())) == sorted(map(repr, table.to_pylist())), name
    facts.close()


def test_a_file_that_was_changed_or_taken_from_a_bucket_is_named(bucket, write, capsys):
    site = make.project()
    for month in ("2026-09", "2026-10"):
        make.line(site, month, make.worker(1))
    changed, gone = (part.file for part in write().manifest.tables["payroll_lines"])
    assert main(["facts", "check", bucket.url, "--json"]) == 0
    capsys.readouterr()
    bucket.objects[f"facts/{changed}"] = b"PAR1"
    del bucket.objects[f"facts/{gone}"]
    assert main(["facts", "check", bucket.url, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)["wrong"]
    assert told == [f"文件 {changed} 读不出来。", f"缺少文件 {gone}。"]
