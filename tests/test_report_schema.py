"""Every part of a report keeps to the schemas of the format, and what refers to something finds it."""

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import xlsxwriter
from lxml import etree
from openxml_audit import FileFormat, OpenXmlValidator, ValidationSeverity
from reported import (
    FACTS,
    HEADERS,
    HOSTILE,
    MAIN,
    ROWS,
    SHEET,
    filing_rows,
    found,
    judged,
    parts_of,
    plain_workbook,
    reading_of,
    rewritten,
    rich_workbook,
)  # fmt: skip

from flows.steps.coordinates import bounds
from flows.steps.report.write import write
from flows.steps.template import write_template


def table(path: Path) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        columns = [{"header": name} for name in HEADERS]
        book.add_worksheet(SHEET).add_table(0, 0, ROWS, len(HEADERS) - 1, {"data": filing_rows(), "columns": columns})


def guarded(path: Path) -> None:
    """Protected, with form controls, header pictures and pages of its own."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet(SHEET)
        for row, cells in enumerate([HEADERS, *filing_rows()]):
            sheet.write_row(row, 0, cells)
        sheet.protect("", {"autofilter": True})
        sheet.insert_button(20, 0, {"caption": "提交"})
        sheet.set_header("&C备案")
        sheet.set_h_pagebreaks([5])
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD100"})


def delimited(path: Path) -> None:
    lines = [HEADERS, *filing_rows()]
    path.write_text("\n".join(",".join(line) for line in lines), encoding="utf-8")


SOURCES = {
    "plain.xlsx": plain_workbook, "rich.xlsm": rich_workbook, "table.xlsx": table, "guarded.xlsx": guarded,
    "fresh.csv": delimited,
}  # fmt: skip


@pytest.fixture(scope="module")
def validator() -> OpenXmlValidator:
    return OpenXmlValidator(file_format=FileFormat.OFFICE_2019, max_errors=0)


def faults(validator: OpenXmlValidator, path: Path) -> set[tuple[str, str]]:
    found = validator.validate(path).errors
    return {(one.part_uri, one.description) for one in found if one.severity is ValidationSeverity.ERROR}


def reported(folder: Path, name: str, language: str = "zh") -> tuple[Path, Path]:
    """A workbook and the report of its report, so that what replaces a former report is looked at, too."""
    suffix = ".xlsm" if name.endswith("m") else ".xlsx"
    source, first, second = folder / name, folder / f"first{suffix}", folder / f"second{suffix}"
    SOURCES[name](source)
    text = HOSTILE[0]
    findings = found(
        (3, "domain;site_name"), (6, "subject_name"), (7, "province"), message=text, expected=text, fix="改"
    )
    facts = replace(FACTS, language=language, refused=(("坏.xlsx", "已加密"),))
    for given, target in ((source, first), (first, second)):
        reading = reading_of(given, columns=10 if "rich" in name else 7, name="fresh" if "fresh" in name else SHEET)
        sheet = {"sheet": reading.sheets[0].name}
        if sheet["sheet"] != SHEET:
            at = reading.filings.column_names.index("sheet")
            names = [sheet["sheet"]] * len(reading.filings)
            reading.filings = reading.filings.set_column(at, "sheet", [names])
        write(reading, findings.assign(**sheet), judged(findings).assign(**sheet), target, facts)
    return source, second


@pytest.mark.parametrize(("name", "language"), [(name, "zh") for name in SOURCES] + [("plain.xlsx", "en")])
def test_a_report_keeps_to_the_schemas(tmp_path: Path, validator: OpenXmlValidator, name: str, language: str):
    source, report = reported(tmp_path, name, language)
    before = faults(validator, source) if source.suffix != ".csv" else set()
    assert faults(validator, report) <= before
    check_references(parts_of(report))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_template_keeps_to_the_schemas(tmp_path: Path, validator: OpenXmlValidator, language: str):
    write_template(tmp_path / "a.xlsx", language)
    assert not faults(validator, tmp_path / "a.xlsx")


def test_the_validator_sees_what_is_wrong(tmp_path: Path, validator: OpenXmlValidator):
    """Else nothing is proved by its silence."""
    _, report = reported(tmp_path, "plain.xlsx")
    rewritten(
        report, "xl/worksheets/sheet1.xml", lambda xml: re.sub(r"(<sheetData.*</sheetData>)(.*)(?=</w)", r"\2\1", xml)
    )
    assert faults(validator, report)


def check_references(parts: dict[str, bytes]) -> None:
    """What schemas do not say: formats, authors and cells that are referred to are there, and in their order."""
    styles = etree.fromstring(parts["xl/styles.xml"])
    formats = len(styles.find(f"{MAIN}cellXfs"))
    for group, name in (("fonts", "fontId"), ("fills", "fillId"), ("borders", "borderId")):
        size = len(styles.find(f"{MAIN}{group}"))
        assert all(int(xf.get(name, "0")) < size for xf in styles.find(f"{MAIN}cellXfs"))
    for part in (name for name in parts if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name)):
        sheet = etree.fromstring(parts[part])
        cells = [bounds(cell.get("r")) for cell in sheet.iter(f"{MAIN}c")]
        places = [(row, column) for column, row, _, _ in cells]
        assert places == sorted(set(places)), part
        assert all(int(cell.get("s", "0")) < formats for cell in sheet.iter(f"{MAIN}c", f"{MAIN}row"))
        columns = [(int(column.get("min")), int(column.get("max"))) for column in sheet.iter(f"{MAIN}col")]
        assert all(before[1] < after[0] for before, after in pairwise(columns)), part
        prompts = [rule.get("promptTitle", "") for rule in sheet.iter(f"{MAIN}dataValidation")]
        assert all(len(prompt) <= 32 for prompt in prompts)
    for part in (name for name in parts if re.match(r"xl/comments.*\.xml", name)):
        comments = etree.fromstring(parts[part])
        authors = len(list(comments.iter(f"{MAIN}author")))
        assert all(int(comment.get("authorId")) < authors for comment in comments.iter(f"{MAIN}comment"))
