"""Reason 8: the paper statement that the filing is true (网站备案信息真实性核验单).

One provider gave it up in July 2019, and the pages of most administrations no longer list it; others
still collect it. ``Basis.statement`` says which holds: ``required`` everywhere, ``by-province`` as the
pages of the snapshot list it, or ``off``. Where it is not due but attached all the same, it is judged
as a warning.
"""

from __future__ import annotations

import pandas as pd

from expectations.facts.people import per_value
from expectations.facts.representation import BEGINNING
from expectations.filing import NO, SEPARATOR
from expectations.rows import INDIVIDUALS, ORGANISATIONS, Case, Filings, derived, where_policy
from expectations.rule import Words, rule

_FORM = "Aliyun ICP docs 2019-09, 核验单"
_ATTACHED = {"attachment_statement": "BA-0001/statement.jpg"}
_TIBET = {
    "province": "西藏",
    "statement_province": "西藏",
    "statement_signed": "是",
    "statement_sealed": "是",
    **_ATTACHED,
}
_INDIVIDUAL = {"subject_nature": "个人", **_ATTACHED, "statement_signed": "是"}


@derived("statement_due")
def _statement_due(rows: Filings) -> pd.Series:
    if rows.basis.statement != "by-province":
        return rows.constant(rows.basis.statement == "required") & BEGINNING.holds(rows)
    return (rows.policy("authenticity_statement_listed_on_current_page") == "yes") & BEGINNING.holds(rows)


def _given(rows: Filings) -> pd.Series:
    attached = (rows["attachment_statement"] != "") & BEGINNING.holds(rows)
    return rows["statement_due"] | (attached & (rows.basis.statement != "off"))


DUE = Case("须提交核验单", "filings that need the statement", lambda rows: rows["statement_due"], ("province",))
GIVEN = Case("须提交或已附核验单", "filings that need the statement or attach one", _given, ("province",))
NOT_DUE = Case("核验单并非必交", "the statement is not due", lambda rows: ~rows["statement_due"], ("province",))


@rule(
    "ICP0801",
    zh="缺真实性核验单", en="The authenticity statement is missing",
    columns=("attachment_statement",), blank="judged", evidence=("in_sheet.attachment_statement",), case=DUE,
    severity="error",
    message=Words("{province}须上传真实性核验单（{ground}），未附图片",
                  "{province} needs the authenticity statement ({ground}); none is attached"),
    fix=Words("下载{province}的核验单模板，由网站负责人签字（单位加盖公章）后扫描或拍照上传",
              "print {province}'s form, have the site principal sign it (organisations: seal it), attach it"),
    owner="filer", source="Aliyun ICP docs 2019-09, 管局规则 and 核验单",
    good=[{}, _TIBET, {"province": "西藏", "filing_type": "取消接入"}],
    bad=[{"province": "西藏"}, {"province": "广东", "subject_nature": "个人"}],
)  # fmt: skip
def statement_missing(rows: Filings) -> pd.Series:
    """Where the signed statement is still collected, a filing without it is sent back."""
    return rows["attachment_statement"] == ""


@statement_missing.details
def _due_details(rows: Filings) -> dict[str, pd.Series]:
    if rows.basis.statement == "required":
        words = Words("本次设定为必交", "required by setting")
        return {"ground": rows.constant(words(rows.basis.language))}
    listed = Words(" 的管局规则仍列此项", " page of the administration still lists it")
    return {"ground": rows.policy("snapshot") + listed(rows.basis.language)}


@rule(
    "ICP0802",
    zh="核验单模板不是备案省份的", en="The statement is another province's form",
    columns=("statement_province",), evidence=("province",), case=GIVEN, severity="error", warning_if=NOT_DUE,
    message=Words("核验单用的是「{statement_province}」模板，备案省份是{province}",
                  "the statement is the form of 「{statement_province}」, the filing is for {province}"),
    fix=Words("改用{province}的核验单模板重新签署", "sign {province}'s own form"),
    owner="filer", source=f"{_FORM}; Tencent Cloud docs, 常见备案申请驳回",
    good=[{}, _TIBET, {**_TIBET, "statement_province": ""}, {"statement_province": "江苏"},
          {**_TIBET, "statement_province": "通用模板"}, {**_TIBET, "province": "同上"}],
    bad=[{**_TIBET, "statement_province": "广东"}, {"statement_province": "江苏", **_ATTACHED}],
)  # fmt: skip
def statement_of_another_province(rows: Filings) -> pd.Series:
    """Each administration has its own form, and takes no other."""
    other, known = rows["statement_province"], list(rows.basis.reference.provinces)
    return other.isin(known) & rows["province"].isin(known) & (other != rows["province"])


@statement_of_another_province.details
def _own_form(rows: Filings) -> dict[str, pd.Series]:
    return {"expected": rows["province"]}


