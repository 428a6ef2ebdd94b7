"""SpreadsheetML as bytes: references, text that can never be a formula, cells."""

from __future__ import annotations

import math
import re

from flows.steps.coordinates import letters

LONGEST_TEXT = 32_767
MOST_LINKS = 65_530
"""Of one sheet; Excel drops those beyond."""

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

# Controls, half surrogates and the two non-characters no XML document may hold.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


def lines_of(text: str, width: int) -> int:
    """How many lines wrapped text takes in a column ``width`` digits wide; a Chinese character takes two."""
    fit = max(width - 1, 1)
    return sum(max(1, math.ceil(_digits(line) / fit)) for line in text.split("\n"))


def _digits(line: str) -> float:
    wide = len(line.encode("gbk", "replace")) - len(line)
    return 2 * wide + 0.92 * (len(line) - wide)  # letters are narrower than digits, on the average


def quoted(sheet: str) -> str:
    """A sheet's name as a reference wants it."""
    return "'" + sheet.replace("'", "''") + "'"


def cut(text: str) -> str:
    """Text no longer than a cell may hold; Excel counts UTF-16 units."""
    if len(text) <= LONGEST_TEXT // 2 or len(text.encode("utf-16-le", "surrogatepass")) <= 2 * LONGEST_TEXT:
        return text
    units = text.encode("utf-16-le", "surrogatepass")[: 2 * (LONGEST_TEXT - 1)]
    return units.decode("utf-16-le", "ignore") + "…"


def _writable(match: re.Match[str]) -> str:
    character = match[0]
    # Excel's own spelling for what XML cannot hold, which an underscore of the text must not imitate.
    return f"_x{ord(character):04X}_" if ord(character) < 0xA0 else "\ufffd"


def writable(text: str) -> str:
    """Text every XML parser takes and Excel shows as it was."""
    return _UNWRITABLE.sub(_writable, cut(text))


def escape(text: str) -> str:
    """For an element's text or a double-quoted attribute."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def content(text: str) -> str:
    """The text of a cell, ready to stand in ``<t>``."""
    return escape(writable(text))


class Cells:
    """Makes cells of one sheet, under the namespace prefix its elements bear (``""`` or ``"x:"``)."""

    def __init__(self, prefix: str = "") -> None:
        self.prefix = prefix
        p = prefix
        self._text = f'<{p}c r="%s%d" s="%d" t="inlineStr"><{p}is><{p}t xml:space="preserve">%s</{p}t></{p}is></{p}c>'
        self._number = f'<{p}c r="%s%d" s="%d"><{p}v>%s</{p}v></{p}c>'
        self._blank = f'<{p}c r="%s%d" s="%d"/>'

    def text(self, column: int, row: int, style: int, text: str) -> bytes:
        """A text cell: an inline string, so never a formula or a link, whatever it begins with."""
        if not text:
            return self.blank(column, row, style)
        return (self._text % (letters(column), row, style, content(text))).encode()

    def number(self, column: int, row: int, style: int, value: float) -> bytes:
        return (self._number % (letters(column), row, style, value)).encode()

    def blank(self, column: int, row: int, style: int) -> bytes:
        return (self._blank % (letters(column), row, style)).encode()
