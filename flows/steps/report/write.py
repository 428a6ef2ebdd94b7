"""Write a report: the sender's package patched, or, where that cannot be done, a fresh workbook with all their data."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from flows.steps.durable import fitting
from flows.steps.own import is_own_sheet, sheet_name
from flows.steps.report.added import author
from flows.steps.report.beside import Beside
from flows.steps.report.book import Book
from flows.steps.report.chase import Chase
from flows.steps.report.comments import Comments, comment_texts
from flows.steps.report.facts import ReportFacts, WriteResult
from flows.steps.report.former import former_columns
from flows.steps.report.fresh import safe_name, unpatchable, why_fresh, write_base
from flows.steps.report.graft import Graft
from flows.steps.report.listing import Listing, ranked, with_places
from flows.steps.report.lists import chase_rows
from flows.steps.report.package import Package, Unpatchable, parse, replace_file
from flows.steps.report.places import Places
from flows.steps.report.plan import Plan
from flows.steps.report.sheet import SheetPatch
from flows.steps.report.styles import Styles
from flows.steps.report.tally import tally
from flows.steps.report.writing import Sheets
from flows.steps.workbook.merged import NOTHING_MERGED

if TYPE_CHECKING:
    from flows.steps.workbook import Reading, Sheet

_MANY_ROWS = 100_000
_SPARE = 16
"""Bytes of a report's name left for a number, and for what marks it while it is copied."""
_STYLES_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"


def target(reading: Reading, out: Path, taken: Collection[Path] = ()) -> Path:
    """Where the report of a workbook goes: ``NAME.report.xlsx`` in its sub-folder of ``out``.

    A workbook with macros keeps ``.xlsm``: Excel opens neither under the other's name. A report that
    came back keeps its name. The file just read is never overwritten, nor a path already ``taken``
    (by ``a.xls`` beside ``a.xlsx``): the whole name then stands before ``.report``. A name that would be
    longer than names can be is cut.
    """
    path = out / reading.workbook
    suffix = f".report.{'xlsm' if reading.format == 'xlsm' else 'xlsx'}"
    wanted = path.with_name(fitting(path.stem.removesuffix(".report"), suffix, _SPARE))
    if wanted in taken or wanted.resolve() == reading.path.resolve():
        return path.with_name(fitting(path.name, suffix, _SPARE))
    return wanted


