"""Who must be whom, by province.

Most provinces want the legal representative as subject principal; lists of different dates disagree
on some (see :mod:`expectations.facts.representation`).
"""

from __future__ import annotations

import pandas as pd

from expectations.facts.people import DIFFERENT, SAME, per_value
from expectations.facts.representation import (
    BEGINNING,
    HEAD_OFFICE,
    PRINCIPAL_BOUND,
    SITE_PRINCIPAL_BOUND,
    grounds,
    open_to_review,
)
from expectations.rows import ORGANISATIONS, Case, Filings, across, where_policy
from expectations.rule import Words, rule

_PAGES = "Aliyun ICP docs 2019-09, 管局规则 and 填写主体信息和网站信息FAQ; Tencent Cloud docs, 主体信息.md"
_SITE_PAGES = "Aliyun ICP docs 2019-09, 管局规则; Tencent Cloud docs, 网站信息.md"

_OTHER = {"principal_name": "周样本", "principal_certificate_number": "330000197803030034"}
_OTHER_SITE_PRINCIPAL = {
    "site_principal_name": "周样本", "site_principal_certificate_number": "330000197803030034",
    "site_principal_mobile": "13805710005", "site_principal_email": "zhou@chenguang-sample.cn",
}  # fmt: skip
_LETTER = {"attachment_authorization_letter": "BA-0001/letter.jpg"}


@rule(
    "ICP0601",
    zh="主体负责人不是法定代表人", en="The principal is not the legal representative",
    columns=("principal_name",), evidence=("legal_representative_name",),
    case=PRINCIPAL_BOUND, severity="error", warning_if=HEAD_OFFICE | open_to_review("principal_refused_by"),
    message=Words(
        "主体负责人「{principal_name}」不是法定代表人「{legal_representative_name}」；"
        "{province}要求由法定代表人任主体负责人（{ground}）",
        "principal 「{principal_name}」 is not the legal representative 「{legal_representative_name}」, "
        "whom {province} demands ({ground})",
    ),
    fix=Words("改由法定代表人任主体负责人，姓名与证件一并更换{way_out}",
              "make the legal representative the principal, with name and certificate{way_out}"),
    owner="legal_representative", source=_PAGES,
    good=[
        {},
        {"principal_name": "林 示例"},
        {**_OTHER, "legal_representative_name": "周样本",
         "legal_representative_certificate_number": "330000197803030034"},
        {**_OTHER, "province": "四川", **_LETTER},
        {**_OTHER, "province": "江苏", **_LETTER},
        {**_OTHER, "province": "辽宁"},
        {**_OTHER, "filing_type": "注销网站"},
        {**_OTHER, "legal_representative_name": ""},
        {"legal_representative_name": "样例投资管理(杭州)有限公司(委派代表:林示例)",
         "legal_representative_certificate_number": ""},
        {**_OTHER, "province": "河北", "legal_representative_name": "John Sample",
         "legal_representative_certificate_number": "X1234567", **_LETTER},
        {"principal_name": "约翰·样本", "principal_certificate_number": "X1234567",
         "legal_representative_name": "John Sample", "legal_representative_certificate_number": ""},
        {"subject_nature": "个人", "legal_representative_name": "周样本"},
    ],
    bad=[
        _OTHER,
        {**_OTHER, "legal_representative_certificate_number": ""},
        {"principal_certificate_number": "330000197803030034"},
        {**_OTHER, "province": "浙江", **_LETTER},
        {**_OTHER, "province": "四川"},
        {**_OTHER, "province": "北京"},
        {**_OTHER, "province": "广西"},
        {**_OTHER, "subject_name": "杭州晨光样例图书有限公司宁波分公司"},
    ],
)  # fmt: skip
def principal_is_not_legal_representative(rows: Filings) -> pd.Series:
    """Most provinces file an organisation only under its legal representative. The certificate number
    decides where both are given, else the name; a letter helps where a source accepts one. Where a later
    list is laxer than the province's page, the page holds until a user's table says otherwise."""
    return rows["principal_and_representative"] == DIFFERENT


@principal_is_not_legal_representative.details
def _principal_details(rows: Filings) -> dict[str, pd.Series]:
    letter = rows.policy("authorization_letter_accepted") == "yes"
    out = Words("；或上传法定代表人签署的授权书", "; or attach a letter signed by the legal representative")
    way_out = rows.constant("").where(~letter, out(rows.basis.language))
    return {"ground": grounds(rows, rows["principal_refused_by"]), "way_out": way_out}


