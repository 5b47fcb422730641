"""What the description of the interface says beyond shapes: how calls are signed, which scope each one needs."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI

from anxin.connections.scopes import SCOPES
from anxin.connections.signing import KEY, NONCE, SIGNATURE, TIMESTAMP

_STATUS_WORDS = {
    "200": "已处理",
    "400": "请求不完整",
    "401": "签名或密钥不对",
    "403": "密钥没有这项权限",
    "404": "没有找到，或不属于贵单位",
    "409": "Idempotency-Key已用于另一份内容",
    "413": "正文太大",
    "422": "内容不合要求",
    "429": "调用太频繁",
}
_HEADERS = {
    KEY: "密钥编号",
    TIMESTAMP: "当前时间，自1970年起的秒数",
    NONCE: "随机串，16至64位，每次请求都换",
    SIGNATURE: "HMAC-SHA256签名（十六进制）",
}
_ONCE = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "本次报送的编号，重发同一份内容时用同一个值",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{8,80}$"},
}


def complete(schema: Any, api: NinjaAPI) -> Any:
    """The description with signatures, scopes and words in Chinese; docstrings are for our own readers."""
    scopes = _scopes(api)
    for methods in schema["paths"].values():
        for method, operation in methods.items():
            scope = scopes.get(operation["operationId"], "")
            operation["description"] = (
                f"需要的权限：{SCOPES[scope]}（{scope}）" if scope else "任何密钥都可调用"
            )
            operation["security"] = [{header: [] for header in _HEADERS}]
            for status, answer in operation["responses"].items():
                answer["description"] = _STATUS_WORDS[str(status)]
            if method != "get" and not operation.get("x-reads"):
                operation["parameters"] = [*operation.get("parameters", []), _ONCE]
    components = schema["components"]
    components["securitySchemes"] = {
        header: {"type": "apiKey", "in": "header", "name": header, "description": words}
        for header, words in _HEADERS.items()
    }
    for shape in components["schemas"].values():
        shape.pop("description", None)
    return schema


def _scopes(api: NinjaAPI) -> dict[str, str]:
    """Operation → the scope that its key must have."""
    return {
        operation.operation_id or api.get_openapi_operation_id(operation): getattr(callback, "scope", "")
        for bound in api._get_bound_routers()
        for view in bound.path_operations.values()
        for operation in view.operations
        for callback in operation.auth_callbacks
    }
