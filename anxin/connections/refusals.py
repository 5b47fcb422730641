"""Every reason for which a call is refused: its code, the HTTP status, and the sentence.

The codes are a promise to those who program against them: a code is never given another meaning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """``sentence`` says what is wrong and what to do; ``{…}`` are filled in from the call."""

    status: int
    sentence: str

    @property
    def shown(self) -> str:
        """The sentence for a list of codes, where nothing is there to fill in."""
        return re.sub(r"\{\w+\}", "…", self.sentence)


REFUSALS: dict[str, Refusal] = {
    # who calls
    "signature_missing": Refusal(
        401,
        "请求没有签名：请带上 X-Anxin-Key、X-Anxin-Timestamp、X-Anxin-Nonce、X-Anxin-Signature 四个请求头。",
    ),
    "key_unknown": Refusal(401, "没有这个接口密钥，或已停用、已到期，请与人社部门核对。"),
    "signature_wrong": Refusal(
        401, "签名不对：请核对密钥和待签字符串（方法、路径、查询、时间、随机串、正文的SHA-256）。"
    ),
    "timestamp_wrong": Refusal(
        401, "请求时间与服务器相差超过5分钟（服务器时间{server}），请校准时钟后重新签名。"
    ),
    "nonce_used": Refusal(401, "这个随机串已经用过：每次请求（包括重发）都要换一个新的随机串并重新签名。"),
    "scope_missing": Refusal(403, "这个密钥没有“{scope}”的权限，请联系人社部门。"),
    "too_many_calls": Refusal(429, "调用太频繁（每分钟至多{limit}次），请在{seconds}秒后再试。"),
    # the call as a whole
    "not_found": Refusal(404, "没有找到，或不属于贵单位。"),
    "method_wrong": Refusal(405, "这个地址不接受这种方法，请核对接口说明。"),
    "body_too_large": Refusal(413, "正文超过{limit}MB，请分批报送。"),
    "body_unreadable": Refusal(400, "正文不是有效的UTF-8 JSON：{reason}。"),
    "idempotency_missing": Refusal(
        400, "请带上请求头 Idempotency-Key（8至80位字母、数字、点、横线），重发同一批时用同一个值。"
    ),
    "idempotency_conflict": Refusal(
        409, "这个 Idempotency-Key 已用于另一份内容，请换一个新的值，或原样重发。"
    ),
    "invalid": Refusal(422, "内容不合要求：{reason}"),
    # one row of a batch
    "conflict": Refusal(409, "与已登记的内容矛盾，没有登记，请核实。"),
    "server_error": Refusal(500, "系统内部出错，没有写入任何数据，请稍后用同一个 Idempotency-Key 重发。"),
}


class CallRefused(Exception):
    """A call is refused with one of :data:`REFUSALS`. ``field`` names the part of the body at fault."""

    def __init__(self, code: str, *, field: str = "", retry_after: int = 0, **parts: object) -> None:
        self.code, self.field, self.retry_after = code, field, retry_after
        self.refusal = REFUSALS[code]
        self.sentence = self.refusal.sentence.format(**parts)
        super().__init__(self.sentence)
