"""The certificate against the subject's nature, its number, and what the province accepts."""

from __future__ import annotations

import pandas as pd

from expectations.facts.certificates import unit_types
from expectations.facts.numbers import is_credit_code_form, is_licence_form
from expectations.facts.people import HAN, per_value
from expectations.facts.representation import BEGINNING
from expectations.filing import INDIVIDUAL, choices
from expectations.rows import INDIVIDUALS, ORGANISATIONS, Case, Filings, filed_as, where_policy
from expectations.rule import Words, rule

_FORM = "MIIT form enumeration, read 2023-10; Aliyun ICP docs 2019-09, 备案所需资料"
_LICENCE, _ORGANISATION_CODE, _CODE_CERTIFICATE = "营业执照", "组织机构代码证", "统一社会信用代码证书"
_MERGED = "unified_credit_code_certificate"
_TYPE_OF = {"business_licence": _LICENCE, "organisation_code_certificate": _ORGANISATION_CODE}
_ENTERPRISE = ORGANISATIONS & Case(
    "企业", "enterprises", lambda rows: rows["subject_nature"] == "企业", ("subject_nature",)
)
_PERSONAL = {
    "subject_certificate_type": "居民身份证", "subject_certificate_number": "33000019900202002X",
}  # fmt: skip
_SCHOOL = {
    "subject_nature": "事业单位", "subject_certificate_type": "事业单位法人证书",
    "subject_certificate_number": "12330000MB00000078",
}  # fmt: skip


def _natures(rows: Filings) -> dict[str, list[str]]:
    """The natures a certificate type goes with."""
    known: dict[str, list[str]] = {}
    for row in rows.basis.reference.table("certificate_types"):
        known.setdefault(row["certificate_type"], []).append(row["nature"])
    return known


def _across_the_line(rows: Filings) -> pd.Series:
    """A person's certificate with a unit, or a unit's with a person."""
    personal = {kind for kind, natures in _natures(rows).items() if INDIVIDUAL in natures}
    return rows["subject_certificate_type"].isin(personal) != rows["is_individual"]


# Held by bodies of many kinds, or listed with a nature that is itself uncertain.
_OF_MANY = (
    _ORGANISATION_CODE, _CODE_CERTIFICATE, "外国政府旅游部门常驻代表机构批准登记证",
    "北京市外国驻华使馆人员子女学校办学许可证",
)  # fmt: skip


def _held_by_many(rows: Filings) -> pd.Series:
    """Mismatches a reviewer may take: a certificate that bodies of many kinds hold."""
    return ~_across_the_line(rows) & rows["subject_certificate_type"].isin(_OF_MANY)


@rule(
    "ICP0501",
    zh="证件类型与主办单位性质不符", en="The certificate type does not go with the subject's nature",
    columns=("subject_certificate_type",), evidence=("subject_nature",), case=BEGINNING, severity="error",
    warning_if=Case("多类单位共用的证件", "certificates that bodies of many kinds hold", _held_by_many),
    message=Words("证件类型「{subject_certificate_type}」不属于「{subject_nature}」（可用：{accepted}）",
                  "「{subject_certificate_type}」 is no certificate of 「{subject_nature}」 (there are: {accepted})"),
    fix=Words("改正主办单位性质或证件类型，二者须与证件一致",
              "correct the nature or the type, both as on the certificate"),
    owner="filer", source=_FORM,
    good=[
        {}, {"subject_nature": "个人"}, _SCHOOL, {**_SCHOOL, "subject_certificate_type": "统一社会信用代码证书"},
        {"subject_nature": "个人", "subject_certificate_type": "港澳居民居住证"},
        {"subject_certificate_type": "外国企业常驻代表机构登记证"},
        {"subject_certificate_type": "某种证件"}, {"subject_nature": "某种性质"},
    ],
    bad=[
        {"subject_nature": "个人", "subject_certificate_type": "营业执照"}, _PERSONAL,
        {"subject_certificate_type": "事业单位法人证书"}, {**_SCHOOL, "subject_certificate_type": "营业执照"},
        {"subject_nature": "医疗机构"}, {"subject_certificate_type": "统一社会信用代码证书"},
    ],
)  # fmt: skip
def certificate_does_not_fit_nature(rows: Filings) -> pd.Series:
    """The form offers each nature its own certificates, and the interface refuses another. Only a certificate
    that bodies of many kinds hold may be taken by a reviewer."""
    fitting = _natures(rows)
    natures = {nature for known in fitting.values() for nature in known}
    pairs = {f"{kind}\n{nature}" for kind, known in fitting.items() for nature in known}
    known = rows["subject_certificate_type"].isin(list(fitting)) & rows["subject_nature"].isin(natures)
    return known & ~(rows["subject_certificate_type"] + "\n" + rows["subject_nature"]).isin(pairs)


