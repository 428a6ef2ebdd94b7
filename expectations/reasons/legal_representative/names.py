"""Real names, foreign nationals, and a filing's people as one picture."""

from __future__ import annotations

import re
from functools import partial

import pandas as pd

from expectations.facts import contradictions
from expectations.facts.people import HAN, UNIT_WORDS, per_value, script
from expectations.facts.representation import BEGINNING
from expectations.filing import FILLER
from expectations.rows import Case, Filings, derived
from expectations.rule import Words, rule

_MIIT = "MIIT 网站备案信息填报真实性和规范性的有关要求 (reposts)"
_NAMES = ("subject_name", "principal_name", "site_principal_name", "legal_representative_name")
_TYPES = {"subject_name": "subject_certificate_type"} | {
    f"{role}_name": f"{role}_certificate_type" for role in ("principal", "site_principal")
}
_DIGIT = re.compile("[0-9]")
_MASK = re.compile("[*?×#□]")
# What stands between and after the letters of a foreign name: John O'Sample-Smith, Jr.
_ODD = re.compile(rf"[^{HAN}A-Za-zÀ-ɏ·\s.,'’-]")
_ONE = re.compile(f"[{HAN}]")
_IDENTITY_CARD = "居民身份证"


def _terms(rows: Filings, severity: str) -> re.Pattern[str]:
    """Forms of address and placeholders that are no names."""
    terms = [row for row in rows.basis.reference.table("unreal_names") if row["severity"] == severity]
    either = {
        stands: "|".join(re.escape(row["term"]) for row in terms if row["stands"] == stands)
        for stands in ("whole", "end")
    }
    return re.compile(f"^(?:{either['whole']})$|(?:{either['end']})$")


def _fault(key: str, rows: Filings) -> pd.Series:
    """``unreal``, ``unusual`` or nothing, of each name in a column."""
    names = rows[key]
    terms = {severity: _terms(rows, severity) for severity in ("error", "warning")}
    listed = "|".join([pattern.pattern for pattern in terms.values()] + [f"^{re.escape(text)}$" for text in FILLER])
    # Nearly all names are two to four Chinese characters and no title: the others are looked at one by one.
    odd = ~names.str.contains("^(?:[一-龥]{2,4})?$", regex=True) | names.str.contains(listed, regex=True)
    faults = rows.constant("")
    if key == "subject_name":
        # A filler in this cell is found by the sheet's own rule.
        odd &= rows["is_individual"] & ~names.str.contains("个体工商户", regex=False) & ~names.isin(FILLER)
    if not odd.any():
        return faults
    card = rows[_TYPES[key]] == _IDENTITY_CARD if key in _TYPES else rows.constant(False)
    cells = names[odd] + "\n" + card[odd].map({True: "card", False: ""})
    return faults.where(~odd, per_value(cells, lambda cell: _fault_of(cell, key, terms)).reindex(rows.index))


def _fault_of(cell: str, key: str, terms: dict[str, re.Pattern[str]]) -> str:
    name, _, card = cell.partition("\n")
    bare = name.replace(" ", "")
    unit = bool(re.search(UNIT_WORDS, name))
    if bare in FILLER or terms["error"].search(bare) or _DIGIT.search(name) or _MASK.search(name):
        return "unreal"
    if (unit and key != "legal_representative_name") or (card and script(name) == "latin"):
        return "unreal"
    both_scripts = card and script(name) == "latinhan"
    if not unit and (_ONE.fullmatch(bare) or terms["warning"].search(bare) or _ODD.search(name) or both_scripts):
        return "unusual"
    return ""


for _key in _NAMES:
    derived(f"names.fault:{_key}")(partial(_fault, _key))


def _with_fault(rows: Filings, fault: str) -> pd.DataFrame:
    return pd.DataFrame({key: rows[f"names.fault:{key}"] == fault for key in _NAMES}, index=rows.index)


