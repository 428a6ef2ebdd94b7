"""Our columns as an earlier report left them in a sheet that comes back."""

from __future__ import annotations

import html
import re

from flows.steps.coordinates import letters, number
from flows.steps.own import own_column
from flows.steps.report.markup import MAIN
from flows.steps.report.package import Package, Unpatchable, parse

_RUN = re.compile(rb"<(?:[\w.-]+:)?t(?:\s[^>]*)?>([^<]*)<")
_MOST_HEADER = 16 << 20


def former_columns(package: Package, part: str, header_row: int) -> dict[str, int]:
    """Where our columns stand in a sheet, by key; empty in a sheet that was never reported on."""
    cells = _header_cells(package, part, header_row)
    shared = {column: int(text) for column, (kind, text) in cells.items() if kind == "s" and text.isdigit()}
    texts = {column: text for column, (kind, text) in cells.items() if kind != "s"}
    strings = _shared(package, set(shared.values()))
    texts |= {column: strings.get(index, "") for column, index in shared.items()}
    found: dict[str, int] = {}
    for column, text in sorted(texts.items()):
        key = own_column(text)
        if key is not None:
            found.setdefault(key, column)
    return found


def _header_cells(package: Package, part: str, header_row: int) -> dict[int, tuple[str, str]]:
    """Type and raw text of each cell of the header row."""
    content = b""
    wanted = re.compile(rb"<((?:[\w.-]+:)?)row(?=[^>]*?\sr=[\"']%d[\"'])[^>]*>.*?</\1row\s*>" % header_row, re.DOTALL)
    for block in package.blocks(part):
        content += block
        found = wanted.search(content)
        if found:
            break
        if len(content) > _MOST_HEADER:
            return {}
    else:
        found = None
    if found is None:
        return {}
    opening = re.search(rb"<(?:[\w.-]+:)?worksheet\b[^>]*>", content)
    if opening is None:
        raise Unpatchable("a sheet does not begin as one")
    name = opening[0][1:].split()[0].rstrip(b">")
    row = parse(opening[0] + found[0] + b"</" + name + b">")[0]
    cells = {}
    column = -1
    for cell in row.iter(f"{{{MAIN}}}c"):
        place = re.match(r"[A-Za-z]+", cell.get("r", ""))
        column = number(place[0].encode()) if place else column + 1
        value = cell.find(f"{{{MAIN}}}v")
        text = "".join(cell.itertext(f"{{{MAIN}}}t")) if value is None else value.text or ""
        cells[column] = (cell.get("t", "n"), text)
    return cells


def _shared(package: Package, wanted: set[int]) -> dict[int, str]:
    """Shared strings by their number; reads no further than the last one wanted."""
    part = package.relations.first("sharedStrings")
    if not wanted or part is None or part not in package:
        return {}
    texts: dict[int, str] = {}
    place, rest, last = -1, b"", max(wanted)
    item = re.compile(rb"<((?:[\w.-]+:)?)si(?:\s[^>]*)?(?:/>|>(.*?)</\1si\s*>)", re.DOTALL)
    for block in package.blocks(part):
        rest += block
        end = 0
        for found in item.finditer(rest):
            place, end = place + 1, found.end()
            if place in wanted:
                texts[place] = html.unescape(b"".join(_RUN.findall(found[2] or b"")).decode("utf-8", "replace"))
        if place >= last:
            break
        rest = rest[end:]
    return texts


def former_texts(package: Package, part: str, columns: tuple[int, ...]) -> dict[tuple[int, int], str]:
    """Texts of the cells of some columns, by row and column; blank cells are left out."""
    names = b"|".join(letters(column).encode() for column in columns)
    wanted = re.compile(
        rb"<((?:[\w.-]+:)?)c(?=[^>]*?\sr=[\"'](" + names + rb")([0-9]+)[\"'])([^>]*?)(?:/>|>(.*?)</\1c\s*>)", re.DOTALL
    )
    found: dict[tuple[int, int], str] = {}
    shared: dict[tuple[int, int], int] = {}
    rest = b""
    for block in package.blocks(part):
        rest += block
        end = rest.rfind(b"row>") + 1
        for cell in wanted.finditer(rest, 0, end):
            place = (int(cell[3]), number(cell[2]))
            value = re.search(rb"<(?:[\w.-]+:)?v(?:\s[^>]*)?>([^<]*)<", cell[5] or b"")
            if re.search(rb"\st=[\"']s[\"']", cell[4]) and value:
                shared[place] = int(value[1])
            elif cell[5]:
                found[place] = html.unescape((value[1] if value else b"".join(_RUN.findall(cell[5]))).decode())
        rest = rest[end:]
    texts = _shared(package, set(shared.values()))
    found |= {place: texts.get(index, "") for place, index in shared.items()}
    return {place: text for place, text in found.items() if text}