@certificate_does_not_fit_nature.details
def _accepted(rows: Filings) -> dict[str, pd.Series]:
    fitting = _natures(rows)

    def accepted(nature: str) -> str:
        return "、".join(kind for kind, natures in fitting.items() if nature in natures)

    return {"accepted": per_value(rows["subject_nature"], accepted)}


@rule(
    "ICP0502",
    zh="个体工商户按个人备案", en="An individual business filed as an individual",
    columns=("subject_name",), case=BEGINNING & INDIVIDUALS, severity="error",
    message=Words("「{subject_name}」是个体工商户，须按企业备案，不能选个人",
                  "「{subject_name}」 is an individual business: it files as an enterprise"),
    fix=Words("主办单位性质改为企业，证件改填营业执照及其统一社会信用代码",
              "choose 企业 and give the business licence with its unified code"),
    owner="filer", source="Aliyun ICP docs 2019-09, 关于天津地区备案网站内容一项说明",
    good=[{"subject_nature": "个人"}, {"subject_name": "张样例(个体工商户)"}],
    bad=[{"subject_nature": "个人", "subject_name": "陈样例(个体工商户)"}],
)  # fmt: skip
def individual_business_as_individual(rows: Filings) -> pd.Series:
    """A sole trader has a business licence and files as an enterprise under it."""
    return rows["subject_name"].str.contains("个体工商户", regex=False)


@rule(
    "ICP0503",
    zh="无字号个体工商户名称未加注", en="An individual business without a trade name lacks its addition",
    columns=("subject_name",), evidence=("subject_certificate_number",),
    case=BEGINNING & ORGANISATIONS & where_policy(
        "individual_business_files_as_enterprise", "yes",
        "对个体工商户名称有规定的省份", "provinces with a rule for their names",
    ),
    severity="warning",
    message=Words("营业执照无字号的个体工商户，主办单位名称应写作「{expected}」（{snapshot} 的管局规则）",
                  "an individual business without a trade name is written 「{expected}」 (page of {snapshot})"),
    fix=Words("无字号的写经营者姓名加（个体工商户）；有字号的写执照上的全称",
              "without a trade name, the operator's name with （个体工商户）; else the full name on the licence"),
    owner="filer", source="Aliyun ICP docs 2019-09, 关于天津地区备案网站内容一项说明 and 天津备案规则",
    good=[
        {"province": "天津"}, {"subject_name": "张样例", "subject_certificate_number": "92330000MA0000007X"},
        {"province": "天津", "subject_name": "张样例(个体工商户)", "subject_certificate_number": "92330000MA0000007X"},
        {"province": "天津", "subject_name": "样例茶店", "subject_certificate_number": "92330000MA0000007X"},
        {"province": "天津", "subject_name": "张样例"},
    ],
    bad=[{"province": "天津", "subject_name": "张样例", "subject_certificate_number": "92330000MA0000007X"}],
)  # fmt: skip
def individual_business_lacks_addition(rows: Filings) -> pd.Series:
    """Tianjin: a licence without a trade name carries only a person's name, which needs the addition."""
    trades = "[店馆坊厂部行社铺摊屋吧居堂斋阁轩院站场园房城楼点室厅司户]$"
    name = rows["subject_name"]
    personal = name.str.contains(f"^[{HAN}]{{2,4}}$", regex=True) & ~name.str.contains(trades, regex=True)
    return personal & rows["subject_certificate_number"].str.startswith("92")


