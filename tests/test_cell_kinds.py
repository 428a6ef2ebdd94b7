"""Numbers, dates, errors and formulas told apart from text and from nothing."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pytest

from flows.steps.workbook import read
from tests import made
from tests.reads import HEAD, ONE, TWO, damaged, in_sheet, rows_of


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
