"""Each way a workbook may be made: read as it was meant, or refused in words of its own."""

from __future__ import annotations

import datetime
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from expectations.filing import COLUMNS
from flows.steps.report import own
from flows.steps.workbook import Limits, Reading, Refused, read, refusals
from flows.steps.workbook.layout import known
from tests import made
from tests.made import HEADERS, KEYS, values

HEAD = ("主办单位名称", "主办单位证件号码", "主体负责人联系方式1", "网站名称", "域名")
ONE = ("杭州样例有限公司", "91330000MA0000007W", "13805710001", "晨光样例", "a-sample.cn")
TWO = ("宁波样例有限公司", "91330000MA0000008X", "13805710002", "雕刻样例", "b-sample.cn")


def rows_of(reading: Reading) -> list[int]:
    return reading.filings["row"].to_pylist()


def domains(reading: Reading) -> list[str]:
    return reading.filings["domain"].to_pylist()


def damaged(reading: Reading) -> list[str]:
    return reading.filings["damaged"].to_pylist()


def refusal(path: Path, limits: Limits | None = None) -> Refused:
    with pytest.raises(Refused) as caught:
        read(path, path.name, limits or Limits())
    return caught.value


def said(reading: Reading, text: str) -> bool:
    return any(text in words.zh for words in reading.notes)


def in_sheet(tmp_path: Path, *rows: object) -> Reading:
    return read(made.book(tmp_path / "a.xlsx", *rows), "a.xlsx")


# formats


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


def test_the_content_decides_not_the_name(tmp_path: Path) -> None:
    made.good(tmp_path / "a.xlsx").rename(tmp_path / "a.xls")
    assert read(tmp_path / "a.xls", "a.xls").format == "xlsx"


# refusals

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def entry(name: str) -> bytes:
    return name.encode("utf-16le").ljust(128, b"\0")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", refusals.EMPTY),
        (b"\xef\xbb\xbf \r\n", refusals.EMPTY),
        (OLE + entry("Root Entry") + entry("EncryptedPackage"), refusals.ENCRYPTED),
        (OLE + entry("Root Entry"), refusals.TRUNCATED),
        (OLE + entry("Workbook"), refusals.DAMAGED),
        (b"<html><body><table><tr><td>1</td></tr></table></body></html>", refusals.WEB_PAGE),
        ("\ufeff<!DOCTYPE HTML><table>".encode(), refusals.WEB_PAGE),
        ("<html><table>".encode("utf-16"), refusals.WEB_PAGE),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", refusals.WEB_PAGE),
        (b'<?xml version="1.0"?><W xmlns="urn:schemas-microsoft-com:office:spreadsheet">', refusals.XML_SPREADSHEET),
        (b"\x09\x04\x06\x00\x00\x04\x10\x00", refusals.TOO_OLD),
        (bytes(4096), refusals.TRUNCATED),
        (b"PK\x03\x04" + bytes(100), refusals.TRUNCATED),
        (b"%PDF-1.7", refusals.other("PDF 文件", "a PDF")),
        (b"\x89PNG\r\n\x1a\n", refusals.other("图片", "a picture")),
        (b"\x01\x02\x03abc", refusals.other("无法识别的文件", "a file of an unknown kind")),
        ("主办单位名称,域名\r\n".encode() + b"\xff\xff,\x81", refusals.NO_TEXT),
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_refused_for_what_it_is(tmp_path: Path, content: bytes, words: object) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(content)
    assert refusal(path).words == words


def test_a_truncated_workbook(tmp_path: Path) -> None:
    path = made.good(tmp_path / "a.xlsx")
    path.write_bytes(path.read_bytes()[:-200])
    assert refusal(path).words == refusals.TRUNCATED


def test_a_sheet_that_breaks_off(tmp_path: Path) -> None:
    broken = made.sheet(made.row(1, HEAD) + made.row(2, ONE))[:-40]
    assert refusal(made.package(tmp_path / "a.xlsx", made.parts(broken))).words in (
        refusals.TRUNCATED,
        refusals.DAMAGED,
    )


def test_an_encrypted_opendocument_workbook(tmp_path: Path) -> None:
    path = made.package(
        tmp_path / "a.ods",
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": "x",
            "META-INF/manifest.xml": "<m><encryption-data/></m>",
        },
    )
    assert refusal(path).words == refusals.ENCRYPTED


