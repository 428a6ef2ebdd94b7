"""The sheets we add, authored by XlsxWriter in a workbook of their own, to be grafted onto the sender's."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from flows.steps import own
from flows.steps.report.listing import HEADINGS
from flows.steps.report.lists import chase_shell, write_rules
from flows.steps.report.summary import write_summary
from flows.steps.report.writing import LINE, Formats, Sheets, headed

_SEVERITY = {"error": ("#FFC7CE", "#9C0006"), "warning": ("#FFEB9C", "#7F6000")}


def author(path: Path, content: Sheets, listing_parts: list[int], filers: int) -> list[str]:
    """Write the added sheets to ``path``; gives their names.

    Findings sheets (of so many lines each) get their header and, in rows 2 and 3, a sample of an error's and
    a warning's line, the chase list of one of its ``filers``: the real lines are streamed in later.
    """
    language = content.facts.language
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})
        formats = Formats(book)
        names = [own.sheet_name("summary", language)]
        write_summary(book, book.add_worksheet(names[0]), formats, content)
        for part, lines in enumerate(listing_parts, start=1):
            names.append(own.sheet_name("findings", language, part))
            _findings_shell(book.add_worksheet(names[-1]), formats, language, lines)
        names.append(own.sheet_name("rules", language))
        write_rules(book.add_worksheet(names[-1]), formats, content)
        names.append(own.sheet_name("chase", language))
        chase_shell(book.add_worksheet(names[-1]), formats, language, filers)
    return names


def _findings_shell(sheet: Any, formats: Formats, language: str, lines: int) -> None:
    headed(sheet, formats, [(heading.words(language), heading.width) for heading in HEADINGS], frozen=2, paper=8)
    sheet.autofilter(0, 0, max(lines, 1), len(HEADINGS) - 1)
    for row, severity in enumerate(("error", "warning"), start=1):
        for column, heading in enumerate(HEADINGS):
            sheet.write_string(row, column, " ", _line_format(formats, heading.key, heading.wrap, severity))


def _line_format(formats: Formats, key: str, wrap: bool, severity: str) -> Any:
    look: dict[str, Any] = LINE | {"text_wrap": wrap}
    if key == "cell":
        look |= {"font_color": "#0563C1", "underline": 1}
    if key == "severity":
        fill, colour = _SEVERITY[severity]
        look |= {"bg_color": fill, "font_color": colour, "align": "center"}
    return formats.text(**look)
