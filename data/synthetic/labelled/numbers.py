"""Invented numbers with right check digits; division codes are those of whole provinces, given to nobody."""

from __future__ import annotations

from functools import cache
from random import Random

import phonenumbers
from phonenumbers import geocoder

CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity(division: str, birth: str, serial: int) -> str:
    """A resident identity number (GB 11643-1999); ``birth`` is eight digits."""
    body = f"{division}{birth}{serial % 1000:03d}"
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, _ID_WEIGHTS, strict=True)) % 11]


def organisation_code(body: str) -> str:
    """Eight characters and their check digit (GB 11714)."""
    total = sum(_LETTERS.index(c) * weight for c, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    return body + {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11))


def credit_code(prefix: str, division: str, serial: int) -> str:
    """A unified social credit code (GB 32100-2015)."""
    body = prefix + division + organisation_code(f"MA{serial % 10**6:06d}")
    return body + credit_check(body)


def credit_check(body: str) -> str:
    total = sum(CODE_ALPHABET.index(c) * pow(3, place, 31) for place, c in enumerate(body))
    return CODE_ALPHABET[-total % 31]


def licence(division: str, serial: int) -> str:
    """An old licence number of 15 digits (GS 15-2006, ISO 7064 MOD 11,10)."""
    body = f"{division}{serial % 10**8:08d}"
    rest = 10
    for digit in body:
        rest = (rest + int(digit)) % 10 or 10
        rest = rest * 2 % 11
    return body + str((11 - rest) % 10)


@cache
def mobile_segments(province: str) -> tuple[str, ...]:
    """Seven-digit segments the public numbering data give to the province."""
    chance, found = Random(province), list[str]()
    while len(found) < 5:
        segment = (
            f"{chance.choice(('138', '139', '136', '135', '137', '158', '150', '159'))}{chance.randrange(10_000):04d}"
        )
        place = geocoder.description_for_number(phonenumbers.parse(segment + "0000", "CN"), "zh")
        if place.startswith(province):
            found.append(segment)
    return tuple(found)
