"""Formats: the sender's stay as they are; ours are appended, each made from one of theirs."""

from __future__ import annotations

import copy
from dataclasses import dataclass

from lxml import etree

from flows.steps.report.markup import MAIN
from flows.steps.report.package import check_main, parse, serialise

MOST_FORMATS = 65_000  # Excel reads 65,490
MARKS = {"error": "FFFFC7CF", "warning": "FFFFEB9D", "adopted": "FFDDEBF8"}
"""Fills of cells at fault. A shade beside Excel's own, so that a report sent back is told from a sender's taste."""
VERDICTS = {"rejected": ("FFFFC7CE", "FF9C0006"), "review": ("FFFFEB9C", "FF7F6000"), "ready": ("FFC6EFCE", "FF006100")}
_KEPT = "FE"
"""Stands for opaque where a fill of ours remembers the colour beneath (bgColor of a solid fill is never shown)."""

_ORDER = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors",
    "extLst",
)  # fmt: skip
_MINIMAL = f"""<?xml version="1.0" encoding="UTF-8"?><styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/>
<name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill
patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0"
fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0"
borderId="0" xfId="0"/></cellXfs></styleSheet>""".encode()


def _tag(name: str) -> str:
    return f"{{{MAIN}}}{name}"


@dataclass(frozen=True)
class Change:
    """What differs from the format beneath; None keeps it."""

    fill: str | None = None
    colour: str | None = None
    bold: bool | None = None
    underline: bool = False
    wrap: bool | None = None
    text: bool = False
    general: bool = False
    unlocked: bool = False
    top: bool = False
    centred: bool = False


