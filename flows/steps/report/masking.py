"""Identity numbers and mobiles, hidden but for what tells one from another."""

from __future__ import annotations

import re

_PERSON = re.compile(r"(?<![0-9A-Za-z])([0-9]{3})([0-9]{12}|[0-9]{9})([0-9]{2}[0-9Xx])(?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<![0-9])((?:\+?86[- ]?)?1[3-9][0-9])([ -]?[0-9]{4}[ -]?)([0-9]{4})(?![0-9])")
_PERSONAL = re.compile(r"(?:legal_representative|principal)[a-z_]*_number|(?:mobile|phone)$")
_SEPARATORS = re.compile("[;；]")


def mask(text: str) -> str:
    """``13805710001`` → ``138****0001``; ``330000198501010016`` → ``330************016``."""
    text = _PERSON.sub(lambda found: found[1] + "*" * len(found[2]) + found[3], text)
    return _MOBILE.sub(lambda found: found[1] + "****" + found[3], text)


def masked(text: str, columns: str, value: str) -> str:
    """``text`` of a finding on ``columns`` (keys joined by ``;``) whose cells hold ``value``.

    What stands in a cell for a personal number is hidden whatever its form: a passport's number, a
    mobile with a digit missing.
    """
    if any(_PERSONAL.search(key) for key in columns.split(";")):
        parts = {part.strip() for part in _SEPARATORS.split(value)}
        for part in sorted(parts, key=len, reverse=True):
            if len(part) >= 6 and any(letter.isdigit() for letter in part):
                text = text.replace(part, hidden(part))
    return mask(text)


def hidden(value: str) -> str:
    """The first three and last three characters of a number."""
    return value[:3] + "*" * max(1, len(value) - 6) + value[-3:] if len(value) > 6 else value[:1] + "****"
