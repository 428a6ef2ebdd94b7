"""Comments on the cells at fault, beside those the sender wrote.

A comment is two things: its text in the comments part, and a note's shape in a VML drawing. A drawing the
sheet has already (of comments, or of form controls) is used again: a sheet may have only one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd
from lxml import etree

from expectations.reasons import REASONS
from flows.steps.coordinates import bounds, letters
from flows.steps.report.markup import MAIN, writable
from flows.steps.report.package import Package, parse, serialise
from flows.steps.workbook.merged import NOTHING_MERGED, Merged

AUTHORS = ("预检", "Precheck")
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_KIND = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_LONGEST = 1_000
_SHAPES_A_BLOCK = 1024
_FIRST_BLOCK = 700
"""Shape ids come in blocks of 1,024; Excel counts its own up from 1."""
_SHAPE = re.compile(rb"<v:shape\b.*?</v:shape>", re.DOTALL)
_PLACE = re.compile(rb"<x:(Row|Column)>\s*([0-9]+)\s*</x:(?:Row|Column)>")
_END = re.compile(rb"</(?:\w+:)?xml\s*>\s*$")

_DRAWING = """<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" \
xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{blocks}"/>\
</o:shapelayout></xml>"""
_TYPE = """<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">\
<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>"""
_NOTE = """<v:shape id="_x0000_s{id}" type="#_x0000_t202" style="position:absolute;width:240pt;height:{height}pt;\
z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>\
<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto">\
<div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>\
<x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column>\
</x:ClientData></v:shape>"""

Cell = tuple[int, int]
"""Row as Excel counts it, column from 0."""


def comment_texts(
    findings: pd.DataFrame, columns: Mapping[str, int], language: str, most: int, merged: Merged = NOTHING_MERGED
) -> dict[Cell, str]:
    """What to say on which cell, the costliest findings first, on ``most`` cells; of merged ones, on the one seen."""
    labels = {reason.number: reason.label(language) for reason in REASONS}
    left, right = "【】" if language == "zh" else ("[", "] ")
    texts: dict[Cell, dict[str, None]] = {}
    names = ("row", "columns", "reason", "message", "fix")
    # Several findings may share a cell; the list of a big sheet is cut well beyond what is asked for.
    part = findings.take(np.argsort(findings["line"].to_numpy())[: 20 * most])
    for row, keys, reason, message, fix in zip(*(part[name].tolist() for name in names), strict=True):
        for key in keys.split(";"):
            column = columns.get(key, -1)
            cell = (merged.rows(column, row)[0], column)
            if column >= 0 and (cell in texts or len(texts) < most):
                # The filings of a merged cell say the same of it.
                texts.setdefault(cell, {})[f"{left}{labels[reason]}{right}{message}\n→ {fix}"] = None
    return {cell: "\n".join(parts)[:_LONGEST] for cell, parts in texts.items()}


