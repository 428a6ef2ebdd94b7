"""The workbook part: which sheets there are, what is named, which sheet opens."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence

from lxml import etree

from flows.steps import own
from flows.steps.coordinates import bounds, letters
from flows.steps.report.graft import Added
from flows.steps.report.markup import MAIN, RELATIONSHIPS, quoted
from flows.steps.report.package import Package, Unpatchable, check_main, child_of, parse, serialise

_AFTER_NAMES = (
    "calcPr", "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing",
    "fileRecoveryPr", "webPublishObjects", "extLst",
)  # fmt: skip
_FILTER = "_xlnm._FilterDatabase"


class Book:
    """The sheets of a package by name; a former report's are taken away at once."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self.root = parse(package.read(package.workbook))
        check_main(self.root)
        group = self.root.find(f"{{{MAIN}}}sheets")
        if group is None:
            raise Unpatchable("the workbook names no sheets")
        self._group = group
        self._targets = package.relations.by_id()
        self.removed = self._drop_own()

    def _part_of(self, sheet: etree._Element) -> str:
        return self._targets.get(sheet.get(f"{{{RELATIONSHIPS}}}id", ""), "")

    def part(self, name: str) -> str:
        """The part of a sheet."""
        for sheet in self._group:
            if sheet.get("name") == name:
                return self._package._name(self._part_of(sheet))
        raise Unpatchable("a sheet is missing")

    @property
    def parts(self) -> list[str]:
        return [self._part_of(sheet) for sheet in self._group]

    def _drop_own(self) -> bool:
        kept: list[tuple[int, etree._Element]] = []
        dropped: list[tuple[int, etree._Element]] = []
        for place, sheet in enumerate(self._group):
            (dropped if own.is_own_sheet(sheet.get("name", "")) else kept).append((place, sheet))
        if not dropped:
            return False
        for _, sheet in dropped:
            part = self._part_of(sheet)
            self._remove(part)
            self._package.relations.remove(part)
            self._group.remove(sheet)
        moved = {place: new for new, (place, _) in enumerate(kept)}
        self._move_names(moved)
        for view in self.root.iter(f"{{{MAIN}}}workbookView"):
            for name in ("activeTab", "firstSheet"):
                if name in view.attrib:
                    view.set(name, str(moved.get(int(view.get(name, "0")), 0)))
        # Excel makes the order of calculation anew; entries for sheets that are gone would need repair.
        chain = self._package.relations.first("calcChain")
        if chain:
            self._package.relations.remove(chain)
            self._package.remove(chain)
        return True

    def _remove(self, part: str) -> None:
        """A sheet of ours with its drawings and charts; comments somebody put there go too."""
        for _, kind, target in list(self._package.relations_for(part)):
            if kind in (
                "drawing",
                "chart",
                "comments",
                "vmlDrawing",
                "printerSettings",
                "chartUserShapes",
                "threadedComment",
            ):
                self._remove(target)
        self._package.remove(part)

    def _move_names(self, moved: dict[int, int]) -> None:
        names = self.root.find(f"{{{MAIN}}}definedNames")
        for name in list(names) if names is not None else ():
            local = name.get("localSheetId")
            if local is None:
                continue
            if int(local) in moved:
                name.set("localSheetId", str(moved[int(local)]))
            else:
                names.remove(name)
        if names is not None and not len(names):
            self.root.remove(names)

    def add(self, sheets: Sequence[Added], names: Sequence[etree._Element]) -> None:
        """Name the added sheets, behind the sender's; ``names`` are what their own workbook defined."""
        first = len(self._group)
        ids = {int(sheet.get("sheetId", "0")) for sheet in self._group}
        for place, added in enumerate(sheets):
            sheet = etree.SubElement(self._group, f"{{{MAIN}}}sheet")
            sheet.set("name", added.name)
            sheet.set("sheetId", str(max(ids, default=0) + 1 + place))
            sheet.set(f"{{{RELATIONSHIPS}}}id", self._package.relations.add("worksheet", added.part))
        for name in names:
            group = child_of(self.root, "definedNames", _AFTER_NAMES)
            new = copy.deepcopy(name)
            new.set("localSheetId", str(first + int(name.get("localSheetId", "0"))))
            group.append(new)

    def set_filter(self, sheet: str, area: str) -> None:
        """The hidden name Excel keeps for a sheet's filter."""
        index = [entry.get("name") for entry in self._group].index(sheet)
        first_column, top, last_column, bottom = bounds(area)
        text = f"{quoted(sheet)}!${letters(first_column)}${top}:${letters(last_column)}${bottom}"
        group = child_of(self.root, "definedNames", _AFTER_NAMES)
        for name in group:
            if name.get("name") == _FILTER and name.get("localSheetId") == str(index):
                name.text = text
                return
        name = etree.SubElement(group, f"{{{MAIN}}}definedName", name=_FILTER, localSheetId=str(index), hidden="1")
        name.text = text

    def selected(self) -> set[str]:
        """Names of the sheets that are selected when the workbook opens."""
        active = 0
        view = self.root.find(f".//{{{MAIN}}}workbookView")
        if view is not None:
            active = int(view.get("activeTab", "0"))
        return {sheet.get("name", "") for place, sheet in enumerate(self._group) if place == active}

    def open_at(self, name: str) -> None:
        """Let the workbook open on a sheet."""
        index = [entry.get("name") for entry in self._group].index(name)
        views = child_of(self.root, "bookViews", ("sheets",))
        if not len(views):
            etree.SubElement(views, f"{{{MAIN}}}workbookView")
        views[0].set("activeTab", str(index))

    def put(self, filters: Callable[[], dict[str, str]]) -> None:
        """Put the part back; ``filters`` gives each sheet's filtered area once the sheets are written."""

        def content() -> bytes:
            for sheet, area in filters().items():
                self.set_filter(sheet, area)
            return serialise(self.root)

        self._package.put_last(self._package.workbook, content)
        self._package.put_relations(self._package.relations)
