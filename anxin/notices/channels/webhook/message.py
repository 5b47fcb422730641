"""The text of the webhook: kind, count, region code, number and link, never a title or a body."""

from __future__ import annotations

import json
from collections.abc import Sequence

from anxin.notices import kinds
from anxin.notices.models import Notice
from anxin.notices.outline import outside_number, outside_path, outside_region

_FEISHU = "feishu"


def text(notices: Sequence[Notice], *, base: str) -> str:
    """``【安薪】任务已逾期：3件，地区990101。https://…/notices``, for notices of one kind and region.

    One thing that several people were told of counts once; number and page are named where it is only one.
    """
    things = {_thing(notice): notice for notice in notices}
    first = notices[0]
    parts = [f"{kinds.title(first.kind)}：{sum(notice.count for notice in things.values())}件"]
    if region := outside_region(first.region):
        parts.append(f"地区{region}")
    if len(things) == 1 and (number := outside_number(first.number)):
        parts.append(f"编号{number}")
    path = outside_path(first.link) if len(things) == 1 else "/notices"
    return f"【安薪】{'，'.join(parts)}。{f'{base}{path}' if base else '请登录系统查看。'}"


def payload(content: str, form: str) -> bytes:
    """The body as the chat expects it: 企业微信, 钉钉 and 浙政钉 share a form, 飞书 has its own."""
    if form == _FEISHU:
        message: dict[str, object] = {"msg_type": "text", "content": {"text": content}}
    else:
        message = {"msgtype": "text", "text": {"content": content}}
    return json.dumps(message, ensure_ascii=False).encode()


def _thing(notice: Notice) -> tuple[str, str]:
    return (notice.about_type, notice.about_id) if notice.about_id else ("notice", str(notice.pk))
