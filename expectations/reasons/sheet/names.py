"""Names of the filing against each other, as they are written."""

from __future__ import annotations

import pandas as pd

from expectations.cellwise import each
from expectations.facts.people import HAN, has_traditional, names
from expectations.filing import COLUMNS, FILLER
from expectations.rows import ORGANISATIONS, Case, Filings
from expectations.rule import Words, rule

NAMES = tuple(key for key in COLUMNS if key.endswith("_name") and COLUMNS[key].kind == "name")


@rule(
    "ICP0022",
    zh="同一名称繁简写法不一", en="One name in traditional and in simplified characters",
    columns=NAMES, severity="warning",
    message=Words(
        "{cells}用了繁体字，与本行另一处的同一名称写法不同",
        "{cells}: in traditional characters, unlike the same name elsewhere in the row",
    ),
    fix=Words("各处都按证件上的写法填写", "Write the name everywhere as the certificate prints it"),
    owner="filer", source="names are compared with the certificate, character by character",
    good=[
        {}, {"subject_name": "香港樣例圖書有限公司", "domain_holder_name": "香港樣例圖書有限公司"},
        {"legal_representative_name": "於示例", "principal_name": "陈样本"},
        {"domain_holder_name": "乾元样例有限公司"},
    ],
    bad=[
        {"domain_holder_name": "杭州晨光樣例圖書有限公司", "subject_name": "杭州晨光样例图书有限公司"},
        {"principal_name": "陳示例", "legal_representative_name": "陈示例"},
    ],
)  # fmt: skip
def name_in_two_scripts(rows: Filings) -> pd.DataFrame:
    """A name that differs in traditional characters alone is the same name, to be written as the certificate has it."""
    traditional = {key: has_traditional(rows[key]) for key in NAMES}
    if not any(cells.any() for cells in traditional.values()):
        return each(rows, NAMES, lambda key: traditional[key])
    compared = {key: names(rows[key]) for key in NAMES}

    def elsewhere(key: str) -> pd.Series:
        found = rows.constant(False)
        for other in NAMES:
            found |= (compared[other] == compared[key]) & ~traditional[other]
        return traditional[key] & found

    return each(rows, NAMES, elsewhere)


# Digits alone, a masked name, an address on the web: none is printed on a certificate.
_NO_NAME = r"(?i)^[0-9 .-]+$|\*{2}|^(?:https?://|www\.)|^[0-9a-z-]+(?:\.[0-9a-z-]+)*\.(?:com|net|cn|org|vip|top|xyz)/?$"
_SYMBOLS = rf"[^{HAN}A-Za-zÀ-ɏ0-9 ()·.,、&'’\"“”《》/+-]"


@rule(
    "ICP0023",
    zh="主办单位名称不像证件上的全称", en="The unit's name is hardly that of its certificate",
    columns=("subject_name",), case=ORGANISATIONS, severity="error",
    warning_if=Case(
        "只是含有符号", "a name that merely holds symbols",
        lambda rows: ~rows["subject_name"].str.contains(_NO_NAME, regex=True),
    ),
    message=Words(
        "主办单位名称「{subject_name}」只有数字、是网址、被遮盖，或含有单位名称中少见的符号",
        "「{subject_name}」 is nothing but digits, an address on the web or masked, or holds symbols that names of "
        "units hardly have",
    ),
    fix=Words("照证件填写主办单位全称", "Write the unit's full name as on its certificate"),
    owner="filer",
    source="Aliyun ICP docs 2019-09, 填写主体信息和网站信息; MIIT 网站备案信息填报真实性和规范性的有关要求 (reposts)",
    good=[
        {}, {"subject_name": "杭州100分样例图书有限公司"}, {"subject_name": "Sample Trading (Hangzhou) Co., Ltd."},
        {"subject_name": "《样例》杂志社"}, {"subject_name": "张样例(个体工商户)"}, {"subject_name": "SAMPLE & CO"},
        {"subject_name": "无"}, {"subject_name": "Sample.Inc"}, {"subject_nature": "个人", "subject_name": "12345"},
    ],
    bad=[
        {"subject_name": "12345"}, {"subject_name": "chenguang-sample.cn"}, {"subject_name": "www.sample.example"},
        {"subject_name": "杭州****有限公司"}, {"subject_name": "杭州★样例有限公司"},
    ],
)  # fmt: skip
def unit_name_is_none(rows: Filings) -> pd.Series:
    """A unit is filed under the full name of its certificate, never under digits, a domain or symbols. A registry
    may have let a symbol pass, so that only warns; a filler is found by its own rule."""
    name = rows["subject_name"]
    return name.str.contains(f"{_NO_NAME}|{_SYMBOLS}", regex=True) & ~name.isin(FILLER)