def write(
    reading: Reading, findings: pd.DataFrame, verdicts: pd.DataFrame, target: Path, facts: ReportFacts,
    adopted: pd.DataFrame | None = None,
) -> WriteResult:  # fmt: skip
    """Write the report of one workbook to ``target``, whole or not at all; the same input gives the same bytes.

    Args:
        findings: of this workbook, with ``sheet`` and ``row`` as Excel shows it; ``change`` if known.
        verdicts: one row per filing, likewise.
        adopted: suggested values taken over on reading (sheet, row, key, before, after): they are written
            into their cells and listed.

    Raises:
        OSError: the target cannot be written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".report-", dir=target.parent) as folder:
        scratch = Path(folder)
        report = _Report(reading, findings, verdicts, facts, scratch, adopted)
        why = why_fresh(reading, facts.language)
        result = None
        if not why:
            try:
                result = report.write(reading.path, "patched", "")
            except Unpatchable as reason:
                why = unpatchable(str(reason), facts.language)
        if result is None:
            base = scratch / "base.xlsx"
            write_base(reading, base)
            report.lay_out_anew(safe_name)
            result = report.write(base, "fresh", why)
        finished = result.target
        replace_file(finished, target)
    return WriteResult(**{**result.__dict__, "target": target})


class _Report:
    """One report on its way."""

    def __init__(
        self, reading: Reading, findings: pd.DataFrame, verdicts: pd.DataFrame, facts: ReportFacts, scratch: Path,
        adopted: pd.DataFrame | None,
    ) -> None:  # fmt: skip
        self._adopted = adopted
        self._reading, self._facts, self._scratch = reading, facts, scratch
        self._verdicts = verdicts.copy(deep=False)
        places = Places(reading.filings)
        listed = ranked(findings, [sheet.name for sheet in reading.sheets])
        self._findings = with_places(listed, places, reading.typed, reading.filings)
        self._tally = tally(findings, verdicts, reading.filings, places)
        self._sheets = {sheet.name: sheet for sheet in reading.sheets}
        """The sheets with filings by the names they bear in the report."""

    def lay_out_anew(self, safe: Callable[[str], str]) -> None:
        """The sheets as they are written anew: under names a workbook can have, and without merged cells."""
        names = {name: safe(name) for name in self._sheets}
        self._sheets = {names[name]: replace(sheet, merged=NOTHING_MERGED) for name, sheet in self._sheets.items()}
        for table in (self._findings, self._verdicts):
            table["sheet"] = table["sheet"].map(names).astype("str")

    def write(self, path: Path, how: str, why: str) -> WriteResult:
        self._comments = 0
        level = 1 if len(self._verdicts) > _MANY_ROWS else 6
        with Package(path) as package:
            book = Book(package)
            styles_part = package.relations.first("styles")
            styles = Styles(package.read(styles_part) if styles_part and styles_part in package else None)
            plans = [self._plan(package, name, book.part(name)) for name in self._sheets]
            names = self._add(package, book, styles, plans, how, why)
            deselect = self._open_at_summary(book, names[0])
            for plan in plans:
                plan.deselect = plan.name in deselect
            patches = [self._patch(package, styles, plan, number) for number, plan in enumerate(plans)]
            for patch in patches:
                package.put(patch.plan.part, patch.write)
            styles_part = self._put_styles(package, styles, styles_part)
            book.put(lambda: {patch.plan.name: patch.filter_area for patch in patches if patch.filter_area})
            finished = self._scratch / f"{how}.xlsx"
            package.save(finished, level)
        return WriteResult(
            finished,
            how,
            why,
            marked_cells=sum(patch.marked for patch in patches),
            comments=self._comments,
            links=sum(patch.links for patch in patches),
            findings=len(self._findings),
            sheets=tuple(names),
        )

    def _add(self, package: Package, book: Book, styles: Styles, plans: list[Plan], how: str, why: str) -> list[str]:
        facts, language = self._facts, self._facts.language
        columns = {name: sheet.columns for name, sheet in self._sheets.items()}
        listing, chase = Listing(self._findings, columns, language, facts.mask), Chase(self._findings, language)
        path = self._scratch / f"added-{how}.xlsx"
        content = Sheets(
            self._tally, facts, Path(self._reading.workbook).name, how, why,
            {plan.name: plan.beginning for plan in plans},
            self._adopted,
            tuple((name, words(language)) for name, words in self._reading.skipped if not is_own_sheet(name)),
            tuple(note(language) for note in self._reading.notes),
        )  # fmt: skip
        parts = range(1, listing.parts + 1)
        names = author(path, content, [listing.lines(part) for part in parts], len(chase))
        graft = Graft(path, package, styles)
        part_of = {sheet_name("findings", language, part): part for part in parts}
        for added in graft.sheets:
            part = part_of.get(added.name)
            if part is not None:
                listing.formats = {level: graft.formats(added, row) for row, level in ((2, "error"), (3, "warning"))}
                graft.put(added, partial(listing.rows, part), partial(listing.links, part))
            elif added.name == sheet_name("chase", language):
                graft.put(added, partial(chase_rows, chase, graft.formats(added, 2)))
            else:
                graft.put(added)
        book.add(graft.sheets, graft.defined_names)
        return names

    def _open_at_summary(self, book: Book, summary: str) -> frozenset[str]:
        """Open the report on its summary; gives the sheets that are no longer the selected one.

        Only where the selected sheet is rewritten anyway: two selected sheets are edited as one.
        """
        selected = book.selected()
        if selected <= {*self._sheets, ""}:
            book.open_at(summary)
            return frozenset(selected)
        return frozenset()

    def _plan(self, package: Package, name: str, part: str) -> Plan:
        sheet = self._sheets[name]
        return Plan(
            name=name,
            part=part,
            header_row=sheet.header_row,
            last_row=sheet.last_row,
            last_column=sheet.last_column,
            language=self._facts.language,
            own_columns=former_columns(package, part, sheet.header_row),
            table_areas=_tables(package, part),
            adopted=self._adopted_of(sheet),
        )

    def _patch(self, package: Package, styles: Styles, plan: Plan, number: int) -> SheetPatch:
        sheet, language = self._sheets[plan.name], self._facts.language
        findings, verdicts = self._findings, self._verdicts
        if len(self._sheets) > 1:
            findings, verdicts = (table[table["sheet"] == plan.name] for table in (findings, verdicts))
        texts = comment_texts(findings, sheet.columns, language, self._facts.comments, sheet.merged)
        comments, plan.notes = Comments(package, plan.part, 20 * number).write(texts, language)
        self._comments += comments
        return SheetPatch(package, plan, Beside(findings, verdicts, sheet.columns, language, sheet.merged), styles)

    def _adopted_of(self, sheet: Sheet) -> dict[int, dict[int, str]]:
        values: dict[int, dict[int, str]] = {}
        if self._adopted is not None:
            for line in self._adopted[self._adopted["sheet"] == sheet.name].to_dict("records"):
                if line["key"] in sheet.columns:
                    column = sheet.columns[line["key"]]
                    values.setdefault(sheet.merged.rows(column, int(line["row"]))[0], {})[column] = line["after"]
        return values

    @staticmethod
    def _put_styles(package: Package, styles: Styles, part: str | None) -> str:
        """The styles are written last: the sheets ask for formats while they are streamed."""
        if part is None or part not in package:
            part = package.free_name("xl/styles{}.xml")
            package.relations.add("styles", part)
            package.put(part, b"", _STYLES_KIND)
            package.forget(part)
        package.put_last(part, styles.to_bytes)
        return part


def _tables(package: Package, part: str) -> tuple[str, ...]:
    found = []
    for _, kind, target in package.relations_for(part):
        if kind == "table" and target in package:
            root = parse(package.read(target))
            found.append(root.get("ref", "A1"))
    return tuple(found)
