"""What holds for the names of persons' sites only."""

from __future__ import annotations

import re

import pandas as pd

from expectations.facts.domains import VERIFIED
from expectations.facts.people import per_value
from expectations.facts.site_names import ALLOWED_ENDINGS, found, only_doubtful, words
from expectations.facts.site_places import place_in
from expectations.filing import FILLER, INDIVIDUAL
from expectations.rows import INDIVIDUALS, Case, Filings
from expectations.rule import Details, Words, rule

NAMES = "Aliyun ICP docs 2019-09, 填写主体信息和网站信息 附录二"
PROVINCES = "rules of the provincial administrations, snapshot 2019-09-20"
TENCENT = "Tencent Cloud ICP docs, deprecated pages"

PERSONS = VERIFIED & INDIVIDUALS
_ANOTHER_NAME = Words("更换名称，体现网站的个人内容", "Choose a name that shows the personal content")


def _one(**cells: str) -> dict[str, str]:
    return {"subject_nature": INDIVIDUAL, **cells}


def _words(kind: str) -> Details:
    return lambda rows: {"words": found(rows, kind)}


@rule(
    "ICP0220",
    zh="个人网站名称含需前置审批的字词", en="A word that needs an approval, in an individual's site name",
    columns=("site_name",), case=PERSONS, severity="error",
    message=Words(
        "个人网站名称「{site_name}」含「{words}」，没有前置审批不得使用",
        "「{site_name}」 holds 「{words}」, which an individual's site may not without an approval",
    ),
    fix=_ANOTHER_NAME, owner="filer", source=NAMES,
    good=[
        _one(site_name="线上读书记"), _one(site_name="读书论坛", preapproval_types="电子公告服务"),
        _one(site_name="陈某的个人博客", province="江苏"), {"site_name": "晨光在线"},
        _one(site_name="陈某的个人博客", province=""),
    ],
    bad=[
        _one(site_name="读书论坛"), _one(site_name="我的博客小记"), _one(site_name="读书在线"),
        _one(site_name="读书社区"),
        _one(site_name="读书交流记"), _one(site_name="读书论坛", preapproval_types="未涉及"),
    ],
)  # fmt: skip
def approval_word_of_an_individual(rows: Filings) -> pd.Series:
    """These are services for others, and the approvals are not given to persons."""
    return found(rows, "preapproval") != ""


@rule(
    "ICP0221",
    zh="个人网站名称像单位名称", en="An individual's site is named like an organisation's",
    columns=("site_name",), case=PERSONS, severity="error", warning_if=only_doubtful("organisation"),
    message=Words(
        "个人网站名称「{site_name}」含「{words}」，像单位或企业的网站",
        "「{site_name}」 holds 「{words}」, like the site of an organisation",
    ),
    fix=Words("更换名称；属于单位的网站，以单位名义备案", "Change the name; a site of an organisation is filed by it"),
    owner="filer", source=f"MIIT 网站备案信息填报真实性和规范性的有关要求 (reposts); {TENCENT}",
    good=[_one(site_name="读书小记"), {"site_name": "晨光样例公司官网"}],
    bad=[
        _one(site_name="某某公司"), _one(site_name="某某有限公司"), _one(site_name="某某俱乐部"),
        _one(site_name="某某团体"),
        _one(site_name="晨光集团"), _one(site_name="俱乐部日记"),
    ],
)  # fmt: skip
def organisation_word_of_an_individual(rows: Filings) -> pd.Series:
    """A person's site shows nothing of an enterprise; some of the words come from single sources."""
    return found(rows, "organisation") != ""


@rule(
    "ICP0222",
    zh="个人网站名称使用泛称", en="A generic word in an individual's site name",
    columns=("site_name",), case=PERSONS, severity="error", warning_if=only_doubtful("personal"),
    message=Words(
        "个人网站名称「{site_name}」含泛称「{words}」，不能体现网站内容",
        "「{site_name}」 holds the generic word 「{words}」, which tells nothing of the content",
    ),
    fix=_ANOTHER_NAME, owner="filer", source=f"{NAMES}, in English: a name of the form XX + word",
    good=[
        _one(site_name="我的照片墙"), _one(site_name="陈某的个人主页", province="江苏"), {"site_name": "晨光样例网站"},
        _one(site_name="网上读书记"),
    ],
    bad=[
        _one(site_name="读书网站"), _one(site_name="某某工作室"), _one(site_name="读书爱好者"),
        _one(site_name="陈某个人主页"),
        _one(site_name="读书平台"), _one(site_name="网络读书记"), _one(site_name="我的摄影小空间"),
    ],
)  # fmt: skip
def generic_word_of_an_individual(rows: Filings) -> pd.Series:
    """Read as an ending, as the English page does; elsewhere in the name a reviewer may see it either way."""
    return found(rows, "personal") != ""


