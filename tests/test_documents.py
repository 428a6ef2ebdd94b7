"""Reason 5 without opening files: certificates, validity and documents due, province by province."""

from datetime import date

import pytest

from data.synthetic.filings import credit_code
from expectations import findings, specimen
from expectations.catalogue import catalogue, of_reason
from expectations.rows import Filings

PROVINCES = specimen.filings(specimen.batch([{}])[0]).basis.reference.provinces
SCHOOL = {
    "subject_nature": "事业单位", "subject_certificate_type": "事业单位法人证书",
    "subject_certificate_number": "12330000MB00000078",
}  # fmt: skip
SITE_PRINCIPAL = {
    "site_principal_name": "周样本", "site_principal_certificate_number": "330000197803030034",
    "site_principal_mobile": "13805710005", "site_principal_email": "zhou@chenguang-sample.cn",
}  # fmt: skip

# Restated from the pages, not read from our tables.
LICENCE_ONLY = {"北京", "天津", "吉林", "上海", "江西", "山东", "广西", "海南", "甘肃", "青海", "宁夏"}
MERGED_ONLY = {"河南"}
DOMAIN_CERTIFICATE = {"江苏", "湖南"}
ESTABLISHMENT_PROOF = {"内蒙古", "黑龙江", "江西", "云南"}


def found(*rows: dict[str, str], as_of: date = specimen.AS_OF) -> dict[str, str]:
    """Rules of reason 5 that find fault with the first row, and how severely."""
    filings = specimen.filings(specimen.batch([list(rows)])[0], as_of)
    return _found(filings, [0])[0]


def found_each(*rows: dict[str, str]) -> list[dict[str, str]]:
    """The same of each row, all judged together: organisations that give no number of their own get one each."""
    apart = [
        {"subject_certificate_number": credit_code("330000", number), **row}
        if row.get("subject_nature", "企业") == "企业" else row
        for number, row in enumerate(rows)
    ]  # fmt: skip
    frame, positions = specimen.batch(apart)
    return _found(specimen.filings(frame), positions)


def _found(filings: Filings, positions: list[int]) -> list[dict[str, str]]:
    outcomes = {rule: rule.outcome(filings) for rule in of_reason(5)}
    return [
        {
            rule.id: "warning" if outcome.softened[position] else rule.severity
            for rule, outcome in outcomes.items()
            if outcome.failing[position]
        }
        for position in positions
    ]


@pytest.mark.parametrize("province", PROVINCES)
def test_certificates_by_province(province: str):
    base = {"province": province, "attachment_domain_certificate": "domain.jpg"}
    code, old, plain = found_each(
        {**base, "subject_certificate_type": "组织机构代码证", "subject_certificate_number": "MA0000007"},
        {**base, "subject_certificate_number": "110108000000016"},
        base,
    )
    assert ("ICP0504" in code) == (province in LICENCE_ONLY | MERGED_ONLY)
    assert ("ICP0505" in code) == ("ICP0504" not in code)
    assert old == ({"ICP0504": "error"} if province in MERGED_ONLY else {"ICP0505": "warning"})
    assert plain == {}


@pytest.mark.parametrize("nature", ["企业", "个人"])
@pytest.mark.parametrize("province", PROVINCES)
def test_documents_by_province(province: str, nature: str):
    wanted = province in DOMAIN_CERTIFICATE or (province == "内蒙古" and nature == "个人")
    assert found({"province": province, "subject_nature": nature}) == ({"ICP0516": "error"} if wanted else {})


@pytest.mark.parametrize("province", PROVINCES)
def test_documents_of_every_filing(province: str):
    row = {"province": province, "attachment_domain_certificate": "domain.jpg"}
    lacking = (
        {"attachment_subject_certificate": ""},
        {"attachment_principal_id": ""},
        {"subject_nature": "个人", "attachment_principal_id": ""},
    )
    types = ("首次备案", "新增网站", "接入备案", "变更备案")
    missing = found_each(*({**row, "filing_type": one, **changes} for one in types for changes in lacking))
    assert missing == [{"ICP0516": "error"}] * 12
    assert found({**row, "filing_type": "注销网站", "attachment_principal_id": ""}) == {}


@pytest.mark.parametrize("province", PROVINCES)
def test_persons_documents_by_province(province: str):
    def individual(kind: str, number: str) -> dict[str, str]:
        base = {"province": province, "subject_nature": "个人", "attachment_domain_certificate": "domain.jpg"}
        types = dict.fromkeys(("subject_certificate_type", "principal_certificate_type"), kind)
        return {**base, **types, "subject_certificate_number": number, "principal_certificate_number": number}

    citizens_only = province in {"北京", "黑龙江", "海南", "云南", "西藏"}
    wanted = {
        ("军官证", "政字第12345678号"): {"ICP0513": "error"} if citizens_only else {"ICP0515": "warning"},
        ("护照", "X12345678"): {},
        ("护照", "E12345678"): {"ICP0513": "warning"} if citizens_only else {},
        ("临时居民身份证", "33000019900202002X"): (
            {"ICP0512": "error"} if province in {"内蒙古", "上海", "海南"} else {}
        ),
        ("港澳居民居住证", "810000199002020012"): {"ICP0514": "error"} if province == "上海" else {},
        ("港澳居民来往内地通行证", "H12345678"): {},
    }
    given = found_each(*(individual(*certificate) for certificate in wanted))
    assert dict(zip(wanted, given, strict=True)) == wanted


