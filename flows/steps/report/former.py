"""Our columns as an earlier report left them in a sheet that comes back."""

from __future__ import annotations

import re

from flows.steps.report.markup import MAIN, number
from flows.steps.report.own import own_column
from flows.steps.report.package import Package, Unpatchable, parse

_MOST_HEADER = 16 << 20


def former_columns(package: Package, part: str, header_row: int) -> dict[str, int]:
    """Where our columns stand in a sheet, by key; empty in a sheet that was never reported on."""
    cells = _header_cells(package, part, header_row)
    shared = {int(text): column for column, (kind, text) in cells.items() if kind == "s" and text.isdigit()}
    texts = {column: text for column, (kind, text) in cells.items() if kind != "s"}
    texts |= _shared(package, shared)
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


def _shared(package: Package, wanted: dict[int, int]) -> dict[int, str]:
    """Texts of shared strings by the column that shows them; reads no further than the last one wanted."""
    part = package.relations.first("sharedStrings")
    if not wanted or part is None or part not in package:
        return {}
    texts: dict[int, str] = {}
    place, rest = -1, b""
    item = re.compile(rb"<((?:[\w.-]+:)?)si(?:\s[^>]*)?(?:/>|>(.*?)</\1si\s*>)", re.DOTALL)
    run = re.compile(rb"<(?:[\w.-]+:)?t(?:\s[^>]*)?>([^<]*)<")
    for block in package.blocks(part):
        rest += block
        end = 0
        for found in item.finditer(rest):
            place, end = place + 1, found.end()
            if place in wanted:
                joined = b"".join(run.findall(found[2] or b""))
                texts[wanted[place]] = joined.decode("utf-8", "replace")
        if place >= max(wanted):
            break
        rest = rest[end:]
    return texts
