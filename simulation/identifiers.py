"""Identifiers of invented people, firms and cards, with right check digits, a whole column at a time."""

from __future__ import annotations

import numpy as np

_ZERO = ord("0")
_ID_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_ID_CHECK = np.frombuffer(b"10X98765432", dtype=np.uint8)
#: GB 32100: no I, O, S, V, Z
_CODE_ALPHABET = np.frombuffer(b"0123456789ABCDEFGHJKLMNPQRTUWXY", dtype=np.uint8)
_CODE_WEIGHTS = np.array([1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28])
#: GB 11714, over 0-9 and A-Z
_BODY_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2])
#: identifiers of one card product of each of a few banks
CARD_PRODUCTS = np.array([621700, 622848, 621226, 621098, 622202, 623090, 621799, 622622])


def digits(values: np.ndarray, width: int) -> np.ndarray:
    """``(n, width)`` bytes of the numbers, zeros in front."""
    places = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return ((values[:, None].astype(np.int64) // places) % 10 + _ZERO).astype(np.uint8)


def id_numbers(area: np.ndarray, born: np.ndarray, sequence: np.ndarray) -> np.ndarray:
    """18 bytes each: an area that no office has issued (99....), the birthday, a sequence, the check digit."""
    born = born.astype("datetime64[D]")
    year = born.astype("datetime64[Y]").astype(np.int64) + 1970
    month = born.astype("datetime64[M]").astype(np.int64) % 12 + 1
    date = (born - born.astype("datetime64[M]")).astype(np.int64) + 1
    letters = np.concatenate(
        [digits(area, 6), digits(year * 10000 + month * 100 + date, 8), digits(sequence, 3)], axis=1
    )
    check = _ID_CHECK[((letters - _ZERO) @ _ID_WEIGHTS) % 11]
    return np.concatenate([letters, check[:, None]], axis=1)


def employer_codes(region: np.ndarray, serial: np.ndarray) -> np.ndarray:
    """18 bytes each of a unified social credit code: enterprise, region, body code with its own check, check."""
    spread = (serial.astype(np.int64) * 1_000_003 + 77_777) % (31**6)
    places = 31 ** np.arange(5, -1, -1, dtype=np.int64)
    tail = _CODE_ALPHABET[(spread[:, None] // places) % 31]
    body = np.concatenate([np.tile(np.frombuffer(b"MA", np.uint8), (len(serial), 1)), tail], axis=1)
    value = np.where(body >= ord("A"), body.astype(np.int64) - 55, body.astype(np.int64) - _ZERO)
    rest = (11 - (value @ _BODY_WEIGHTS) % 11) % 11
    body_check = np.where(rest == 10, ord("X"), rest + _ZERO).astype(np.uint8)
    front = np.tile(np.frombuffer(b"91", np.uint8), (len(serial), 1))
    letters = np.concatenate([front, digits(region, 6), body, body_check[:, None]], axis=1)
    rank = np.zeros(128, np.int64)
    rank[_CODE_ALPHABET] = np.arange(31)
    check = _CODE_ALPHABET[(31 - (rank[letters] @ _CODE_WEIGHTS) % 31) % 31]
    return np.concatenate([letters, check[:, None]], axis=1)


def cards(product: np.ndarray, serial: np.ndarray) -> np.ndarray:
    """19 bytes each: card product (6), running number of the account (12), Luhn digit. Neighbours count up by one."""
    letters = np.concatenate([digits(product, 6), digits(serial, 12)], axis=1)
    value = (letters - _ZERO).astype(np.int64)
    doubled = value[:, ::-1].copy()
    doubled[:, ::2] *= 2
    doubled -= 9 * (doubled > 9)
    check = (10 - doubled.sum(axis=1) % 10) % 10
    return np.concatenate([letters, (check + _ZERO).astype(np.uint8)[:, None]], axis=1)


def phones(serial: np.ndarray) -> np.ndarray:
    """11 bytes each of a mobile number; different numbers below 10^9 give different phones."""
    spread = (serial.astype(np.int64) * 7_654_321 + 31_415_926) % 1_000_000_000
    return digits(13_000_000_000 + spread + 1_000_000_000 * (spread % 7 == 0), 11)


def hexes(values: np.ndarray, width: int = 16) -> np.ndarray:
    """``(n, width)`` bytes of hexadecimal text, e.g. the hash of a face."""
    letters = np.frombuffer(b"0123456789abcdef", np.uint8)
    shifts = np.arange(4 * (width - 1), -1, -4, dtype=np.uint64)
    return letters[((values.astype(np.uint64)[:, None] >> shifts) & np.uint64(15)).astype(np.int64)]