@individual_business_lacks_addition.details
def _addition(rows: Filings) -> dict[str, pd.Series]:
    return {"expected": rows["subject_name"] + "（个体工商户）", "snapshot": rows.policy("snapshot")}


_EXCLUSIVE = where_policy(
    "certificates_exclusive", "yes", "限定企业证件的省份", "provinces that limit the certificates"
)
_SCOPE = Case(
    "规定所及的备案类型", "filing types the rule covers",
    lambda rows: (rows.policy("certificates_rule_scope") != "first_filing") | (rows["filing_type"] == "首次备案"),
    ("province",),
)  # fmt: skip
_LIMITED = _ENTERPRISE & _EXCLUSIVE & _SCOPE


@rule(
    "ICP0504",
    zh="该省不接受此证件", en="The province does not accept this certificate",
    columns=("subject_certificate_type", "subject_certificate_number"),
    case=BEGINNING & _LIMITED, severity="error",
    message=Words("{province}只接受企业的{wanted}（{snapshot} 的管局规则），而{cells}",
                  "{province} takes of enterprises only {wanted} (page of {snapshot}), but {cells}"),
    fix=Words("改填并上传{wanted}", "give and attach {wanted}"),
    owner="filer", source="Aliyun ICP docs 2019-09, 管局规则",
    good=[
        {"province": "北京"}, {"province": "河南"}, {"subject_certificate_type": "组织机构代码证"},
        {"province": "北京", "subject_certificate_type": "外国企业常驻代表机构登记证"},
        {"province": "北京", **_SCHOOL}, {"province": "北京", "subject_certificate_number": "110108000000016"},
        {"province": "青海", "filing_type": "接入备案", "subject_certificate_type": "组织机构代码证"},
        {"province": "河南", "subject_certificate_type": "统一社会信用代码证书"},
    ],
    bad=[
        {"province": "北京", "subject_certificate_type": "组织机构代码证", "subject_certificate_number": "MA0000007"},
        {"province": "河南", "subject_certificate_number": "410108000000016"},
        {"province": "青海", "subject_certificate_type": "组织机构代码证"},
    ],
)  # fmt: skip
def certificate_not_accepted(rows: Filings) -> pd.Series:
    """Some provinces take nothing but the business licence of an enterprise, one nothing but the merged
    certificate with its unified code. Their pages speak of enterprises, so other units pass, and so do
    the registrations of foreign ones."""
    return _not_accepted(rows)


def _not_accepted(rows: Filings) -> pd.Series:
    accepted, kind = rows.policy("accepted_certificates"), rows["subject_certificate_type"]
    old = (kind == _LICENCE) & is_licence_form(rows["subject_certificate_number"]) & (accepted == _MERGED)

    def refused(text: str) -> bool:
        codes, _, kind = text.partition("\n")
        allowed = {_TYPE_OF.get(code, _LICENCE) for code in codes.split(";")}
        return kind in _TYPE_OF.values() and kind not in allowed

    return old | per_value(accepted + "\n" + kind, refused)


@certificate_not_accepted.details
def _wanted(rows: Filings) -> dict[str, pd.Series]:
    words = {
        "business_licence": Words("营业执照", "the business licence"),
        "organisation_code_certificate": Words("组织机构代码证", "the organisation code certificate"),
        _MERGED: Words("三证合一的营业执照（统一社会信用代码）", "the merged licence with a unified code"),
    }

    def wanted(codes: str) -> str:
        return "、".join(words[code](rows.basis.language) for code in codes.split(";") if code in words)

    return {"wanted": per_value(rows.policy("accepted_certificates"), wanted), "snapshot": rows.policy("snapshot")}


