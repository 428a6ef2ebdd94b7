"""Each format and each program's way of writing it, read as it was meant."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from flows.steps.workbook import read, refusals
from tests import made
from tests.made import KEYS
from tests.reads import HEAD, ONE, TWO, damaged, domains, in_text, refusal, rows_of


def test_an_ordinary_workbook(tmp_path: Path) -> None:
    reading = read(made.good(tmp_path / "a.xlsx"), "sub/a.xlsx")
    assert (reading.format, reading.workbook, rows_of(reading)) == ("xlsx", "sub/a.xlsx", [2, 3])
    assert tuple(reading.typed.column_names) == KEYS
    assert reading.filings.column_names == [*KEYS, "workbook", "sheet", "row", "damaged"]
    (sheet,) = reading.sheets
    assert (sheet.part, sheet.header_row, sheet.last_column) == ("xl/worksheets/sheet1.xml", 1, len(KEYS) - 1)
    assert sheet.columns == {key: number for number, key in enumerate(KEYS)}
    for key in KEYS:
        assert reading.filings[key][0].as_py() == made.filing(1)[key]


def test_a_workbook_with_macros(tmp_path: Path) -> None:
    data = made.row(1, HEAD) + made.row(2, ONE)
    path = made.package(
        tmp_path / "a.xlsm",
        {
            name: text.replace(
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main",
                "application/vnd.ms-excel.sheet.macroEnabled.main",
            )
            for name, text in made.parts(made.sheet(data)).items()
        },
    )
    assert (reading := read(path, "a")).format == "xlsm"
    assert domains(reading) == ["a-sample.cn"]


def test_an_old_workbook() -> None:
    reading = read(Path(__file__).parent / "files" / "filings.xls", "filings.xls")
    assert reading.format == "xls"
    assert [(sheet.name, sheet.hidden) for sheet in reading.sheets] == [("备案", False), ("隐藏", True)]
    assert [name for name, _ in reading.skipped] == ["空"]
    assert rows_of(reading) == [4, 6, 7, 8, 2]
    assert reading.filings["subject_name"][3].as_py() == "绍兴样例有限公司"  # merged with the row above
    assert reading.typed["domain_expires_on"][0].as_py() == "2027-01-05"
    assert damaged(reading) == [
        "principal_phone:number_form",
        "subject_certificate_number:digits_lost;principal_phone:error",
        "subject_certificate_number:error;principal_phone:error",
        "",
        "",
    ]


def test_a_binary_workbook(tmp_path: Path) -> None:
    path = made.binary(
        tmp_path / "a.xlsb", [(), HEAD, ONE, (), ("宁波样例有限公司", 330000198501010016.0, b"\x2a", "甲", "b.cn")]
    )
    reading = read(path, "a.xlsb")
    assert (reading.format, rows_of(reading)) == ("xlsb", [3, 5])
    assert damaged(reading) == ["", "subject_certificate_number:digits_lost;principal_mobile:error"]
    assert reading.typed["principal_mobile"][1].as_py() == "#N/A"


def test_an_opendocument_workbook(tmp_path: Path) -> None:
    cell = "<table:table-cell {}><text:p>{}</text:p></table:table-cell>"
    error = cell.format('office:value-type="string" office:string-value="" calcext:value-type="error"', "#N/A")
    number = cell.format('office:value-type="float" office:value="3.3E+017"', "3.3E+17")
    blank = '<table:table-cell table:number-columns-repeated="16384"/>'
    spanning = made.opendocument_row(ONE).replace(
        "<table:table-cell ", '<table:table-cell table:number-rows-spanned="2" ', 1
    )
    path = made.opendocument(
        tmp_path / "a.ods",
        [
            '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>',
            made.opendocument_row(HEAD),
            spanning,
            "<table:table-row><table:covered-table-cell/>" + number + error + made.opendocument_row(TWO[3:])[17:],
            made.opendocument_row(TWO, ' table:visibility="collapse"'),
            f'<table:table-row table:number-rows-repeated="1048570">{blank}</table:table-row>',
        ],
    )
    reading = read(path, "a.ods")
    assert (reading.format, rows_of(reading), reading.sheets[0].hidden_rows) == ("ods", [4, 5, 6], 1)
    assert reading.filings["subject_name"].to_pylist() == [ONE[0], ONE[0], TWO[0]]
    assert damaged(reading)[1] == "subject_certificate_number:digits_lost;principal_mobile:error"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_text_files(tmp_path: Path, encoding: str, separator: str) -> None:
    quoted = ('"杭州样例有限公司"', '="91330000MA0000007W"', "13805710001", '"晨光\n样例"', "a-sample.cn")
    lines = [separator.join(HEAD), separator.join(quoted), "", separator.join(("甲", "3.3E+17", "#N/A", "乙", "b.cn"))]
    path = tmp_path / "a.csv"
    path.write_bytes("\r\n".join(lines).encode(encoding))
    reading = read(path, "a.csv")
    assert (reading.format, rows_of(reading)) == ("csv", [2, 4])
    assert reading.filings["subject_certificate_number"][0].as_py() == "91330000MA0000007W"
    assert damaged(reading)[1] == "subject_certificate_number:digits_lost;principal_mobile:error"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_text_file_in_utf_16_without_its_mark(tmp_path: Path, encoding: str) -> None:
    assert rows_of(in_text(tmp_path, "\t".join(HEAD) + "\r\n" + "\t".join(ONE) + "\r\n", encoding)) == [2]


@pytest.mark.parametrize("encoding", ["cp950", "big5hkscs"])
@pytest.mark.parametrize("separator", [",", "\t"])
def test_a_text_file_in_big5(tmp_path: Path, encoding: str, separator: str) -> None:
    head = ("主辦單位名稱", "主辦單位證件號碼", "主體負責人聯繫方式1", "網站名稱", "域名")
    row = ("四會許功樣例有限公司", *ONE[1:3], "晨光書屋", ONE[4])  # their second bytes are | and \\
    text = "備案表\r\n" + "\r\n".join(separator.join(line) for line in (head, row))
    reading = in_text(tmp_path, text, encoding)
    assert (reading.sheets[0].header_row, domains(reading)) == (2, ["a-sample.cn"])
    assert reading.filings["subject_name"].to_pylist() == [row[0]]
    assert reading.filings["site_name"].to_pylist() == ["晨光書屋"]


def test_the_header_tells_gb18030_from_big5(tmp_path: Path) -> None:
    traditional = ("主辦單位名稱", "主辦單位證件號碼", "主體負責人聯繫方式1", "網站名稱", "域名")
    for head in (HEAD, traditional):  # GB18030 has traditional characters, too
        reading = in_text(tmp_path, "\n".join(map(",".join, (head, ONE))), "gb18030")
        assert reading.filings["subject_name"].to_pylist() == [ONE[0]]


def test_the_header_tells_the_separator(tmp_path: Path) -> None:
    reading = in_text(tmp_path, "\t".join((*HEAD, "备注")) + "\n" + "\t".join((*ONE, "a,b,c,d,e,f,g,h,i,j,k,l")))
    assert domains(reading) == ["a-sample.cn"]


def test_a_line_that_states_the_separator_is_no_row(tmp_path: Path) -> None:
    reading = in_text(tmp_path, "sep=;\r\n" + ";".join(HEAD) + "\r\n" + ";".join(ONE))
    assert (reading.sheets[0].header_row, rows_of(reading)) == (1, [2])


@pytest.mark.parametrize("lines_after", [0, 1, 5])
def test_a_quotation_mark_left_open_swallows_no_rows_in_silence(tmp_path: Path, lines_after: int) -> None:
    lines = [",".join(HEAD), ",".join(ONE), '"' + ",".join(TWO), *[",".join(TWO)] * 3]
    lines += ['"' + ",".join(ONE), *[",".join(ONE)] * lines_after] if lines_after else []
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert refusal(path).words == refusals.unpaired_quote(3)


def test_the_content_decides_not_the_name(tmp_path: Path) -> None:
    made.good(tmp_path / "a.xlsx").rename(tmp_path / "a.xls")
    assert read(tmp_path / "a.xls", "a.xls").format == "xlsx"


def variants() -> dict[str, str]:
    plain = made.row(1, HEAD) + made.row(3, ONE) + made.row(4, TWO)
    number = (
        '<row r="5"><c r="A5" t="inlineStr"><is><t>丙公司</t></is></c><c r="B5"><v>330000198501010016</v></c></row>'
    )
    text = made.sheet(plain + number, after='<mergeCells count="1"><mergeCell ref="A3:A3"/></mergeCells>')
    prefixed = text.replace("xmlns=", "xmlns:x=")
    for name in ("worksheet", "sheetData", "row", "c", "v", "is", "t", "mergeCells", "mergeCell"):
        for bracket in ("<", "</"):
            for end in (">", " "):
                prefixed = prefixed.replace(f"{bracket}{name}{end}", f"{bracket}x:{name}{end}")
    return {
        "plain": text,
        "prefixed": prefixed,
        "strict": text.replace(
            "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"
        ),
        "attributes turned round": text.replace('<c r="B5">', '<c s="0" r="B5">'),
        "spaced": text.replace("><", ">\n  <"),
        "commented": text.replace("<sheetData>", "<!-- <row r='9'> --><sheetData>"),
        "small dimension": text.replace("<sheetData>", '<dimension ref="A1"/><sheetData>'),
        "huge dimension": text.replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>'),
        "styled blank tail": text.replace(
            "</sheetData>", '<row r="900"><c r="A900" s="0"/><c r="CZ900" s="0"/></row></sheetData>'
        ),
    }


@pytest.mark.parametrize("name", variants())
def test_sheets_other_programs_write(tmp_path: Path, name: str) -> None:
    reading = read(made.package(tmp_path / "a.xlsx", made.parts(variants()[name])), "a")
    assert rows_of(reading) == [3, 4, 5]
    assert damaged(reading) == ["", "", "subject_certificate_number:digits_lost"]
    assert domains(reading)[:2] == ["a-sample.cn", "b-sample.cn"]
    assert reading.sheets[0].last_column == 4


def test_cells_without_references(tmp_path: Path) -> None:
    import re

    data = re.sub(r' r="[A-Z0-9]+"', "", made.row(1, HEAD) + made.row(2, ONE) + made.row(3, TWO))
    reading = read(made.written(tmp_path / "a.xlsx", data), "a")
    assert (rows_of(reading), domains(reading)) == ([2, 3], ["a-sample.cn", "b-sample.cn"])


def test_rows_out_of_order(tmp_path: Path) -> None:
    data = made.row(1, HEAD) + made.row(7, TWO) + made.row(3, ONE)
    reading = read(made.written(tmp_path / "a.xlsx", data), "a")
    assert list(zip(rows_of(reading), domains(reading), strict=True)) == [(3, "a-sample.cn"), (7, "b-sample.cn")]


def test_part_names_differ_in_case(tmp_path: Path) -> None:
    members = made.parts(made.sheet(made.row(1, HEAD) + made.row(2, ONE)))
    members["xl/worksheets/Sheet1.xml"] = members.pop("xl/worksheets/sheet1.xml")
    reading = read(made.package(tmp_path / "a.xlsx", members), "a")
    assert reading.sheets[0].part == "xl/worksheets/Sheet1.xml"


def test_rows_of_formulas_below_the_last_value_are_told(tmp_path: Path) -> None:
    formulas = "".join(f'<c r="{made.letters(column)}3"><f>A1</f></c>' for column in range(5))
    data = made.row(1, HEAD) + made.row(2, ONE) + f'<row r="3">{formulas}</row><row r="4"><c r="A4"><f>A1</f></c></row>'
    reading = read(made.written(tmp_path / "a.xlsx", data), "a")
    assert rows_of(reading) == [2, 3]
    assert damaged(reading)[1].count("formula") == 5


def test_the_reader_needs_neither_pandas_nor_great_expectations() -> None:
    script = (
        "import sys; import flows.steps.workbook.child; "
        "assert not {'great_expectations', 'prefect', 'openpyxl', 'xlsxwriter'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)  # noqa: S603


def test_the_package_itself_is_light() -> None:
    script = "import sys; import flows.steps.workbook; assert not {'pandas', 'pyarrow', 'fastexcel'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True)  # noqa: S603
