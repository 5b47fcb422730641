"""Workers of a mediation are found by the hash of their identity number: the notice of its end stands on their page too."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

from anxin.evidence.sealing import finder

_PIECE = 2_000


def tell(apps: Any, schema_editor: Any) -> None:
    parties = apps.get_model("mediation", "Party")
    find = finder("id")
    piece: list[Any] = []
    for party in parties.objects.filter(id_number__isnull=False).only("id_number").iterator(chunk_size=_PIECE):
        number = party.id_number.open()
        party.id_hash = find(number) if number else ""
        piece.append(party)
        if len(piece) == _PIECE:
            parties.objects.bulk_update(piece, ["id_hash"])
            piece = []
    parties.objects.bulk_update(piece, ["id_hash"])


class Migration(migrations.Migration):
    dependencies = [("mediation", "0003_satisfaction")]

    operations = [
        migrations.AddField("party", "id_hash", models.CharField(blank=True, max_length=64)),
        migrations.AddIndex(
            "party",
            models.Index(
                condition=models.Q(("id_hash", ""), _negated=True), fields=["id_hash"], name="mediation_party_own"
            ),
        ),
        migrations.RunPython(tell, migrations.RunPython.noop),
    ]