@rule(
    "ICP0604",
    zh="网站负责人不是法定代表人且无授权书",
    en="The site principal is not the legal representative and has no letter",
    columns=("site_principal_name",), evidence=("legal_representative_name",),
    case=SITE_PRINCIPAL_BOUND, severity="error",
    warning_if=HEAD_OFFICE | open_to_review("site_principal_refused_by"),
    message=Words(
        "网站负责人「{site_principal_name}」不是法定代表人「{legal_representative_name}」，又未附授权书；{province}要求授权（{ground}）",
        "site principal 「{site_principal_name}」 is not the legal representative 「{legal_representative_name}」 and "
        "there is no letter, which {province} demands ({ground})",
    ),
    fix=Words("上传法定代表人签署的网站负责人授权书，或改由法定代表人任网站负责人",
              "attach a letter signed by the legal representative, or make that person the site principal"),
    owner="legal_representative", source=_SITE_PAGES,
    good=[
        {"province": "上海"},
        {"province": "上海", **_OTHER_SITE_PRINCIPAL, **_LETTER},
        {"province": "广东", **_OTHER_SITE_PRINCIPAL},
        _OTHER_SITE_PRINCIPAL,
    ],
    bad=[
        {"province": "上海", **_OTHER_SITE_PRINCIPAL},
        {"province": "重庆", **_OTHER_SITE_PRINCIPAL},
    ],
)  # fmt: skip
def site_principal_lacks_authorisation(rows: Filings) -> pd.Series:
    """Some provinces take a site principal other than the legal representative only with a letter."""
    return rows["site_principal_and_representative"] == DIFFERENT


@site_principal_lacks_authorisation.details
def _site_principal_details(rows: Filings) -> dict[str, pd.Series]:
    return {"ground": grounds(rows, rows["site_principal_refused_by"])}


@rule(
    "ICP0613",
    zh="授权书之外未在备注说明", en="The letter is not explained in the remark",
    columns=("subject_remark",), evidence=("legal_representative_name",), blank="judged",
    case=BEGINNING & ORGANISATIONS & Case(
        "授权书须在备注说明的省份", "provinces that want the letter explained in the remark",
        lambda rows: rows.policy("authorization_letter_extra").str.contains("subject_remark", regex=False),
        ("province",),
    ),
    severity="warning",
    message=Words("主体负责人「{principal_name}」不是法定代表人；{province}要求除本省模板的授权书外，还须在主体备注中说明"
                  "（{snapshot} 的管局规则）",
                  "principal 「{principal_name}」 is not the legal representative; besides a letter on its own form "
                  "{province} wants the subject's remark to say so (page of {snapshot})"),
    fix=Words("在主体备注写明由何人代法定代表人任主体负责人及原因，并使用本省授权书模板",
              "say in the remark who is principal instead of the representative and why, and use the province's form"),
    owner="filer", source="Aliyun ICP docs 2019-09, 甘肃备案规则 and 授权书",
    good=[
        {"province": "甘肃"}, {"province": "甘肃", **_OTHER}, {"province": "四川", **_OTHER, **_LETTER},
        {"province": "甘肃", **_OTHER, **_LETTER, "subject_remark": "周样本经法定代表人授权任主体负责人"},
    ],
    bad=[{"province": "甘肃", **_OTHER, **_LETTER}],
)  # fmt: skip
def letter_without_remark(rows: Filings) -> pd.Series:
    """Gansu takes another principal with a letter on its own form and a word in the remark. What the
    remark must say is not told, and the form of the letter cannot be seen, so a person looks."""
    lettered = (rows["attachment_authorization_letter"] != "") & (rows["subject_remark"] == "")
    return lettered & (rows["principal_and_representative"] == DIFFERENT)


_MUST_DIFFER = ORGANISATIONS & where_policy(
    "site_principal_must_differ_from_principal", "yes",
    "两位负责人不得为同一人的省份", "provinces that want two different principals",
)  # fmt: skip


