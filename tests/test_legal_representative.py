"""Reason 6 against its sources: province by province, and the worked examples."""

import pandas as pd
import pytest

from expectations import specimen
from expectations.catalogue import catalogue, of_reason
from expectations.facts.people import same_person

# Restated from the sources, not read from our tables. The pages of 2019-09 demand it everywhere but in two.
PAGE_SILENT = ["辽宁", "广西"]
PAGE_LETTER = ["北京", "江苏", "四川", "甘肃"]
LATER_LETTER = ["吉林", "安徽", "四川", "甘肃"]
LATER_FREE = ["北京", "山西", "辽宁", "江苏", "海南"]
SITE_PAGE = ["上海", "福建", "湖北", "湖南", "贵州"]
SITE_LATER = ["天津", "上海", "安徽", "福建", "江西", "湖南", "湖北", "重庆", "四川", "贵州"]
PROVINCES = sorted(specimen.filings(specimen.batch([{}])[0]).basis.reference.provinces)

SOMEBODY = {"principal_name": "周样本", "principal_certificate_number": "330000197803030034"}
SITE_SOMEBODY = {
    "site_principal_name": "周样本", "site_principal_certificate_number": "330000197803030034",
    "site_principal_mobile": "13805710005", "site_principal_email": "zhou@chenguang-sample.cn",
}  # fmt: skip
LETTER = {"attachment_authorization_letter": "letter.jpg"}


def severity(rule: str, *rows: dict[str, str]) -> str:
    """What one rule says of the first row: error, warning, unchecked or pass."""
    filings = specimen.filings(specimen.batch([list(rows)])[0])
    outcome = catalogue()[rule].outcome(filings)
    if outcome.failing[0]:
        return "warning" if outcome.softened[0] else catalogue()[rule].severity
    return "unchecked" if outcome.unchecked[0] else "pass"


def reason_6(row: dict[str, str]) -> set[str]:
    filings = specimen.filings(specimen.batch([row])[0])
    return {rule.id for rule in of_reason(6) if rule.outcome(filings).failing[0]}


def refused(page: bool, later: bool, letter: bool) -> str:
    """The page holds; a letter that only the later list takes, and what only that list asks, is for a reviewer."""
    return "error" if page and (later or not letter) else "warning" if page or later else "pass"


@pytest.mark.parametrize("letter", [False, True], ids=["no letter", "letter"])
@pytest.mark.parametrize("province", PROVINCES)
def test_principal_by_province(province: str, letter: bool):
    page = province not in PAGE_SILENT and not (letter and province in PAGE_LETTER)
    later = province not in LATER_FREE and not (letter and province in LATER_LETTER)
    row = {"province": province, **SOMEBODY, **(LETTER if letter else {})}
    assert severity("ICP0601", row) == refused(page, later, letter)
    assert severity("ICP0601", {**row, "principal_name": "林示例", "principal_certificate_number": ""}) != "error"
    assert severity("ICP0601", {"province": province}) == "pass"


@pytest.mark.parametrize("letter", [False, True], ids=["no letter", "letter"])
@pytest.mark.parametrize("province", PROVINCES)
def test_site_principal_by_province(province: str, letter: bool):
    row = {"province": province, **SITE_SOMEBODY, **(LETTER if letter else {})}
    demanded = refused(province in SITE_PAGE, province in SITE_LATER, letter) if not letter else "pass"
    assert severity("ICP0604", row) == demanded


@pytest.mark.parametrize("province", PROVINCES)
def test_relation_of_the_two_principals_by_province(province: str):
    one, two = {"province": province}, {"province": province, **SITE_SOMEBODY}
    other = {"province": province, **SOMEBODY, **LETTER}
    assert severity("ICP0605", one) == ("error" if province == "天津" else "pass")
    assert severity("ICP0605", two) == "pass"
    assert severity("ICP0606", other) == ("error" if province == "江苏" else "pass")
    assert severity("ICP0613", other) == ("warning" if province == "甘肃" else "pass")
    assert severity("ICP0613", {**other, "subject_remark": "已授权"}) == "pass"
    lender = {**two, "subject_name": "样例典当有限公司"}
    assert severity("ICP0607", lender) == ("error" if province == "辽宁" else "pass")
    assert severity("ICP0611", {**one, "principal_certificate_type": "护照", "principal_certificate_number": "X1"}) == (
        "error" if province == "河北" else "pass"
    )


def test_there_are_31_provinces():
    assert len(PROVINCES) == 31


@pytest.mark.parametrize(
    ("row", "rules"),
    [
        ({"province": "广东", **SOMEBODY}, {"ICP0601"}),
        ({"principal_name": "王先生"}, {"ICP0609"}),
        ({"principal_name": "李小姐"}, {"ICP0609"}),
        ({"principal_name": "个人"}, {"ICP0609"}),
    ],
)
def test_worked_examples(row: dict[str, str], rules: set[str]):
    assert rules <= reason_6(row)


