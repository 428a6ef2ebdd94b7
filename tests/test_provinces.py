"""What the 31 provinces say, against figures counted by hand from their pages, and reason 3 judged by it."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from expectations import findings, specimen
from expectations.filing import INDIVIDUAL
from expectations.reasons.province import addresses, contact, individuals, region, registration
from expectations.reference import Reference
from expectations.rows import Basis, Filings
from expectations.rule import Rule

PROVINCES = Reference(specimen.AS_OF).provinces
RULES = {
    rule.id: rule
    for room in (addresses, contact, individuals, region, registration)
    for rule in vars(room).values()
    if isinstance(rule, Rule)
}
ALL = [
    "北京", "天津", "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江", "上海", "江苏", "浙江", "安徽", "福建",
    "江西", "山东", "河南", "湖北", "湖南", "广东", "广西", "海南", "重庆", "四川", "贵州", "云南", "西藏",
    "陕西", "甘肃", "青海", "宁夏", "新疆",
]  # fmt: skip
CODES = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43",
    "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65",
]  # fmt: skip


# ── the tables ───────────────────────────────────────────────────────────────────────────────────


def those(policy: str, *values: str) -> list[str]:
    return [province for province, row in PROVINCES.items() if row[policy] in values]


def by_codes(codes: str) -> list[str]:
    return [province for code, province in zip(CODES, ALL, strict=True) if code in codes.split()]


def test_there_are_31_provinces_in_the_order_of_their_codes():
    assert list(PROVINCES) == ALL
    assert [row["code"] for row in PROVINCES.values()] == CODES
    assert {row["snapshot"] for row in PROVINCES.values()} == {"2019-09-20"}


LISTED = {
    ("organisation_authorization_letter_accepted", "yes"): "11 32 51 62",
    ("organisation_site_principal_must_be_legal_representative", "yes"): "31 35 42 43 52",
    ("organisation_site_principal_must_be_legal_representative", "no"): "44",
    ("organisation_site_principal_authorization_letter_accepted", "yes"): "31 35 42 43 52",
    ("organisation_site_principal_must_differ_from_principal", "yes"): "12",
    ("organisation_site_principal_must_equal_principal_when", "principal_not_legal_representative"): "32",
    ("organisation_certificates_rule_scope", "first_filing"): "63",
    ("organisation_unified_credit_code", "required"): "41",
    ("organisation_unified_credit_code", "required_if_issued"): "23",
    ("organisation_accepted_certificates", ""): "21 61",
    ("organisation_under_age_policy", "document_required"): "32",
    ("individual_under_age_policy", "document_required"): "32 41 44",
    ("individual_residence_permit_accepted", "no"): "14 23 41 50 53 54 62 63 64 65",
    ("individual_residence_permit_accepted", "yes"): "15 22 31 32 35 42 51 52",
    ("organisation_site_principal_id_must_be_local", "yes"): "36",
    ("organisation_principal_mobile_must_be_local", "yes"): "21 32 43 45 61 62",
    ("organisation_site_principal_mobile_must_be_local", "yes"): "21 32 43 45 61 62",
    ("individual_mobile_must_be_local", "yes"): "12 21 32 43 45 61 62",
    ("organisation_nonlocal_mobile_exception", "remark_with_reason"): "61",
    ("organisation_bill_months", "3"): "23",
    ("organisation_domain_registrant_must_be", "subject"): "11 14 43 44 45 52 62 65",
    ("organisation_domain_privacy_must_be_off", "yes"): "12 31 51",
    ("organisation_domain_overseas_registration_accepted", "no"): "11 15 22 43 50",
    ("organisation_domain_certificate_policy", "all_domains_in_order"): "32 43",
    ("individual_domain_certificate_policy", "all_new_domains_in_order"): "15",
    ("organisation_domain_certificate_min_count", "4"): "52",
    ("organisation_domain_certificate_min_count", "5"): "61",
    ("organisation_domain_min_validity_days", "180"): "31",
    ("organisation_filing_max_sites_per_order_first", "1"): "42",
    ("verification_sms_required", "no"): "11 13 21 22 31 32 36 44 52",
    ("authenticity_statement_individual_fingerprint_required", "yes"): "36 65",
    ("authenticity_statement_own_form", "yes"): "44",
    ("site_name_individual_content_remark_required", "yes"): "32",
    ("organisation_content_footer_number_required", "yes"): "31 41 44 53 54",
    ("individual_content_footer_number_required", "yes"): "12 31 41 44 53 54",
    ("content_education_preapproval_required", "yes"): "33 54 63",
    ("content_healthcare_preapproval_required", "yes"): "13 54",
    ("organisation_change_to_individual", "allowed"): "13 14 44 50 52 54 63 65",
    ("organisation_change_to_individual", ""): "32 33",
    ("individual_change_to_other_individual", "allowed"): "13 14 33 44 50 52 54 63 65",
    ("individual_change_to_organisation", "forbidden"): "11 35 42 61 62 64",
    ("individual_change_to_organisation", "if_legal_representative_or_site_principal"): "31",
    ("organisation_access_policy", "comply_with_current_rules"): "14 33 44 46",
    ("organisation_access_policy", ""): "11 31",
    ("organisation_access_must_match", "everything"): "43",
    ("organisation_access_mismatch_action", "change_proof_then_access"): "22 34",
}


@pytest.mark.parametrize(("policy", "value"), LISTED)
def test_these_provinces_and_no_others_say_so(policy: str, value: str):
    assert those(policy, value) == by_codes(LISTED[policy, value])


@pytest.mark.parametrize(
    ("policy", "yes", "no", "silent"),
    [
        ("organisation_principal_must_be_legal_representative", 29, 0, 2),
        ("individual_id_must_be_local", 19, 0, 12),
        ("verification_sms_required", 22, 9, 0),
        ("organisation_change_name_change_proof_required", 22, 0, 9),
        ("organisation_change_number_change_proof_required", 1, 11, 19),
        ("authenticity_statement_organisation_seal_required", 31, 0, 0),
        ("organisation_landline_required", 0, 0, 31),
        ("organisation_landline_must_be_local", 0, 0, 31),
        ("virtual_operator_accepted", 0, 0, 31),
        ("emergency_phone_local_rule", 0, 0, 31),
    ],
)
def test_so_many_provinces_say_yes_no_or_nothing(policy: str, yes: int, no: int, silent: int):
    assert [len(those(policy, value)) for value in ("yes", "no", "")] == [yes, no, silent]


@pytest.mark.parametrize(
    ("policy", "value", "number"),
    [
        ("organisation_minimum_age", "18", 11), ("organisation_under_age_policy", "rejected", 10),
        ("individual_minimum_age", "18", 10), ("individual_under_age_policy", "rejected", 7),
        ("organisation_domain_registrant_must_be", "subject_or_legal_representative", 11),
        ("organisation_domain_registrant_must_be", "subject_shareholder_or_officer", 12),
        ("individual_domain_registrant_must_be", "subject", 31), ("organisation_domain_min_validity_days", "90", 30),
        ("organisation_domain_max_domains_per_site", "1", 31), ("organisation_id_card_min_validity_months", "3", 31),
        ("individual_id_card_min_validity_months", "3", 31),
        ("authenticity_statement_multi_domain_form", "single_sheet", 6),
        ("authenticity_statement_multi_domain_form", "wide_form", 3),
        ("authenticity_statement_multi_domain_form", "attached_list", 22),
        ("individual_change_to_organisation", "allowed", 8),
        ("individual_change_to_organisation", "if_legal_representative", 16),
        ("organisation_change_to_individual", "forbidden", 21), ("organisation_access_policy", "match_required", 25),
        ("organisation_accepted_certificates", "business_licence", 11),
        ("organisation_accepted_certificates", "business_licence;organisation_code_certificate", 16),
    ],
)  # fmt: skip
def test_so_many_provinces_hold_the_value(policy: str, value: str, number: int):
    assert len(those(policy, value)) == number


@pytest.mark.parametrize(
    ("province", "policy", "value"),
    [
        ("天津", "verification_sms_since", "2017-12-18"), ("浙江", "verification_sms_since", "2018-09-10"),
        ("湖北", "verification_sms_since", "2018-09-24"),
        ("上海", "verification_administration_app_suspended_since", "2019-04-23"),
        ("吉林", "individual_nonlocal_documents_any_of", "residence_permit;student_card"),
        ("四川", "individual_nonlocal_documents_any_of",
         "student_card;social_insurance_record;employment_proof;residence_permit"),
        ("福建", "individual_nonlocal_documents_any_of", "residence_permit"),
        ("江西", "individual_id_must_be_local", "yes"),
        ("江西", "individual_residence_permit_accepted", ""),
        ("江苏", "organisation_under_age_exempt", "legal_representative"),
        ("江苏", "organisation_under_age_documents", "employment_or_income_proof"),
        ("河南", "individual_under_age_documents", "guardian_id"),
        ("广东", "individual_under_age_documents", "employment_proof"),
        ("辽宁", "organisation_legal_representative_required_if_name_contains", "投资管理;担保;典当;贷款;理财"),
        ("江苏", "site_name_individual_allowed_suffixes", "的个人博客;的个人主页"),
        ("河北", "site_name_individual_forbidden_terms",
         "工作室;官网;企业;中心;学院;彩票;体彩;刮刮乐;社团;论坛;社区;商城;淘宝;团购"),
        ("河北", "organisation_foreign_nationals_accepted", "no"),
        ("广西", "organisation_principal_must_be_legal_representative", ""),
        ("辽宁", "organisation_principal_must_be_legal_representative", ""), ("内蒙古", "code", "15"),
        ("北京", "authenticity_statement_overflow_form", "beijing_confirmation_letter"),
        ("西藏", "full_name", "西藏自治区"),
        ("陕西", "organisation_filing_max_sites_per_order_first", "5"),
        ("河南", "individual_filing_max_sites_per_order_first", "3"),
        ("天津", "content_reachable_after_months", "6"), ("天津", "same_mobile_for_different_persons_accepted", "no"),
        ("天津", "organisation_individual_business_files_as_enterprise", "yes"),
        ("广东", "virtual_operator_accepted", ""),
    ],
)  # fmt: skip
def test_a_province_says(province: str, policy: str, value: str):
    assert PROVINCES[province][policy] == value


def test_the_smaller_tables():
    reference = Reference(specimen.AS_OF)
    assert [row["province"] for row in reference.table("registrant_proofs")] == ["天津"] * 2 + ["上海"] * 2 + [
        "四川"
    ] * 2
    assert {row["province"] for row in reference.table("finance_rules")} == {"江苏", "浙江", "广东"}
    assert [row["district"] for row in reference.table("district_rules")] == ["南开区", "西青区"]
    documents = reference.table("province_documents")
    confirmed = {row["province"] for row in documents if row["docs"] == "party_government_confirmation"}
    established = {row["province"] for row in documents if "establishment_office_proof" in row["docs"]}
    assert (confirmed, established) == ({"西藏", "新疆"}, {"内蒙古", "黑龙江", "江西", "云南"})


# ── reason 3 ─────────────────────────────────────────────────────────────────────────────────────


def found(changes: dict[str, str], reference: Reference | None = None) -> dict[str, str]:
    """The rules of reason 3 that find fault with a filing, with their severity; ``unchecked`` where undecided."""
    frame, _ = specimen.batch([changes])
    located = frame.assign(workbook="specimen.xlsx", sheet="备案", row=2)
    reference = reference or Reference(specimen.AS_OF)
    filings = Filings(located, frame, Basis(reference.as_of, reference))
    answer = {}
    for rule in RULES.values():
        outcome = rule.outcome(filings)
        if outcome.failing[0]:
            answer[rule.id] = "warning" if outcome.softened[0] else rule.severity
        elif outcome.unchecked[0]:
            answer[rule.id] = "unchecked"
    return answer


def test_every_rule_of_the_room_is_judged_here():
    assert sorted(RULES) == [
        *(f"ICP030{n}" for n in range(1, 6)), *(f"ICP031{n}" for n in range(5)), *(f"ICP032{n}" for n in range(4)),
        "ICP0330", "ICP0331", *(f"ICP034{n}" for n in range(4)),
    ]  # fmt: skip


@pytest.mark.parametrize("nature", ["企业", INDIVIDUAL])
def test_a_faultless_filing_is_checked_in_full(nature: str):
    assert found({"subject_nature": nature}) == {}


# Restated from the pages, not read from our tables.
REFUSES = by_codes("14 23 41 50 53 54 62 63 64 65")
TAKES_A_PERMIT = by_codes("15 22 31 32 35 42 51 52")
NAMES_NO_WAY_OUT = by_codes("36")
ADULTS = {
    "企业": (by_codes("12 15 21 22 37 41 42 43 50 51"), by_codes("32")),
    INDIVIDUAL: (by_codes("12 15 33 37 43 51 52"), by_codes("32 41 44")),
}
"""Provinces that refuse people under 18, and those that want a document."""
OF = {province: PROVINCES[province]["full_name"] for province in PROVINCES}
CARD = {"subject_nature": INDIVIDUAL, "city": "", "county": ""}


@pytest.mark.parametrize("province", ALL)
@pytest.mark.parametrize("permit", ["", "permit.jpg"])
def test_an_individual_of_another_province_is_judged_by_the_province(province: str, permit: str):
    elsewhere = "云南省" if province != "云南" else "贵州省"
    if province in REFUSES:
        expected = {"ICP0310": "error"}
    elif province in TAKES_A_PERMIT:
        expected = {} if permit else {"ICP0311": "error"}
    elif province in NAMES_NO_WAY_OUT:
        expected = {"ICP0312": "warning"} if permit else {"ICP0310": "error"}
    else:
        expected = {} if permit else {"ICP0312": "warning"}
    changes = {
        **CARD, "province": province, "attachment_residence_permit": permit,
        "subject_certificate_address": f"{elsewhere}样例路1号", "subject_address": f"{OF[province]}样例路1号",
    }  # fmt: skip
    assert found(changes) == expected


@pytest.mark.parametrize("province", ALL)
def test_an_organisation_belongs_to_the_province_of_its_certificate(province: str):
    elsewhere = "云南省" if province != "云南" else "贵州省"
    here = {
        "province": province, "city": "", "county": "",
        "subject_certificate_number": f"91{PROVINCES[province]['code']}0000MA0000000X",
        "subject_certificate_address": f"{OF[province]}样例路1号", "subject_address": f"{OF[province]}样例路1号",
        "site_principal_certificate_number": "360000198501010011" if province == "江西" else "330000198501010016",
    }  # fmt: skip
    assert found(here) == {}
    assert found({**here, "subject_certificate_address": f"{elsewhere}样例路1号"}) == {"ICP0301": "error"}
    assert found({**here, "subject_address": f"{elsewhere}样例路1号"}) == {"ICP0302": "error"}


EXAMPLES = [
    ("organisation in the province of its certificate", {}, {}),
    ("organisation elsewhere", {"subject_certificate_address": "江苏省南京市玄武区样例路1号"}, {"ICP0301": "error"}),
    (
        "branch in Liaoning",
        {"province": "辽宁", "city": "大连市", "county": "中山区", "subject_certificate_number": "91210000MA0000007X",
         "subject_certificate_address": "辽宁省大连市中山区样例路1号", "subject_address": "大连市中山区样例路1号"},
        {},
    ),
    (
        "individual with a permit where it is taken",
        {**CARD, "province": "上海", "subject_address": "上海市样例路1号", "attachment_residence_permit": "permit.jpg"},
        {},
    ),
    (
        "no door number, with the remark",
        {"subject_address": "浙江省杭州市西湖区样例路", "subject_remark": contact.MOST_DETAILED},
        {},
    ),
    ("no door number", {"subject_address": "浙江省杭州市西湖区样例路"}, {"ICP0330": "error"}),
    ("a building without number", {"subject_address": "浙江省杭州市西湖区样例大厦"}, {"ICP0330": "warning"}),
    ("nothing but divisions", {"subject_address": "浙江省杭州市西湖区"}, {"ICP0330": "error"}),
    ("post box", {"subject_address": "北京3050信箱"}, {"ICP0302": "unchecked", "ICP0331": "warning"}),
    ("moved to the province", {"subject_certificate_number": "91320000MA0000007Q"}, {"ICP0320": "warning"}),
    (
        "moved, but the address is elsewhere: one finding",
        {"subject_certificate_number": "91320000MA0000007Q",
         "subject_certificate_address": "江苏省南京市玄武区样例路1号"},
        {"ICP0301": "error"},
    ),
    ("address of unknown province", {"subject_certificate_address": "西湖区样例路1号"},
    {"ICP0301": "unchecked"}),
    ("blank address", {"subject_certificate_address": ""}, {"ICP0301": "unchecked"}),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "expected"), [row[1:] for row in EXAMPLES], ids=[row[0] for row in EXAMPLES])
def test_examples(changes: dict[str, str], expected: dict[str, str]):
    assert found(changes) == expected


@pytest.mark.parametrize("province", ALL)
@pytest.mark.parametrize("nature", ["企业", INDIVIDUAL])
def test_a_young_principal_is_judged_by_the_province(province: str, nature: str):
    refusing, wanting = ADULTS[nature]
    expected = {"ICP0323": "warning"}
    if province in refusing:
        expected = {"ICP0321": "error"}
    elif province in wanting:
        expected = {"ICP0322": "warning"}
    child = {"subject_nature": nature, "province": province, "principal_certificate_number": "330000201001010022"}
    assert {
        rule: severity for rule, severity in found(child).items() if rule.startswith("ICP032") and rule != "ICP0320"
    } == expected


def test_a_users_policy_is_judged_and_named(tmp_path: Path):
    (tmp_path / "provinces.csv").write_text(
        "province,individual_id_must_be_local,individual_residence_permit_accepted,valid_from\n浙江,yes,no,2026-01-01\n",
        encoding="utf-8",
    )
    away = {**CARD, "subject_certificate_address": "江苏省样例路1号", "attachment_residence_permit": "permit.jpg"}
    assert found(away) == {}
    assert found(away, Reference(date(2025, 12, 31), tmp_path)) == {}
    mine = Reference(specimen.AS_OF, tmp_path)
    assert found(away, mine) == {"ICP0310": "error"}
    frame, _ = specimen.batch([away])
    filings = Filings(frame.assign(workbook="w", sheet="s", row=2), frame, Basis(mine.as_of, mine))
    rule = RULES["ICP0310"]
    message = findings.explain(rule, filings, rule.outcome(filings))["message"].iloc[0]
    assert "浙江" in message and "用户自定义 2026-01-01" in message


def test_findings_on_a_policy_name_province_and_date():
    for rule in RULES.values():
        frame, positions = specimen.batch(rule.bad)
        filings = specimen.filings(frame)
        said = findings.explain(rule, filings, rule.outcome(filings)).set_index("position").loc[positions, "message"]
        if "snapshot" in rule.message.placeholders:
            provinces = frame.loc[positions, "province"]
            assert said.str.contains("2019-09-20").all()
            assert [name in text for name, text in zip(provinces, said, strict=True)] == [True] * len(said)


def test_no_filings_at_all_are_judged_without_complaint():
    frame, _ = specimen.batch([{}])
    filings = specimen.filings(frame).where(pd.Series([False]).to_numpy())
    for rule in RULES.values():
        assert not rule.outcome(filings).failing.any()