@rule(
    "ICP0605",
    zh="两位负责人不得为同一人", en="The two principals may not be one person",
    columns=("principal_name", "site_principal_name"), case=BEGINNING & _MUST_DIFFER, severity="error",
    message=Words("{province}要求两位负责人不是同一人，而两处都是「{principal_name}」（{snapshot} 的管局规则）",
                  "{province} wants two different principals, but both are 「{principal_name}」 (page of {snapshot})"),
    fix=Words("网站负责人另换一人", "name another site principal"),
    owner="filer", source="Aliyun ICP docs 2019-09, 天津备案规则 and 关于天津地区备案网站内容一项说明",
    good=[{}, {"province": "天津", **_OTHER_SITE_PRINCIPAL}, {"province": "天津", "subject_nature": "个人"}],
    bad=[{"province": "天津"}],
)  # fmt: skip
def principals_are_one_person(rows: Filings) -> pd.Series:
    """Tianjin wants an organisation's site principal to be somebody other than its subject principal."""
    return rows["principals_are"] == SAME


_MUST_EQUAL = ORGANISATIONS & where_policy(
    "site_principal_must_equal_principal_when", "principal_not_legal_representative",
    "主体负责人非法定代表人时两位负责人须为同一人的省份",
    "provinces that want one principal where it is not the legal representative",
)  # fmt: skip


@rule(
    "ICP0606",
    zh="非法定代表人任负责人时两位负责人须为同一人",
    en="Without the legal representative both principals must be one person",
    columns=("site_principal_name",), evidence=("principal_name", "legal_representative_name"),
    case=BEGINNING & _MUST_EQUAL, severity="error", warning_if=HEAD_OFFICE,
    message=Words(
        "主体负责人「{principal_name}」不是法定代表人，{province}要求此时网站负责人为同一人，"
        "而填的是「{site_principal_name}」（{snapshot} 的管局规则）",
        "principal 「{principal_name}」 is not the legal representative; {province} wants the same site principal, "
        "not 「{site_principal_name}」 (page of {snapshot})",
    ),
    fix=Words("网站负责人与主体负责人填同一人，或改由法定代表人任主体负责人",
              "name one person in both roles, or make the legal representative the principal"),
    owner="filer", source="Aliyun ICP docs 2019-09, 江苏备案规则",
    good=[
        {"province": "江苏", **_OTHER_SITE_PRINCIPAL},
        {"province": "江苏", **_OTHER, **_OTHER_SITE_PRINCIPAL, **_LETTER},
        {**_OTHER},
    ],
    bad=[{"province": "江苏", **_OTHER, **_LETTER}],
)  # fmt: skip
def principals_differ_without_representative(rows: Filings) -> pd.Series:
    """Jiangsu lets another person be principal, but then in both roles."""
    return (rows["principals_are"] == DIFFERENT) & (rows["principal_and_representative"] == DIFFERENT)


@rule(
    "ICP0607",
    zh="名称含金融词语的单位须由法定代表人任负责人",
    en="A unit with a finance word in its name needs its legal representative as principal",
    columns=("principal_name", "site_principal_name"), evidence=("legal_representative_name", "subject_name"),
    case=BEGINNING & ORGANISATIONS & Case(
        "有此规定的省份", "provinces with such words",
        lambda rows: rows.policy("legal_representative_required_if_name_contains") != "", ("province",),
    ),
    severity="error", warning_if=HEAD_OFFICE,
    message=Words(
        "单位名称含「{word}」，{province}要求两位负责人均为法定代表人「{legal_representative_name}」，"
        "而{cells}（{snapshot} 的管局规则）",
        "the unit's name has 「{word}」, so {province} wants the legal representative 「{legal_representative_name}」 "
        "in both roles, but {cells} (page of {snapshot})",
    ),
    fix=Words("两位负责人都改为法定代表人", "make the legal representative both principals"),
    owner="legal_representative", source="Aliyun ICP docs 2019-09, 辽宁备案规则",
    good=[
        {"province": "辽宁", **_OTHER},
        {"province": "辽宁", "subject_name": "沈阳样例投资管理有限公司"},
        {**_OTHER_SITE_PRINCIPAL, "subject_name": "杭州样例投资管理有限公司"},
    ],
    bad=[
        {"province": "辽宁", "subject_name": "沈阳样例融资担保有限公司", **_OTHER},
        {"province": "辽宁", "subject_name": "沈阳样例投资管理有限公司", **_OTHER_SITE_PRINCIPAL},
    ],
)  # fmt: skip
def finance_unit_without_legal_representative(rows: Filings) -> pd.DataFrame:
    """Liaoning asks nothing of ordinary units, but of those named after certain finance trades both
    principals must be the legal representative."""
    worded = _finance_word(rows) != ""
    return pd.DataFrame(
        {
            f"{role}_name": worded & (rows[f"{role}_and_representative"] == DIFFERENT)
            for role in ("principal", "site_principal")
        },
        index=rows.index,
    )


