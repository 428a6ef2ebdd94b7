"""A small register, and filings to ask it about."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import xlsxwriter

from expectations import specimen
from flows.steps.digest import Digest
from flows.steps.register.reading import COLUMN_KEYS, REGISTER_COLUMNS

KEY = b"a key for tests only"
DIGEST = Digest(KEY)
LABELS = [REGISTER_COLUMNS[key].zh for key in COLUMN_KEYS]
COMPANY = {
    "主办单位证件类型": "营业执照", "主办单位证件号码": "91330000MA0000007W",
    "主办单位名称": "杭州晨光样例图书有限公司", "主体备案号": "浙ICP备12345678号",
    "主办单位所属省份": "浙江省", "域名": "WWW.Chenguang-Sample.cn",
    "网站备案号": "浙ICP备12345678号-1", "是否本接入商": "是", "主体负责人姓名": "林示例",
    "主体负责人证件号码": "330000198501010016", "主体负责人联系方式1": "+86 138-0571-0001", "网站负责人姓名": "林示例",
    "网站负责人证件号码": "330000198501010016", "网站负责人联系方式1": "13805710001", "状态": "已备案",
}  # fmt: skip
PERSON = COMPANY | {
    "主办单位证件类型": "居民身份证", "主办单位证件号码": "33000019900202002X", "主办单位名称": "陈样例",
    "主体备案号": "浙ICP备87654321号", "域名": "mofang-sample.cn", "网站备案号": "浙ICP备87654321号-1",
    "主体负责人姓名": "陈样例", "主体负责人证件号码": "", "主体负责人联系方式1": "13805710003", "网站负责人姓名": "",
    "网站负责人证件号码": "", "网站负责人联系方式1": "", "是否本接入商": "否",
}  # fmt: skip


def csv_file(path: Path, *rows: dict[str, str], encoding: str = "utf-8") -> Path:
    pd.DataFrame(rows, columns=LABELS).to_csv(path, index=False, encoding=encoding)
    return path


def xlsx_file(path: Path, rows: list[list[str]], sheets: tuple[str, ...] = ("备案",)) -> Path:
    with xlsxwriter.Workbook(path) as workbook:
        for name in sheets:
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows if name == sheets[-1] else [["说明"], ["仅供内部使用"]]):
                sheet.write_row(number, 0, row)
    return path


def filings(*changes: dict[str, str]) -> pd.DataFrame:
    return specimen.batch(changes)[0]
