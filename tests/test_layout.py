"""Where the header stands, which columns are ours, and which rows are filings."""

from __future__ import annotations

from pathlib import Path

import opencc
import openpyxl
import pytest

from expectations.cells import traditional
from expectations.filing import COLUMNS
from flows.steps import own
from flows.steps.workbook import read, read_isolated, refusals
from flows.steps.workbook.layout import known
from tests import made
from tests.made import HEADERS, KEYS, values
from tests.reads import HEAD, ONE, TWO, domains, in_sheet, refusal, rows_of, said


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
        ("網站名稱", "site_name"),
        ("*主辦單位名稱（必填）", "subject_name"),
        ("主辦單位證件號碼(選填)", "subject_certificate_number"),
        ("主體負責人聯繫方式一", "principal_mobile"),
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


@pytest.mark.parametrize("standard", ["s2t", "s2tw", "s2hk"])
def test_every_header_is_known_in_traditional_characters(standard: str) -> None:
    convert = opencc.OpenCC(standard).convert
    headers = [text for column in COLUMNS.values() for text in column.headers]
    assert [text for text in headers if known(convert(text)) != known(text)] == []


def test_simplified_headers_need_no_converter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(traditional, "_converter")
    for column in COLUMNS.values():
        assert traditional.simplified_label(column.zh) == column.zh
    with pytest.raises(NameError):
        traditional.simplified_label("網站名稱")


def test_values_below_traditional_headers_stay_as_they_are(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.append(["主辦單位資料", None, "主體負責人信息", None, "網站", None])
    page.append(["名稱", "證件號碼", "姓名", "手機號碼", "名稱", "域名"])
    page.append(["樣例圖書館", "1", "林樣例", "13805710001", "晨光書屋", "a.cn"])
    for area in ("A1:B1", "C1:D1", "E1:F1"):
        page.merge_cells(area)
    book.save(tmp_path / "a.xlsx")
    reading = read(tmp_path / "a.xlsx", "a")
    assert list(reading.sheets[0].columns) == [
        "subject_name", "subject_certificate_number", "principal_name", "principal_mobile", "site_name", "domain",
    ]  # fmt: skip
    assert reading.filings["subject_name"].to_pylist() == reading.typed["subject_name"].to_pylist() == ["樣例圖書館"]
    assert reading.filings["site_name"].to_pylist() == ["晨光書屋"]


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


def merged(tmp_path: Path, rows: list[tuple], *areas: str) -> Path:
    """The rows as a workbook, with these areas merged."""
    path = made.book(tmp_path / "a.xlsx", *rows)
    book = openpyxl.load_workbook(path)
    for area in areas:
        book.active.merge_cells(area)
    book.save(path)
    return path


def test_labels_merged_over_two_lines_reach_to_the_second(tmp_path: Path) -> None:
    rows = [("网站备案信息表",), HEAD, (), ONE, TWO]
    reading = read(merged(tmp_path, rows, *(f"{letter}2:{letter}3" for letter in "ABCDE")), "a.xlsx")
    assert reading.sheets[0].header_row == 3 and rows_of(reading) == [4, 5]
    few = read(merged(tmp_path, rows, "A2:A3", "B2:B3"), "a.xlsx")
    assert few.sheets[0].header_row == 2 and rows_of(few) == [4, 5]
    filled = read(
        merged(tmp_path, [HEAD, ("注", *ONE[1:]), TWO], *(f"{letter}1:{letter}2" for letter in "BCDE")), "a.xlsx"
    )
    assert filled.sheets[0].header_row == 1


@pytest.mark.parametrize(
    ("area", "last"),
    [("E1:H1", 7), ("E3:G3", 6), ("F2:G3", 6), ("E5:H5", 4), ("A4:XFD4", 4), ("A4:C4", 4)],
    ids=["header", "filing", "blank area", "below the filings", "to the end of the sheet", "inside"],
)
def test_columns_of_ours_stand_beside_merged_cells(tmp_path: Path, area: str, last: int) -> None:
    """Under a merge only its first cell is shown: a verdict there would be seen by nobody."""
    reading = read(merged(tmp_path, [HEAD, ONE, TWO, ONE], area), "a.xlsx")
    assert reading.sheets[0].last_column == last


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
        "第 10-11 行是只有序号的空行",
        "第 12 行是合计行",
        "第 6, 14-15 行是说明或备注行",
    ):
        assert said(reading, text), text


def test_a_total_or_a_title_among_the_numbers_is_told_as_what_it_is(tmp_path: Path) -> None:
    reading = in_sheet(
        tmp_path,
        ("序号", *HEAD),
        ("一、杭州",),
        (1, *ONE),
        ("合计：1 家",),
        ("制表人：林示例  2026-01-05",),
        ("BA-0002",),
    )
    assert rows_of(reading) == [3]
    assert said(reading, "第 4 行是合计行") and said(reading, "第 2, 5 行是说明或备注行")
    assert said(reading, "第 6 行是只有序号的空行")


@pytest.mark.parametrize(
    ("text", "why"),
    [("本页小计", "合计行"), ("共 2 条", "合计行"), ("合计（2 家）", "合计行"), ("※ 以上均已核对", "说明或备注行")],
)
def test_lines_at_the_end(tmp_path: Path, text: str, why: str) -> None:
    reading = in_sheet(tmp_path, ("序号", *HEAD), (1, *ONE), (2, *TWO), ("", text, "", "", "", "2"))
    assert rows_of(reading) == [2, 3]
    assert said(reading, f"第 4 行是{why}")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (("与证件一致", "填写证件上的号码", "用于接收短信", "不含特殊字符", "不带www"), "填写要求行"),
        (("例：某某公司", "例：91330000MA0000007W", "如：13805710001", "例如：书屋", "例：a.cn"), "示例行"),
        (("必填", "必填", "必填", "选填", "文本格式"), "填写要求行"),
    ],
)
def test_lines_below_the_header_that_say_how_to_fill_it_in(tmp_path: Path, line: tuple[str, ...], why: str) -> None:
    reading = in_sheet(tmp_path, HEAD, line, ONE, TWO)
    assert rows_of(reading) == [3, 4]
    assert said(reading, f"第 2 行是{why}")


def test_a_bad_filing_below_the_header_is_a_filing(tmp_path: Path) -> None:
    rows = (("甲公司", "无", "待补", "甲站", "/"), ("乙公司", "暂缺1", "联系不上", "乙站", "b.cn"), ("丙公司",))
    assert rows_of(in_sheet(tmp_path, ("序号", *HEAD), *((n, *row) for n, row in enumerate(rows)))) == [2, 3, 4]


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
    assert set(reading.sheets[0].merged.areas) == {(0, 2, 6), (1, 2, 6), (2, 2, 6)}
    assert read_isolated(tmp_path / "a.xlsx", "a").sheets == reading.sheets