@pytest.mark.parametrize("province", PROVINCES)
def test_establishment_proof_by_province(province: str):
    row = {**SCHOOL, "province": province, "attachment_domain_certificate": "domain.jpg"}
    without, given = found_each(row, {**row, "attachment_establishment_proof": "proof.jpg"})
    assert ("ICP0516" in without) == (province in ESTABLISHMENT_PROOF)
    assert "ICP0516" not in given


@pytest.mark.parametrize("province", PROVINCES)
def test_identity_cards_by_province(province: str):
    base = {"province": province, "attachment_domain_certificate": "domain.jpg"}
    wanted = {
        "2026-01-14": "ICP0510", "2026-01-15": "ICP0511", "2026-01-16": "ICP0511",
        "2026-04-15": "ICP0511", "2026-04-16": None, "长期": None,
    }  # fmt: skip
    given = found_each(*({**base, "principal_certificate_expires_on": day} for day in wanted))
    assert given == [{rule: "error"} if rule else {} for rule in wanted.values()]


def test_three_months_end_with_the_month():
    assert "ICP0511" in found({"principal_certificate_expires_on": "2026-02-28"}, as_of=date(2025, 11, 30))
    assert "ICP0511" not in found({"principal_certificate_expires_on": "2026-03-01"}, as_of=date(2025, 11, 30))


@pytest.mark.parametrize(
    ("row", "rules"),
    [
        ({"subject_name": "张某某(个体工商户)", "subject_certificate_number": "92330000MA0000007X"}, {}),
        ({"subject_nature": "个人", "subject_name": "张某某(个体工商户)"}, {"ICP0502": "error"}),
        ({"subject_nature": "个人", "subject_certificate_type": "营业执照"}, {"ICP0501": "error"}),
        ({"subject_certificate_type": "居民身份证", "subject_certificate_number": "33000019900202002X"},
         {"ICP0501": "error"}),
        ({"subject_certificate_type": "社会团体法人登记证书"}, {"ICP0501": "error"}),
        ({"subject_certificate_type": "统一社会信用代码证书"}, {"ICP0501": "warning"}),
        ({"subject_nature": "医疗机构"}, {"ICP0501": "error"}),
        ({"subject_nature": "政府机关", "subject_certificate_type": "事业单位法人证书"},
         {"ICP0501": "error", "ICP0507": "warning"}),
        ({"subject_certificate_number": "51330000MJ00000075"}, {"ICP0507": "warning"}),
        ({"subject_certificate_type": "组织机构代码证"}, {"ICP0506": "warning"}),
    ],
)  # fmt: skip
def test_certificate_against_nature(row: dict[str, str], rules: dict[str, str]):
    assert found(row) == rules


def test_one_finding_names_every_missing_document():
    row = {**SCHOOL, **SITE_PRINCIPAL, "province": "江西"}
    filings = specimen.filings(specimen.batch([row])[0])
    rule = catalogue()["ICP0516"]
    finding = findings.explain(rule, filings, rule.outcome(filings)).iloc[0]
    assert finding["columns"] == "attachment_site_principal_id;attachment_establishment_proof"
    assert "网站负责人证件图片" in finding["message"]
    assert "2019-09-20" in finding["message"]


def test_counts_are_of_the_subject_in_the_run():
    def sites(count: int, **changes: str) -> list[dict[str, str]]:
        return [{**changes, "domain": f"sample{number}.cn"} for number in range(count)]

    assert found(*sites(5, province="陕西")) == {"ICP0516": "error"}
    assert found(*sites(4, province="陕西")) == {}
    assert found(*sites(4, province="贵州")) == {"ICP0517": "warning"}
    assert found(*sites(6, province="重庆", subject_nature="个人")) == {"ICP0516": "error"}
    assert found(*sites(31, province="广东")) == {}
    assert found(*sites(32, province="广东")) == {"ICP0516": "error"}
    # The same prefix under several suffixes counts once.
    same = [
        {"province": "广东", "subject_nature": "个人", "domain": f"sample.{tld}"}
        for tld in ["cn", "com", "net", "top", "xyz", "vip"]
    ]
    assert found(*same) == {}


@pytest.mark.filterwarnings("error")
def test_counts_are_blank_where_no_subject_can_be_told():
    catalogue()
    filings = specimen.filings(specimen.batch([{"subject_certificate_number": ""}])[0])
    assert filings["ledger.subject_counts"].tolist() == [""]


def test_no_rule_of_pictures_is_checked_without_a_folder():
    filings = specimen.filings(specimen.batch([{}])[0])
    outcomes = {rule.id: rule.outcome(filings) for rule in of_reason(5)}
    assert outcomes["ICP0520"].unchecked.all()
    assert findings.verdicts(filings, outcomes)["reason_5"].tolist() == ["unchecked"]