@rule(
    "ICP0803",
    zh="核验单未签字", en="The statement is not signed",
    columns=("statement_signed",), case=GIVEN, severity="error", warning_if=NOT_DUE,
    message=Words("核验单未由网站负责人签字", "the site principal has not signed the statement"),
    fix=Words("网站负责人用黑色笔工整签名后重新上传", "have the site principal sign it legibly in black"),
    owner="filer", source=_FORM,
    good=[{}, _TIBET, {"statement_signed": "否"}, {**_TIBET, "statement_signed": ""}],
    bad=[{**_TIBET, "statement_signed": "否"}, {"statement_signed": "否", **_ATTACHED}],
)  # fmt: skip
def statement_not_signed(rows: Filings) -> pd.Series:
    """The statement is the site principal's word; unsigned it is worth nothing."""
    return rows["statement_signed"] == NO


@rule(
    "ICP0804",
    zh="核验单未盖章", en="The statement is not sealed",
    columns=("statement_sealed",), case=ORGANISATIONS & GIVEN & where_policy(
        "authenticity_statement_organisation_seal_required", "yes",
        "单位核验单须盖章的省份", "provinces that want the organisation's seal",
    ),
    severity="error", warning_if=NOT_DUE,
    message=Words("单位的核验单未加盖公章（{snapshot} 的管局规则）",
                  "the organisation's statement has no seal (page of {snapshot})"),
    fix=Words("加盖单位公章后重新上传", "seal it and attach it again"),
    owner="filer", source=_FORM,
    good=[{}, _TIBET, {**_TIBET, "statement_sealed": ""},
          {"province": "西藏", **_INDIVIDUAL, "statement_sealed": "否"}],
    bad=[{**_TIBET, "statement_sealed": "否"}],
)  # fmt: skip
def statement_not_sealed(rows: Filings) -> pd.Series:
    """Organisations add their company seal, in every province."""
    return rows["statement_sealed"] == NO


@rule(
    "ICP0805",
    zh="核验单未按指纹", en="The statement has no fingerprint",
    columns=("statement_fingerprinted",), case=INDIVIDUALS & GIVEN & where_policy(
        "authenticity_statement_individual_fingerprint_required", "yes",
        "个人核验单须按指纹的省份", "provinces that want an individual's fingerprint",
    ),
    severity="error", warning_if=NOT_DUE,
    message=Words("{province}的个人核验单须签字并按指纹，未按指纹（{snapshot} 的管局规则）",
                  "{province} wants signature and fingerprint on an individual's statement (page of {snapshot})"),
    fix=Words("在签名处按指纹后重新上传", "add the fingerprint to the signature and attach it again"),
    owner="filer", source=_FORM,
    good=[
        {"subject_nature": "个人"}, {"province": "浙江", **_INDIVIDUAL, "statement_fingerprinted": "否"},
        {"province": "新疆", **_INDIVIDUAL, "statement_fingerprinted": "是"},
        {"province": "江西", **_ATTACHED, "statement_fingerprinted": "否"},
    ],
    bad=[{"province": province, **_INDIVIDUAL, "statement_fingerprinted": "否"} for province in ("江西", "新疆")],
)  # fmt: skip
def statement_without_fingerprint(rows: Filings) -> pd.Series:
    """Jiangxi and Xinjiang want an individual's fingerprint beside the signature."""
    return rows["statement_fingerprinted"] == NO


def _line(rows: Filings) -> pd.Series:
    """The line as it should stand: 域名 注册商, several with a semicolon between."""
    registrar = " " + rows["domain_registrar"]
    lines = rows["domain"].str.replace(SEPARATOR, "\n", regex=False) + "\n" + registrar

    def joined(text: str) -> str:
        *domains, name = text.split("\n")
        return "；".join(domain + name for domain in domains)

    return per_value(lines, joined).where((rows["domain_registrar"] != "") & (rows["domain"] != ""), "")


def _unnamed(rows: Filings) -> pd.Series:
    """Which domains the statement's line lacks, joined by 、."""
    both = rows["domain"] + "\n" + rows["statement_domain_line"].str.lower()

    def lacking(text: str) -> str:
        domains, _, line = text.partition("\n")
        return "、".join(domain for domain in domains.split(SEPARATOR) if domain.removeprefix("www.") not in line)

    return per_value(both, lacking)


_BEIJING = {"province": "北京", **_ATTACHED}


