"""Individuals whose identity card is of another province than the one they file in, by that province's policy."""

from __future__ import annotations

import pandas as pd

from expectations.facts.divisions import region_agrees, region_province
from expectations.facts.localities import ID_CARD, OPEN, id_card_region
from expectations.filing import INDIVIDUAL
from expectations.rows import INDIVIDUALS, ORGANISATIONS, Case, Filings
from expectations.rule import Words, rule

GENERAL = "Aliyun ICP docs 2019-09, 备案所需资料 and 备案驳回FAQ"
PAGES = "Aliyun ICP docs 2019-09, 学习管局规则"

_EVIDENCE = ("filing_province", "certificate_address.province")
_CARRIES_ID_CARD = Case(
    "持居民身份证",
    "with an identity card", lambda rows: rows["subject_certificate_type"] == ID_CARD, ("subject_certificate_type",)
)  # fmt: skip
_PEOPLE = INDIVIDUALS & _CARRIES_ID_CARD & OPEN

_ELSEWHERE = {"subject_nature": INDIVIDUAL, "subject_certificate_address": "江苏省南京市玄武区样例路2号202室"}
_PERMIT = {"attachment_residence_permit": "BA-0002/permit.jpg"}


def _filed(province: str, **changes: str) -> dict[str, str]:
    return {**_ELSEWHERE, "province": province, "city": "", "county": "", **changes}


def _local_only(rows: Filings) -> pd.Series:
    return rows.policy("id_must_be_local") == "yes"


def _permit_given(rows: Filings) -> pd.Series:
    return rows["attachment_residence_permit"] != ""


def _accepted(rows: Filings) -> pd.Series:
    return rows.policy("residence_permit_accepted")


def _where(failing: Filings) -> dict[str, pd.Series]:
    """Placeholders: where the certificate lies, and the date of the province's policy."""
    return {
        "certificate_province": failing["certificate_address.province"],
        "snapshot": failing.policy("snapshot"),
    }


@rule(
    "ICP0310",
    zh="个人证件住址不在备案省份，该省不接受",
    en="The individual's identity card is of another province, which is refused there",
    columns=("province", "subject_certificate_address"), evidence=_EVIDENCE, case=_PEOPLE, severity="error",
    message=Words(
        "证件住址「{subject_certificate_address}」在{certificate_province}；按{province}规则（{snapshot}），"
        "个人证件住址须在本省，{refusal}",
        "The identity card's address 「{subject_certificate_address}」 is in {certificate_province}; {province} "
        "({snapshot}) takes only individuals whose card is of the province, {refusal}",
    ),
    fix=Words(
        "改在证件住址所在的{certificate_province}备案",
        "File in {certificate_province}, where the card's address is",
    ),
    owner="filer", source=PAGES,
    good=[
        {"subject_nature": INDIVIDUAL}, _filed("浙江"), _filed("上海", **_PERMIT), _filed("上海"), _filed("江苏"),
        _filed("江西", **_PERMIT), _filed("山西", subject_certificate_address="太原市迎泽区样例街1号"),
        _filed("山西", subject_certificate_type="护照"), _filed("山西", subject_certificate_address="南京路1号"),
        _filed("山西", subject_nature="企业"), _filed("山西", filing_type="注销网站"),
    ],
    bad=[
        _filed("山西"), _filed("山西", **_PERMIT), _filed("新疆"), _filed("重庆"), _filed("江西"),
        _filed("河南", subject_certificate_address="河北省邯郸市丛台区样例路1号"),
    ],
)  # fmt: skip
def id_card_of_another_province_refused(rows: Filings) -> pd.Series:
    """Ten provinces refuse cards of other provinces outright; one wants a local card and names no way out."""
    no_way_out = (_accepted(rows) == "no") | ((_accepted(rows) == "") & ~_permit_given(rows))
    return rows["certificate_elsewhere"] & _local_only(rows) & no_way_out


@id_card_of_another_province_refused.details
def _refusal(failing: Filings) -> dict[str, pd.Series]:
    """Placeholders: in which words the province leaves no way out."""
    outright, unnamed = (
        ("居住证也不能代替", "也未写明可凭居住证")
        if failing.basis.language == "zh"
        else ("and no residence permit instead", "and names nothing that would do instead")
    )
    refused = _accepted(failing) == "no"
    return {**_where(failing), "refusal": failing.constant(unnamed).mask(refused, outright)}