# An access filing or a further site must carry the number that is on file, old as it may be.
_NEWEST = ~filed_as("新增网站", "新增网站（原备案在本接入商）", "新增网站（原备案不在本接入商）", "接入备案")


@rule(
    "ICP0505",
    zh="证件号码未换成统一社会信用代码", en="The certificate number is not yet a unified code",
    columns=("subject_certificate_number",), evidence=("subject_certificate_type",),
    case=BEGINNING & _ENTERPRISE & _NEWEST, severity="warning",
    message=Words("「{subject_certificate_number}」是三证合一前的号码，可能被提示「证件已三证合一」",
                  "「{subject_certificate_number}」 predates the merged certificates (2015-10-01) and may be refused"),
    fix=Words("改填营业执照上的18位统一社会信用代码，并上传新执照；已备案的旧号码先做变更备案",
              "give the 18-character unified code and the new licence; an old number on file is changed first"),
    owner="filer", source="Aliyun ICP docs 2019-09, 备案信息专项核查; Tencent Cloud docs, 材料上传",
    good=[
        {}, {"subject_certificate_number": "110108000000016", "filing_type": "接入备案"}, _SCHOOL,
        {"subject_certificate_number": "410108000000016", "province": "河南"},
        {"subject_certificate_type": "外国企业常驻代表机构登记证", "subject_certificate_number": "110108000000016"},
    ],
    bad=[
        {"subject_certificate_number": "110108000000016"},
        {"subject_certificate_type": "组织机构代码证", "subject_certificate_number": "MA0000007"},
    ],
)  # fmt: skip
def certificate_number_predates_merger(rows: Filings) -> pd.Series:
    """Since October 2015 a licence carries the unified code; a number of 15 digits or an organisation
    code shows that an old certificate was used."""
    number, kind = rows["subject_certificate_number"], rows["subject_certificate_type"]
    licence = (kind == _LICENCE) & number.str.contains("^[0-9]{13}(?:[0-9]{2})?$", regex=True)
    code = (kind == _ORGANISATION_CODE) & number.str.contains("^[0-9A-Z]{8}[0-9X]$", regex=True)
    return (licence | code) & ~(_LIMITED.holds(rows) & _not_accepted(rows))


@rule(
    "ICP0506",
    zh="统一社会信用代码填在了旧证件类型下", en="A unified code under an old certificate type",
    columns=("subject_certificate_type", "subject_certificate_number"), case=BEGINNING & ORGANISATIONS,
    severity="warning",
    message=Words("「{subject_certificate_number}」是统一社会信用代码，证件类型却是「{subject_certificate_type}」",
                  "「{subject_certificate_number}」 is a unified code, but the type is 「{subject_certificate_type}」"),
    fix=Words("证件类型改为载有该代码的证件", "choose the certificate that carries the code"),
    owner="filer", source="GB 32100-2015; MIIT form enumeration, read 2023-10",
    good=[
        {}, {"subject_certificate_type": "组织机构代码证", "subject_certificate_number": "MA0000007"},
        {"province": "北京", "subject_certificate_type": "组织机构代码证"},
    ],
    bad=[{"subject_certificate_type": "组织机构代码证"}],
)  # fmt: skip
def credit_code_under_old_type(rows: Filings) -> pd.Series:
    """An organisation code has nine characters; eighteen stand on a licence or code certificate. Where
    the province refuses the old type altogether, that is said instead."""
    code = is_credit_code_form(rows["subject_certificate_number"])
    refused = _LIMITED.holds(rows) & _not_accepted(rows)
    return (rows["subject_certificate_type"] == _ORGANISATION_CODE) & code & ~refused


@credit_code_under_old_type.details
def _right_type(rows: Filings) -> dict[str, pd.Series]:
    kinds = {row["prefix"]: row["certificate_type"] for row in rows.basis.reference.table("credit_code_natures")}
    right = rows["subject_certificate_number"].str[:2].map(kinds).astype("str").fillna("")
    return {"expected": right}


