"""What readers do not tell of a sheet: numbers that lost digits, formulas without a result, hidden rows, merges.

The sheet's XML is streamed once in large pieces and searched as bytes, in constant memory, at a
fraction of what reading it costs. Sheets not written the way Excel writes them are parsed instead.
"""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ElementTree
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, NamedTuple

from flows.steps.workbook import refusals
from flows.steps.workbook.model import MIB, Limits, Refused
from flows.steps.workbook.package import BROKEN, local

_PIECE = 4 * MIB
_TAIL = 64 * MIB
ROWS, COLUMNS = 1_048_576, 16_384
"""What a sheet of Excel can hold."""

Cell = tuple[int, int]
"""Row and column from 0."""


class Area(NamedTuple):
    """A rectangle of cells, both ends included, from 0."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass
class Scan:
    """What stands in a sheet besides its values. Rows and columns count from 0."""

    last_row: int = -1
    last_column: int = -1
    rows: int = 0
    numbers: dict[Cell, str] = field(default_factory=dict)
    """Numbers of nine digits or more that are no mobile number, as stored."""
    padded: dict[Cell, str] = field(default_factory=dict)
    """Numbers shown with leading zeros, as shown."""
    formulas: dict[Cell, str] = field(default_factory=dict)
    """Formulas without a result."""
    errors: dict[Cell, str] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merges: list[Area] = field(default_factory=list)
    autofilter: bool = False
    tables: bool = False
    regular: bool = True
    anchored: bool = False
    """Whether column A surely holds a value: readers leave blank columns before the first value out."""


class Irregular(Exception):  # noqa: N818
    """The sheet is not written the way Excel writes it."""


_ROW = re.compile(rb'<row r="([0-9]{1,7})"([^>]*)>')
_HIDDEN = re.compile(rb' hidden="(?:1|true)"')
# Nine digits: no number shorter can have lost any, and indexes into the shared strings are shorter.
_LONG = re.compile(rb"><v>(?!1[3-9][0-9]{9}</v>)[0-9.]{9}[^<]*(?=</v>)")
_SCIENTIFIC = re.compile(rb"><v>-?[0-9.]+[Ee]\+?[0-9]+(?=</v>)")
_UNCACHED = re.compile(rb"(?:</f>|<f\b[^>]*/>)(<v></v>|<v ?/>)?</c>")
_ERROR = re.compile(
    rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[^>]*? t="e"[^>]*>(?:<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>)?<v>([^<]*)</v>'
)
_CELL = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"([^>]*)>')
_IN_COLUMN_A = re.compile(rb'<c r="A[0-9]{1,7}"[^>]*><v>[^<]')
_FORMULA = re.compile(rb"<f\b[^>]*>([^<]*)</f>")
_COLUMNS: dict[bytes, int] = {}


def column_number(letters: bytes) -> int:
    """``b"AA"`` is 26."""
    known = _COLUMNS.get(letters)
    if known is None:
        known = 0
        for letter in letters:
            known = known * 26 + letter - 64
        known -= 1
        if len(_COLUMNS) < 20_000:
            _COLUMNS[letters] = known
    return known


def position(reference: bytes) -> Cell:
    """``b"B7"`` is (6, 1)."""
    letters = reference.rstrip(b"0123456789")
    return int(reference[len(letters) :]) - 1, column_number(letters)


def area(reference: bytes) -> Area | None:
    """``b"A1:B7"`` is (0, 0, 6, 1); None where it is no such thing."""
    first, _, last = reference.replace(b"$", b"").upper().partition(b":")
    if not re.fullmatch(rb"[A-Z]{1,3}[1-9][0-9]{0,6}", first) or not re.fullmatch(
        rb"(?:[A-Z]{1,3}[1-9][0-9]{0,6})?", last
    ):
        return None
    (top, left), (bottom, right) = position(first), position(last or first)
    return Area(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


def scan(package: zipfile.ZipFile, part: str, zero_styles: dict[str, int], limits: Limits) -> Scan:
    """Scan the sheet ``part``.

    Raises:
        Refused: the sheet is larger than allowed, or its XML is broken.
    """
    try:
        try:
            with package.open(part) as stream:
                found = _by_bytes(stream, zero_styles, limits)
        except Irregular:
            with package.open(part) as stream:
                found = _by_elements(stream, zero_styles)
    except (ElementTree.ParseError, *BROKEN) as error:
        if isinstance(error, ElementTree.ParseError | EOFError | zipfile.BadZipFile | zlib.error):
            raise Refused(refusals.TRUNCATED, f"{type(error).__name__} in {part}") from error
        raise Refused(refusals.DAMAGED, f"{type(error).__name__} in {part}") from error
    check_extent(found.last_row, found.last_column, limits)
    if len(found.merges) > limits.merges:
        raise Refused(
            refusals.too_large(f"{len(found.merges)} 个合并区域", f"{len(found.merges)} merges", limits.merges)
        )
    return found


def check_extent(last_row: int, last_column: int, limits: Limits) -> None:
    """Refuse a sheet whose cells span more than allowed: readers lay the whole rectangle out."""
    zh, en = f"{last_row + 1} 行 × {last_column + 1} 列", f"{last_row + 1} rows × {last_column + 1} columns"
    if last_row >= ROWS:
        raise Refused(refusals.too_large(zh, en, ROWS))
    if last_column >= COLUMNS:
        raise Refused(refusals.too_large(zh, en, COLUMNS))
    if (last_row + 1) * (last_column + 1) > limits.cells:
        raise Refused(refusals.too_large(zh, en, limits.cells))


def _pieces(stream: IO[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The stream in pieces that end with a row; the last is what follows the last row."""
    rest = b""
    while read := stream.read(_PIECE):
        data = rest + read
        cut = data.rfind(b"</row>") + 6
        if cut < 6:
            rest = data
            if len(rest) > _TAIL:
                raise Irregular
            continue
        rest = data[cut:]
        yield data[:cut], False
    yield rest, True


