"""Accepting a batch in the background.

The task may run twice: a worker that was killed leaves nothing but the state ``ACCEPTING``, because its
transaction is rolled back, and the task is put back and starts over.
"""

from __future__ import annotations

import logging

from django.utils import timezone
from django_tasks import task

from anxin.evidence import imports
from anxin.evidence.journal import Actor
from anxin.sheets import SheetRefused

_log = logging.getLogger(__name__)


@task()
def accept_batch_task(batch_id: int, actor_key: str, actor_name: str) -> None:
    """Accept the batch; what it cannot take is written on the batch as a sentence."""
    try:
        imports.accept_batch(batch_id, actor=Actor(actor_key, actor_name), now=timezone.now())
    except (imports.ImportRefused, SheetRefused) as refusal:
        imports.mark_failed(batch_id, sentence=str(refusal))
    except Exception:
        imports.mark_failed(
            batch_id, sentence="接收时系统出错，没有写入任何数据；请稍后重试，仍不成功请联系管理员。"
        )
        _log.exception("accepting batch %s failed", batch_id)
        raise
