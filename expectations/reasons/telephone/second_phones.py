"""Contact 2 of an organisation's principals: a mobile or a landline, by province."""

from __future__ import annotations

import pandas as pd

from expectations.cellwise import each
from expectations.facts import phones
from expectations.facts.localities import OPEN
from expectations.facts.phones import CONTACT_ONE, SECOND, form_is
from expectations.rows import ORGANISATIONS, Filings, in_provinces
from expectations.rule import Words, rule

FORM = "Aliyun ICP docs 2019-09, 填写主体信息和网站信息"
TENCENT = "Tencent Cloud docs, 主体信息"


@rule(
    "ICP0704",
    zh="联系方式2填了几个号码", en="Several numbers in contact 2",
    columns=SECOND, severity="error", case=ORGANISATIONS,
    message=Words("{cells}填了几个号码；表单只能填一个", "{cells}: several numbers; the form takes one"),
    fix=Words("只留一个能接通的号码", "Keep one number that is answered"),
    owner="filer", source=FORM,
    good=[{}, {"principal_phone": "057188880001转801"}],
    bad=[{"principal_phone": "057188880001;057188880002"}, {"site_principal_phone": "057188880001;13805710009"}],
)  # fmt: skip
def several_numbers_in_second_phone(rows: Filings) -> pd.DataFrame:
    """The field holds one number; which of several is meant is for the filer to say."""
    return form_is(rows, SECOND, phones.SEVERAL)


MUST_DIFFER = ("北京", "辽宁", "吉林")


@rule(
    "ICP0711",
    zh="联系方式2与联系方式1相同", en="Contact 2 equals contact 1",
    columns=SECOND, severity="warning", case=ORGANISATIONS & OPEN & in_provinces(*MUST_DIFFER),
    message=Words("{cells}与联系方式1相同；{province}要求两个号码不同",
                  "{cells}: the same as contact 1; {province} wants two different numbers"),
    fix=Words("联系方式2改填办公固定电话，或另一个手机号码", "Give the office landline or another mobile as contact 2"),
    owner="filer", source=TENCENT,
    good=[{}, {"principal_phone": "13805710001"}, {"province": "北京"},
          {"province": "吉林", "principal_phone": "13805710009"}],
    bad=[{"province": "北京", "principal_phone": "13805710001"}, {"province": "辽宁", "principal_phone": "13805710001"},
         {"province": "吉林", "site_principal_phone": "13805710001"}],
)  # fmt: skip
def second_phone_equals_mobile(rows: Filings) -> pd.DataFrame:
    """A mobile may stand for the landline in most provinces, but in these it must be another one."""
    own = dict(zip(SECOND, CONTACT_ONE, strict=True))
    return each(rows, SECOND, lambda column: (rows[column] == rows[own[column]]) & (rows[column] != ""))


@rule(
    "ICP0712",
    zh="江苏的联系方式2须填固定电话", en="Jiangsu wants a landline as contact 2",
    columns=SECOND, severity="warning", case=ORGANISATIONS & OPEN & in_provinces("江苏"),
    message=Words("{cells}是手机号码；江苏要求填固定电话", "{cells}: a mobile; Jiangsu wants a landline"),
    fix=Words("改填带区号的办公固定电话", "Give the office landline with its area code"),
    owner="filer", source=TENCENT,
    good=[{"province": "江苏", "principal_phone": "02588880001"}, {"principal_phone": "13805710009"}],
    bad=[{"province": "江苏", "principal_phone": "13805710009"},
         {"province": "江苏", "site_principal_phone": "13805710001"}],
)  # fmt: skip
def second_phone_must_be_a_landline(rows: Filings) -> pd.DataFrame:
    """Elsewhere a mobile may stand in its place."""
    return form_is(rows, SECOND, phones.MOBILE)


REMARKS = {"天津": Words("职务", "job title"), "甘肃": Words("职务", "job title"), "重庆": Words("姓名", "name")}


@rule(
    "ICP0713",
    zh="用手机代替固定电话而没有备注", en="Mobile in place of a landline without a remark",
    columns=("principal_phone",), severity="warning", case=ORGANISATIONS & OPEN & in_provinces(*REMARKS),
    message=Words("{cells}以手机代替固定电话；{province}要求在主体备注写明该号码使用人的{wanted}",
                  "{cells}: a mobile in place of the landline; {province} wants its user's {wanted} in the remark"),
    fix=Words("在主体备注写明号码使用人的{wanted}，或改填固定电话",
              "Put the user's {wanted} into the subject's remark, or give a landline"),
    owner="filer", source=TENCENT,
    good=[{"principal_phone": "13805710009"}, {"province": "天津"},
          {"province": "天津", "principal_phone": "13805710009", "subject_remark": "联系方式2为经理手机"},
          {"province": "重庆", "principal_phone": "13805710009", "subject_remark": "联系方式2为林示例手机"}],
    bad=[{"province": "天津", "principal_phone": "13805710009"},
         {"province": "重庆", "principal_phone": "13805710009"},
         {"province": "甘肃", "principal_phone": "13805710009"}],
)  # fmt: skip
def second_mobile_without_remark(rows: Filings) -> pd.DataFrame:
    """Whether a remark says enough is for a reviewer; an empty one says nothing."""
    bare = rows["subject_remark"] == ""
    return each(rows, ("principal_phone",), lambda column: bare & (rows[f"{column}_form"] == phones.MOBILE))


@second_mobile_without_remark.details
def _wanted(rows: Filings) -> dict[str, pd.Series]:
    wanted = {province: words(rows.basis.language) for province, words in REMARKS.items()}
    return {"wanted": rows["province"].map(wanted).astype("str")}