class Comments:
    """The comments of one sheet, as they will be."""

    def __init__(self, package: Package, part: str, block: int) -> None:
        self._package, self._block = package, _FIRST_BLOCK + block
        self._relations = package.relations_for(part)
        self._sheet = part
        self._part = self._existing("comments")
        self._drawing = self._drawing_of_notes()
        self._root = parse(package.read(self._part)) if self._part else self._new_root()
        self._vml = package.read(self._drawing) if self._drawing else b""

    def _existing(self, kind: str) -> str | None:
        part = self._relations.first(kind)
        return part if part is not None and part in self._package else None

    def _drawing_of_notes(self) -> str | None:
        drawings = {identity: part for identity, kind, part in self._relations if kind == "vmlDrawing"}
        if not drawings:
            return None
        # Pictures of headers are such drawings too: the sheet says at its end which is which.
        end = b""
        for block in self._package.blocks(self._sheet):
            end = (end + block)[-(4 << 20) :]
        found = re.search(rb"<(?:\w+:)?legacyDrawing\s[^>]*:id\s*=\s*[\"']([^\"']+)", end)
        part = drawings.get(found[1].decode()) if found else None
        return part if part is not None and part in self._package else None

    @staticmethod
    def _new_root() -> etree._Element:
        root = etree.Element(f"{{{MAIN}}}comments", nsmap={None: MAIN})
        etree.SubElement(root, f"{{{MAIN}}}authors")
        etree.SubElement(root, f"{{{MAIN}}}commentList")
        return root

    def write(self, texts: Mapping[Cell, str], language: str) -> tuple[int, str]:
        """Put the comments into the package, instead of those of a former report.

        Returns:
            How many were written, and the relation's id where the sheet has a drawing it had not before.
        """
        former = self._drop_former()
        listed = self._root.find(f"{{{MAIN}}}commentList")
        authors = self._root.find(f"{{{MAIN}}}authors")
        if listed is None or authors is None:
            return 0, ""
        taken = {_place(comment) for comment in listed}
        wanted = {cell: text for cell, text in texts.items() if cell not in taken}
        if not wanted:
            if former:
                self._put()
            return 0, ""
        etree.SubElement(authors, f"{{{MAIN}}}author").text = AUTHORS[language != "zh"]
        for (row, column), text in wanted.items():
            comment = etree.SubElement(
                listed, f"{{{MAIN}}}comment", ref=f"{letters(column)}{row}", authorId=str(len(authors) - 1)
            )
            run = etree.SubElement(etree.SubElement(comment, f"{{{MAIN}}}text"), f"{{{MAIN}}}t")
            run.text = writable(text)
            run.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        listed[:] = sorted(listed, key=_place)
        self._add_shapes(wanted)
        return len(wanted), self._put()

    def _drop_former(self) -> set[Cell]:
        authors = [author.text for author in self._root.iter(f"{{{MAIN}}}author")]
        dropped = set()
        for comment in list(self._root.iter(f"{{{MAIN}}}comment")):
            author = int(comment.get("authorId", "-1"))
            if 0 <= author < len(authors) and authors[author] in AUTHORS:
                dropped.add(_place(comment))
                comment.getparent().remove(comment)
        if dropped:
            self._vml = _SHAPE.sub(lambda shape: b"" if _note_of(shape[0]) in dropped else shape[0], self._vml)
        return dropped

    def _add_shapes(self, texts: Mapping[Cell, str]) -> None:
        blocks = range(self._block, self._block + -(-len(texts) // _SHAPES_A_BLOCK))
        listed = ",".join(map(str, blocks))
        if not self._vml:
            self._vml = _DRAWING.format(blocks=listed).encode()
        else:
            self._vml = re.sub(
                rb"(<o:idmap\b[^>]*\bdata\s*=\s*[\"'])([0-9, ]*)", rb"\g<1>\g<2>," + listed.encode(), self._vml, count=1
            )
        shapes = [] if b'id="_x0000_t202"' in self._vml else [_TYPE]
        for place, ((row, column), text) in enumerate(texts.items()):
            lines = min(16, sum(1 + len(line) // 22 for line in text.split("\n")) + 1)
            above = max(row - 2, 0)
            shapes.append(
                _NOTE.format(
                    id=self._block * _SHAPES_A_BLOCK + 1 + place,
                    height=lines * 13,
                    row=row - 1,
                    column=column,
                    anchor=f"{column + 1}, 12, {above}, 8, {column + 4}, 40, {above + lines}, 4",
                )
            )
        end = _END.search(self._vml)
        edge = end.start() if end else len(self._vml)
        self._vml = self._vml[:edge] + "".join(shapes).encode() + self._vml[edge:]

    def _put(self) -> str:
        new, related = "", False
        if self._part is None:
            self._part = self._package.free_name("xl/comments_preflight{}.xml")
            self._relations.add("comments", self._part)
            self._package.put(self._part, b"", _KIND)
            related = True
        self._package.put(self._part, serialise(self._root))
        if self._drawing is None:
            self._drawing = self._package.free_name("xl/drawings/preflight_notes{}.vml")
            new = self._relations.add("vmlDrawing", self._drawing)
            self._package.default("vml", _VML_KIND)
        self._package.put(self._drawing, self._vml)
        if related or new:
            self._package.put_relations(self._relations)
        return new


def _place(comment: etree._Element) -> Cell:
    column, row, _, _ = bounds(comment.get("ref", "A1"))
    return row, column


def _note_of(shape: bytes) -> Cell | None:
    places = {name: int(value) for name, value in _PLACE.findall(shape)}
    if b'"Note"' not in shape or len(places) != 2:
        return None
    return places[b"Row"] + 1, places[b"Column"]
