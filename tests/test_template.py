"""The template asks for every column, in both languages, and keeps digits as text."""

import openpyxl
import pytest

from expectations.filing import COLUMNS
from flows.cli import main
from flows.steps.template import write_template


def test_template_that_was_filled_in_is_not_lost(tmp_path, capsys):
    target = tmp_path / "filings.xlsx"
    assert main(["template", "--out", str(target)]) == 0
    target.write_bytes(b"filled in")
    assert main(["template", "--out", str(target)]) == 2
    assert target.read_bytes() == b"filled in" and "已存在" in capsys.readouterr().err
    assert main(["template", "--out", str(tmp_path / "filings.csv")]) == 2


@pytest.mark.parametrize("language", ["zh", "en"])
def test_template_offers_every_column_with_its_choices(tmp_path, language):
    write_template(tmp_path / "template.xlsx", language)
    book = openpyxl.load_workbook(tmp_path / "template.xlsx")
    sheet = book.worksheets[0]
    headers = [cell.value.removesuffix("*") for cell in sheet[1]]
    assert headers == [column.label(language) for column in COLUMNS.values()]
    assert {cell.number_format for cell in sheet[2]} == {"@"}
    listed = {
        next(iter(validation.sqref.ranges)).min_col
        for validation in sheet.data_validations.dataValidation
        if validation.type == "list"
    }
    wanted = {
        place
        for place, column in enumerate(COLUMNS.values(), start=1)
        if column.kind in ("choice", "yes/no", "province")
    }
    assert listed == wanted
    assert book.worksheets[1].max_row == len(COLUMNS) + 4
