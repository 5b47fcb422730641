"""``anxin contract``: a signed sample for anybody to try, and the verification of a signed file."""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from anxin.cli.errors import DONE, FAILED, CommandError
from anxin.cli.output import print_json, progress, say, table

if TYPE_CHECKING:
    from asn1crypto.x509 import Certificate

    from anxin.signing.verdict import Verdict

NAME = "contract"
HELP = "验证签名的合同或文书，或生成一份示例"
NEEDS_DJANGO = False
#: seconds; an honest file takes a fraction of one
_LONGEST = 60
_UNREADABLE = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title="操作", metavar="操作", required=True, dest="contract_action")
    verify = actions.add_parser(
        "verify",
        help="验证签名：谁、何时、覆盖到哪里、有没有改动；不需要网络和数据库",
        description=(
            "valid 表示文件完整、未被改动；签名人的证书是否可信另由每个签名的 trusted 说明："
            "完整但证书不受信任的文件，valid 为 true，trusted 为 false。"
            "改动任何一个字节，或缺少约定的签名，valid 为 false。"
            "代码：0 完整，1 有改动或缺签名，2 读不懂、不是PDF或没有签名。"
        ),
    )
    verify.add_argument("file", metavar="文件", help="PDF 文件")
    verify.add_argument(
        "--trust",
        metavar="证书",
        help="信任的根证书（PEM），默认取环境变量 ANXIN_TRUST，没有设置时信任数据文件夹里示例机构的根证书",
    )
    verify.add_argument("--json", action="store_true", help="只输出一份 JSON")
    sample = actions.add_parser("sample", help="生成一份双方已签名的示例劳动合同，当事人均为虚构")
    sample.add_argument("-o", dest="output", required=True, metavar="文件", help="写到哪个文件")


def run(args: argparse.Namespace) -> int:
    return _verify(args) if args.contract_action == "verify" else _sample(args)


def _sample(args: argparse.Namespace) -> int:
    from anxin.cli.samples.labour_contract import signed_sample

    target, folder = Path(args.output), _keys()
    if not target.parent.is_dir() or target.is_dir():
        raise CommandError(f"无法写入“{args.output}”：请给出已有文件夹里的一个文件名。")
    progress("正在生成示例合同……")
    try:
        pdf = signed_sample(folder, dt.datetime.now(dt.UTC).replace(microsecond=0))
        with tempfile.NamedTemporaryFile("wb", dir=target.parent, delete=False) as draft:
            draft.write(pdf)
        Path(draft.name).chmod(0o644)
        Path(draft.name).replace(target)
    except OSError as problem:
        raise CommandError(
            f"无法写入“{problem.filename or args.output}”：{problem.strerror}，请换一个位置。"
        ) from problem
    say(f"示例合同已写到 {args.output}，两个签名，可用 anxin contract verify {args.output} 验证。")
    say(f"在别处验证时，根证书在 {folder / 'root.crt'}，用 --trust 指定。")
    return DONE


def _verify(args: argparse.Namespace) -> int:
    from anxin.signing.verdict import Unreadable
    from anxin.signing.verifying import MOST_BYTES, verify

    roots = _roots(args.trust)
    try:
        path = Path(args.file)
        if path.stat().st_size > MOST_BYTES:
            raise Unreadable(f"文件超过{MOST_BYTES // (1024 * 1024)} MB，不予验证。")
        pdf = path.read_bytes()
        with _bounded():
            verdict = verify(pdf, roots, dt.datetime.now(dt.UTC))
    except OSError:
        return _refused(f"打不开文件“{args.file}”，请核对路径和权限。", args.json)
    except Unreadable as refused:
        return _refused(refused.sentence, args.json)
    except _TooLongError:
        return _refused(f"文件异常，{_LONGEST}秒内没有验证完，不能认定有效。", args.json)
    if args.json:
        print_json(verdict.as_json())
    else:
        _say(verdict)
    return DONE if verdict.valid else FAILED


def _refused(sentence: str, as_json: bool) -> int:
    """The same keys as ever, so that a program need not ask whether they are there."""
    empty: dict[str, Any] = {"valid": False, "trusted": False, "signers": [], "changed": None}
    progress(sentence)
    if as_json:
        print_json({**empty, "error": sentence})
    return _UNREADABLE


def _say(verdict: Verdict) -> None:
    say("文件完整，未被改动。" if verdict.valid else "验证未通过。")
    for sentence in (*verdict.changed, *verdict.missing, *verdict.notes):
        say(sentence)
    if not verdict.signers:
        return
    table(
        ["签名人", "时间", "覆盖", "证书"],
        [
            [
                one.name,
                one.time.strftime("%Y-%m-%d %H:%M:%S %z") if one.time else "没有时间戳",
                one.covers,
                "受信任" if one.trusted else f"不受信任：{one.doubt}",
            ]
            for one in verdict.signers
        ],
    )


def _keys() -> Path:
    """The folder of the demonstration's keys; looking does not make it."""
    return Path(os.environ.get("ANXIN_HOME", "var")).expanduser().resolve() / "keys"


def _roots(trust: str | None) -> tuple[Certificate, ...]:
    from anxin.signing.authority import local_root, read_roots

    trust = trust or os.environ.get("ANXIN_TRUST", "")
    if not trust:
        return local_root(_keys())
    try:
        return read_roots(Path(trust).read_bytes())
    except OSError:
        raise CommandError(f"打不开证书“{trust}”，请核对路径和权限。") from None
    except (ValueError, TypeError):
        raise CommandError(f"“{trust}”不是证书文件（PEM）。") from None


class _TooLongError(BaseException):
    """Not an ``Exception``, so that no part of the verification takes it for a broken file."""


@contextlib.contextmanager
def _bounded() -> Iterator[None]:
    """A file made to keep a reader busy is given up."""

    def stop(*_: object) -> NoReturn:
        raise _TooLongError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, _LONGEST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
