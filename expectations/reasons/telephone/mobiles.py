"""Contact 1 and the emergency number of both principals: a mobile each, of a segment given to people."""

from __future__ import annotations

from functools import partial

import pandas as pd

from expectations.cellwise import each, per_cell, repaired
from expectations.facts import phones
from expectations.facts.localities import OPEN
from expectations.facts.phones import CONTACT_ONE, EMERGENCY, MOBILES, PHONES, form_is
from expectations.rows import Case, Filings
from expectations.rule import Words, rule

FORM = "Aliyun ICP docs 2019-09, 填写主体信息和网站信息"
REJECTIONS = "Aliyun ICP docs 2019-09, 备案驳回FAQ"
SMS = "Aliyun ICP docs 2019-09, 短信核验FAQ"
EMERGENCY_PAGE = "Aliyun ICP docs 2019-09, 界面提示：应急联系电话"
PLAN = "工信部信管〔2017〕68号 numbering plan; open-source segment tables 2019–2020"
HUAWEI = "Huawei Cloud ICP knowledge base 2026-07, 备案驳回咨询"

# ── contact 1 and the emergency number: one mobile each ──────────────────────────────────────────


@rule(
    "ICP0701",
    zh="须填手机号的地方填了固定电话或服务号码", en="Landline or service number where a mobile is needed",
    columns=MOBILES, severity="error",
    message=Words("{cells}不是手机号码；联系方式1和应急联系电话只收手机号码",
                  "{cells}: not a mobile; contact 1 and the emergency number take mobiles only"),
    fix=Words("改填该负责人本人的手机号码（应急联系电话填能接通的手机号码）；固定电话填在联系方式2",
              "Give the principal's own mobile (for emergencies one that is answered); a landline goes to contact 2"),
    owner="filer", source=f"{FORM}; {EMERGENCY_PAGE}",
    good=[{}, {"principal_phone": "057188880001"}, {"principal_mobile": "19905710001"}],
    bad=[{"principal_mobile": "057188880001"}, {"principal_emergency_mobile": "057188880001"},
         {"site_principal_emergency_mobile": "88880001"}, {"site_principal_mobile": "4008001234"},
         {"subject_nature": "个人", "principal_emergency_mobile": "01062880001转801"}],
)  # fmt: skip
def mobile_cell_holds_another_kind_of_number(rows: Filings) -> pd.DataFrame:
    """The code of the ministry's SMS check goes to contact 1, and the system itself refuses an emergency
    number that is not a mobile."""
    return form_is(rows, MOBILES, phones.LANDLINE, phones.LOCAL, phones.SERVICE)


@rule(
    "ICP0702",
    zh="手机号码格式不对", en="Malformed mobile number",
    columns=MOBILES, severity="error",
    message=Words("{cells}不是 11 位的中国大陆手机号码", "{cells}: not a mainland mobile number of 11 digits"),
    fix=Words("核对后重填 11 位手机号码，不带空格、文字和分机号",
              "Check and retype the 11 digits, without spaces, words or extension"),
    owner="filer", source=FORM,
    good=[{}, {"principal_mobile": "16605710001"}, {"principal_mobile": "057188880001"},
          {"principal_mobile": "13805710001;13805710009"}, {"principal_mobile": ""}],
    bad=[{"principal_mobile": "1380571000"}, {"principal_mobile": "138057100011"}, {"site_principal_mobile": "无"},
         {"principal_emergency_mobile": "12305710001"}, {"principal_mobile": "138O5710001"},
         {"principal_mobile": "13805710001转801"}, {"principal_mobile": "+85223456789"}],
)  # fmt: skip
def mobile_number_is_malformed(rows: Filings) -> pd.DataFrame:
    """Mainland mobiles have eleven digits, the first two of them 13 to 19."""
    return form_is(rows, MOBILES, phones.MALFORMED, phones.FOREIGN)


@mobile_number_is_malformed.details
def _malformed(rows: Filings) -> dict[str, pd.Series]:
    return {"expected": repaired(mobile_number_is_malformed, rows, phones.repaired_mobile)}


@rule(
    "ICP0703",
    zh="一格填了几个号码", en="Several numbers in one cell",
    columns=MOBILES, severity="error",
    message=Words("{cells}填了几个号码；这一格只收一个手机号码",
                  "{cells}: several numbers; the cell takes a single mobile"),
    fix=Words("只留一个手机号码", "Keep a single mobile"),
    owner="filer", source=FORM,
    good=[{}, {"principal_phone": "057188880001;057188880002"}, {"principal_phone": "057188880001转801"}],
    bad=[{"principal_mobile": "13805710001;13805710009"}, {"site_principal_mobile": "13805710001;057188880001"},
         {"principal_emergency_mobile": "13905710002;13905710009"}],
)  # fmt: skip
def several_numbers_in_a_mobile_cell(rows: Filings) -> pd.DataFrame:
    """Each of these fields of the form holds one mobile number."""
    return form_is(rows, MOBILES, phones.SEVERAL)


