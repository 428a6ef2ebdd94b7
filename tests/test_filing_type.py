"""Reason 10 against a register, from the entries on file to the finding; numbers and orders by province."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from expectations import specimen
from expectations.catalogue import catalogue, of_reason
from expectations.facts.filing_types import DECISIONS, decide
from expectations.findings import all_findings
from expectations.reference import Reference
from flows.steps.digest import Digest
from flows.steps.register import Register
from flows.steps.register.entries import candidates, entries
from flows.steps.register.reading import COLUMN_KEYS

RULES = of_reason(10)  # importing them declares the columns they derive
DIGEST = Digest(b"a key for tests only")
SUBJECT = {
    "subject_certificate_type": "营业执照", "subject_certificate_number": "91330000MA0000007W",
    "subject_name": "杭州晨光样例图书有限公司", "subject_icp_number": "浙ICP备12345678号", "province": "浙江",
    "principal_name": "林示例", "principal_certificate_number": "330000198501010016",
    "principal_mobile": "13805710001", "site_principal_name": "林示例",
    "site_principal_certificate_number": "330000198501010016", "site_principal_mobile": "13805710001",
    "status": "已备案",
}  # fmt: skip
ANOTHER = SUBJECT | {
    "subject_certificate_number": "91330000MA0000008X", "subject_name": "宁波远帆样例贸易有限公司",
    "subject_icp_number": "浙ICP备87654321号", "principal_name": "周样本",
    "principal_certificate_number": "330000197803030034", "principal_mobile": "13805710009",
    "site_principal_name": "周样本", "site_principal_certificate_number": "330000197803030034",
    "site_principal_mobile": "13805710009",
}  # fmt: skip


def entry(base: dict[str, str], **changes: str) -> dict[str, str]:
    defaults = {"domain": "former-sample.cn", "site_icp_number": "浙ICP备12345678号-1", "with_this_provider": "否"}
    return dict.fromkeys(COLUMN_KEYS, "") | defaults | base | changes


def register(*rows: dict[str, str]) -> Register:
    kept = entries(pd.DataFrame(rows, columns=list(COLUMN_KEYS), dtype="str"), DIGEST)
    return Register(DIGEST, lambda looked_up: candidates(kept, looked_up))


def findings(on_file: Register, **changes: str) -> dict[str, str]:
    """The errors and warnings of reason 10 about one filing, and the value each expects."""
    frame, _ = specimen.batch([changes])
    judged = specimen.filings(pd.concat([frame, on_file.facts(frame)], axis=1))
    found = {}
    for rule in RULES:
        outcome = rule.outcome(judged)
        if outcome.failing.any():
            expected = rule.explain(judged).get("expected", pd.Series([""]))
            found[f"{rule.id} {'warning' if outcome.softened.any() else rule.severity}"] = expected.iloc[0]
    return found


HERE, ELSEWHERE = {"with_this_provider": "是"}, {"with_this_provider": "否"}
OUR_DOMAIN = {"domain": "chenguang-sample.cn"}
HAS_NUMBERS = {"subject_icp_number": "浙ICP备12345678号", "site_icp_number": "浙ICP备12345678号-1"}


@pytest.mark.parametrize(
    ("on_file", "derived"),
    [
        ([], "首次备案"),
        ([entry(SUBJECT, **HERE)], "新增网站（原备案在本接入商）"),
        ([entry(SUBJECT, **ELSEWHERE)], "新增网站（原备案不在本接入商）"),
        ([entry(SUBJECT, with_this_provider="")], "新增网站"),
        ([entry(SUBJECT, **ELSEWHERE, **OUR_DOMAIN)], "接入备案"),
        ([entry(SUBJECT, **HERE), entry(SUBJECT, **ELSEWHERE, **OUR_DOMAIN)], "接入备案"),
        ([entry(SUBJECT, **HERE, **OUR_DOMAIN)], "无新增内容"),
        ([entry(ANOTHER, **OUR_DOMAIN)], "受阻"),
        ([entry(SUBJECT, **HERE, domain="")], "受阻"),
        ([entry(SUBJECT, subject_certificate_number="330100000012345", **HERE)], "受阻"),
        ([entry(SUBJECT, status="审核中")], "受阻"),
        ([entry(ANOTHER, status="审核中", **OUR_DOMAIN)], "受阻"),
        ([entry(SUBJECT, status="已注销", **OUR_DOMAIN)], "首次备案"),
        ([entry(ANOTHER, status="已注销", **OUR_DOMAIN), entry(SUBJECT, **HERE)], "新增网站（原备案在本接入商）"),
        ([entry(ANOTHER, subject_certificate_number="", **OUR_DOMAIN)], ""),
        ([entry(SUBJECT, with_this_provider="", **OUR_DOMAIN)], ""),
        ([entry(ANOTHER)], "首次备案"),
    ],
)
def test_type_follows_from_what_is_on_file(on_file, derived):
    frame, _ = specimen.batch([{}])
    judged = specimen.filings(pd.concat([frame, register(*on_file).facts(frame)], axis=1))
    assert judged["register.derived_type"].tolist() == [derived]


@pytest.mark.parametrize(
    ("on_file", "declared", "found"),
    [
        ([], "首次备案", {}),
        ([entry(SUBJECT, **HERE)], "新增网站（原备案在本接入商）", {}),
        ([entry(SUBJECT, **HERE)], "新增网站", {}),
        ([entry(SUBJECT, **ELSEWHERE)], "新增网站", {}),
        ([entry(SUBJECT, **ELSEWHERE)], "新增网站（原备案不在本接入商）", {}),
        ([entry(SUBJECT, **ELSEWHERE, **OUR_DOMAIN)], "接入备案", {}),
        ([entry(SUBJECT, **HERE, **OUR_DOMAIN)], "变更备案", {}),
        (
            [entry(SUBJECT, **HERE)],
            "首次备案",
            {"ICP1001 error": "新增网站（原备案在本接入商）"},
        ),
        (
            [entry(SUBJECT, **HERE)],
            "新增网站（原备案不在本接入商）",
            {"ICP1001 error": "新增网站（原备案在本接入商）"},
        ),
        ([entry(SUBJECT, **ELSEWHERE)], "接入备案", {"ICP1001 error": "新增网站（原备案不在本接入商）"}),
        ([], "新增网站", {"ICP1001 error": "首次备案"}),
        ([], "变更备案", {"ICP1008 error": ""}),
        ([entry(SUBJECT, **HERE, **OUR_DOMAIN)], "接入备案", {"ICP1005 error": ""}),
        ([entry(SUBJECT, **HERE, domain="")], "首次备案", {"ICP1006 error": ""}),
        ([entry(ANOTHER, **OUR_DOMAIN)], "首次备案", {"ICP1003 error": ""}),
        (
            [entry(SUBJECT, subject_certificate_number="330100000012345", **HERE)],
            "首次备案",
            {"ICP1002 error": ""},
        ),
        ([entry(SUBJECT, subject_certificate_number="330100000012345", **HERE)], "变更备案", {}),
        ([entry(SUBJECT, **HERE, status="审核中")], "首次备案", {"ICP1004 error": ""}),
        ([entry(SUBJECT, **HERE, status="已注销")], "首次备案", {"ICP1007 warning": "", "ICP1027 warning": ""}),
        ([entry(SUBJECT, **ELSEWHERE, **OUR_DOMAIN, province="江苏")], "接入备案", {"ICP1014 warning": ""}),
        ([entry(SUBJECT, **HERE, **OUR_DOMAIN, province="江苏")], "变更备案", {}),
        ([entry(SUBJECT, **HERE)], "变更备案", {"ICP1009 error": ""}),
        ([entry(SUBJECT, **ELSEWHERE, **OUR_DOMAIN)], "变更备案", {"ICP1001 error": "接入备案"}),
    ],
)
def test_declared_type_is_judged_by_the_register(on_file, declared, found):
    numbers = {} if declared == "首次备案" and found == {} else HAS_NUMBERS
    assert findings(register(*on_file), filing_type=declared, **numbers) == found


def test_wrong_icp_number_is_replaced_by_the_one_on_file():
    typed = {"filing_type": "接入备案", "subject_icp_number": "浙ICP备12345687号", "site_icp_number": ""}
    found = findings(register(entry(SUBJECT, **OUR_DOMAIN)), **typed)
    assert found == {"ICP1011 error": "浙ICP备12345678号", "ICP1026 warning": "浙ICP备12345678号-1"}


def test_missing_icp_number_is_suggested_from_the_register():
    found = findings(
        register(entry(SUBJECT, **OUR_DOMAIN)), filing_type="接入备案", site_icp_number="浙ICP备12345678号-1"
    )
    assert found == {"ICP1025 error": "浙ICP备12345678号"}


def test_organisation_code_proves_the_same_subject():
    old = entry(
        SUBJECT, subject_certificate_type="组织机构代码证", subject_certificate_number="MA0000007", subject_name="旧名"
    )
    assert "ICP1002 error" in findings(register(old))


def test_namesake_with_a_unified_code_of_its_own_only_warns():
    namesake = entry(SUBJECT, subject_certificate_number="91330000MA0000008X")
    assert list(findings(register(namesake))) == ["ICP1002 warning"]


def test_without_a_register_the_rest_is_unchecked_and_silent():
    frame, _ = specimen.batch([{}])
    judged = specimen.filings(frame)
    outcomes = {rule.id: rule.outcome(judged) for rule in RULES}
    assert not any(outcome.failing.any() for outcome in outcomes.values())
    assert [rule for rule, outcome in outcomes.items() if outcome.unchecked.any()] == [
        "ICP1001", "ICP1002", "ICP1003", "ICP1004", "ICP1005", "ICP1006", "ICP1007",
    ]  # fmt: skip


def test_every_row_of_the_decision_table_can_answer():
    names = {name for decision in DECISIONS for name in decision.when}
    frames = [{name: decision.when.get(name, ("无",))[0] for name in names} for decision in DECISIONS]
    table = pd.DataFrame(frames, dtype="str")
    assert decide(lambda name: table[name]).tolist() == list(range(len(DECISIONS)))
    assert (decide(lambda name: pd.Series([""], dtype="str")) == np.array([-1])).all()


@pytest.mark.parametrize(
    ("column", "value", "rule", "right"),
    [
        ("subject_icp_number", "浙ICP备11010000号", "ICP1020", True),
        ("site_icp_number", "浙ICP备11010000号-11", "ICP1021", True),
        ("subject_icp_number", "浙ICP备11010000号-1", "ICP1020", False),
        ("service_code", "32a43232-a888-88e8-b9ec-00888be8888f", "ICP1030", True),
    ],
)
def test_published_examples_of_numbers(column, value, rule, right):
    frame, _ = specimen.batch([{column: value}])
    assert catalogue()[rule].outcome(specimen.filings(frame)).failing.tolist() == [not right]


@pytest.mark.parametrize(
    ("column", "typed", "meant"),
    [
        ("subject_icp_number", "浙ICP備11010000號", "浙ICP备11010000号"),
        ("subject_icp_number", "浙ICP备11010000", "浙ICP备11010000号"),
        ("subject_icp_number", "浙ICP备案11010000号", "浙ICP备11010000号"),
        ("subject_icp_number", "11010000", "浙ICP备12345678号"),
        ("site_icp_number", "浙ICP备11010000号-1号", "浙ICP备11010000号-1"),
        ("site_icp_number", "浙公网安备33010602001234号", "浙ICP备12345678号-1"),
    ],
)
def test_a_malformed_number_is_repaired_or_taken_from_the_register(column, typed, meant):
    frame, _ = specimen.batch([{column: typed}])
    judged = specimen.filings(pd.concat([frame, register(entry(SUBJECT, **HERE, **OUR_DOMAIN)).facts(frame)], axis=1))
    rule = catalogue()["ICP1020" if column.startswith("subject") else "ICP1021"]
    assert rule.outcome(judged).failing.all() and rule.explain(judged)["expected"].tolist() == [meant]


PROVINCES = list(Reference(specimen.AS_OF).provinces)
LIMITS = {"湖北": {"企业": 1, "个人": 1}, "河南": {"企业": 5, "个人": 3}, "陕西": {"企业": 5, "个人": 5}}


@pytest.mark.parametrize("province", PROVINCES)
@pytest.mark.parametrize("nature", ["企业", "个人"])
def test_sites_in_one_order_by_province(province: str, nature: str):
    limit = LIMITS.get(province, {}).get(nature, 9)
    for count, expected in ((limit, False), (limit + 1, province in LIMITS)):
        rows = [
            {"province": province, "subject_nature": nature, "filing_no": "BA-1", "domain": f"sample-{n}.cn"}
            for n in range(count)
        ]
        frame, _ = specimen.batch(rows)
        assert catalogue()["ICP1033"].outcome(specimen.filings(frame)).failing.tolist() == [expected] * count


@pytest.mark.parametrize("province", PROVINCES)
def test_each_province_knows_its_letter(province: str):
    letters = Reference(specimen.AS_OF).table("province_letters")
    own = [row["letter"] for row in letters if row["province"] == province]
    frame, _ = specimen.batch(
        [{"province": province, "subject_icp_number": f"{row['letter']}ICP备12345678号"} for row in letters]
    )
    failing = catalogue()["ICP1024"].outcome(specimen.filings(frame)).failing
    assert failing.tolist() == [row["letter"] not in own for row in letters]


def test_other_filings_are_named_by_place_and_subject():
    frame, _ = specimen.batch([{"province": "江苏"}, {}, {}, {"province": "福建"}])
    other = specimen.filings(frame)["ledger.subject_other_provinces"]
    assert other.tolist()[0] == (
        "specimen.xlsx › 备案 › 3 · 杭州晨光样例图书有限公司；specimen.xlsx › 备案 › 5 · 杭州晨光样例图书有限公司"
    )


def test_a_code_in_every_row_costs_no_square():
    rows = 20_000
    frame = pd.DataFrame({"service_code": ["x"] * rows, "domain": [f"sample-{n}.cn" for n in range(rows)]}, dtype="str")
    assert (specimen.filings(frame)["ledger.service_code_used_by"].str.count("›") == 6).all()


def test_sources_of_letters_are_given():
    assert all(row["source"] for row in Reference(specimen.AS_OF).table("province_letters"))
    assert Path("expectations/reference/province_letters.csv").read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    ("province", "changes", "found"),
    [
        ("重庆", {}, {}),
        ("重庆", {"site_principal_mobile": "13805710008"}, {"ICP1015 error": ""}),
        ("四川", {"principal_mobile": "13805710008"}, {}),
        ("山西", {"site_principal_mobile": "13805710008"}, {"ICP1015 warning": ""}),
        ("重庆", {"site_principal_name": "周样本", "site_principal_certificate_number": "330000197803030034"},
         {"ICP1016 error": ""}),
        ("重庆", {"site_principal_name": "周样本", "site_principal_certificate_number": ""}, {"ICP1016 error": ""}),
        ("重庆", {"site_principal_name": "", "site_principal_certificate_number": ""}, {}),
        ("湖南", {"principal_name": "周样本", "principal_certificate_number": ""}, {"ICP1016 error": ""}),
        ("四川", {"principal_name": "周样本", "principal_certificate_number": ""}, {}),
    ],
)  # fmt: skip
def test_an_access_filing_keeps_the_people_on_file_where_the_province_wants_it(province, changes, found):
    """The cells of the specimen against an entry that was changed: the other way round of what a filer does."""
    on_file = register(entry(SUBJECT, **ELSEWHERE, **OUR_DOMAIN, province=province, **changes))
    found_here = findings(on_file, filing_type="接入备案", province=province, **HAS_NUMBERS)
    found_here.pop("ICP1024 warning")  # the specimen's numbers are of another province
    assert found_here == found


# ── one domain, several filings of the run ───────────────────────────────────────────────────────


def in_a_run(*rows: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Severity and message of what is found on the first row."""
    frame, _ = specimen.batch([list(rows)])
    judged = specimen.filings(frame)
    outcomes = {rule.id: rule.outcome(judged) for rule in RULES}
    found = all_findings(judged, outcomes)
    found = found[found["position"] == 0]
    return {row.rule: (row.severity, row.message) for row in found.itertuples()}


def test_another_subject_with_the_domain_is_named():
    other = {"subject_name": "杭州暮色样例有限公司", "subject_certificate_number": "91330000MA0000015P"}
    ((rule, (severity, message)),) = in_a_run({}, other).items()
    assert (rule, severity) == ("ICP1040", "error")
    assert "specimen.xlsx › 备案 › 3 · 杭州暮色样例有限公司" in message


@pytest.mark.parametrize(
    ("first", "second", "severity"),
    [
        ({}, {}, "error"),
        ({"filing_type": "变更备案", **HAS_NUMBERS}, {"filing_type": "接入备案"}, "warning"),
        ({}, {"filing_type": "注销网站"}, None),
        ({}, {"service_type": "APP", "site_content": "APP"}, None),
    ],
)
def test_the_same_domain_twice(first, second, severity):
    assert in_a_run(first, second).get("ICP1041", (None, ""))[0] == severity
