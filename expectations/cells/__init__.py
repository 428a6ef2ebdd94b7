"""The canonical form of every cell: what a name, number, telephone, domain, date or choice reads as when typed right.

Rules compare canonical forms, so the same value typed in two ways is the same value. A value that
cannot be read as its kind keeps its cleaned text: a rule says so, nothing is dropped in silence.
Every form is a fixed point: canonical text is its own canonical form.

Almost every cell is already right. One pattern per kind finds the others, and only distinct values
among those are mended in Python.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, partial

import pyarrow as pa
import pyarrow.compute as pc

from expectations.cells import values as values
from expectations.filing import COLUMNS, SEPARATOR, Column, Kind

PLACEHOLDERS = frozenset(
    {
        "无", "没有", "不涉及", "以上都不涉及", "以上均不涉及", "无前置审批", "无需前置审批",
        "/", "//", "\\", "-", "--", "—", "——",
    }
)  # fmt: skip
"""What senders type into a cell they mean to leave blank. ``NA``, ``None`` and ``null`` are text: a
name may read so."""

_TEXT = pa.large_string()

# Nothing of these shows on screen: controls, zero-width and direction marks, soft hyphens, byte
# order marks, variation selectors, Hangul fillers, tags.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
_SPACES = re.compile(r"[\s\u2800]+")
_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_HAN = "〇一-龥\u3400-\u4dbf\u9fa6-\u9fff\ue000-\uf8ff\U00020000-\U000323af"  # rare and private ones stand in names
_BETWEEN_CHINESE = re.compile(f"(?<=[{_HAN}、。]) (?=[{_HAN}、。])")
_IN_NAME = re.compile(f"(?<=[{_HAN}()·]) | (?=[{_HAN}()·])")
_DOTS = re.compile(rf"\s*[•‧∙⋅・]\s*|(?<=[{_HAN}])\s*[.·]\s*(?=[{_HAN}])")


def visible(text: str) -> str:
    """``text`` without characters that do not show, in one width, with single spaces (NFKC)."""
    folded = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    return _SPACES.sub(" ", _INVISIBLE.sub("", folded)).strip(" ")


def _lines(text: str) -> str:
    """As :func:`visible`, but a line break stays one: it may stand between two values."""
    return "\n".join(filter(None, map(visible, re.split(r"[\n\r\v\f\x85\u2028\u2029]+", text))))


def _title(text: str) -> str:
    """A site name is judged character by character, so only what the eye cannot tell apart is folded."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", text).translate(_WIDTH)).strip(" ")


def _name(text: str) -> str:
    return _IN_NAME.sub("", _DOTS.sub("·", visible(text)))


def _free_text(text: str) -> str:
    return _BETWEEN_CHINESE.sub("", visible(text))


def _file(text: str) -> str:
    """Names of files must stay what they are on disk, full-width brackets included."""
    parts = (_INVISIBLE.sub("", part).strip().replace("\\", "/") for part in re.split(r"[;；\n\r\v\f\x85]+", text))
    return SEPARATOR.join(filter(None, (re.sub(r"^(?:\./+|\s)+", "", part) for part in parts)))


_PLAIN: dict[Kind, str] = {
    "text": r"^[!-~一-龥、。《》]*$",
    "name": r"^[0-9A-Za-z一-龥()]*$",
    "title": r"^[0-9A-Za-z一-龥()]*$",
    "identifier": r"^(?:[0-9A-Z]*|[一-龥]ICP备[0-9]+号(?:-[0-9]+)?)$",
    "phone": r"^(?:1[3-9][0-9]{9}|0(?:10|2[0-9]|[3-79][0-9]{2})[0-9]{7,8})?$",
    "email": r"^(?:[a-z0-9._%+-]+@[a-z0-9.-]+)?$",
    "url": r"^(?:(?:https?://)?[a-z0-9]+(?:[.-][a-z0-9]+)+)?$",
    "domain": r"^(?:[a-z0-9]+(?:[.-][a-z0-9]+)+)?$",
    "date": r"^(?:[12][0-9]{3}-[01][0-9]-[0-3][0-9]|长期)?$",
    "file": r"^(?:[0-9A-Za-z一-龥_-][0-9A-Za-z一-龥_./-]*)?$",
}
"""What is canonical as it stands, kind by kind; cells of the other kinds are few and looked up."""

