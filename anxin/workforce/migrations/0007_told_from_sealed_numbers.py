"""Hashes of phones, and the place of wage cards in a row, for the people who were on rosters before these were kept."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from anxin.evidence.sealing import finder

_PIECE = 2_000
_LAST_DIGITS = 5


def tell(apps: Any, schema_editor: Any) -> None:
    _phones(apps.get_model("workforce", "Worker"))
    _cards(apps.get_model("workforce", "Enrolment"))


def _phones(workers: Any) -> None:
    find = finder("phone")
    piece: list[Any] = []
    for worker in workers.objects.filter(phone__isnull=False).only("phone").iterator(chunk_size=_PIECE):
        worker.phone_hash = find(worker.phone.open())
        piece.append(worker)
        if len(piece) == _PIECE:
            workers.objects.bulk_update(piece, ["phone_hash"])
            piece = []
    workers.objects.bulk_update(piece, ["phone_hash"])


def _cards(enrolments: Any) -> None:
    find = finder("card-series")
    piece: list[Any] = []
    for row in enrolments.objects.filter(bank_card__isnull=False).only("bank_card").iterator(chunk_size=_PIECE):
        card = row.bank_card.open()
        if not card.isdecimal() or len(card) <= _LAST_DIGITS + 1:
            continue
        row.card_series, row.card_serial = find(card[:-_LAST_DIGITS]), int(card[-_LAST_DIGITS:-1])
        piece.append(row)
        if len(piece) == _PIECE:
            enrolments.objects.bulk_update(piece, ["card_series", "card_serial"])
            piece = []
    enrolments.objects.bulk_update(piece, ["card_series", "card_serial"])


class Migration(migrations.Migration):
    dependencies = [("workforce", "0006_wage_cards_and_payees")]

    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
