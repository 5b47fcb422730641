"""``anxin signing``: what is set for signatures and identity, and one signature for trying."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from anxin.cli.errors import DONE, FAILED, CommandError
from anxin.cli.output import print_json, progress, say, table

if TYPE_CHECKING:
    from anxin.signing.parties import Person
    from anxin.vouching.trying import Tried

NAME = "signing"
HELP = "核对签名网关、时间戳和身份核验的设置，或者试签一次"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title="操作", metavar="操作", required=True, dest="signing_action")
    check = actions.add_parser(
        "check", help="核对设置，每处问题一句话；不连接任何服务。代码：0 可以签，1 有问题"
    )
    check.add_argument("--json", action="store_true", help="以 JSON 输出")
    trial = actions.add_parser("try", help="用一个单位的密钥签一页“仅供试签”的纸，再验证它；记入日志")
    trial.add_argument("code", metavar="代码", help="单位代码，或者用人单位的统一社会信用代码")
    trial.add_argument("-o", dest="output", metavar="文件", help="把签好的 PDF 写到这个文件")
    trial.add_argument("--json", action="store_true", help="以 JSON 输出")


def run(args: argparse.Namespace) -> int:
    return _check(args.json) if args.signing_action == "check" else _try(args)


def _check(as_json: bool) -> int:
    from anxin.cli.signing_setup import problems
    from anxin.signing.naming import name_of
    from anxin.vouching.bodies import read
    from anxin.vouching.setup import current

    found, setup = problems(), current()
    if as_json:
        print_json({"ready": not found, "gateway": setup.gateway, "problems": found})
        return FAILED if found else DONE
    for sentence in found:
        say(sentence)
    if found:
        return FAILED
    if not setup.gateway:
        say("演示数据：用示例密钥签名、用印，每份文件都写明是示例，没有法律效力。")
        return DONE
    bodies = read(setup.keys).values()
    say("设置没有发现问题。用 anxin signing try 代码 试签一次，才知道对方服务通不通。")
    table(
        ["代码", "证书上的名称", "密钥名称", "有效期到"],
        [
            (one.code, name_of(one.certificate), one.alias, f"{one.certificate.not_valid_after:%Y-%m-%d}")
            for one in bodies
        ],
    )
    return DONE


def _try(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from anxin.cli.operator import operator
    from anxin.kernel.refusal import Refused
    from anxin.vouching.trying import try_once

    target = Path(args.output) if args.output else None
    if target is not None and (not target.parent.is_dir() or target.is_dir()):
        raise CommandError(f"无法写入“{args.output}”：请给出已有文件夹里的一个文件名。")
    progress("正在试签……")
    try:
        tried = try_once(_person(args.code), by=operator(), at=timezone.now())
    except Refused as refused:
        raise CommandError(refused.sentence, exit_code=FAILED) from refused
    if target is not None:
        target.write_bytes(tried.pdf)
    if args.json:
        print_json(tried.as_json())
    else:
        _tell(tried)
    return DONE if tried.verdict.trusted else FAILED


def _person(code: str) -> Person:
    from anxin.registry.models import Employer, Organisation
    from anxin.signing.parties import Person

    office = Organisation.objects.filter(code=code).first()
    if office is not None:
        return Person(office.name[:60], office.code)
    employer = Employer.objects.filter(uscc=code).first()
    if employer is None:
        raise CommandError(f"没有代码为“{code}”的单位，请先在“单位”里登记。")
    return Person(employer.name, employer.uscc)


def _tell(tried: Tried) -> None:
    signer = tried.verdict.signers[0]
    say(f"“{tried.owner.name}”试签成功（{tried.algorithm}），文件完整，时间戳在内。")
    if tried.demonstration:
        say("用的是示例密钥，没有法律效力。")
    for one in (signer, *tried.verdict.stamps):
        if not one.trusted:
            say(f"{one.name}的证书不受信任：{one.doubt}请核对 ANXIN_TRUST 和 ANXIN_REVOCATION。")
    if tried.verdict.trusted:
        say("签名证书和时间戳证书都受信任。")