def test_head_office_representative_of_a_branch_is_only_a_warning():
    assert severity("ICP0601", {**SOMEBODY, "subject_name": "样例图书有限公司杭州分公司"}) == "warning"
    assert severity("ICP0601", {**SOMEBODY, "subject_name": "杭州分公司样例图书有限公司"}) == "error"


def test_missing_representative_is_unchecked_only_where_it_matters():
    assert severity("ICP0601", {"legal_representative_name": ""}) == "unchecked"
    assert severity("ICP0601", {"legal_representative_name": "", "province": "辽宁"}) == "pass"
    assert severity("ICP0601", {"legal_representative_name": "", "subject_nature": "个人"}) == "pass"


def test_number_decides_before_the_name():
    assert severity("ICP0601", {"principal_name": "林试例"}) == "pass"
    assert severity("ICP0612", {"principal_name": "林试例"}) == "error"
    assert severity("ICP0601", {"principal_certificate_number": "330000197803030034"}) == "error"
    # A number that is no identity number settles nothing: the names agree.
    assert severity("ICP0601", {"principal_certificate_number": "330000198501010017"}) == "pass"
    # Its wrong digit is found as such, so nothing contradicts anything.
    assert severity("ICP0612", {"principal_certificate_number": "330000198501010017"}) == "pass"


def test_one_matter_is_one_finding():
    stranger_in_both_roles = {**SOMEBODY, **SITE_SOMEBODY, "principal_mobile": "13805710005",
                              "principal_email": "zhou@chenguang-sample.cn"}  # fmt: skip
    assert reason_6(stranger_in_both_roles) == {"ICP0601"}
    assert reason_6({"site_principal_name": "周样本", "site_principal_email": "other@chenguang-sample.cn"}) == {
        "ICP0612"
    }
    assert reason_6({"subject_nature": "个人", "principal_name": "陈先生"}) == {"ICP0602", "ICP0609"}


def test_jiangsu_and_tianjin():
    assert severity("ICP0606", {"province": "江苏", **SOMEBODY, **LETTER}) == "error"
    assert severity("ICP0606", {"province": "江苏", **SITE_SOMEBODY}) == "pass"
    assert severity("ICP0605", {"province": "天津"}) == "error"
    assert severity("ICP0605", {"province": "天津", **SITE_SOMEBODY}) == "pass"


def test_finding_names_the_cells_and_what_disagrees():
    from expectations import findings

    rule = catalogue()["ICP0612"]
    row = {"site_principal_name": "周样本", "site_principal_email": "zhou@chenguang-sample.cn"}
    filings = specimen.filings(specimen.batch([row])[0])
    found = findings.explain(rule, filings, rule.outcome(filings)).iloc[0]
    assert "证件号码相同而姓名不同" in found["message"]
    assert "电子邮箱不一致" in found["message"]
    assert {"principal_name", "site_principal_name", "site_principal_email"} <= set(found["columns"].split(";"))


def test_another_subjects_site_principal_is_named_with_its_place():
    from expectations import findings

    rule = catalogue()["ICP0608"]
    other = {"subject_certificate_number": "91330000MA0000015H", "subject_name": "哈尔滨样例乙有限公司"}
    frame, _ = specimen.batch([[{"province": "黑龙江"}, {"province": "黑龙江", **other}]])
    filings = specimen.filings(frame)
    message = findings.explain(rule, filings, rule.outcome(filings))["message"].iloc[0]
    assert "哈尔滨样例乙有限公司" in message
    assert "specimen.xlsx 备案 3" in message


def text(*values: str) -> pd.Series:
    return pd.Series(values, dtype="str")


def test_same_person():
    cases = [
        (("林示例", "330000198501010016", "林示例", "330000198501010016"), "same"),
        (("林示例", "330000198501010016", "周样本", "330000198501010016"), "same"),
        (("林示例", "330000198501010016", "林示例", "33000019900202002X"), "different"),
        (("林示例", "", "林示例", "330000198501010016"), "same"),
        (("林示例", "", "周样本", ""), "different"),
        (("", "", "林示例", ""), ""),
        (("", "330000198501010016", "", "33000019900202002X"), "different"),
        (("John Sample", "", "约翰·样本", ""), ""),
        (("JOHN SAMPLE", "", "john sample", ""), "same"),
        (("买买提•吐尔逊", "", "买买提·吐尔逊", ""), "same"),
        (("林示例", "330000850101001", "林示例", "330000198501010016"), ""),
        (("林示例", "X1234567", "林示例", "330000198501010016"), ""),
    ]
    columns = [text(*values) for values in zip(*(case for case, _ in cases), strict=True)]
    assert same_person(*columns).tolist() == [verdict for _, verdict in cases]
    swapped = same_person(columns[2], columns[3], columns[0], columns[1])
    assert swapped.tolist() == [verdict for _, verdict in cases]
