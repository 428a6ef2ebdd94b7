"""A sheet of filings with our columns and marks: streamed row by row, everything else as the sender left it."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Mapping

from lxml import etree

from flows.steps import own
from flows.steps.coordinates import LAST_COLUMN, letters, number
from flows.steps.report import words
from flows.steps.report.around import LINKS_HERE, column_formats, edit_head, edit_tail
from flows.steps.report.beside import Beside, Filing
from flows.steps.report.markup import MOST_LINKS, Cells, escape, lines_of, quoted
from flows.steps.report.package import Package, Unpatchable, Writer, check_main, parse
from flows.steps.report.plan import WIDTHS, Plan, line_place
from flows.steps.report.styles import VERDICTS, Change, Styles

_LONGEST_HEAD = 64 << 20
_LINE_HEIGHT = 16.0
_MOST_LINES = 10
_FITTING = {key: width * 23 // 25 for key, width in WIDTHS.items()}
"""How much fits into a line of our columns: in most fonts a Chinese character is wider than two digits."""
_ANY_ROW = 987_654_321
_BODY = {
    "reasons": Change(text=True, wrap=True, top=True, fill=""),
    "fix": Change(text=True, wrap=True, top=True, fill=""),
    "suggested": Change(text=True, wrap=True, top=True, fill=""),
    "owner": Change(text=True, wrap=True, fill=""),
    "change": Change(text=True, wrap=True, top=True, fill=""),
    "adopt": Change(text=True, centred=True, unlocked=True, fill=""),
    "unchecked": Change(general=True, centred=True, fill=""),
}


class SheetPatch:
    """Rewrites one sheet; what it met is known when :meth:`write` is done."""

    def __init__(self, package: Package, plan: Plan, beside: Beside, styles: Styles) -> None:
        self._package, self.plan, self._beside, self._styles = package, plan, beside, styles
        self._links = array("i")
        """Row, and line in the findings list, one after the other."""
        self.links = 0
        self.marked = 0
        self._formats: dict[str, int] = {}
        self._column_styles: list[tuple[int, int, int]] = []
        self._former = styles.ours
        self._bordered = False
        self._templates: dict[tuple[str, int, str], bytes] = {}
        self._untouched = not styles.ours and not plan.own_columns
        """Whether this is no report come back: cells of ours need not be looked for."""
        self._first = min(plan.mine, default=0)
        self.filter_area = ""

    # -- the stream --------------------------------------------------------------------------------

    def write(self, write: Writer) -> None:
        """The whole part, block by block."""
        blocks = self._package.blocks(self.plan.part)
        head, rest = self._head(blocks)
        write(head)
        tail = b""
        for pieces, after in self._rows(rest, blocks):
            write(b"".join(pieces))
            tail = after
        for block in blocks:
            tail += block
        write(f"</{self._prefix}sheetData>".encode())
        for block in self._tail(tail):
            write(block)

    def _head(self, blocks: Iterator[bytes]) -> tuple[bytes, bytes]:
        content = b""
        opening = None
        for block in blocks:
            content += block
            opening = re.search(rb"<([A-Za-z_][\w.-]*:)?sheetData\s*(/?)>", content)
            if opening or len(content) > _LONGEST_HEAD:
                break
        if opening is None or opening[2]:
            raise Unpatchable("a sheet holds no rows")
        self._prefix = (opening[1] or b"").decode()
        self._tags()
        start = re.search(rb"<" + self._prefix.encode() + rb"worksheet\b[^>]*>", content)
        if start is None:
            raise Unpatchable("a sheet does not begin as one")
        self._root_opening = start[0]
        root = parse(content[: opening.end()] + f"</{self._prefix}sheetData></{self._prefix}worksheet>".encode())
        check_main(root)
        edit_head(root, self.plan)
        self._column_styles = [
            (first, last, self._former.get(style, style)) for first, last, style in column_formats(root)
        ]
        written = etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)
        edge = written.rindex(f"<{self._prefix}sheetData".encode())
        return written[:edge] + f"<{self._prefix}sheetData>".encode(), content[opening.end() :]

    def _tags(self) -> None:
        p = re.escape(self._prefix.encode())
        self._cells = Cells(self._prefix)
        self._row_start = b"<" + self._prefix.encode() + b"row"
        self._row_end = b"</" + self._prefix.encode() + b"row>"
        self._cell_start = b"<" + self._prefix.encode() + b"c "
        self._data_end = b"</" + self._prefix.encode() + b"sheetData>"
        self._row_number = re.compile(rb"""\sr\s*=\s*["']([0-9]+)["']""")
        self._spans = re.compile(rb"""\sspans\s*=\s*["'][^"']*["']""")
        self._height = re.compile(rb"""\sht\s*=\s*["']([0-9.]+)["']""")
        self._own_height = re.compile(rb"""\scustomHeight\s*=\s*["'](?:1|true)["']""")
        self._cell_style = re.compile(rb"""\ss\s*=\s*["']([0-9]*)["']""")
        self._cell_place = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]+)[0-9]+["']""")
        self._cell = re.compile(rb"<" + p + rb"c(?=[\s/>])([^>]*?)(?:/>|>(.*?)</" + p + rb"c\s*>)", re.DOTALL)
        self._blank_rows = re.compile(rb"<" + p + rb"row(?=[\s/>])[^>]*/>")

    def _rows(self, rest: bytes, blocks: Iterator[bytes]) -> Iterator[tuple[list[bytes], bytes]]:
        """Pieces of sheetData as they should be written; the last pair has what followed it."""
        self._at = 0
        for block in self._with_start(rest, blocks):
            end = block.find(self._data_end)
            inside = block if end < 0 else block[:end]
            if b"<!" in inside or b"<?" in inside:
                raise Unpatchable("a sheet holds comments or raw text among its rows")
            pieces = inside.split(self._row_end)
            self._open = pieces.pop()
            out = [self._row(piece) for piece in pieces]
            if end >= 0:
                out.append(self._self_closed(self._open))
                yield out, block[end + len(self._data_end) :]
                return
            yield out, b""
        raise Unpatchable("a sheet is cut off")

    def _with_start(self, rest: bytes, blocks: Iterator[bytes]) -> Iterator[bytes]:
        self._open = b""
        yield rest
        for block in blocks:
            yield self._open + block

    def _self_closed(self, text: bytes) -> bytes:
        for blank in self._blank_rows.findall(text):
            place = self._row_number.search(blank)
            self._at = int(place[1]) if place else self._at + 1
        return text

    def _row(self, piece: bytes) -> bytes:
        start = piece.rfind(self._row_start)
        if start < 0:
            raise Unpatchable("a row does not begin as one")
        before = self._self_closed(piece[:start]) if start else b""
        opened = piece.index(b">", start) + 1
        opening = piece[start:opened]
        found = self._row_number.search(opening)
        row = int(found[1]) if found else self._at + 1
        self._at = row
        filing = self._beside.of(row)
        values = self.plan.adopted.get(row, {})
        nothing = filing is not None and filing.line < 0 and not filing.marks and not values
        if filing is not None and nothing and self._untouched and row != self.plan.header_row:
            cells = piece[opened:]
            if self._last_place(cells) < self._first:
                return before + self._spans.sub(b"", opening) + cells + self._ready(row, filing, cells) + self._row_end
        if row == self.plan.header_row:
            ours = self._header(piece[opened:])
        elif filing is not None:
            ours = self._ours(row, filing, piece[opened:])
        elif self._untouched:
            return piece + self._row_end
        else:
            ours = {}
        marks = {**dict.fromkeys(values, "adopted"), **(filing.marks if filing is not None else {})}
        if filing is not None and self.plan.positions:
            opening = self._fitted(opening, filing)
        cells = self._edited(piece[opened:], row, opening, ours, marks, values)
        return before + self._spans.sub(b"", opening) + cells + self._row_end

    # -- one row -----------------------------------------------------------------------------------

    def _edited(
        self,
        cells: bytes,
        row: int,
        opening: bytes,
        ours: dict[int, bytes],
        marks: Mapping[int, str],
        values: Mapping[int, str],
    ) -> bytes:
        """The cells in their order, ours among them, marks on those at fault."""
        added = b""
        if self._untouched and self._last_place(cells) < self._first:
            added, ours = b"".join(ours[column] for column in sorted(ours)), {}
            if not marks:
                return cells + added
        out: list[bytes] = []
        waiting = sorted({*ours, *marks})
        column, end = -1, 0
        for cell in self._cell.finditer(cells):
            if not waiting and self._untouched and not ours:
                break
            place = self._cell_place.search(cell[1])
            column = number(place[1]) if place else column + 1
            while waiting and waiting[0] < column:
                out.append(self._inserted(waiting.pop(0), row, opening, ours, marks, values))
            if cells[end : cell.start()].strip():
                raise Unpatchable("something unknown stands between cells")
            end = cell.end()
            if column in self.plan.mine and row >= self.plan.header_row:
                if column not in self.plan.own_columns.values() and cell[2]:
                    raise Unpatchable("a cell stands where ours belong")
                continue
            if waiting and waiting[0] == column:
                waiting.pop(0)
            out.append(self._restyled(cell, column, row, marks.get(column, ""), values.get(column, "")))
        out.extend(self._inserted(column, row, opening, ours, marks, values) for column in waiting)
        return b"".join(out) + cells[end:] + added

    def _fitted(self, opening: bytes, filing: Filing) -> bytes:
        """A row's opening with the height its reasons need, unless the sender set one."""
        if self._own_height.search(opening):
            return opening
        if self.plan.own_columns:
            opening = self._height.sub(b"", opening)  # a former report's
        lines = max(lines_of(getattr(filing, key), _FITTING[key]) for key in ("reasons", "fix", "suggested"))
        wanted = _LINE_HEIGHT * min(lines, _MOST_LINES)
        found = self._height.search(opening)
        if lines == 1 or (found and float(found[1]) >= wanted):
            return opening
        opening = self._height.sub(b"", opening)
        edge = len(opening) - (2 if opening.endswith(b"/>") else 1)
        return opening[:edge] + b' ht="%s"' % str(wanted).encode() + opening[edge:]

    def _last_place(self, cells: bytes) -> int:
        start = cells.rfind(self._cell_start)
        if start < 0:
            return -1 if self._cell_start[:-1] + b">" not in cells else LAST_COLUMN
        place = self._cell_place.search(cells, start + 2, cells.index(b">", start))
        return number(place[1]) if place else LAST_COLUMN

    def _inserted(
        self,
        column: int,
        row: int,
        opening: bytes,
        ours: dict[int, bytes],
        marks: Mapping[int, str],
        values: Mapping[int, str],
    ) -> bytes:
        if column in ours:
            return ours[column]
        self.marked += 1
        style = self._style_beneath(column, opening)
        return self._cells.text(column, row, self._styles.marked(style, marks[column]), values.get(column, ""))

    def _style_beneath(self, column: int, opening: bytes) -> int:
        """The format a cell has that is not there: its row's, else its column's."""
        if b"customFormat" in opening and (style := self._cell_style.search(opening)):
            return int(style[1] or 0)
        return next((style for first, last, style in self._column_styles if first <= column <= last), 0)

    def _restyled(self, cell: re.Match[bytes], column: int, row: int, mark: str, value: str) -> bytes:
        found = self._cell_style.search(cell[1])
        style = int(found[1] or 0) if found else 0
        wanted = self._former.get(style, style)
        if mark:
            self.marked += 1
            wanted = self._styles.marked(wanted, mark)
        if value and b"<" + self._prefix.encode() + b"f" not in (cell[2] or b""):  # a formula stays one
            return self._cells.text(column, row, wanted, value)
        if wanted == style:
            return cell[0]
        attribute = b' s="%d"' % wanted
        attributes = self._cell_style.sub(attribute, cell[1], count=1) if found else cell[1] + attribute
        edge = len(self._cell_start) - 1 + len(cell[1])
        return cell[0][: len(self._cell_start) - 1] + attributes + cell[0][edge:]

    def _last_style(self, cells: bytes) -> int:
        """The format of the sender's last cell in a row."""
        style = column = -1
        for cell in self._cell.finditer(cells):
            place = self._cell_place.search(cell[1])
            column = number(place[1]) if place else column + 1
            found = self._cell_style.search(cell[1])
            if column <= self.plan.last_column and column not in self.plan.mine:
                style = int(found[1] or 0) if found else 0
        return self._former.get(style, max(style, 0))

    def _header(self, cells: bytes) -> dict[int, bytes]:
        beneath = self._last_style(cells)
        change = Change(text=True, wrap=True, bold=None if beneath else True, centred=True)
        style = self._styles.changed(beneath, change)
        return {
            column: self._cells.text(column, self.plan.header_row, style, own.column_header(key, self.plan.language))
            for key, column in self.plan.positions.items()
        }

    def _body_formats(self, cells: bytes) -> dict[str, int]:
        beneath = self._last_style(cells)
        self._bordered = self._styles.bordered(beneath)
        formats = {key: self._styles.changed(beneath, change) for key, change in _BODY.items()}
        for verdict, (fill, colour) in VERDICTS.items():
            formats[verdict] = self._styles.changed(
                beneath, Change(fill=fill, colour=colour, bold=True, text=True, centred=True)
            )
        return formats

    def _ours(self, row: int, filing: Filing, cells: bytes) -> dict[int, bytes]:
        formats = self._formats = self._formats or self._body_formats(cells)
        places, make, language = self.plan.positions, self._cells, self.plan.language
        if not places:
            return {}
        found = {
            places["verdict"]: make.text(
                places["verdict"], row, formats[filing.verdict], words.VERDICTS[filing.verdict](language)
            ),
            places["unchecked"]: make.number(places["unchecked"], row, formats["unchecked"], filing.unchecked),
        }
        for key in ("reasons", "fix", "owner", "suggested", "change"):
            text = getattr(filing, key)
            if text or self._bordered:
                found[places[key]] = make.text(places[key], row, formats[key], text)
        if filing.line < 0:
            if self._bordered:
                found[places["adopt"]] = make.blank(places["adopt"], row, formats["unchecked"])
            return found
        found[places["adopt"]] = make.blank(places["adopt"], row, formats["adopt"])
        if len(self._links) < 2 * MOST_LINKS:
            self._links.extend((row, filing.line))
        return found

    def _ready(self, row: int, filing: Filing, cells: bytes) -> bytes:
        """Our cells beside a filing nothing was found in; most rows are such, so they are made but once."""
        key = (filing.verdict, filing.unchecked, filing.change)
        template = self._templates.get(key)
        if template is None:
            ours = self._ours(_ANY_ROW, filing, cells)
            text = b"".join(ours[column] for column in sorted(ours)).replace(b"%", b"%%")
            template = self._templates[key] = text.replace(str(_ANY_ROW).encode(), b"%d")
        return template % ((row,) * template.count(b"%d"))

    def _tail(self, tail: bytes) -> Iterator[bytes]:
        root = parse(self._root_opening + tail)
        self.filter_area, self.links = edit_tail(root, self.plan, len(self._links) // 2)
        written = etree.tostring(root, encoding="UTF-8")
        before, here, after = written.partition(f"<!--{LINKS_HERE}-->".encode())
        yield before[before.index(b">", before.index(b"worksheet")) + 1 :]
        for place in range(0, 2 * self.links if here else 0, 2):
            yield self._link(*self._links[place : place + 2])
        yield after

    def _link(self, row: int, line: int) -> bytes:
        sheet, target = line_place(line, self.plan)
        cell, location = f"{letters(self.plan.positions['verdict'])}{row}", escape(f"{quoted(sheet)}!A{target}")
        return f'<{self._prefix}hyperlink ref="{cell}" location="{location}"/>'.encode()