def _by_bytes(stream: IO[bytes], zero_styles: dict[str, int], limits: Limits) -> Scan:
    found = Scan()
    padded = _padded_pattern(zero_styles)
    for number, (piece, last) in enumerate(_pieces(stream)):
        if number == 0:
            _head(piece, found)
            found.anchored = _IN_COLUMN_A.search(piece) is not None
        _rows(piece, found)
        _cells(piece, found, zero_styles, padded)
        if last:
            _tail(piece, found)
        if found.rows > ROWS:
            raise Refused(refusals.too_large(f"{found.rows} 行", f"{found.rows} rows", ROWS))
    return found


def _padded_pattern(zero_styles: dict[str, int]) -> re.Pattern[bytes] | None:
    if not zero_styles:
        return None
    styles = "|".join(map(re.escape, zero_styles))
    return re.compile(rf'<c r="([A-Z]+[0-9]+)" s="({styles})"(?: t="n")?><v>([0-9]+)</v>'.encode())


def _head(piece: bytes, found: Scan) -> None:
    """What stands before the cells; and whether the sheet is written as expected at all."""
    begin = piece.find(b"<sheetData")
    if begin < 0 or b"<!--" in piece or b"<![CDATA[" in piece:
        raise Irregular
    if piece.count(b"<c ") + piece.count(b"<c>") + piece.count(b"<c/") != piece.count(b'<c r="'):
        raise Irregular
    if piece.count(b"<row ") + piece.count(b"<row>") + piece.count(b"<row/") != len(_ROW.findall(piece)):
        raise Irregular
    if piece.count(b"<v>") != piece.count(b"><v>") or piece.count(b"<v ") != piece.count(b"<v />"):
        raise Irregular
    for tag in re.findall(rb"<col\b([^>]*)>", piece[:begin]):
        _column(dict(re.findall(rb'([A-Za-z]+)="([^"]*)"', tag)), found)


def _column(attributes: dict[bytes, bytes], found: Scan) -> None:
    if attributes.get(b"hidden") in (b"1", b"true"):
        found.hidden_columns.append((int(attributes[b"min"]) - 1, int(attributes[b"max"]) - 1))


def _rows(piece: bytes, found: Scan) -> None:
    """Extent and hidden rows. The last cell of each row is its rightmost: cells stand in order."""
    rows = piece.split(b"</row>")
    found.rows += len(rows) - 1
    known, last_row = b"", found.last_row
    for row in rows:
        head = row[: row.find(b"<c ")]
        if b"hidden" in head:
            found.hidden_rows += [int(tag[1]) - 1 for tag in _ROW.finditer(head) if _HIDDEN.search(tag[2])]
        cell = row.rfind(b'<c r="')
        if cell < 0:
            continue
        reference = row[cell + 6 : cell + 17].partition(b'"')[0]
        letters = reference.rstrip(b"0123456789")
        last_row = max(last_row, int(reference[len(letters) :] or 0) - 1)
        if letters != known:
            known = letters
            if not letters.isalpha() or len(letters) > 3 or not letters.isupper():
                raise Irregular
            found.last_column = max(found.last_column, column_number(letters))
    found.last_row = last_row