@pytest.mark.parametrize(("name", "word"), [("word/document.xml", "Word"), ("photo.jpg", "ZIP")])
def test_other_packages(tmp_path: Path, name: str, word: str) -> None:
    assert word in refusal(made.package(tmp_path / "a.xlsx", {name: "x"})).words.zh


def test_nothing_found_says_what_was_found_and_expected(tmp_path: Path) -> None:
    words = refusal(made.book(tmp_path / "a.xlsx", ("商品", "数量"), ("书", 3), title="库存")).words
    assert all(text in words.zh for text in ("库存", "商品", "主办单位名称"))


def test_a_near_header_is_named(tmp_path: Path) -> None:
    words = refusal(made.book(tmp_path / "a.xlsx", ("主办单位全称", "网站的域名地址"), ("甲", "乙"))).words
    assert "「主办单位全称」≈ 主办单位名称" in words.zh


def test_a_header_alone(tmp_path: Path) -> None:
    assert refusals.NO_ROWS.zh in refusal(made.book(tmp_path / "a.xlsx", HEADERS)).words.zh


def test_a_workbook_without_cells(tmp_path: Path) -> None:
    assert refusals.BLANK_SHEET.zh in refusal(made.book(tmp_path / "a.xlsx")).words.zh


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.xlsx").words == refusals.GONE


# layout


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("主办单位名称", "subject_name"),
        ("subject_name", "subject_name"),
        ("Subject name", "subject_name"),
        ("SUBJECT NAME *", "subject_name"),
        ("*主办单位名称（必填）", "subject_name"),
        ("主办单位名称【与证件一致】", "subject_name"),
        ("主办\n单位 名称：", "subject_name"),
        ("主体负责人/姓名", "principal_name"),
        ("主体负责人联系方式（1）", "principal_mobile"),
        ("主体负责人联系方式一", "principal_mobile"),
        ("網站", None),
        ("域名(选填)", "domain"),
        ("网站首页ＵＲＬ", "home_url"),
        ("姓名", None),
        ("主办单位名称是否正确", None),
    ],
)
def test_headers_and_near_headers(text: str, key: str | None) -> None:
    assert (known(text) or (None,))[0] == key


def test_every_header_of_a_column_is_known() -> None:
    for key, column in COLUMNS.items():
        assert {(known(text) or ("",))[0] for text in (column.key, column.zh, column.en)} == {key}


def test_title_and_notes_above_and_empty_columns_before(tmp_path: Path) -> None:
    blank = ("", "", "")
    reading = in_sheet(
        tmp_path,
        (),
        ("", "备案信息汇总表"),
        (),
        ("", "说明：带*为必填"),
        (),
        (*blank, *HEAD),
        (),
        (*blank, *ONE),
        (),
        (),
        (*blank, *TWO),
    )
    assert (reading.sheets[0].header_row, rows_of(reading)) == (6, [8, 11])
    assert reading.sheets[0].columns["domain"] == 7


