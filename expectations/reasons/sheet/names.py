"""Names of the filing against each other, as they are written."""

from __future__ import annotations

import pandas as pd

from expectations.cellwise import each
from expectations.facts.people import has_traditional, names
from expectations.filing import COLUMNS
from expectations.rows import Filings
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
