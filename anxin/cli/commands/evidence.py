"""``anxin evidence``: packages that a stranger can verify. Trying one out needs neither database nor network."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anxin
from anxin.cli.errors import DONE, FAILED, CommandError
from anxin.cli.output import print_json, say

if TYPE_CHECKING:
    from anxin.dossier.subjects import Subject
    from anxin.proof import Verdict

NAME = "evidence"
HELP = "证据包：出具一件事项、一个工地一个月、一名劳动者的，核验有没有被改动、做一份示例、隐去一个人"


def NEEDS_DJANGO(args: argparse.Namespace) -> bool:
    """Only what is of this installation is read from the database."""
    return args.evidence_action == "export"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title="操作", metavar="操作", required=True, dest="evidence_action")
    checking = actions.add_parser("verify", help="核验证据包：没有被改动退出码为0，被改动过或不完整为1")
    checking.add_argument("file", metavar="文件", help="证据包文件")
    checking.add_argument(
        "--trust",
        action="append",
        default=[],
        metavar="指纹",
        help="认得的签章公钥指纹（64位十六进制），可写多次",
    )
    checking.add_argument(
        "--roots",
        default="",
        metavar="文件",
        help="信任的根证书（PEM），用来核对电子签章；不写则只核对有没有改动",
    )
    checking.add_argument("--json", action="store_true", help="只输出一份 JSON")
    handing_out = actions.add_parser(
        "export", help="把一件事项、一个工地一个月或者一名劳动者的记录做成证据包，用本单位的密钥签章"
    )
    handing_out.add_argument(
        "matter", metavar="事项", nargs="?", help="事项编号；同 --project、--worker 三选一"
    )
    handing_out.add_argument("--project", metavar="项目编码", help="一个工地的一个月，须同时写明 --month")
    handing_out.add_argument("--month", metavar="月份", help="工资月份，如 2026-10")
    handing_out.add_argument(
        "--worker",
        metavar="编号",
        help="一名劳动者：线索编号/名单上的序号（如 990101〔2026〕线索00001号/3），"
        "或者劳动者的内部编号（人员页网址末尾的数字）；不用姓名和身份证号",
    )
    handing_out.add_argument("-o", dest="output", required=True, metavar="文件", help="写到哪个文件")
    handing_out.add_argument(
        "--full", action="store_true", help="姓名和身份证号完整装入，须同时写明 --purpose"
    )
    handing_out.add_argument("--purpose", default="", metavar="目的", help="为什么要装入完整的号码，记入日志")
    handing_out.add_argument("--json", action="store_true", help="只输出一份 JSON")
    sample = actions.add_parser("sample", help="写一份示例证据包，人名、单位和数字都是虚构的")
    sample.add_argument("-o", dest="output", required=True, metavar="文件", help="写到哪个文件")
    taking_out = actions.add_parser("redact", help="从证据包里隐去一个人或者几个人，其余内容仍可核验")
    taking_out.add_argument("file", metavar="文件", help="证据包文件")
    taking_out.add_argument(
        "--person", required=True, action="append", metavar="代号", help="人员表里的代号，如 P3；可写多次"
    )
    taking_out.add_argument("--reason", required=True, metavar="理由", help="为什么隐去，会写进证据包")
    taking_out.add_argument("--name", required=True, metavar="名称", help="由谁隐去，会写进证据包")
    taking_out.add_argument(
        "--key", required=True, metavar="文件", help="隐去人的签章密钥（Ed25519，PEM）；没有则新建"
    )
    taking_out.add_argument("-o", dest="output", required=True, metavar="文件", help="写到哪个文件")


def run(args: argparse.Namespace) -> int:
    chosen = {"verify": _verify, "sample": _sample, "redact": _redact, "export": _export}
    return chosen[args.evidence_action](args)


def _export(args: argparse.Namespace) -> int:
    from anxin.cli.operator import operator
    from anxin.dossier.subjects import hand_out
    from anxin.kernel.refusal import Refused
    from anxin.local_law import queries as local_law

    subject = _subject(args)
    now = dt.datetime.now().astimezone()
    try:
        made = hand_out(
            subject, by=operator(), now=now, law=local_law.current(), full=args.full, purpose=args.purpose
        )
    except Refused as refusal:
        raise CommandError(str(refusal)) from refusal
    _write(args.output, made.content)
    if args.json:
        kind, _ = subject.key
        print_json(
            {
                kind: subject.what, "file": args.output, "leaves": made.leaves, "sha256": made.sha256,
                "sm3": made.sm3, "signer": made.office, "fingerprint": made.fingerprint, "left_out": made.left_out,
            }
        )  # fmt: skip
        return DONE
    say(f"已写好{subject.what}的证据包 {args.output}，共{made.leaves}项。{made.left_out}")
    say(f"签章：{made.office}，公钥指纹 {made.fingerprint}；可用 anxin evidence verify 核验。")
    return DONE


def _subject(args: argparse.Namespace) -> Subject:
    """What was asked for. Raises :class:`CommandError` where it is not one thing, or is not there."""
    from anxin.dossier import finding
    from anxin.kernel.refusal import Refused

    if sum(bool(one) for one in (args.matter, args.project, args.worker)) != 1:
        raise CommandError("请写明一件事项的编号，或者 --project 和 --month，或者 --worker，三样选一样。")
    if bool(args.month) != bool(args.project):
        raise CommandError("--project 和 --month 要一起写，例如 --project XM001 --month 2026-10。")
    try:
        if args.matter:
            return finding.matter(args.matter)
        return finding.site_month(args.project, args.month) if args.project else finding.worker(args.worker)
    except Refused as refusal:
        raise CommandError(str(refusal)) from refusal


def _verify(args: argparse.Namespace) -> int:
    from anxin.proof import verify
    from anxin.vouching.heads import judge

    try:
        with Path(args.file).open("rb") as file:
            verdict = verify(file, _fingerprints(args.trust), judge(_roots(args.roots)))
    except OSError as problem:
        raise _cannot_open(args.file, problem) from None
    if args.json:
        print_json(verdict.as_json())
    else:
        _tell(verdict)
    return DONE if verdict.valid else FAILED


def _roots(path: str) -> tuple[Any, ...]:
    """The roots of a file; nobody is trusted without one. Raises :class:`CommandError`."""
    from anxin.signing.authority import read_roots

    if not path:
        return ()
    try:
        return read_roots(Path(path).read_bytes())
    except OSError as problem:
        raise _cannot_open(path, problem) from None
    except (ValueError, TypeError) as problem:
        raise CommandError(f"“{path}”不是证书文件（PEM），请核对。") from problem


def _fingerprints(given: Sequence[str]) -> frozenset[str]:
    found = [each.replace(" ", "").replace(":", "").lower() for each in given]
    for each in found:
        if len(each) != 64 or set(each) - set("0123456789abcdef"):
            raise CommandError(f"“{each[:80]}”不是公钥指纹：应是64位十六进制数字。")
    return frozenset(found)


def _tell(verdict: Verdict) -> None:
    if verdict.statement is None or not verdict.valid:
        say(f"核验不通过，有{len(verdict.problems)}处不符：")
        for problem in verdict.problems:
            say(f"- {problem.where}：{problem.what}")
        return
    said = verdict.statement
    say(f"核验通过，没有被改动：{said['title']}")
    say(
        f"共{said['leaves']}项，其中隐去{verdict.redacted}项；截至{said['as_of']}，{said['made']['at']}生成。"
    )
    for one in verdict.signers:
        known = "认得" if one.trusted else "未列为认得"
        if one.part == "seal":
            say(
                f"电子签章：{one.name}，{one.at or '时间不明'}，证书指纹 {one.fingerprint}（{known}）{one.doubt}"
            )
            continue
        what = "签章" if one.part == "statement" else "隐去"
        why = f"{one.leaves}项，理由：{one.reason}，" if one.part == "redaction" else ""
        say(f"{what}：{one.name}（{one.role}），{one.at}，{why}公钥指纹 {one.fingerprint}（{known}）")
    if not verdict.trusted:
        say("请把公钥指纹同出具单位公布的对照：一致，才是该单位出具的；核对后可用 --trust 写明。")


def _sample(args: argparse.Namespace) -> int:
    from anxin.proof import build, throwaway
    from anxin.proof.sample import BANK, OFFICE, contents

    made_at = dt.datetime.now().astimezone()
    signers = [throwaway(OFFICE, "出具单位"), throwaway(BANK, "核对单位")]
    _write(args.output, build(contents(made_at, f"安薪 {anxin.__version__}"), signers))
    say(f"已写好示例证据包 {args.output}，人名、单位和数字都是虚构的；可用 anxin evidence verify 核验。")
    return DONE


def _redact(args: argparse.Namespace) -> int:
    from anxin.proof import CannotRedact, KeyUnusable, from_file, redact

    try:
        package = Path(args.file).read_bytes()
    except OSError as problem:
        raise _cannot_open(args.file, problem) from None
    try:
        signer = from_file(Path(args.key), args.name, "隐去人")
        left = redact(
            package, *args.person, reason=args.reason, signer=signer, at=dt.datetime.now().astimezone()
        )
    except (CannotRedact, KeyUnusable) as problem:
        raise CommandError(str(problem)) from problem
    except OSError as problem:
        raise _cannot_open(args.key, problem) from None
    _write(args.output, left)
    say(
        f"已隐去“{'、'.join(args.person)}”，写到 {args.output}；其余内容仍可核验。文件的内容没有逐字查找，请看一遍。"
    )
    return DONE


def _write(name: str, content: bytes) -> None:
    try:
        Path(name).write_bytes(content)
    except OSError as problem:
        raise CommandError(f"无法写入“{name}”：{problem.strerror}，请换一个位置。") from problem


def _cannot_open(name: str, problem: OSError) -> CommandError:
    return CommandError(f"打不开文件“{name}”：{problem.strerror}，请核对路径和权限。")