@rule(
    "ICP0223",
    zh="个人网站名称含金融字样", en="Finance words in an individual's site name",
    columns=("site_name",), case=PERSONS, severity="warning",
    message=Words(
        "个人网站名称「{site_name}」含金融类字样「{words}」",
        "「{site_name}」 holds finance words: 「{words}」",
    ),
    fix=_ANOTHER_NAME, owner="filer", source="Aliyun ICP docs 2019-09, 前置审批, 金融类",
    good=[_one(site_name="金色时光记事"), {"site_name": "晨光理财网"}],
    bad=[_one(site_name="理财小记"), _one(site_name="P2P见闻录")],
)  # fmt: skip
def finance_word_of_an_individual(rows: Filings) -> pd.Series:
    """The approval behind these words is not given to persons; the list is for reference."""
    return found(rows, "finance") != ""


@rule(
    "ICP0224",
    zh="个人网站名称含该省不建议使用的字词", en="A word on the province's list for individuals",
    columns=("site_name",), case=PERSONS, evidence=("province",), severity="warning",
    message=Words(
        "个人网站名称「{site_name}」含「{words}」，在{province}的参考词表中（{snapshot}）",
        "「{site_name}」 holds 「{words}」, on the list of {province} ({snapshot})",
    ),
    fix=_ANOTHER_NAME, owner="filer", source=f"{NAMES}, list by province; {PROVINCES}",
    good=[
        _one(site_name="快乐学习网"), _one(site_name="读书设计记"), {"site_name": "晨光商城", "province": "河南"},
        _one(site_name="陈某的个人博客", province="江苏"),
    ],
    bad=[
        _one(site_name="快乐学习网", province="宁夏"), _one(site_name="读书设计记", province="河南"),
        _one(site_name="购书小记", province="湖南"), _one(site_name="淘宝小记", province="天津"),
    ],
)  # fmt: skip
def word_on_the_list_of_the_province(rows: Filings) -> pd.Series:
    """Given for reference, with single characters among them that very many names hold."""
    return found(rows, "industry") != ""


@word_on_the_list_of_the_province.details
def _listed(rows: Filings) -> dict[str, pd.Series]:
    return {"words": found(rows, "industry"), "snapshot": rows.policy("snapshot")}


approval_word_of_an_individual.details(_words("preapproval"))
organisation_word_of_an_individual.details(_words("organisation"))
generic_word_of_an_individual.details(_words("personal"))
finance_word_of_an_individual.details(_words("finance"))


PRESCRIBED = Case(
    "规定个人网站名称形式的省份（如江苏）",
    "provinces that prescribe the form of individuals' site names, such as Jiangsu",
    lambda rows: rows.policy(ALLOWED_ENDINGS) != "",
    ("province",),
)


def _ends_as_prescribed(rows: Filings) -> pd.Series:
    endings = rows.policy(ALLOWED_ENDINGS)
    fits = rows.constant(False)
    for allowed in endings.unique():
        here = endings == allowed
        pattern = "|".join(map(re.escape, allowed.split(";")))
        fits |= here & rows["site_name"].str.contains(f"^.+(?:{pattern})$").astype(bool)
    return fits


@rule(
    "ICP0225",
    zh="个人网站名称不符合该省规定的形式", en="An individual's site name has not the form of the province",
    columns=("site_name",), case=PERSONS & PRESCRIBED, severity="error",
    message=Words(
        "{province}规定个人网站名称只能是“某某{endings}”（{snapshot}），现为「{site_name}」",
        "{province} takes only names that end in 「{endings}」 ({snapshot}), not 「{site_name}」",
    ),
    fix=Words(
        "改为“某某{endings}”，并在网站备注中说明网站内容",
        "Let the name end in 「{endings}」 and tell the content in the remark",
    ),
    owner="filer", source=f"{NAMES}; {PROVINCES}",
    good=[
        _one(site_name="某某的个人博客", province="江苏"), _one(site_name="某某的个人主页", province="江苏"),
        _one(site_name="读书小记"), {"site_name": "晨光样例图书", "province": "江苏"},
    ],
    bad=[
        _one(site_name="读书小记", province="江苏"), _one(site_name="陈某个人主页", province="江苏"),
        _one(site_name="的个人博客", province="江苏"),
    ],
)  # fmt: skip
def name_not_of_the_prescribed_form(rows: Filings) -> pd.Series:
    """The province's own form stands above the words that are forbidden elsewhere."""
    return ~_ends_as_prescribed(rows)