@rule(
    "ICP0311",
    zh="个人证件住址不在备案省份，缺居住证",
    en="The individual's identity card is of another province and no permit is given",
    columns=("subject_certificate_address", "attachment_residence_permit"), blank="judged",
    evidence=(*_EVIDENCE, "subject_certificate_address", "in_sheet.attachment_residence_permit"), case=_PEOPLE,
    severity="error",
    message=Words(
        "证件住址「{subject_certificate_address}」在{certificate_province}；按{province}规则（{snapshot}），"
        "外省证件须提供{documents}，「居住证图片」为空",
        "The identity card's address 「{subject_certificate_address}」 is in {certificate_province}; {province} "
        "({snapshot}) takes cards of other provinces with {documents}, and no image is given",
    ),
    fix=Words(
        "上传{province}的{documents}，或改在{certificate_province}备案",
        "Add {documents} of {province}, or file in {certificate_province}",
    ),
    owner="filer", source=PAGES,
    good=[
        {"subject_nature": INDIVIDUAL}, _filed("上海", **_PERMIT), _filed("浙江"), _filed("山西"), _filed("江西"),
        _filed("福建", subject_certificate_address="福建省福州市鼓楼区样例路1号"),
        _filed("上海", subject_certificate_type="港澳居民居住证"),
        _filed("四川", subject_certificate_address="样例路1号"),
    ],
    bad=[_filed("上海"), _filed("福建"), _filed("四川"), _filed("吉林", filing_type="接入备案")],
)  # fmt: skip
def residence_permit_missing(rows: Filings) -> pd.Series:
    """Eight provinces take a card of another province only together with a local permit or the like."""
    return rows["certificate_elsewhere"] & _local_only(rows) & (_accepted(rows) == "yes") & ~_permit_given(rows)


@residence_permit_missing.details
def _documents(failing: Filings) -> dict[str, pd.Series]:
    reference, language = failing.basis.reference, failing.basis.language
    label = {row["document"]: row[language] for row in reference.table("document_types")}
    between = "、" if language == "zh" else " or "
    documents = failing.policy("nonlocal_documents_any_of")
    words = {
        codes: between.join(label.get(code, code) for code in (codes or "residence_permit").split(";"))
        + ("（任一）" if ";" in codes and language == "zh" else "")
        for codes in documents.unique()
    }
    return {**_where(failing), "documents": documents.map(words).astype("str")}


@rule(
    "ICP0312",
    zh="个人证件住址不在备案省份，该省未明确是否接受",
    en="The individual's identity card is of another province, and the province is silent",
    columns=("province", "subject_certificate_address"), evidence=_EVIDENCE, case=_PEOPLE, severity="warning",
    message=Words(
        "证件住址「{subject_certificate_address}」在{certificate_province}，不在备案省份；"
        "{province}规则（{snapshot}）未写明是否接受及凭何材料",
        "The identity card's address 「{subject_certificate_address}」 is in {certificate_province}; the rules of "
        "{province} ({snapshot}) do not say whether and with what it takes cards of other provinces",
    ),
    fix=Words(
        "请先向{province}管局确认，一般须上传当地居住证；也可改在{certificate_province}备案",
        "Ask the administration of {province}: usually it wants a local residence permit; or file in "
        "{certificate_province}",
    ),
    owner="filer", source=GENERAL,
    good=[
        {"subject_nature": INDIVIDUAL}, _filed("浙江", **_PERMIT), _filed("上海"), _filed("山西"), _filed("江西"),
        _filed("广东", subject_certificate_address="深圳市南山区样例路1号"),
        _filed("广东", subject_certificate_type="护照"),
    ],
    bad=[_filed("浙江"), _filed("广东"), _filed("北京"), _filed("江西", **_PERMIT)],
)  # fmt: skip
def id_card_of_another_province_unclear(rows: Filings) -> pd.Series:
    """Silence is no consent: a general page asks for a local permit wherever the administration takes one."""
    silent = (rows.policy("id_must_be_local") == "") & ~_permit_given(rows)
    unnamed = _local_only(rows) & (_accepted(rows) == "") & _permit_given(rows)
    return rows["certificate_elsewhere"] & (silent | unnamed)


id_card_of_another_province_unclear.details(_where)

_NO_ADDRESS = Case(
    "证件住址看不出省份", "whose address names no province", lambda rows: rows["certificate_address.province"] == ""
)  # fmt: skip