@rule(
    "ICP0609",
    zh="姓名不是真实姓名", en="The name is not a real one",
    columns=_NAMES, blank="passes", severity="error",
    message=Words("{cells}不是证件上的真实姓名（称呼、职务、数字、遮盖符号或单位名称）",
                  "{cells}: no name of a certificate but a form of address, a role, digits, a mask or a unit"),
    fix=Words("照证件填写姓名", "write the name as on the certificate"),
    owner="filer", source=_MIIT,
    good=[
        {}, {"subject_nature": "个人"},
        {"principal_name": "买买提·吐尔逊"}, {"principal_name": "阿卜杜热合曼·艾合买提江·吾守尔"},
        {"principal_name": "欧阳样例"}, {"principal_name": "王经纬"}, {"principal_name": "李先"},
        {"principal_name": "〇样例"}, {"principal_name": "\U0002b5f1样例"}, {"principal_name": "方中心园"},
        {"principal_name": "JOHN O'SAMPLE-SMITH, JR.", "principal_certificate_type": "护照"},
        {"legal_representative_name": "John Sample"},
        {"legal_representative_name": "样例投资管理有限公司(委派代表:林示例)"},
        {"subject_name": "杭州100分样例图书有限公司"},
        {"subject_nature": "个人", "subject_name": "陈样例(个体工商户)"},
        {"site_principal_name": ""}, {"subject_nature": "个人", "subject_name": "同上"},
    ],
    bad=[
        {"principal_name": "王先生"}, {"principal_name": "李小姐"}, {"principal_name": "个人"},
        {"principal_name": "无"}, {"principal_name": "公司"},
        {"site_principal_name": "张女士"}, {"legal_representative_name": "赵经理"},
        {"principal_name": "林示例1"}, {"principal_name": "13805710001"}, {"principal_name": "林*例"},
        {"principal_name": "lin shili"}, {"principal_name": "杭州晨光样例图书有限公司"},
        {"subject_nature": "个人", "subject_name": "陈先生"},
    ],
)  # fmt: skip
def name_is_not_real(rows: Filings) -> pd.DataFrame:
    """A principal is named as on the certificate: 王先生, 李小姐, 个人, letters and digits are refused.
    Letters stand on foreign passports, and a representative's certificate is not known."""
    return _with_fault(rows, "unreal")


@rule(
    "ICP0610",
    zh="姓名写法可疑", en="The name looks unusual",
    columns=_NAMES, blank="passes", severity="warning",
    message=Words("{cells}不像证件上的完整姓名", "{cells}: hardly the full name of a certificate"),
    fix=Words("照证件核对姓名，一格只填一人，不加说明", "check the certificate; one person a cell, no notes"),
    owner="filer", source=_MIIT,
    good=[
        {}, {"subject_nature": "个人"}, {"principal_name": "买买提·吐尔逊"}, {"principal_name": "王先生"},
        {"principal_name": "José Sample", "principal_certificate_type": "护照"},
        {"legal_representative_name": "样例投资管理有限公司(委派代表:林示例)"},
        {"subject_name": "杭州样例(集团)有限公司"},
    ],
    bad=[
        {"principal_name": "林"}, {"principal_name": "林某某"}, {"principal_name": "林老师"},
        {"principal_name": "林示例/周样本"}, {"principal_name": "林示例(法人)"}, {"principal_name": "林C例"},
        {"principal_name": "林总"},
    ],
)  # fmt: skip
def name_looks_unusual(rows: Filings) -> pd.DataFrame:
    """One character, 某, a second person or a note in brackets is rarely what a certificate says; a few
    certificates do, so a person looks."""
    return _with_fault(rows, "unusual")


_PASSPORTS = ("护照", "外国人永久居留身份证")
# Letter and eight digits, or two letters and seven: also the form of passports of this country.
_OWN_PASSPORT = r"^(?:[EGDSPK][0-9]{8}|[EGDSPK][A-Z][0-9]{7})$"


def _may_be_a_citizen(rows: Filings) -> pd.Series:
    citizen = rows.constant(True)
    for role in ("principal", "site_principal"):
        kind, number = rows[f"{role}_certificate_type"], rows[f"{role}_certificate_number"]
        own = (kind == "护照") & number.str.contains(_OWN_PASSPORT, regex=True)
        citizen &= ~kind.isin(_PASSPORTS) | own
    return citizen


