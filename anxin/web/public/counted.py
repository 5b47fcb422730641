"""Counting beside a page: a count that fails must not keep anybody from the page."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError

logger = logging.getLogger(__name__)


@contextmanager
def counting() -> Iterator[None]:
    """What is counted within is lost where the database is too busy to take it; the page goes on."""
    try:
        yield
    except DatabaseError:
        logger.warning("扫码计数没有记下：数据库忙。", exc_info=True)
