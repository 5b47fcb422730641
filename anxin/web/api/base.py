"""The interface itself: how it says yes and no. Endpoints stand in the modules beside this one."""

from __future__ import annotations

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.renderers import BaseRenderer

from anxin.connections.refusals import REFUSALS, CallRefused
from anxin.kernel.refusal import Refused
from anxin.web.api.description import complete
from anxin.web.api.reading import BoundedParser


class Chinese(BaseRenderer):
    """JSON that a person can read on a screen, too."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> str:
        return dumps(data)


def dumps(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), cls=DjangoJSONEncoder)


class Interface(NinjaAPI):
    """Its description says how to sign, which scope a call needs, and speaks Chinese throughout."""

    def get_openapi_schema(self, **given: Any) -> Any:
        return complete(super().get_openapi_schema(**given), self)


api = Interface(
    title="安薪接口",
    version="1",
    description="银行、保险机构、担保公司、12345热线和考勤设备厂商报送数据用的接口。签名、错误代码和示例见《对接手册》。",
    urls_namespace="api",
    renderer=Chinese(),
    parser=BoundedParser(),
    docs_url=None,
    openapi_url="/openapi.json",
)


def refused(
    request: HttpRequest, code: str, sentence: str, *, field: str = "", row: int = 0, retry_after: int = 0
) -> HttpResponse:
    """``{"code", "message", "field"?, "row"?}`` with the code's status; the code is traced with the call."""
    content: dict[str, Any] = {"code": code, "message": sentence}
    content |= {"field": field} if field else {}
    content |= {"row": row} if row else {}
    response = api.create_response(request, content, status=REFUSALS[code].status)
    response["X-Anxin-Code"] = code
    if retry_after:
        response["Retry-After"] = str(retry_after)
    return response


@api.exception_handler(CallRefused)
def _call_refused(request: HttpRequest, refusal: CallRefused) -> HttpResponse:
    return refused(
        request, refusal.code, refusal.sentence, field=refusal.field, retry_after=refusal.retry_after
    )


@api.exception_handler(Refused)
def _service_refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """What a service refuses is a sentence already."""
    return refused(request, "invalid", refusal.sentence, field=refusal.field)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """The first thing that does not fit the description: which part, in which row of a batch, and why."""
    first = error.errors[0]
    row = 0
    place: list[str] = []
    for part in first["loc"][2:] if first["loc"][:1] == ("body",) else first["loc"][1:]:
        if isinstance(part, int) and not row:
            row, place = part + 1, []
        else:
            place.append(str(part))
    refusal = CallRefused("invalid", reason=_reason(first))
    return refused(request, refusal.code, refusal.sentence, field=".".join(place), row=row)


def _reason(error: dict[str, Any]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "missing":
        return "缺少这一项。"
    if kind == "extra_forbidden":
        return "没有这一项，请核对名称。"
    if kind == "string_pattern_mismatch":
        return "格式不对，请核对接口说明。"
    if kind in ("string_too_long", "too_long"):
        return f"太长了，至多{context.get('max_length')}。"
    if kind in ("string_too_short", "too_short"):
        return f"太短了，至少{context.get('min_length')}。"
    if kind.startswith("date"):
        return "日期应形如 2026-11-21。"
    if kind == "value_error":
        return str(context.get("error", error["msg"]))
    return f"类型或取值不对（{kind}）。"


@api.exception_handler(AuthenticationError)
def _not_signed(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return _call_refused(request, CallRefused("signature_missing"))


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _call_refused(request, CallRefused("body_unreadable", reason="不是JSON"))


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return _call_refused(request, CallRefused("not_found"))
