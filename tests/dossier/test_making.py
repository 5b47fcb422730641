"""A package made by the worker: once, whatever happens to the worker; fetched by whoever asked, and by nobody else."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace

import pytest

from anxin.accounts.models import Grant
from anxin.dossier import keeping, making
from anxin.dossier.models import EvidencePackage
from anxin.dossier.subjects import OfSiteMonth, OfWorker, exports_of
from anxin.evidence.models import JournalEntry
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from tests.dossier.packs import NOW, a_site
from tests.proof.packages import judged


@pytest.fixture
def place(db, home: Path) -> SimpleNamespace:
    found = a_site()
    found.subject = OfSiteMonth(found.site, Month(2026, 10))
    return found


def ask(place: SimpleNamespace, **more) -> EvidencePackage:
    return making.ask(place.subject, by=place.inspector, now=NOW, **more)


def run(package: EvidencePackage) -> EvidencePackage:
    return making.run(package.pk, now=NOW, law=local_law.current())


def test_it_is_made_journalled_and_fetched(place, home: Path):
    made = run(ask(place))
    assert (made.state, made.filename) == ("done", "证据包_SITE_2026-10_20261120.zip")
    data = making.fetch(making.find(made.pk), by=place.inspector, now=NOW)
    assert judged(data).valid
    assert len(data) == made.size == exports_of(place.subject).get().after["size"]
    assert JournalEntry.objects.filter(action="evidence.fetched").count() == 1
    (kept,) = (home / "packages").iterdir()
    assert b"SITE" not in kept.read_bytes()


def test_asked_twice_while_it_waits_it_is_one_and_afterwards_another(place):
    first = ask(place)
    assert ask(place) == first
    assert ask(place, full=True, purpose="移送法院立案") != first
    run(first)
    assert ask(place) != first


def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_next_one_hands_out_once(
    place, home, monkeypatch
):
    package = ask(place)

    def killed(*_args, **_more) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as torn:
        torn.setattr(making, "noted", killed)  # the file is written, the transaction is not
        with pytest.raises(KeyboardInterrupt):
            run(package)
    assert EvidencePackage.objects.get(pk=package.pk).state == "running"
    assert not exports_of(place.subject).exists()
    made = run(package)
    assert made.state == "done"
    assert run(package).kept_as == made.kept_as
    assert exports_of(place.subject).count() == 1


def test_of_two_workers_at_once_the_second_changes_nothing(place, home, monkeypatch):
    package = ask(place)
    pack = OfSiteMonth.pack

    def overtaken(self, *args, **more):
        made = pack(self, *args, **more)
        monkeypatch.setattr(OfSiteMonth, "pack", pack)
        run(package)
        return made

    monkeypatch.setattr(OfSiteMonth, "pack", overtaken)
    made = run(package)
    assert exports_of(place.subject).count() == 1
    assert [one.stem for one in (home / "packages").iterdir()] == [made.kept_as]


def test_rights_that_went_while_it_waited_stop_it(place):
    package = ask(place)
    Grant.objects.filter(user=place.inspector).delete()
    made = run(package)
    assert (made.state, made.kept_as) == ("failed", "")
    assert "您没有这项权限" in made.problem
    assert not exports_of(place.subject).exists()


def test_nobody_else_fetches_it_and_nobody_without_the_right_asks(place):
    package = run(ask(place))
    with pytest.raises(Refused, match="只能由出具的人下载"):
        making.fetch(making.find(package.pk), by=place.leader, now=NOW)
    for one in (place.clerk, place.outsider):
        with pytest.raises(Refused, match="您没有这项权限"):
            making.ask(place.subject, by=one, now=NOW)
    assert not JournalEntry.objects.filter(action="evidence.fetched").exists()


def test_after_a_week_the_file_is_gone_and_the_row_stays(place, home: Path):
    package = run(ask(place))
    assert keeping.drop_old(NOW + dt.timedelta(days=6)) == 0
    assert keeping.drop_old(NOW + dt.timedelta(days=8)) == 1
    assert list((home / "packages").iterdir()) == []
    with pytest.raises(Refused, match="请重新出具"):
        making.fetch(making.find(package.pk), by=place.inspector, now=NOW)


def test_a_failure_of_the_system_is_told_and_not_left_running(place, monkeypatch):
    package = ask(of_worker(place))

    def broken(*_args, **_more) -> None:
        raise RuntimeError("disk")

    monkeypatch.setattr(OfWorker, "pack", broken)
    with pytest.raises(RuntimeError):
        run(package)
    failed = EvidencePackage.objects.get(pk=package.pk)
    assert (failed.state, "系统出错" in failed.problem) == ("failed", True)


def of_worker(place: SimpleNamespace) -> SimpleNamespace:
    return SimpleNamespace(subject=OfWorker(place.workers[0]), inspector=place.inspector)