@several_numbers_in_a_mobile_cell.details
def _only_mobile(rows: Filings) -> dict[str, pd.Series]:
    return {"expected": repaired(several_numbers_in_a_mobile_cell, rows, phones.only_mobile)}


# ── segments ─────────────────────────────────────────────────────────────────────────────────────


@rule(
    "ICP0705",
    zh="卫星或物联网号段", en="Satellite or machine segment",
    columns=PHONES, severity="error",
    message=Words("{cells}属{uses}号段，不是个人使用的手机号码", "{cells}: a segment for {uses}, not for people"),
    fix=Words("改填本人实名的普通手机号码", "Give an ordinary mobile registered to the person"),
    owner="filer", source=PLAN,
    good=[{}, {"principal_mobile": "13485710001"}, {"principal_mobile": "14705710001"},
          {"principal_mobile": "17305710001"}],
    bad=[{"principal_mobile": "13495710001"}, {"site_principal_mobile": "17405710001"},
         {"principal_emergency_mobile": "14105710001"}, {"principal_phone": "14405710001"}],
)  # fmt: skip
def number_not_for_people(rows: Filings) -> pd.DataFrame:
    """1349 and 1740 are satellite terminals, 1410 and 1440 machines: nobody answers them or reads the code."""
    return each(rows, PHONES, lambda column: ~_use(rows, column).isin(("", "个人")))


@number_not_for_people.details
def _uses(rows: Filings) -> dict[str, pd.Series]:
    names = {} if rows.basis.language == "zh" else {"卫星": "satellite terminals", "物联网": "machines"}
    return {"uses": per_cell(number_not_for_people, rows, lambda column: _use(rows, column).replace(names), "、")}


def _use(rows: Filings, column: str) -> pd.Series:
    use = phones.segment(rows[column], rows.basis.reference, "use")
    return use.where(rows[f"{column}_form"] == phones.MOBILE, "")


@rule(
    "ICP0706",
    zh="号段查不到", en="Unknown segment",
    columns=PHONES, severity="warning",
    message=Words("{cells}的号段不在已知的号段表中（快照 2020 年，可能未收新号段），可能有误",
                  "{cells}: segment not in the tables (snapshot 2020, newer ones may be missing); mistyped?"),
    fix=Words("核对号码；若确是新号段，先确认能收到验证短信",
              "Check the number; if the segment is new, make sure it receives the SMS"),
    owner="filer", source=f"{PLAN}; libphonenumber 9",
    good=[{}, *({"principal_mobile": f"{segment}05710001"}
                for segment in ("146", "148", "149", "162", "172", "190", "192", "195", "197", "199"))],
    bad=[{"principal_mobile": "15405710001"}, {"site_principal_mobile": "16905710001"},
         {"principal_emergency_mobile": "17905710001"}, {"principal_phone": "14205710001"}],
)  # fmt: skip
def segment_unknown(rows: Filings) -> pd.DataFrame:
    """A segment that neither the plan nor the library knows is more often a slip than a new one, but no
    table is authoritative: never an error."""
    return each(rows, PHONES, lambda column: (rows[f"{column}_form"] == phones.MOBILE)
                 & ~phones.segment_known(rows[column], rows.basis.reference))  # fmt: skip


@rule(
    "ICP0707",
    zh="虚拟运营商号段", en="Virtual operator's segment",
    columns=CONTACT_ONE, severity="warning", case=OPEN,
    message=Words("{cells}是虚拟运营商号段；部分管局不收，有的收不到工信部验证短信",
                  "{cells}: a virtual operator's segment; some administrations refuse it and some such numbers "
                  "cannot receive the ministry's SMS"),
    fix=Words("先向当地管局确认；最好换用基础运营商的手机号码",
              "Ask the administration first; better give a mobile of one of the network operators"),
    owner="filer", source=f"{REJECTIONS}; {SMS}; {PLAN}",
    good=[{}, {"principal_mobile": "17305710001"}, {"principal_mobile": "17205710001"},
          {"principal_emergency_mobile": "17105710001"}],
    bad=[{"principal_mobile": "17005710001"}, {"site_principal_mobile": "16505710001"},
         {"principal_mobile": "17105710001"}, {"subject_nature": "个人", "principal_mobile": "16705710001"}],
)  # fmt: skip
def virtual_operator_mobile(rows: Filings) -> pd.DataFrame:
    """No page names the administrations that refuse them, so the filer is told to ask."""
    return each(rows, CONTACT_ONE, lambda column: (rows[f"{column}_form"] == phones.MOBILE)
                 & (phones.segment(rows[column], rows.basis.reference, "virtual") == "是"))  # fmt: skip


LOCAL_MOBILES = Case(
    "要求用本省手机号的省份", "provinces that ask for a local mobile",
    lambda rows: _asks_local(rows, "principal_mobile") | _asks_local(rows, "site_principal_mobile"), ("province",),
)  # fmt: skip


def _asks_local(rows: Filings, column: str) -> pd.Series:
    return (rows.policy(f"{column}_must_be_local") == "yes") | (rows.policy("mobile_must_be_local") == "yes")