@rule(
    "ICP0611",
    zh="该省不接受外籍负责人", en="The province takes no foreign principal",
    columns=("principal_certificate_type", "site_principal_certificate_type"), blank="passes",
    case=BEGINNING & Case(
        "不接受外籍人员的省份", "provinces that take no foreign nationals",
        lambda rows: rows.policy("foreign_nationals_accepted") == "no", ("province",),
    ),
    severity="error",
    warning_if=Case("证件可能是中国护照", "the passport may be a Chinese one", _may_be_a_citizen),
    message=Words("{province}不接受外籍人员任负责人，而{cells}（{snapshot} 的管局规则）",
                  "{province} takes no foreign national as principal, but {cells} (page of {snapshot})"),
    fix=Words("改由中国公民任负责人，并上传法定代表人签署的授权书",
              "name a Chinese principal and attach a letter of the legal representative"),
    owner="filer", source="Aliyun ICP docs 2019-09, 河北备案规则; Tencent Cloud docs, 主体信息.md",
    good=[
        {"province": "河北"},
        {"province": "河北", "principal_certificate_type": "港澳居民来往内地通行证"},
        {"province": "浙江", "principal_certificate_type": "护照"},
        {"province": "四川", "subject_nature": "个人", "principal_certificate_type": "护照"},
    ],
    bad=[
        {"province": "河北", "principal_certificate_type": "护照", "principal_certificate_number": "X1234567"},
        {"province": "河北", "site_principal_certificate_type": "外国人永久居留身份证"},
        {"province": "河北", "subject_nature": "个人", "principal_certificate_type": "护照"},
    ],
)  # fmt: skip
def foreign_principal_not_accepted(rows: Filings) -> pd.DataFrame:
    """Hebei takes Chinese citizens only; residents of Hong Kong, Macao and Taiwan are no foreigners."""
    columns = [f"{role}_certificate_type" for role in ("principal", "site_principal")]
    return pd.DataFrame({key: rows[key].isin(_PASSPORTS) for key in columns}, index=rows.index)


@foreign_principal_not_accepted.details
def _foreign_details(rows: Filings) -> dict[str, pd.Series]:
    return {"snapshot": rows.policy("snapshot")}


_SECOND = {
    "site_principal_name": "周样本", "site_principal_certificate_number": "330000197803030034",
    "site_principal_mobile": "13805710005", "site_principal_email": "zhou@chenguang-sample.cn",
}  # fmt: skip


@rule(
    "ICP0612",
    zh="人员信息互相矛盾", en="The people of the filing contradict one another",
    columns=contradictions.PEOPLE, blank="passes", severity="error",
    warning_if=Case("不能断定哪一处有误", "open which cell is wrong, or whether one is",
                    lambda rows: ~contradictions.certain(rows)),
    message=Words("{how}：{cells}", "{how}: {cells}"),
    fix=Words("同一人的信息处处填一致；不同的人各用自己的证件和邮箱",
              "give one person the same details everywhere, and two people their own certificate and e-mail"),
    owner="filer",
    source="Aliyun ICP docs 2019-09, 短信核验 and 填写主体信息和网站信息; Huawei Cloud docs, filing FAQ",
    good=[
        {}, {"subject_nature": "个人"}, _SECOND,
        {"site_principal_mobile": "13805710001;13805710009"},
        {"legal_representative_certificate_number": ""},
        {"site_principal_email": "", "site_principal_mobile": ""},
        {"subject_nature": "个人", "site_principal_name": "周样本"},
        {**_SECOND, "site_principal_mobile": "13805710001"},
    ],
    bad=[
        {"site_principal_name": "周样本"},
        {"legal_representative_name": "周样本"},
        {"site_principal_certificate_type": "护照"},
        {"site_principal_certificate_number": "330000197803030034", "site_principal_mobile": "13805710005",
         "site_principal_email": "zhou@chenguang-sample.cn"},
        {"site_principal_mobile": "13805710005"},
        {"site_principal_email": "zhou@chenguang-sample.cn"},
        {**_SECOND, "site_principal_email": "lin@chenguang-sample.cn"},
    ],
)  # fmt: skip
def people_contradict_one_another(rows: Filings) -> pd.DataFrame:
    """One certificate number belongs to one person, one person has one set of contacts, and two people
    have one each. All that disagrees is one finding; who shares a mobile is reason 9's."""
    return contradictions.cells(rows)


@people_contradict_one_another.details
def _how(rows: Filings) -> dict[str, pd.Series]:
    return {"how": contradictions.in_words(rows)}
