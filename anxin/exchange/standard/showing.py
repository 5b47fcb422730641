"""How identifiers leave: in full, or masked as everywhere on the screen."""

from __future__ import annotations

from collections.abc import Callable

from anxin.evidence.sealing import Sealed
from anxin.kernel.masking import mask_card, mask_id_number, mask_name, mask_phone
from anxin.workforce.models import Worker

#: the 17th digit of an ID number is odd for men
_SEX_DIGIT = 16
ID_CARD = "01"


class Showing:
    """Turns sealed values and names into what a package may hold."""

    def __init__(self, *, full: bool) -> None:
        self.full = full

    def name(self, name: str) -> str:
        return name if self.full else mask_name(name)

    def phone(self, sealed: object) -> str | None:
        return self._sealed(sealed, mask_phone)

    def card(self, sealed: object) -> str | None:
        return self._sealed(sealed, mask_card)

    def person(self, worker: Worker) -> dict[str, object]:
        """What ties a row to a person."""
        number = _opened(worker.id_number)
        return {
            "idCardType": ID_CARD,
            "idCardNumber": number if self.full else mask_id_number(number),
            "x_workerRef": reference(worker.pk),
        }

    def born(self, worker: Worker) -> dict[str, object]:
        """What the ID number itself tells; the birthday only in full."""
        number = _opened(worker.id_number)
        birthday = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
        return {
            "gender": str((int(number[_SEX_DIGIT]) + 1) % 2),
            "birthday": birthday if self.full else None,
            "birthPlaceCode": number[:6],
        }

    def _sealed(self, sealed: object, mask: Callable[[str], str]) -> str | None:
        if sealed is None:
            return None
        plain = _opened(sealed)
        return plain if self.full else mask(plain)


def _opened(sealed: object) -> str:
    # The type checker takes a sealed column for bytes.
    assert isinstance(sealed, Sealed)
    return sealed.open()


def reference(worker_id: int) -> str:
    """A person's number inside a package; it says nothing outside."""
    return f"W{worker_id}"
