"""Put the sheets of one workbook into the package of another, formats, charts and all."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from flows.steps.report.markup import MAIN, RELATIONSHIPS
from flows.steps.report.package import Package, Relations, parse, relations_of, serialise
from flows.steps.report.styles import Styles

_KINDS = {
    "worksheets": "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml",
    "drawings": "application/vnd.openxmlformats-officedocument.drawing+xml",
    "charts": "application/vnd.openxmlformats-officedocument.drawingml.chart+xml",
}
_BLOCK = 1 << 20
_STYLE = re.compile(rb'(<(?:c r="[A-Z]+[0-9]+"|row [^>]*?|col [^>]*?) (?:s|style)=")([0-9]+)"')


@dataclass(frozen=True)
class Added:
    """A grafted sheet: its name, its part in the workbook it comes from, and the one it now has."""

    name: str
    source: str
    part: str


class Graft:
    """The sheets of the workbook at ``path``, ready to be put into ``package``; they are streamed when it is saved."""

    def __init__(self, path: Path, package: Package, styles: Styles) -> None:
        self._path, self._package = path, package
        with zipfile.ZipFile(path) as source:
            self._parts = {
                name: source.read(name) for name in source.namelist() if not name.startswith("xl/worksheets/sheet")
            }
        self._styles = styles.graft(self._parts["xl/styles.xml"])
        self._names: dict[str, str] = {}
        workbook = parse(self._parts["xl/workbook.xml"])
        targets = Relations("xl/workbook.xml", self._parts["xl/_rels/workbook.xml.rels"]).by_id()
        self.sheets = [
            Added(sheet.get("name"), part, self._renamed(part))
            for sheet in workbook.iter(f"{{{MAIN}}}sheet")
            for part in (targets[sheet.get(f"{{{RELATIONSHIPS}}}id")],)
        ]
        self.defined_names = list(workbook.iter(f"{{{MAIN}}}definedName"))

    def _renamed(self, part: str) -> str:
        if part not in self._names:
            folder = part.split("/")[1]
            name = self._package.free_name(f"xl/{folder}/preflight_{folder[:-1]}{{}}.xml")
            self._names[part] = name
            self._package.put(name, b"")  # the name is taken
        return self._names[part]

    def content(self, added: Added) -> Iterator[bytes]:
        """The part of a sheet in whole tags, with the formats it has in the package."""

        def ours(found: re.Match[bytes]) -> bytes:
            return b'%s%d"' % (found[1], self._styles[int(found[2])])

        with zipfile.ZipFile(self._path) as source, source.open(added.source) as file:
            rest = b""
            while block := file.read(_BLOCK):
                tags, end, rest = (rest + block).rpartition(b">")
                # Only one sheet of a workbook may be the selected one.
                yield _STYLE.sub(ours, tags + end).replace(b' tabSelected="1"', b"")

    def put(
        self,
        added: Added,
        rows: Callable[[], Iterator[bytes]] | None = None,
        links: Callable[[], Iterator[bytes]] = lambda: iter(()),
    ) -> None:
        """Put a sheet into the package with the parts it draws on; ``rows`` replace all rows but the first."""
        self._follow(added.source)

        def write(out: Callable[[bytes], object]) -> None:
            for block in self.content(added) if rows is None else self._filled(added, rows, links):
                out(block)

        self._package.put(added.part, write, _KINDS["worksheets"])

    def _filled(
        self, added: Added, rows: Callable[[], Iterator[bytes]], links: Callable[[], Iterator[bytes]]
    ) -> Iterator[bytes]:
        head, rest = b"".join(self.content(added)).split(b"</row>", 1)
        before_links, margins, behind = rest.split(b"</sheetData>", 1)[1].partition(b"<pageMargins")
        yield head + b"</row>"
        yield from rows()
        yield b"</sheetData>" + before_links
        opening = b"<hyperlinks>"
        for link in links():
            yield opening + link
            opening = b""
        yield (b"" if opening else b"</hyperlinks>") + margins + behind

    def formats(self, added: Added, row: int) -> list[int]:
        """The formats of the cells of a row of a small sheet."""
        cells = parse(b"".join(self.content(added))).find(f".//{{{MAIN}}}row[@r='{row}']")
        return [int(cell.get("s", "0")) for cell in cells] if cells is not None else []

    def _follow(self, part: str) -> None:
        """The drawing of a sheet, the charts of a drawing."""
        content = self._parts.get(relations_of(part))
        if content is None:
            return
        relations = Relations(part, content)
        by_id = relations.by_id()
        for relation in relations.root:
            target = by_id.get(relation.get("Id", ""))
            if target is None:
                continue
            relation.set("Target", "/" + self._renamed(target))
            self._package.put(self._renamed(target), self._parts[target], _KINDS[target.split("/")[1]])
            self._follow(target)
        self._package.put(relations_of(self._names[part]), serialise(relations.root))