@name_not_of_the_prescribed_form.details
def _prescribed(rows: Filings) -> dict[str, pd.Series]:
    endings = rows.policy(ALLOWED_ENDINGS).str.replace(";", "”或“某某" if rows.basis.language == "zh" else " / ")
    return {"endings": endings, "snapshot": rows.policy("snapshot")}


ASKS_FOR_REMARK = Case(
    "要求备注个人网站内容的省份（如江苏）",
    "provinces that want an individual's content in the remark, such as Jiangsu",
    lambda rows: rows.policy("site_name_individual_content_remark_required") == "yes",
    ("province",),
)


_REMARK = "个人网站.*使用.*主要内容为?.+"
_REMARKS = ("site_remark", "subject_remark")
_OF_AN_ADDRESS = "已是最详细地址"


def _told(rows: Filings) -> pd.Series:
    told = rows.constant(False)
    for key in _REMARKS:
        told |= ~rows[key].isin(("", *FILLER)) & ~rows[key].str.contains(_OF_AN_ADDRESS, regex=False)
    return told


@rule(
    "ICP0226",
    zh="个人网站未按该省要求备注内容", en="An individual's remark does not tell the content as the province wants",
    columns=("site_remark",), case=PERSONS & ASKS_FOR_REMARK, blank="judged", severity="error",
    warning_if=Case("备注已用其他文字说明", "a remark tells it in other words", _told),
    message=Words(
        "{province}要求个人网站在备注中按固定格式说明内容（{snapshot}）",
        "{province} wants the content in the remark in a fixed form ({snapshot})",
    ),
    fix=Words(
        "网站备注填写：本网站为个人网站，做…使用，网站开通后主要内容为…",
        "Write in the remark: 本网站为个人网站，做…使用，网站开通后主要内容为…",
    ),
    owner="filer", source=PROVINCES,
    good=[
        _one(province="江苏", site_remark="本网站为个人网站,做读书记录使用,网站开通后主要内容为读书笔记"),
        _one(), {"province": "江苏"},
        _one(province="江苏", subject_remark="本网站为个人网站，做日记使用，网站开通后主要内容为日记"),
    ],
    bad=[
        _one(province="江苏"), _one(province="江苏", site_remark="读书笔记"), _one(province="江苏", site_remark="无"),
        _one(province="江苏", site_description="读书笔记"),
        _one(province="江苏", subject_remark="此地址已是最详细地址"),
    ],
)  # fmt: skip
def content_remark_missing(rows: Filings) -> pd.Series:
    """Without it nobody can tell what the fixed name stands for."""
    fits = rows["site_remark"].str.contains(_REMARK) | rows["subject_remark"].str.contains(_REMARK)
    return ~fits.astype(bool)


@content_remark_missing.details
def _snapshot(rows: Filings) -> dict[str, pd.Series]:
    return {"snapshot": rows.policy("snapshot")}


# The hundred most frequent family names, and those of two characters.
_FAMILY_NAMES = (
    "欧阳|上官|司马|诸葛|司徒|东方|皇甫|慕容|令狐|尉迟|[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁"
    "蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛阎段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常]"
)
_PERSONAL = re.compile(f"^((?:{_FAMILY_NAMES})[一-龥]{{1,2}}?)的?(?:个人)?(?:网站|主页|博客|空间|小站|网)$")