@finance_unit_without_legal_representative.details
def _finance_details(rows: Filings) -> dict[str, pd.Series]:
    return {"word": _finance_word(rows), "snapshot": rows.policy("snapshot")}


def _finance_word(rows: Filings) -> pd.Series:
    asked = rows.policy("legal_representative_required_if_name_contains") + "\n" + rows["subject_name"]

    def word(text: str) -> str:
        words, _, name = text.partition("\n")
        return next((one for one in words.split(";") if one and one in name), "")

    return per_value(asked, word)


_HARBIN = {"province": "黑龙江"}
_OTHER_UNIT = {"subject_certificate_number": "91330000MA0000015H", "subject_name": "杭州样例乙有限公司"}


@across(
    "ledger.site_principal_elsewhere",
    reads=("site_principal_certificate_number", "subject_key", "province", "subject_name", "is_individual"),
)
def _site_principal_elsewhere(entries: pd.DataFrame) -> pd.Series:
    """Other organisations of the province with the same site principal: up to three, where they stand."""
    texts = pd.Series("", index=entries.index, dtype="str")
    person = entries["site_principal_certificate_number"]
    known = (person != "") & (entries["subject_key"] != "") & (entries["province"] != "") & ~entries["is_individual"]
    part = entries[known].assign(group=entries["province"] + "\n" + person)
    shared = part[part.groupby("group")["subject_key"].transform("nunique") > 1]
    for _, rows in shared.groupby("group", sort=False):
        first = rows.drop_duplicates("subject_key")
        where = (
            "「"
            + first["subject_name"]
            + "」（"
            + first["workbook"]
            + " "
            + first["sheet"]
            + " "
            + (first["row"].astype("str") + "）")
        )
        for subject, own in rows.groupby("subject_key", sort=False):
            texts[own.index] = "、".join(where[first["subject_key"] != subject].head(3))
    return texts


@rule(
    "ICP0608",
    zh="同一人任多个主体的网站负责人", en="One person is site principal of several subjects",
    columns=("site_principal_certificate_number",), evidence=("subject_certificate_number",),
    case=BEGINNING & ORGANISATIONS & where_policy(
        "site_principal_unique_across_subjects", "yes",
        "网站负责人只能属于一个主体的省份", "provinces that take a site principal for one subject only",
    ),
    severity="error",
    message=Words("{province}不允许同一人任多个主体的网站负责人，此人还是{others}的网站负责人（{snapshot} 的管局规则）",
                  "{province} takes one person as site principal of one subject only; this one is also that of "
                  "{others} (page of {snapshot})"),
    fix=Words("每个主体各用自己的网站负责人", "name another site principal for each subject"),
    owner="filer", source="Aliyun ICP docs 2019-09, 黑龙江备案规则",
    good=[
        [{**_HARBIN, "site_principal_certificate_number": "330000198205050013"},
         {**_HARBIN, "site_principal_certificate_number": "330000198205050013", "domain": "other-sample.cn"}],
        [{**_HARBIN, "site_principal_certificate_number": "330000198206060029"},
         {**_HARBIN, **_OTHER_UNIT, "site_principal_certificate_number": "330000198206060029", "province": "吉林"}],
        [{**_HARBIN, "site_principal_certificate_number": "330000198207070034"},
         {**_HARBIN, "site_principal_certificate_number": "330000198207070034", "subject_nature": "个人"}],
        [{}, _OTHER_UNIT],
    ],
    bad=[[{**_HARBIN, "site_principal_certificate_number": "33000019820808004X"},
          {**_HARBIN, **_OTHER_UNIT, "site_principal_certificate_number": "33000019820808004X"}]],
)  # fmt: skip
def site_principal_of_several_subjects(rows: Filings) -> pd.Series:
    """Heilongjiang takes a person as site principal under one subject only."""
    return rows["ledger.site_principal_elsewhere"] != ""


@site_principal_of_several_subjects.details
def _elsewhere(rows: Filings) -> dict[str, pd.Series]:
    return {"others": rows["ledger.site_principal_elsewhere"], "snapshot": rows.policy("snapshot")}


for _dated in (letter_without_remark, principals_are_one_person, principals_differ_without_representative):
    _dated.details(lambda rows: {"snapshot": rows.policy("snapshot")})
