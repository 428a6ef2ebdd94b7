"""Put the sheets of one workbook into the package of another, formats, charts and all."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from flows.steps.report.markup import MAIN, RELATIONSHIPS
from flows.steps.report.package import Package, Relations, parse, relations_of, serialise
from flows.steps.report.styles import Styles

_KINDS = {
    "worksheets": "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml",
    "drawings": "application/vnd.openxmlformats-officedocument.drawing+xml",
    "charts": "application/vnd.openxmlformats-officedocument.drawingml.chart+xml",
}
_STYLE = re.compile(rb'(<(?:c r="[A-Z]+[0-9]+"|row [^>]*?|col [^>]*?) (?:s|style)=")([0-9]+)"')


@dataclass(frozen=True)
class Added:
    """A grafted sheet: its name and where it now stands in the package."""

    name: str
    part: str
    content: bytes


class Graft:
    """The sheets of the workbook at ``path``, ready to be put into ``package``."""

    def __init__(self, path: Path, package: Package, styles: Styles) -> None:
        self._package = package
        with zipfile.ZipFile(path) as source:
            self._parts = {name: source.read(name) for name in source.namelist()}
        self._styles = styles.graft(self._parts["xl/styles.xml"])
        self._names: dict[str, str] = {}
        workbook = parse(self._parts["xl/workbook.xml"])
        targets = Relations("xl/workbook.xml", self._parts["xl/_rels/workbook.xml.rels"]).by_id()
        self.sheets = [
            Added(sheet.get("name"), self._renamed(part), self._restyled(self._parts[part]))
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

    def _restyled(self, sheet: bytes) -> bytes:
        def ours(found: re.Match[bytes]) -> bytes:
            return b'%s%d"' % (found[1], self._styles[int(found[2])])

        # Only one sheet of a workbook may be the selected one.
        return _STYLE.sub(ours, sheet).replace(b' tabSelected="1"', b"")

    def put(
        self,
        added: Added,
        rows: Callable[[], Iterator[bytes]] | None = None,
        after: Callable[[], Iterator[bytes]] | None = None,
    ) -> None:
        """Put a sheet into the package with the parts it draws on; ``rows`` replace all rows but the first,
        ``after`` are its links."""
        original = next(part for part, name in self._names.items() if name == added.part)
        self._follow(original)
        if rows is None or after is None:
            self._package.put(added.part, added.content, _KINDS["worksheets"])
            return
        head, rest = added.content.split(b"</row>", 1)
        tail = rest.split(b"</sheetData>", 1)[1]
        before_links, margins, behind = tail.partition(b"<pageMargins")

        def write(out: Callable[[bytes], object]) -> None:
            out(head + b"</row>")
            for block in rows():
                out(block)
            out(b"</sheetData>" + before_links)
            opened = False
            for link in after():
                if not opened:
                    out(b"<hyperlinks>")
                    opened = True
                out(link)
            out((b"</hyperlinks>" if opened else b"") + margins + behind)

        self._package.put(added.part, write, _KINDS["worksheets"])

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


def sample_formats(sheet: bytes, row: int) -> list[int]:
    """The formats of the cells of a row."""
    root = parse(sheet)
    cells = root.find(f".//{{{MAIN}}}row[@r='{row}']")
    return [int(cell.get("s", "0")) for cell in cells] if cells is not None else []


def child_of(parent: etree._Element, name: str, before: tuple[str, ...]) -> etree._Element:
    """The child ``name``, put before the first of ``before`` if there is none."""
    found = parent.find(f"{{{MAIN}}}{name}")
    if found is None:
        found = etree.Element(f"{{{MAIN}}}{name}")
        for place, other in enumerate(parent):
            if isinstance(other.tag, str) and etree.QName(other).localname in before:
                parent.insert(place, found)
                return found
        parent.append(found)
    return found