@rule(
    "ICP0507",
    zh="统一社会信用代码与主办单位性质不符", en="The unified code speaks of another nature",
    columns=("subject_nature", "subject_certificate_number"), case=BEGINNING & ORGANISATIONS, severity="warning",
    message=Words("统一社会信用代码以{prefix}开头，应是{natures}，而性质填「{subject_nature}」",
                  "a unified code that begins with {prefix} is of {natures}, not 「{subject_nature}」"),
    fix=Words("对照证件改正性质或号码", "correct the nature or the number, as on the certificate"),
    owner="filer", source="GB 32100-2015",
    good=[
        {}, _SCHOOL, {"subject_certificate_number": "92330000MA0000007X"},
        {"subject_certificate_number": "N2330000MA0000007X"}, {"subject_certificate_number": "123"},
        {**_SCHOOL, "subject_nature": "医疗机构"}, {"subject_nature": "民营企业"},
    ],
    bad=[
        {"subject_certificate_number": "12330000MB00000078"},
        {**_SCHOOL, "subject_certificate_number": "91330000MA0000007W"},
        {"subject_certificate_number": "51330000MJ00000075"},
    ],
)  # fmt: skip
def credit_code_of_another_nature(rows: Filings) -> pd.Series:
    """The first two characters say who registered the body, and as what. Offices have registered some
    bodies elsewhere, so this is for a person to look at."""
    natures = {row["prefix"]: row["natures"] for row in rows.basis.reference.table("credit_code_natures")}
    number = rows["subject_certificate_number"]
    nature = rows["subject_nature"]
    both = number.str[:2] + nature
    known_natures = [choice.value for choice in choices()["subject_nature"]]
    listed = {prefix + nature for prefix, known in natures.items() for nature in known.split(";")}
    told = is_credit_code_form(number) & number.str[:2].isin(list(natures)) & nature.isin(known_natures)
    return told & ~both.isin(listed)


@credit_code_of_another_nature.details
def _nature_meant(rows: Filings) -> dict[str, pd.Series]:
    table = rows.basis.reference.table("credit_code_natures")
    zh = rows.basis.language == "zh"
    said = {row["prefix"]: row["natures"].partition(";")[0] if zh else row["en"] for row in table}
    prefix = rows["subject_certificate_number"].str[:2]
    return {"prefix": prefix, "natures": prefix.map(said).astype("str").fillna("")}


_OF_PERSONS = ("principal_certificate_type", "site_principal_certificate_type")


@rule(
    "ICP0508",
    zh="负责人证件是单位的证件", en="A principal is named by a unit's certificate",
    columns=_OF_PERSONS, blank="passes", case=BEGINNING, severity="error",
    message=Words("{cells}是单位的证件，负责人须用本人身份证件",
                  "{cells}: a unit's certificate; a principal needs a document of the person"),
    fix=Words("改为负责人本人的证件（居民身份证、港澳台居民居住证或通行证、护照），并填其号码",
              "choose the person's own document (identity card, residence or travel permit, passport) and its number"),
    owner="filer", source="Aliyun ICP docs 2019-09, 备案所需资料",
    good=[
        {}, {"principal_certificate_type": "护照"}, {"principal_certificate_type": "某证"},
        {"subject_nature": "个人", "subject_certificate_type": "营业执照"},
        {"principal_certificate_type": "营业执照", "filing_type": "注销主体"},
    ],
    bad=[{"principal_certificate_type": "营业执照"}, {"site_principal_certificate_type": "组织机构代码证"}],
)  # fmt: skip
def principal_under_a_units_certificate(rows: Filings) -> pd.DataFrame:
    """Principals are people: residents of the mainland show the identity card, others a permit or passport."""
    return pd.DataFrame({key: rows[key].isin(unit_types()) for key in _OF_PERSONS}, index=rows.index)