def _cells(piece: bytes, found: Scan, zero_styles: dict[str, int], padded: re.Pattern[bytes] | None) -> None:
    # One byte is searched for first where it can spare a pattern: most sheets have no error and no formula.
    for match in _LONG.finditer(piece):
        _number(piece, match.start(), match[0][4:], found)
    if b"+" in piece:
        for match in _SCIENTIFIC.finditer(piece):
            _number(piece, match.start(), match[0][4:], found)
    if b"#" in piece:
        for match in _ERROR.finditer(piece):
            found.errors[position(match[1])] = html.unescape(match[2].decode("utf-8", "replace"))
    if b"f" in piece:
        for match in _UNCACHED.finditer(piece):
            _formula(piece, match, found)
    if padded is not None:
        for match in padded.finditer(piece):
            found.padded[position(match[1])] = match[3].decode().rjust(zero_styles[match[2].decode()], "0")


def _number(piece: bytes, start: int, value: bytes, found: Scan) -> None:
    if piece[start - 2 : start] == b's"':  # an index into the shared strings
        return
    cell = _CELL.match(piece, piece.rfind(b"<c ", 0, start))
    if cell and not re.search(rb' t="[^n]', cell[2]):
        found.numbers[position(cell[1])] = value.decode()


def _formula(piece: bytes, match: re.Match[bytes], found: Scan) -> None:
    begin = piece.rfind(b"<c ", 0, match.start())
    cell = _CELL.match(piece, begin)
    if cell is None or (match[1] and b't="str"' in cell[2]):  # the result is an empty text
        return
    text = _FORMULA.search(piece, begin, match.end())
    found.formulas[position(cell[1])] = "=" + html.unescape(text[1].decode("utf-8", "replace") if text else "")


def _tail(piece: bytes, found: Scan) -> None:
    """What stands after the cells; a sheet that breaks off has no such thing."""
    if (b"<sheetData/>" not in piece and b"</sheetData>" not in piece) or b"</worksheet>" not in piece:
        raise Irregular
    for reference in re.findall(rb'<mergeCell ref="([^"]*)"', piece):
        if (merge := area(reference)) is not None:
            found.merges.append(merge)
    found.autofilter = b"<autoFilter" in piece
    found.tables = b"<tablePart " in piece


def _by_elements(stream: IO[bytes], zero_styles: dict[str, int]) -> Scan:
    """The same, element by element: any prefix, quotes, order of attributes, rows without numbers."""
    found = Scan(regular=False)
    row, column, stack = -1, -1, []
    for event, element in ElementTree.iterparse(stream, events=("start", "end")):  # noqa: S314 - see the guard
        name = local(element.tag)
        if event == "start":
            stack.append(element)
            if name == "row":
                row, column = _row_number(element, row), -1
                found.rows += 1
                if element.get("hidden") in ("1", "true"):
                    found.hidden_rows.append(row)
            continue
        stack.pop()
        if name == "c":
            row, column = _cell_position(element, row, column)
            found.last_row, found.last_column = max(found.last_row, row), max(found.last_column, column)
            _element(element, (row, column), found, zero_styles)
        else:
            _surroundings(name, element, found)
        if name in ("row", "c") and stack:
            stack[-1].remove(element)
    return found


def _surroundings(name: str, element: ElementTree.Element, found: Scan) -> None:
    """What stands before and after the cells."""
    if name == "col":
        _column({key.encode(): value.encode() for key, value in element.attrib.items()}, found)
    elif name == "mergeCell":
        if (merge := area(element.get("ref", "").encode())) is not None:
            found.merges.append(merge)
    elif name == "autoFilter":
        found.autofilter = True
    elif name == "tablePart":
        found.tables = True


def _row_number(element: ElementTree.Element, row: int) -> int:
    number = element.get("r")
    if number is None:
        return row + 1
    if not re.fullmatch(r"[1-9][0-9]{0,6}", number):
        raise Refused(refusals.DAMAGED, "a row no sheet has")
    return int(number) - 1


def _cell_position(element: ElementTree.Element, row: int, column: int) -> Cell:
    reference = element.get("r")
    if reference is None:
        return row, column + 1
    place = area(reference.encode())
    if place is None:
        raise Refused(refusals.DAMAGED, "a cell no sheet has")
    return place.top, place.left


def _element(cell: ElementTree.Element, where: Cell, found: Scan, zero_styles: dict[str, int]) -> None:
    children = {local(child.tag): (child.text or "") for child in cell}
    kind, value = cell.get("t", "n"), children.get("v", "").strip()
    if "f" in children and not value and (kind != "str" or "v" not in children):
        found.formulas[where] = "=" + children["f"]
    elif kind == "e":
        found.errors[where] = value
    elif kind == "n" and value:
        if value.isascii() and value.isdigit() and cell.get("s") in zero_styles:
            found.padded[where] = value.rjust(zero_styles[cell.get("s", "")], "0")
        if re.fullmatch(r"[0-9.]{9,}|-?[0-9.]+[Ee]\+?[0-9]+", value) and not re.fullmatch("1[3-9][0-9]{9}", value):
            found.numbers[where] = value