@rule(
    "ICP0806",
    zh="核验单域名栏缺域名或注册商", en="The statement's domain line lacks a domain or its registrar",
    columns=("statement_domain_line",), evidence=("domain",), case=GIVEN & where_policy(
        "authenticity_statement_registrar_name_beside_domain", "yes",
        "域名旁须写注册商的省份", "provinces that want the registrar beside the domain",
    ),
    severity="error", warning_if=NOT_DUE,
    message=Words("核验单域名栏「{statement_domain_line}」须逐个写明域名和注册商简称{lacking}（{snapshot} 的管局规则）",
                  "the statement's line 「{statement_domain_line}」 must give each domain with its registrar's "
                  "short name{lacking} (page of {snapshot})"),
    fix=Words("每个域名后写注册商中文简称，写不下另附北京备案确认书并拼成一张图",
              "write the registrar's short Chinese name after each domain; if there is no room, join the Beijing "
              "confirmation letter in one picture"),
    owner="filer", source="Aliyun ICP docs 2019-09, 核验单 and 北京备案确认书",
    good=[
        {}, {**_BEIJING, "statement_domain_line": "chenguang-sample.cn 样例云"},
        {**_BEIJING, "statement_domain_line": "Chenguang-Sample.cn（样例云）"},
        {**_BEIJING, "domain": "chenguang-sample.cn;mofang-sample.cn",
         "statement_domain_line": "chenguang-sample.cn 样例云；mofang-sample.cn 样例网"},
        {**_BEIJING, "statement_domain_line": ""},
        {"province": "北京", "statement_domain_line": "chenguang-sample.cn"},
    ],
    bad=[
        {**_BEIJING, "statement_domain_line": "chenguang-sample.cn"},
        {**_BEIJING, "statement_domain_line": "样例云"},
        {**_BEIJING, "domain": "chenguang-sample.cn;mofang-sample.cn",
         "statement_domain_line": "chenguang-sample.cn 样例云"},
    ],
)  # fmt: skip
def statement_line_lacks_registrar(rows: Filings) -> pd.Series:
    """Beijing wants every domain on the form with the short Chinese name of its registrar."""
    return (_unnamed(rows) != "") | _no_registrar(rows)


def _no_registrar(rows: Filings) -> pd.Series:
    """No word stands beside the domains; a domain may itself be Chinese, so it is taken out first."""
    both = rows["domain"] + "\n" + rows["statement_domain_line"].str.lower()

    def bare(text: str) -> bool:
        domains, _, line = text.partition("\n")
        for domain in sorted(domains.split(SEPARATOR), key=len, reverse=True):
            line = line.replace(domain, " ")
        return not any(character.isalpha() for character in line.replace("www.", " "))

    return per_value(both, bare)


@statement_line_lacks_registrar.details
def _line_details(rows: Filings) -> dict[str, pd.Series]:
    lacks = Words("，缺", ", lacking ")(rows.basis.language)
    unnamed = _unnamed(rows)
    lacking = (lacks + unnamed).where(unnamed != "", "")
    return {"expected": _line(rows), "lacking": lacking, "snapshot": rows.policy("snapshot")}


def _one_form(rows: Filings) -> pd.Series:
    return rows.policy("authenticity_statement_multi_domain_form").isin(("single_sheet", "wide_form"))


_SEVERAL = {"domain": "chenguang-sample.cn;mofang-sample.cn"}


@rule(
    "ICP0807",
    zh="多个域名未按该省方式写入核验单", en="Several domains are not on the statement the way the province wants",
    columns=("attachment_statement",), evidence=("domain",), blank="passes", case=GIVEN & Case(
        "一个网站多个域名", "sites with several domains",
        lambda rows: rows["domain"].str.contains(SEPARATOR, regex=False), ("domain",),
    ),
    severity="warning",
    message=Words("有多个域名，{province}的核验单{way}（{snapshot} 的管局规则）",
                  "several domains: on {province}'s statement {way} (page of {snapshot})"),
    fix=Words("按该省要求写全域名后重新上传", "write all domains the way the province wants and attach it again"),
    owner="filer", source=_FORM,
    good=[
        {}, _TIBET, {**_SEVERAL, **_ATTACHED, "attachment_statement": "statement.jpg;list.jpg"},
        {**_SEVERAL, "province": "四川", **_ATTACHED},
        {**_SEVERAL, "province": "四川", **_ATTACHED, "statement_domain_line": "chenguang-sample.cn、mofang-sample.cn"},
        {**_SEVERAL, "province": "北京", **_ATTACHED},
    ],
    bad=[
        {**_SEVERAL, **_ATTACHED},
        {**_SEVERAL, "province": "四川", **_ATTACHED, "statement_domain_line": "chenguang-sample.cn"},
        {**_SEVERAL, "province": "江西", **_ATTACHED, "statement_domain_line": "mofang-sample.cn"},
    ],
)  # fmt: skip
def several_domains_not_on_statement(rows: Filings) -> pd.Series:
    """Some provinces want all domains on the one form, the others on a separate sheet, sealed or signed;
    both sheets may be joined in one picture, so a person looks."""
    lacks = (rows["statement_domain_line"] != "") & (_unnamed(rows) != "")
    form = rows.policy("authenticity_statement_multi_domain_form")
    alone = ~rows["attachment_statement"].str.contains(SEPARATOR, regex=False)
    beijing = rows.policy("authenticity_statement_registrar_name_beside_domain") == "yes"
    return ~beijing & ((_one_form(rows) & lacks) | ((form == "attached_list") & alone))


@several_domains_not_on_statement.details
def _way(rows: Filings) -> dict[str, pd.Series]:
    one = Words("须把域名全部写在同一张表的域名栏", "all of them belong in the domain cell of the one form")
    list_ = Words(
        "之外须另附域名清单（单位盖章，个人签字）",
        "add a separate list, sealed or signed",
    )
    language = rows.basis.language
    way = rows.constant(one(language)).where(_one_form(rows), list_(language))
    return {"way": way, "snapshot": rows.policy("snapshot")}


for _dated in (statement_not_sealed, statement_without_fingerprint):
    _dated.details(lambda rows: {"snapshot": rows.policy("snapshot")})
