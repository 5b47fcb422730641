"""Shapes that several endpoints answer with."""

from __future__ import annotations

from ninja import Schema


class RefusalOut(Schema):
    """Why a call was refused. ``field`` names the part of the body at fault, ``row`` its row, counted from 1."""

    code: str
    message: str
    field: str = ""
    row: int | None = None


#: statuses any signed call may be refused with
REFUSALS_OF_ALL = dict.fromkeys((400, 401, 403, 404, 409, 413, 422, 429), RefusalOut)
