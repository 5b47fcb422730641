"""What must be there before anything runs: tables, static files, the list of regions."""

from __future__ import annotations

from collections.abc import Callable

from anxin.cli.errors import FAILED, CommandError


def prepare(say: Callable[[str], None]) -> None:
    """Bring the data folder and the database up to this version; doing it again changes nothing."""
    say("正在准备数据库……")
    _migrate()
    say("正在整理页面文件……")
    _collect_static()
    say("正在核对行政区划……")
    _load_regions()


def _migrate() -> None:
    from django.db.utils import OperationalError

    from anxin.cli import tables

    try:
        tables.bring_up()
    except OperationalError as error:
        reason = " ".join(str(error).split())
        raise CommandError(
            f"数据库连接不上，请检查 DATABASE_URL 和数据库服务：{reason}", exit_code=FAILED
        ) from error


def _collect_static() -> None:
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False)


def _load_regions() -> None:
    from django.utils import timezone

    from anxin.registry.services import load_regions

    load_regions(timezone.now())