class Styles:
    """The style sheet of a package, growing."""

    def __init__(self, content: bytes | None) -> None:
        self.root = parse(content or _MINIMAL)
        check_main(self.root)
        self._made: dict[tuple[int, Change | str], int] = {}
        self._filled: dict[bytes, int] = {}
        self._xfs = self._list("cellXfs")
        if not len(self._xfs):
            self._xfs.append(parse(_MINIMAL).find(f".//{_tag('cellXfs')}")[0])
        self._fills = self._list("fills")
        self.base = len(self._xfs)
        self.ours = self._fills_of_ours()
        """Formats a former report filled, by the format beneath."""

    def _list(self, name: str) -> etree._Element:
        found = self.root.find(_tag(name))
        if found is None:
            found = etree.Element(_tag(name))
            before = [
                child
                for child in self.root
                if isinstance(child.tag, str) and etree.QName(child).localname in _ORDER[: _ORDER.index(name)]
            ]
            self.root.insert(self.root.index(before[-1]) + 1 if before else 0, found)
        return found

    def _append(self, name: str, element: etree._Element) -> int:
        group = self._list(name)
        group.append(element)
        return len(group) - 1

    def _valid(self, style: int) -> int:
        return style if 0 <= style < len(self._xfs) else 0

    # -- formats made from the sender's ------------------------------------------------------------

    def changed(self, style: int, change: Change) -> int:
        """The number of a format like ``style`` but for ``change``."""
        style = self._valid(style)
        key = (style, change)
        if key not in self._made:
            if len(self._xfs) >= MOST_FORMATS:
                return style
            self._made[key] = self._make(style, change)
        return self._made[key]

    def bordered(self, style: int) -> bool:
        """Whether cells of a format have borders."""
        return self._xfs[self._valid(style)].get("borderId", "0") != "0"

    def marked(self, style: int, level: str) -> int:
        """``style`` with the fill of a cell at fault; number format, font, borders and alignment stay."""
        style = self._valid(style)
        key = (style, level)
        if key not in self._made:
            if len(self._xfs) >= MOST_FORMATS:
                return style
            xf = copy.deepcopy(self._xfs[style])
            xf.set("fillId", str(self._fill(MARKS[level], self._colour_beneath(xf))))
            xf.set("applyFill", "1")
            self._xfs.append(xf)
            self._made[key] = len(self._xfs) - 1
        return self._made[key]

    def _make(self, style: int, change: Change) -> int:
        xf = copy.deepcopy(self._xfs[style])
        if change.fill is not None:
            xf.set("fillId", str(self._fill(change.fill)) if change.fill else "0")
            xf.set("applyFill", "1")
        if change.colour or change.bold is not None or change.underline:
            xf.set("fontId", str(self._font(int(xf.get("fontId", "0")), change)))
            xf.set("applyFont", "1")
        if change.general or change.text:
            xf.set("numFmtId", "0")
        if change.text:
            xf.set("quotePrefix", "1")
        if change.wrap is not None or change.top or change.centred:
            self._align(xf, change)
        if change.unlocked:
            for old in xf.findall(_tag("protection")):
                xf.remove(old)
            protection = etree.Element(_tag("protection"), locked="0")
            alignment = xf.find(_tag("alignment"))
            xf.insert(0 if alignment is None else 1, protection)
            xf.set("applyProtection", "1")
        self._xfs.append(xf)
        return len(self._xfs) - 1

    @staticmethod
    def _align(xf: etree._Element, change: Change) -> None:
        alignment = xf.find(_tag("alignment"))
        if alignment is None:
            alignment = etree.Element(_tag("alignment"))
            xf.insert(0, alignment)
        for name in ("indent", "textRotation", "shrinkToFit", "horizontal"):
            alignment.attrib.pop(name, None)
        alignment.set("horizontal", "center" if change.centred else "left")
        if change.wrap is not None:
            alignment.set("wrapText", "1" if change.wrap else "0")
        alignment.set("vertical", "top" if change.top else "center")
        xf.set("applyAlignment", "1")

    def _fill(self, colour: str, beneath: etree._Element | None = None) -> int:
        fill = etree.Element(_tag("fill"))
        pattern = etree.SubElement(fill, _tag("patternFill"), patternType="solid")
        etree.SubElement(pattern, _tag("fgColor"), rgb=colour)
        if beneath is None:
            etree.SubElement(pattern, _tag("bgColor"), indexed="64")
        else:
            pattern.append(beneath)
        key = etree.tostring(pattern, method="c14n")
        if key not in self._filled:
            self._filled[key] = self._append("fills", fill)
        return self._filled[key]

    def _font(self, font_id: int, change: Change) -> int:
        fonts = self._list("fonts")
        font = copy.deepcopy(fonts[font_id]) if 0 <= font_id < len(fonts) else etree.Element(_tag("font"))
        for name, value in (("b", change.bold), ("u", change.underline or None)):
            if value is not None:
                for old in font.findall(_tag(name)):
                    font.remove(old)
                if value:
                    font.insert(0, etree.Element(_tag(name)))
        if change.colour:
            for old in font.findall(_tag("color")):
                font.remove(old)
            colour = etree.Element(_tag("color"), rgb=change.colour)
            before = {"b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz"}
            font.insert(sum(etree.QName(child).localname in before for child in font), colour)
        return self._append("fonts", font)

    # -- what a former report filled ---------------------------------------------------------------

    def _colour_beneath(self, xf: etree._Element) -> etree._Element | None:
        place = int(xf.get("fillId", "0"))
        pattern = self._fills[place].find(_tag("patternFill")) if 0 <= place < len(self._fills) else None
        if pattern is None or pattern.get("patternType") != "solid":
            return None
        colour = pattern.find(_tag("fgColor"))
        if colour is None or not ({"rgb", "theme"} & set(colour.attrib)):
            return None
        beneath = etree.Element(_tag("bgColor"), dict(colour.attrib))
        if "rgb" in colour.attrib:
            beneath.set("rgb", _KEPT + colour.get("rgb", "")[-6:])
        return beneath

    def _fills_of_ours(self) -> dict[int, int]:
        marks = {
            place: pattern
            for place, fill in enumerate(self._fills)
            if (pattern := fill.find(_tag("patternFill"))) is not None
            and (colour := pattern.find(_tag("fgColor"))) is not None
            and colour.get("rgb") in MARKS.values()
        }
        found = {}
        for place in range(self.base if marks else 0):
            fill = int(self._xfs[place].get("fillId", "0"))
            if fill in marks:
                found[place] = self._restored(place, marks[fill])
        return found

    def _restored(self, style: int, pattern: etree._Element) -> int:
        xf = copy.deepcopy(self._xfs[style])
        beneath = pattern.find(_tag("bgColor"))
        fill_id = 0
        if beneath is not None and ("theme" in beneath.attrib or beneath.get("rgb", "").startswith(_KEPT)):
            fill = etree.Element(_tag("fill"))
            solid = etree.SubElement(fill, _tag("patternFill"), patternType="solid")
            colour = etree.SubElement(solid, _tag("fgColor"), dict(beneath.attrib))
            if "rgb" in colour.attrib:
                colour.set("rgb", "FF" + colour.get("rgb", "")[-6:])
            etree.SubElement(solid, _tag("bgColor"), indexed="64")
            fill_id = self._append("fills", fill)
        xf.set("fillId", str(fill_id))
        self._xfs.append(xf)
        return len(self._xfs) - 1

    # -- formats of a grafted workbook -------------------------------------------------------------

    def graft(self, content: bytes) -> list[int]:
        """Append the formats of another style sheet; gives our number for each of theirs."""
        other = parse(content)
        formats = self._number_formats(other)
        shift = {}
        for name in ("fonts", "fills", "borders"):
            group = other.find(_tag(name))
            shift[name] = len(self._list(name))
            for element in group if group is not None else ():
                self._list(name).append(copy.deepcopy(element))
        numbers = []
        for xf in other.find(_tag("cellXfs")):
            new = copy.deepcopy(xf)
            for attribute, name in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")):
                new.set(attribute, str(int(xf.get(attribute, "0")) + shift[name]))
            for attribute in ("applyFont", "applyFill", "applyBorder"):
                new.set(attribute, "1")
            new.set("numFmtId", str(formats.get(xf.get("numFmtId", "0"), xf.get("numFmtId", "0"))))
            new.set("xfId", "0")
            self._xfs.append(new)
            numbers.append(len(self._xfs) - 1)
        return numbers

    def _number_formats(self, other: etree._Element) -> dict[str, str]:
        theirs = other.find(_tag("numFmts"))
        if theirs is None:
            return {}
        ours = self._list("numFmts")
        free = max([163, *(int(entry.get("numFmtId", "0")) for entry in ours)]) + 1
        numbers = {}
        for place, entry in enumerate(theirs):
            new = copy.deepcopy(entry)
            new.set("numFmtId", str(free + place))
            ours.append(new)
            numbers[entry.get("numFmtId", "")] = str(free + place)
        return numbers

    def to_bytes(self) -> bytes:
        """The style sheet; counts are set anew."""
        for name in ("numFmts", "fonts", "fills", "borders", "cellXfs"):
            group = self.root.find(_tag(name))
            if group is not None:
                group.set("count", str(len(group)))
                group.attrib.pop("{http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac}knownFonts", None)
        return serialise(self.root)