def test_a_header_of_two_lines(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.append(["备案类型", "主办单位信息", None, "主体负责人", None, None, "网站负责人", None, "网站", None])
    page.append([None, "名称", "证件号码", "姓名", "证件号码", "手机号码", "姓名", "手机号", "名称", "域名"])
    page.append(["首次备案", "甲公司", "1", "林示例", "2", "13805710001", "陈示例", "13805710002", "晨光", "a.cn"])
    for area in ("A1:A2", "B1:C1", "D1:F1", "G1:H1", "I1:J1"):
        page.merge_cells(area)
    book.save(tmp_path / "a.xlsx")
    reading = read(tmp_path / "a.xlsx", "a")
    assert reading.sheets[0].header_row == 2
    assert reading.sheets[0].columns == {
        "filing_type": 0, "subject_name": 1, "subject_certificate_number": 2, "principal_name": 3,
        "principal_certificate_number": 4, "principal_mobile": 5, "site_principal_name": 6,
        "site_principal_mobile": 7, "site_name": 8, "domain": 9,
    }  # fmt: skip


def test_keys_below_labels_belong_to_the_header(tmp_path: Path) -> None:
    reading = in_sheet(tmp_path, HEADERS, KEYS, values(1))
    assert (reading.sheets[0].header_row, rows_of(reading)) == (2, [3])


def test_the_thirtieth_row_is_the_last_for_a_header(tmp_path: Path) -> None:
    assert rows_of(in_sheet(tmp_path, *[("x",)] * 29, HEAD, ONE)) == [31]
    assert refusal(made.book(tmp_path / "b.xlsx", *[("x",)] * 30, HEAD, ONE)).words


def test_columns_in_any_order_among_unknown_ones(tmp_path: Path) -> None:
    reading = in_sheet(
        tmp_path, ("域名", "我方编号", *HEAD[:4], "主办单位的城市名"), ("a-sample.cn", "7", *ONE[:4], "杭州")
    )
    assert domains(reading) == ["a-sample.cn"]
    assert reading.sheets[0].last_column == 6
    assert said(reading, "B「我方编号」")
    assert said(reading, "最相近的是 G 列「主办单位的城市名」")


def test_of_two_columns_of_one_name_the_filled_one_counts(tmp_path: Path) -> None:
    reading = in_sheet(tmp_path, ("域名", *HEAD), ("", *ONE))
    assert domains(reading) == ["a-sample.cn"]
    assert said(reading, "「域名」出现多次，采用 F 列")
    assert domains(in_sheet(tmp_path, ("备案域名", *HEAD), ("other.cn", *ONE))) == ["a-sample.cn"]


def test_several_sheets_are_judged_and_the_others_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for number, (title, rows) in enumerate(
        [("一", (HEAD, ONE)), ("说明", (("填写说明",), ("主办单位名称", "必填"))), ("二", ((), HEAD, TWO)),
         ("选项", (("备案类型", "主办单位性质", "主办单位所属省份"), ("首次备案", "企业", "浙江")))]
    ):  # fmt: skip
        page = book.create_sheet(title, number)
        for row in rows:
            page.append(list(row))
    book["二"].sheet_state = "hidden"
    book["二"].row_dimensions[3].hidden = True
    book["二"].column_dimensions["B"].hidden = True
    book.save(tmp_path / "a.xlsx")
    reading = read(tmp_path / "a.xlsx", "a")
    assert list(zip(reading.filings["sheet"].to_pylist(), rows_of(reading), strict=True)) == [("一", 2), ("二", 3)]
    assert [name for name, _ in reading.skipped] == ["说明", "选项", "Sheet"]
    second = reading.sheets[1]
    assert (second.hidden, second.hidden_rows, second.hidden_columns) == (True, 1, ("subject_certificate_number",))
    assert said(reading, "「二」是隐藏的")
    assert said(reading, "第 3 行是隐藏行")


def test_a_report_of_ours_reads_as_the_workbook_it_was(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.append([*HEAD, own.column_header("verdict", "zh"), own.column_header("reasons", "en")])
    page.append([*ONE, "驳回", "域名"])
    for language in ("zh", "en"):
        added = book.create_sheet(own.sheet_name("findings", language))
        added.append(HEAD)
        added.append(ONE)
    book.save(tmp_path / "a.xlsx")
    reading = read(tmp_path / "a.xlsx", "a")
    assert rows_of(reading) == [2]
    assert (reading.sheets[0].last_column, reading.sheets[0].last_cell_column) == (4, 6)
    assert [words for _, words in reading.skipped] == [refusals.OWN_SHEET] * 2


def test_notes_totals_and_ghosts_are_no_filings(tmp_path: Path) -> None:
    ghost = ("", " ", "\u200b", "\xa0", "")
    reading = in_sheet(
        tmp_path,
        ("序号", *HEAD),
        ("", "必填", "必填", "必填", "必填", "选填"),
        ("示例", *ONE),
        (1, *ONE),
        ("", *ghost),
        ("杭州分公司",),
        ("", "", "", "", "", "c-sample.cn"),
        ("序号", *HEAD),
        (2, *TWO),
        (3,),
        (4,),
        ("合计", "2 家", "", "", "2"),
        (),
        ("", "注：以上信息真实有效"),
        ("填表人：林示例", "", "日期：2026-01-05"),
    )
    assert rows_of(reading) == [4, 7, 9]
    for text in (
        "第 2 行是填写要求行",
        "第 3 行是示例行",
        "第 8 行是重复的表头",
        "第 6, 10-11 行是只有序号的空行",
        "第 12 行是合计行",
        "第 14-15 行",
    ):
        assert said(reading, text) or text.endswith("15 行"), text


def test_an_unfinished_filing_is_a_filing(tmp_path: Path) -> None:
    reading = in_sheet(
        tmp_path, ("序号", *HEAD), (1, *ONE), (2, "甲公司"), ("", "乙公司", "", "", "乙站"), ("", "", "", "13805710001")
    )
    assert rows_of(reading) == [2, 3, 4, 5]


def test_merged_cells_are_filled(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.append(HEAD)
    page.append(ONE)
    for number in range(4):
        page.append(["", "", "", f"站{number}", f"s{number}.cn"])
    page.append(TWO)
    page.append(["注：本表由代理填写，共六个网站，请核对后提交，谢谢配合"])
    for area in ("A2:A6", "B2:B6", "C2:C6", "A8:E8"):
        page.merge_cells(area)
    book.save(tmp_path / "a.xlsx")
    reading = read(tmp_path / "a.xlsx", "a")
    assert rows_of(reading) == [2, 3, 4, 5, 6, 7]
    assert reading.filings["subject_name"].to_pylist() == [ONE[0]] * 5 + [TWO[0]]
    assert reading.sheets[0].merged == 3


# cells


def test_numbers_that_lost_digits_and_numbers_that_did_not(tmp_path: Path) -> None:
    header = ("主办单位名称", "主办单位证件号码", "主体负责人联系方式1", "主体负责人联系方式2", "域名")
    reading = in_sheet(
        tmp_path,
        header,
        ("甲公司", 330000198501010016, 13805710001, 57188880001, "a.cn"),
        ("乙公司", 330000000000012, 8613805710001, 4001234567, "b.cn"),
        ("丙公司", "3.30001E+17", "1.38E+10", 1088880001, "c.cn"),
        ("丁公司", "91330000MA0000007W", "13805710001", "057188880001", "d.cn"),
    )
    assert damaged(reading) == [
        "subject_certificate_number:digits_lost;principal_phone:number_form",
        "",
        "subject_certificate_number:digits_lost;principal_mobile:digits_lost;principal_phone:number_form",
        "",
    ]
    assert reading.typed["subject_certificate_number"].to_pylist()[:3] == ["3.3E+17", "330000000000012", "3.30001E+17"]
    assert reading.filings["subject_certificate_number"].to_pylist()[:3] == ["", "330000000000012", ""]
    assert reading.filings["principal_mobile"].to_pylist()[:2] == ["13805710001", "13805710001"]


def test_zeros_a_number_format_shows_are_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.append([*HEAD, "主体负责人联系方式2"])
    page.append([*ONE, 57188880001])
    page["F2"].number_format = "000000000000"
    book.save(tmp_path / "a.xlsx")
    reading = read(tmp_path / "a.xlsx", "a")
    assert reading.typed["principal_phone"].to_pylist() == ["057188880001"]
    assert damaged(reading) == [""]


def test_errors_formulas_and_booleans(tmp_path: Path) -> None:
    def cells(number: int, extra: str) -> str:
        return made.row(number, (f"甲公司{number}", "", "", f"站{number}", f"s{number}.cn")).replace(
            "</row>", extra + "</row>"
        )

    data = (
        made.row(1, (*HEAD, "域名隐私保护", "投资人"))
        + cells(2, '<c r="F2" t="e"><v>#REF!</v></c><c r="G2"><f>A1&amp;B1</f></c>')
        + cells(3, '<c r="F3" t="b"><v>1</v></c><c r="G3" t="str"><f>A1</f><v></v></c>')
        + cells(4, '<c r="F4" t="e"><f>NA()</f><v>#N/A</v></c><c r="G4"><f>A1</f><v></v></c>')
        + cells(5, '<c r="G5" t="str"><f>A1</f><v>林示例</v></c>')
        + cells(6, made.cell("F6", "#N/A") + made.cell("G6", "NA"))
        + cells(7, '<c r="F7" t="s"/><c r="G7"><f t="shared" si="0"/></c>')
    )
    reading = read(made.written(tmp_path / "a.xlsx", data), "a")
    assert damaged(reading) == [
        "investor:formula;domain_privacy:error",
        "",
        "investor:formula;domain_privacy:error",
        "",
        "domain_privacy:error",
        "investor:formula",
    ]
    assert reading.typed["domain_privacy"].to_pylist() == ["#REF!", "true", "#N/A", "", "#N/A", ""]
    assert reading.filings["domain_privacy"].to_pylist()[1] == "是"
    assert reading.typed["investor"].to_pylist() == ["=A1&B1", "", "=A1", "林示例", "NA", "="]
    assert reading.filings["investor"].to_pylist()[4] == "NA"


def test_an_error_no_reader_knows(tmp_path: Path) -> None:
    data = (
        made.row(1, HEAD)
        + made.row(2, ONE[:4]).replace("</row>", '<c r="E2" t="e"><v>#SPILL!</v></c></row>')
        + made.row(4, TWO)
    )
    reading = read(made.written(tmp_path / "a.xlsx", data), "a")
    assert rows_of(reading) == [2, 4]
    assert damaged(reading) == ["domain:error", ""]
    assert reading.typed["domain"].to_pylist() == ["#SPILL!", "b-sample.cn"]


@pytest.mark.parametrize("epoch", [1900, 1904])
def test_dates(tmp_path: Path, epoch: int) -> None:
    book = openpyxl.Workbook()
    page = book.active
    if epoch == 1904:
        book.epoch = openpyxl.utils.datetime.MAC_EPOCH
    page.append([*HEAD, "域名到期日", "域名实名认证完成日"])
    page.append([*ONE, datetime.date(2027, 1, 5), 46027 if epoch == 1900 else 46027 - 1462])
    page.append([*TWO, "2027年1月5日", datetime.datetime(2026, 1, 5, 12, 30)])
    book.save(tmp_path / "a.xlsx")
    reading = read(tmp_path / "a.xlsx", "a")
    assert reading.filings["domain_expires_on"].to_pylist() == ["2027-01-05"] * 2
    assert reading.typed["domain_expires_on"].to_pylist() == ["2027-01-05", "2027年1月5日"]
    assert reading.filings["domain_verified_on"].to_pylist() == ["2026-01-05"] * 2


def test_messy_cells_read_as_clean_ones(tmp_path: Path) -> None:
    reading = in_sheet(
        tmp_path,
        HEAD,
        (
            "杭州样例\u200b有限公司\n",
            "９１３３００００ＭＡ００００００７Ｗ",
            "+86 138-0571-0001",
            "晨光样例\xa0",
            "HTTP://A-Sample.cn/",
        ),
        ("NA", "None", "138 0571 0002、13805710003", "null", "a.cn；b.cn"),
    )
    first, second = (tuple(reading.filings[key][row].as_py() for key in reading.sheets[0].columns) for row in (0, 1))
    assert first == ONE
    assert second == ("NA", "NONE", "13805710002;13805710003", "null", "a.cn;b.cn")


# sheets other programs write


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


# what it costs to import


def test_the_reader_needs_neither_pandas_nor_great_expectations() -> None:
    script = (
        "import sys; import flows.steps.workbook.child; "
        "assert not {'great_expectations', 'prefect', 'openpyxl', 'xlsxwriter'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)  # noqa: S603


def test_the_package_itself_is_light() -> None:
    script = "import sys; import flows.steps.workbook; assert not {'pandas', 'pyarrow', 'fastexcel'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True)  # noqa: S603


def test_a_package_with_an_encrypted_part(tmp_path: Path) -> None:
    path = made.good(tmp_path / "a.xlsx")
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as package:
        offsets = [entry.header_offset for entry in package.infolist()]
    central = data.find(b"PK\x01\x02")
    for place in [offset + 6 for offset in offsets] + [central + 8]:
        data[place : place + 2] = struct.pack("<H", struct.unpack_from("<H", data, place)[0] | 1)
    path.write_bytes(data)
    assert refusal(path).words in (refusals.ENCRYPTED, refusals.TRUNCATED)