@rule(
    "ICP0708",
    zh="手机号不是本省号段", en="Mobile of another province",
    columns=CONTACT_ONE, severity="warning", case=LOCAL_MOBILES & OPEN,
    message=Words("{cells}的号段归属{homes}，{province}要求用本省手机号（规则快照 {snapshot}；号段归属仅供参考）",
                  "{cells}: segment of {homes}; {province} asks for a local mobile (rules as of {snapshot}; "
                  "the home of a segment is only a hint)"),
    fix=Words("换用本省手机号码；管局允许的（如陕西），在主体备注写明原因",
              "Give a mobile of the province; where allowed (陕西), give the reason in the subject's remark"),
    owner="filer", source="AlibabaCloudDocs/icp, province rules 2019-09-20; 备案驳回FAQ",
    good=[{}, {"province": "湖南", "principal_mobile": "13807310001", "site_principal_mobile": "13807310001"},
          {"province": "广东", "principal_mobile": "13807310001"},
          {"province": "湖南", "principal_mobile": "19907310001", "site_principal_mobile": "16607310001"},
          {"province": "天津"},
          {"province": "陕西", "subject_remark": "负责人常驻浙江，使用浙江手机号"}],
    bad=[{"province": "湖南"}, {"province": "陕西"}, {"province": "天津", "subject_nature": "个人"},
         {"province": "甘肃", "principal_mobile": "13809310001"}],
)  # fmt: skip
def mobile_of_another_province(rows: Filings) -> pd.DataFrame:
    """Some administrations take local mobiles only. The table of segments is a snapshot and numbers are
    carried along: a hint for the reviewer, not a fact; unknown homes pass."""
    excused = (rows.policy("nonlocal_mobile_exception") == "remark_with_reason") & (rows["subject_remark"] != "")

    def elsewhere(column: str) -> pd.Series:
        home = phones.mobile_province(rows[column], rows.basis.reference)
        mobile = rows[f"{column}_form"] == phones.MOBILE
        return mobile & _asks_local(rows, column) & (home != "") & (home != rows["province"]) & ~excused

    return each(rows, CONTACT_ONE, elsewhere)


@mobile_of_another_province.details
def _homes(rows: Filings) -> dict[str, pd.Series]:
    home = partial(phones.mobile_province, reference=rows.basis.reference)
    homes = per_cell(mobile_of_another_province, rows, lambda column: home(rows[column]), "、")
    return {"homes": homes, "snapshot": rows.policy("snapshot")}


# ── the numbers among themselves ─────────────────────────────────────────────────────────────────


@rule(
    "ICP0709",
    zh="应急联系电话就是本人手机号", en="Emergency number is the person's own mobile",
    columns=EMERGENCY, severity="warning",
    message=Words("{cells}与同一负责人的联系方式1相同，联系不上本人时无从应急",
                  "{cells}: the same as this principal's contact 1, so no help when the person cannot be reached"),
    fix=Words("改填另一位能接通的联系人的手机号码", "Give the mobile of another person who answers"),
    owner="filer", source=f"{HUAWEI} (Aliyun ICP docs 2019-09 are silent)",
    good=[{}, {"principal_emergency_mobile": "13905710009", "site_principal_mobile": "13905710009"}],
    bad=[{"principal_emergency_mobile": "13805710001"}, {"site_principal_emergency_mobile": "13805710001"},
         {"subject_nature": "个人", "principal_emergency_mobile": "13805710003"}],
)  # fmt: skip
def emergency_number_is_own_mobile(rows: Filings) -> pd.DataFrame:
    """One provider refuses it, the other pages say nothing."""
    own = dict(zip(EMERGENCY, CONTACT_ONE, strict=True))
    return each(rows, EMERGENCY, lambda column: (rows[column] == rows[own[column]]) & (rows[column] != ""))


@rule(
    "ICP0710",
    zh="号码像是随手编的", en="Number looks made up",
    columns=PHONES, severity="warning",
    message=Words("{cells}像是随手编的号码；审核会拨打核实", "{cells}: looks made up; reviewers call to check"),
    fix=Words("确认号码真实、能接通；否则改填真实号码", "Make sure the number is real and answered"),
    owner="filer", source=f"MIIT interface codes 1007, 1010, 1011; {REJECTIONS}",
    good=[{}, {"principal_mobile": "13888880001"}, {"principal_phone": "057188888801"},
          {"principal_phone": "077128888888"}, {"principal_phone": "01000000000"}],
    bad=[{"principal_mobile": "13800000000"}, {"site_principal_mobile": "13812345678"},
         {"principal_emergency_mobile": "13800138000"}, {"principal_phone": "057188888888"},
         {"site_principal_phone": "05708888888"}],
)  # fmt: skip
def number_looks_made_up(rows: Filings) -> pd.DataFrame:
    """All digits the same, or counting up: such numbers exist, so a reviewer decides."""
    return each(rows, PHONES, lambda column: phones.looks_made_up(rows[column]))
