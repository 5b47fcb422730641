"""``anxin user``: open accounts and grant roles from the shell, the way the first account comes about."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from anxin.cli.errors import CommandError
from anxin.cli.output import print_json, say, table

if TYPE_CHECKING:
    from anxin.accounts.models import User

NAME = "user"
HELP = "开通账号、授予角色、列出账号"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title="操作", metavar="操作", required=True, dest="user_action")

    add = actions.add_parser(
        "add", help="开通账号（随后用 anxin user grant 授予角色，或在此同时给出 --role）"
    )
    add.add_argument("username", metavar="用户名", help="登录用的名字，小写字母开头")
    add.add_argument("--name", required=True, help="姓名")
    add.add_argument("--office", default="", help="单位或科室")
    add.add_argument(
        "--password-stdin", action="store_true", help="从标准输入读一行作为密码；不给则生成一个并显示一次"
    )
    add.add_argument("--role", help="同时授予的角色")
    _add_scope(add)

    grant = actions.add_parser(
        "grant",
        help="授予角色：leader 领导、inspector 监察员、clerk 录入员、auditor 审计员、admin 系统管理员、"
        "payroll_clerk 劳资专管员、bank_operator 银行经办、grid_worker 网格员、mediator 调解员",
    )
    grant.add_argument("username", metavar="用户名")
    grant.add_argument("role", metavar="角色")
    _add_scope(grant)

    listing = actions.add_parser("list", help="列出账号和角色")
    listing.add_argument("--json", action="store_true", help="以 JSON 输出结果")


def _add_scope(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--region", default="", help="地区代码（含下级），留空为全部")
    parser.add_argument("--industry", default="", help="行业代码，留空为全部")
    parser.add_argument("--organisation", default="", help="负责单位代码，留空为全部")
    parser.add_argument("--employer", default="", help="劳资专管员所在单位的统一社会信用代码")
    parser.add_argument("--institution", default="", help="银行经办所在机构的代码")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出结果")


def run(args: argparse.Namespace) -> int:
    from anxin.accounts.services import AccountRefused

    try:
        {"add": _add, "grant": _grant, "list": _list}[args.user_action](args)
    except AccountRefused as error:
        raise CommandError(str(error)) from error
    return 0


def _add(args: argparse.Namespace) -> None:
    from django.db import transaction
    from django.utils import timezone

    from anxin.accounts.services import add_user, new_password
    from anxin.cli.operator import operator

    password = sys.stdin.readline().rstrip("\n") if args.password_stdin else new_password()
    with transaction.atomic():  # an account whose role is refused is not opened either
        user = add_user(
            username=args.username,
            password=password,
            display_name=args.name,
            office=args.office,
            actor=operator(),
            now=timezone.now(),
        )
        if args.role:
            _give(user, args)
    shown = "" if args.password_stdin else password
    if args.json:
        print_json(_document(user) | ({"password": shown} if shown else {}))
        return
    say(f"已开通账号“{user.username}”（{user}）。")
    if shown:
        say(f"初始密码（只显示这一次）：{shown}")
    if not args.role:
        say(f"还没有角色，不能查看任何内容；请运行 anxin user grant {user.username} 角色。")


def _grant(args: argparse.Namespace) -> None:
    from anxin.accounts.models import User

    user = User.objects.filter(username=args.username).first()
    if user is None:
        raise CommandError(f"没有账号“{args.username}”，请先运行 anxin user add。")
    _give(user, args)
    if args.json:
        print_json(_document(user))
    else:
        say(f"已授予“{user.username}”角色。")


def _give(user: User, args: argparse.Namespace) -> None:
    from django.utils import timezone

    from anxin.accounts.services import grant_role
    from anxin.cli.operator import operator
    from anxin.registry.models import Employer, Industry, Organisation, Region

    if args.region and not Region.objects.filter(pk=args.region).exists():
        raise CommandError(f"没有代码为“{args.region}”的地区；代码只写有效位，例如市 3305、县 330522。")
    if args.industry and args.industry not in Industry.values:
        raise CommandError(f"没有行业“{args.industry}”，可用：{'、'.join(Industry.values)}。")
    for code in filter(None, (args.organisation, args.institution)):
        if not Organisation.objects.filter(code=code).exists():
            raise CommandError(f"没有代码为“{code}”的单位。")
    if args.employer and not Employer.objects.filter(uscc=args.employer).exists():
        raise CommandError(f"没有登记过统一社会信用代码为“{args.employer}”的用人单位。")
    grant_role(
        user=user,
        role=args.role,
        region=args.region,
        industry=args.industry,
        organisation=args.organisation,
        employer=args.employer,
        institution=args.institution,
        actor=operator(),
        now=timezone.now(),
    )


def _list(args: argparse.Namespace) -> None:
    from anxin.accounts.models import User

    documents = [_document(user) for user in User.objects.prefetch_related("grants").order_by("username")]
    if args.json:
        print_json({"users": documents})
        return
    table(
        ["用户名", "姓名", "单位", "状态", "角色"],
        [
            [
                document["username"],
                document["name"],
                document["office"],
                "在用" if document["active"] else "停用",
                "；".join(" ".join(filter(None, grant.values())) for grant in document["grants"]),
            ]
            for document in documents
        ],
    )


def _document(user: User) -> dict:
    return {
        "username": user.username,
        "name": user.display_name,
        "office": user.office,
        "active": user.is_active,
        "grants": [
            {
                "role": grant.role,
                "region": grant.region,
                "industry": grant.industry,
                "organisation": grant.organisation,
                "employer": grant.employer,
                "institution": grant.institution,
            }
            for grant in user.grants.all()
        ],
    }