@rule(
    "ICP0313",
    zh="个人身份证号地区不属于备案省份", en="The identity number begins with another province's code",
    columns=("subject_certificate_number",), evidence=("filing_province",), case=_PEOPLE & _NO_ADDRESS,
    severity="warning",
    message=Words(
        "身份证号前两位属{number_province}，证件住址又看不出省份；按{province}规则（{snapshot}），个人证件住址须在本省",
        "The number's first digits are of {number_province} and the address names no province; {province} ({snapshot}) "
        "wants individuals whose card is of the province",
    ),
    fix=Words(
        "把证件住址写全（含省、市）；若确在外省，按{province}要求办理",
        "Give the card's address in full, province and city included; if it is elsewhere, follow the rules of "
        "{province}",
    ),
    owner="filer", source=f"GB 11643-1999; {PAGES}",
    good=[
        _filed("山西"), _filed("浙江", subject_certificate_address="样例路2号"),
        _filed("上海", subject_certificate_address="样例路2号", **_PERMIT),
        _filed("重庆", subject_certificate_address="样例路2号", subject_certificate_number="510000199002020031"),
        _filed("山西", subject_certificate_address="样例路2号", subject_certificate_number="140000199002020032"),
        _filed("山西", subject_certificate_address="样例路2号", subject_certificate_number="330000199002020021"),
    ],
    bad=[
        _filed("山西", subject_certificate_address="样例路2号"), _filed("上海", subject_certificate_address=""),
        _filed("四川", subject_certificate_address="样例路2号"),
    ],
)  # fmt: skip
def id_card_number_of_another_province(rows: Filings) -> pd.Series:
    """The digits tell where the card was first given out, not where its holder lives now: a hint where no address "
    "is."""
    region = id_card_region(rows, "subject_certificate_number")
    agrees = region_agrees(region, rows["filing_province"], rows.basis.reference)
    excused = _permit_given(rows) & (_accepted(rows) != "no")
    return _local_only(rows) & ~agrees & ~excused


@id_card_number_of_another_province.details
def _number_province(failing: Filings) -> dict[str, pd.Series]:
    region = id_card_region(failing, "subject_certificate_number")
    return {
        "number_province": region_province(region, failing.basis.reference),
        "snapshot": failing.policy("snapshot"),
    }


_SITE_PRINCIPAL_LOCAL = Case(
    "要求网站负责人证件为本省的省份", "provinces that want a local site principal",
    lambda rows: (rows.policy("organisation_site_principal_id_must_be_local") == "yes")
    & (rows["site_principal_certificate_type"] == ID_CARD),
    ("province",),
)  # fmt: skip


@rule(
    "ICP0314",
    zh="网站负责人身份证号地区不属于备案省份",
    en="The site principal's identity number begins with another province's code",
    columns=("site_principal_certificate_number",), evidence=("filing_province",),
    case=ORGANISATIONS & OPEN & _SITE_PRINCIPAL_LOCAL, severity="warning",
    message=Words(
        "网站负责人身份证号前两位属{number_province}；按{province}规则（{snapshot}），网站负责人须持本省证件或居住证",
        "The site principal's number begins with the code of {number_province}; {province} ({snapshot}) wants a card "
        "of the province or a residence permit",
    ),
    fix=Words(
        "证件住址若在{province}可不理会；否则上传居住证，或改由本省人员担任",
        "Nothing to do if the card's address is in {province}; else add a residence permit or name somebody of the "
        "province",
    ),
    owner="filer", source=PAGES,
    good=[
        {}, {"province": "江西", "site_principal_certificate_number": "360000199002020033"},
        {"province": "江西", **_PERMIT},
        {"province": "江西", "site_principal_certificate_type": "护照",
         "site_principal_certificate_number": "E00000001"},
    ],
    bad=[{"province": "江西"}],
)  # fmt: skip
def site_principal_of_another_province(rows: Filings) -> pd.Series:
    """The sheet holds no address of the site principal, so the number is all there is: a hint."""
    region = id_card_region(rows, "site_principal_certificate_number")
    policy = rows.policy("organisation_site_principal_residence_permit_accepted")
    return ~region_agrees(region, rows["filing_province"], rows.basis.reference) & ~(
        _permit_given(rows) & (policy != "no")
    )


@site_principal_of_another_province.details
def _site_principal_province(failing: Filings) -> dict[str, pd.Series]:
    region = id_card_region(failing, "site_principal_certificate_number")
    return {
        "number_province": region_province(region, failing.basis.reference),
        "snapshot": failing.policy("snapshot"),
    }
