"""``anxin serve``: the whole office in one command; the thing behind ``make run``."""

from __future__ import annotations

import argparse
import time
import urllib.error
import urllib.request
from collections.abc import Callable

from anxin.cli.errors import DONE, FAILED, CommandError
from anxin.cli.output import progress, say
from anxin.cli.ports import LOOPBACK, port_number, require_free
from anxin.cli.preparation import prepare
from anxin.cli.processes import STOP_WITHIN_SECONDS, Children, StopSignal, only_one

NAME = "serve"
HELP = "准备数据库并启动全部服务（网页、任务、夜间扫描），Ctrl-C 停止"
_READY_WITHIN_SECONDS = 180


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", help="端口，默认取环境变量 PORT，再默认 8000")
    parser.add_argument("--no-demo", action="store_true", help="数据库为空时不装入演示城市")


def run(args: argparse.Namespace) -> int:
    from django.conf import settings

    port = port_number(args.port)
    # From here on both signals end the command in order, also in the middle of the preparation.
    stop = StopSignal()
    taken = (
        f"已有一个安薪正在使用数据文件夹 {settings.ANXIN_HOME}，请先停掉它，或用 ANXIN_HOME 另指一个文件夹。"
    )
    with only_one(settings.ANXIN_HOME, "serve", taken):
        require_free(LOOPBACK, port)
        prepare(_unless_asked(stop))
        demo = not args.no_demo and _load_demo(_unless_asked(stop))
        return _serve(port, demo, stop)


class _AskedToStop(CommandError):
    def __init__(self) -> None:
        super().__init__("已停止。", exit_code=DONE)


def _unless_asked(stop: StopSignal) -> Callable[[str], None]:
    """A progress function that ends the preparation once Ctrl-C was pressed."""

    def say_and_look(sentence: str) -> None:
        if stop.asked:
            raise _AskedToStop
        progress(sentence)

    return say_and_look


def _load_demo(say_and_look: Callable[[str], None]) -> bool:
    """Load the demonstration city into an empty database, or finish loading it; whether it is there."""
    from django.utils import timezone

    from anxin.accounts.models import User
    from anxin.demo.load import load
    from anxin.registry.models import Project, Region

    started = Region.objects.filter(code__startswith="99").exists()
    empty = not (User.objects.exists() or Project.objects.exists())
    if started or empty:
        load(say_and_look, timezone.now())
    return started or empty


def _serve(port: int, demo: bool, stop: StopSignal) -> int:
    children = Children()
    try:
        progress("正在启动服务……")
        children.start("网页服务", ["web", "--port", str(port)])
        children.start("任务进程", ["worker"])
        children.start("定时进程", ["scheduler"])
        url = f"http://{LOOPBACK}:{port}"
        if _wait_until_ready(url, children, stop):
            _welcome(url, demo)
            while not stop.wait(0.5) and children.dead() is None:
                pass
        died = None if stop.asked else children.dead()
        if died:
            raise CommandError(
                f"{died.title}意外结束（代码 {died.process.returncode}），已停止全部服务；原因见上面的输出，再次运行即可恢复。",
                exit_code=FAILED,
            )
        progress("正在停止……")
    finally:
        children.stop_all(seconds=STOP_WITHIN_SECONDS)
    progress("已停止。")
    return DONE


def _wait_until_ready(url: str, children: Children, stop: StopSignal) -> bool:
    """Whether the console answers; ``False`` when asked to stop or a child died before. Raises when it never does."""
    deadline = time.monotonic() + _READY_WITHIN_SECONDS
    while time.monotonic() < deadline:
        if stop.wait(0.1) or children.dead():
            return False
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5):
                return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            continue
    raise CommandError(f"网页服务在{_READY_WITHIN_SECONDS}秒内没有就绪。", exit_code=FAILED)


def _welcome(url: str, demo: bool) -> None:
    say()
    say(f"安薪已就绪：{url}")
    if demo:
        from anxin.cli.output import table
        from anxin.demo.people import SIGN_INS
        from anxin.demo.workers import worker_door

        say()
        say("演示账号（演示数据，人物和单位均为虚构）：")
        table(["用户名", "密码", "身份"], SIGN_INS)
        door = worker_door()
        if door is not None:
            say()
            say(f"工人手机页：{url}/w/s/{door.site_code}　姓名 {door.name}　身份证号最后6位 {door.digits}")
        _tell_of_texts()
    elif not _has_users():
        say("还没有账号，请在另一个窗口运行：anxin user add 用户名 --name 姓名 --role admin")
    say()
    say("按 Ctrl-C 停止。")


def _tell_of_texts() -> None:
    """Whoever set a real gateway here reads to whom nothing goes out."""
    from django.conf import settings

    from anxin.registry.invented import PHONES

    if settings.ANXIN_SMS_URL:
        say()
        say(
            f"已设置短信网关：演示人物的虚构号码（{PHONES}开头）一律不发短信，验证码显示在页面上；其他手机号照常发送。"
        )


def _has_users() -> bool:
    from anxin.accounts.models import User

    return User.objects.exists()