_FORMS: dict[Kind, Callable[[str], str]] = {
    "text": _free_text,
    "title": _title,
    "name": _name,
    "identifier": lambda text: values.identifier(visible(text)),
    "phone": lambda text: values.phones(_lines(text)),
    "email": lambda text: values.email(visible(text)),
    "url": lambda text: values.urls(_lines(text)),
    "domain": lambda text: values.domains(_lines(text)),
    "date": lambda text: values.date(visible(text)),
    "yes/no": lambda text: values.yes_or_no(visible(text)),
    "province": lambda text: values.province(visible(text)),
    "file": _file,
}


@cache
def form(column: Column) -> Callable[[str], str]:
    """The function that mends one cell of ``column``."""
    if column.kind == "choices":
        mend: Callable[[str], str] = partial(_choices, column)
    elif column.kind == "choice":
        # A choice without a list of its own is one of provinces (whose template it is).
        mend = partial(_choice, column) if column.choices else _FORMS["province"]
    elif column.kind == "date" and column.key.endswith("_expires_on"):
        mend = _end_date
    else:
        mend = _FORMS[column.kind]
    plain = re.compile(_PLAIN.get(column.kind, "[一-龥]*"))
    blank = frozenset() if "required" in (column.organisation, column.individual) else PLACEHOLDERS

    def settled(text: str) -> str:
        # Again until nothing changes: where characters went, others may have met.
        mended = mend(text)
        for _ in range(4):
            if plain.fullmatch(mended) or (again := mend(mended)) == mended:
                break
            mended = again
        return "" if mended in blank else mended

    return settled


def _choice(column: Column, text: str) -> str:
    return values.choice(column.choices, visible(text))


def _choices(column: Column, text: str) -> str:
    return values.several_choices(column.choices, _lines(text))


def _end_date(text: str) -> str:
    return values.end_date(visible(text))


def canonical_cell(key: str, text: str) -> str:
    """The canonical form of one cell of the column ``key``."""
    return form(COLUMNS[key])(text)


def canonical(column: Column, typed: pa.Array | pa.ChunkedArray) -> pa.Array:
    """The canonical form of a whole column.

    Args:
        column: of the filing sheet; its kind decides, and its choices.
        typed: what the sender typed, of any type; null is a blank cell.

    Returns:
        Text of the same length, ``""`` where nothing stands, never null.
    """
    texts = _text(typed)
    mend = form(column)
    if column.kind not in _PLAIN:
        return _map(texts, mend)
    plain = pc.match_substring_regex(texts, _PLAIN[column.kind])
    if "required" not in (column.organisation, column.individual):
        plain = pc.and_not(plain, pc.is_in(texts, pa.array(sorted(PLACEHOLDERS), _TEXT)))
    odd = pc.invert(plain)
    if not pc.any(odd).as_py():
        return texts
    return pc.replace_with_mask(texts, odd, _map(texts.filter(odd), mend))


def canonical_table(typed: pa.Table) -> pa.Table:
    """Every column of the filing sheet in ``typed``, canonical; other columns as they are."""
    return pa.table(
        {
            name: canonical(COLUMNS[name], column) if name in COLUMNS else column
            for name, column in zip(typed.column_names, typed.columns, strict=True)
        }
    )


def _map(texts: pa.Array, mend: Callable[[str], str]) -> pa.Array:
    """``mend`` over distinct values only."""
    encoded = texts.dictionary_encode()
    return pa.array([mend(text) for text in encoded.dictionary.to_pylist()], _TEXT).take(encoded.indices)


def _text(typed: pa.Array | pa.ChunkedArray) -> pa.Array:
    array = typed.combine_chunks() if isinstance(typed, pa.ChunkedArray) else typed
    if isinstance(array, pa.ChunkedArray):  # combine_chunks keeps chunks when one would be too large
        array = pa.concat_arrays(array.chunks)
    return pc.fill_null(array.cast(_TEXT), "")
