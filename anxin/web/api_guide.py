"""系统 · 接口说明: every call of the interface and every code of refusal, read from the interface itself.

Here and not in the bureau's folder, because the portals do not know each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.accounts import access
from anxin.connections.refusals import REFUSALS
from anxin.web.api.urls import api
from anxin.web.policy import page


@dataclass(frozen=True)
class Call:
    """One call as people read it."""

    method: str
    path: str
    title: str
    needs: str
    once: bool
    fields: tuple[str, ...]


@page(access.MANAGE)
def guide(request: HttpRequest) -> HttpResponse:
    schema = api.get_openapi_schema()
    groups: dict[str, list[Call]] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            call = _call(schema, method, path, operation)
            groups.setdefault(operation["tags"][0], []).append(call)
    context = {"groups": groups.items(), "refusals": REFUSALS.items()}
    return render(request, "bureau/api_guide.html", context)


def _call(schema: dict[str, Any], method: str, path: str, operation: dict[str, Any]) -> Call:
    headers = [part["name"] for part in operation.get("parameters", []) if part["in"] == "header"]
    return Call(
        method.upper(),
        path,
        operation["summary"],
        operation["description"],
        "Idempotency-Key" in headers,
        tuple(_fields(schema, operation)),
    )


def _fields(schema: dict[str, Any], operation: dict[str, Any]) -> list[str]:
    """Names in the body; those that must be there have a star."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if not content:
        return []
    shape = _shape(schema, content)
    found = []
    for name, part in shape.get("properties", {}).items():
        star = "*" if name in shape.get("required", []) else ""
        several = part.get("type") == "array" and "items" in part
        found.append(f"{name}{'[]' if several else ''}{star}")
        if several:
            inner = _shape(schema, part["items"])
            needed = inner.get("required", [])
            found += [f"· {one}{'*' if one in needed else ''}" for one in inner.get("properties", {})]
    return found


def _shape(schema: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    reference = part.get("$ref", "").rsplit("/", 1)[-1]
    return schema["components"]["schemas"][reference] if reference else part