@rule(
    "ICP0227",
    zh="个人网站名称疑为他人姓名", en="The name of another person in an individual's site name",
    columns=("site_name",), evidence=("subject_name",), case=PERSONS, severity="warning",
    message=Words(
        "网站名称「{site_name}」中的「{person}」像姓名，而主办人是「{subject_name}」",
        "「{person}」 in 「{site_name}」 reads as a name, and the subject is 「{subject_name}」",
    ),
    fix=Words("去掉他人姓名", "Take the other person's name out"),
    owner="filer", source=f"{TENCENT}; {NAMES}",
    good=[
        _one(site_name="我的个人网站"), _one(site_name="旅行个人网站"),
        _one(site_name="张样例个人网站", subject_name="张样例"),
        _one(site_name="高山流水记事"), _one(site_name="某某的个人博客", province="江苏"),
    ],
    bad=[
        _one(site_name="李四个人网站", subject_name="张三"), _one(site_name="王样例的博客"),
        _one(site_name="欧阳样例的个人主页", province="江苏"),
    ],
)  # fmt: skip
def name_of_another_person(rows: Filings) -> pd.Series:
    """One files one's own site. Words can read like names (高山的小站), so this only asks."""
    person = per_value(rows["site_name"], _person)
    return (person != "") & (person != rows["subject_name"])


def _person(name: str) -> str:
    match = _PERSONAL.match(name)
    return match[1] if match else ""


@name_of_another_person.details
def _named(rows: Filings) -> dict[str, pd.Series]:
    return {"person": per_value(rows["site_name"], _person)}


@rule(
    "ICP0228",
    zh="个人网站名称含本人姓名", en="The subject's own name in an individual's site name",
    columns=("site_name", "subject_name"), case=PERSONS & ~PRESCRIBED, severity="warning",
    message=Words(
        "网站名称「{site_name}」含姓名「{subject_name}」",
        "「{site_name}」 holds the name 「{subject_name}」",
    ),
    fix=_ANOTHER_NAME, owner="filer", source=f"{NAMES}; other access providers take one's own name",
    good=[
        _one(site_name="雕刻时光记事"), _one(site_name="陈样例的个人博客", province="江苏"),
        {"site_name": "杭州晨光样例图书有限公司"},
    ],
    bad=[_one(site_name="陈样例记事")],
)  # fmt: skip
def own_name_of_an_individual(rows: Filings) -> pd.Series:
    """One provider forbids every person's name, another takes one's own."""
    pairs = rows["subject_name"] + "\t" + rows["site_name"]
    held = per_value(pairs, lambda pair: pair.split("\t")[0] in pair.split("\t")[1])
    return held.astype(bool) & (rows["subject_name"].str.len() > 1)


@rule(
    "ICP0229",
    zh="个人网站名称含地名", en="A place in an individual's site name",
    columns=("site_name",), case=PERSONS, severity="warning",
    message=Words("个人网站名称「{site_name}」含地名「{place}」", "「{site_name}」 holds the place 「{place}」"),
    fix=Words("去掉地名", "Take the place out"),
    owner="filer", source=f"{NAMES}; {TENCENT}",
    good=[
        _one(site_name="日照金山记事"), _one(site_name="大理石小记"), {"site_name": "杭州晨光图书"},
        _one(site_name="南京路小记"),
    ],
    bad=[_one(site_name="杭州美食记"), _one(site_name="我爱浙江山水"), _one(site_name="日照市小记")],
)  # fmt: skip
def place_of_an_individual(rows: Filings) -> pd.Series:
    """A person speaks for no place. Short names that are words or streets too do not count."""
    return _place_in(rows) != ""


def _place_in(rows: Filings) -> pd.Series:
    # A street named after a city is no city.
    return place_in(rows["site_name"].str.replace("[一-龥]{2}[路街]", "", regex=True), rows.basis.reference)


@place_of_an_individual.details
def _place(rows: Filings) -> dict[str, pd.Series]:
    return {"place": _place_in(rows)}


@rule(
    "ICP0230",
    zh="个人网站名称是成语", en="An idiom for an individual's site name",
    columns=("site_name",), case=PERSONS, severity="warning",
    message=Words("个人网站名称「{site_name}」是成语", "「{site_name}」 is an idiom"),
    fix=_ANOTHER_NAME, owner="filer", source=f"{NAMES}; samples of Tencent Cloud's docs hold one",
    good=[_one(site_name="人生百味"), _one(site_name="读书一帆风顺记"), {"site_name": "高山流水"}],
    bad=[_one(site_name="高山流水"), _one(site_name="宁静致远")],
)  # fmt: skip
def idiom_of_an_individual(rows: Filings) -> pd.Series:
    """One provider bars idioms, another publishes one as a good name; the list holds common ones only."""
    return rows["site_name"].isin(words(rows.basis.reference, "idiom"))
