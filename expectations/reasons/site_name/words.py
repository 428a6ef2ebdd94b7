"""Words that nobody, or only the state, may use in a site's name."""

from __future__ import annotations

import pandas as pd

from expectations.facts.domains import VERIFIED
from expectations.facts.site_names import ERROR, found, only_doubtful
from expectations.filing import INDIVIDUAL
from expectations.rows import Filings
from expectations.rule import Details, Words, rule

NAMES = "Aliyun ICP docs 2019-09, 填写主体信息和网站信息 附录一, 备案驳回FAQ"
NOTICE = "MIIT 网站备案信息填报真实性和规范性的有关要求 (reposts)"


@rule(
    "ICP0210",
    zh="非国家级单位的名称以“中国”等字样开头", en="A name of a unit that is not national begins with 中国 or the like",
    columns=("site_name",), evidence=("subject_nature", "subject_name"), case=VERIFIED, severity="error",
    warning_if=only_doubtful("head"),
    message=Words(
        "网站名称「{site_name}」含「{words}」：{why}",
        "「{site_name}」 holds 「{words}」: {why}",
    ),
    fix=Words("更换名称；确属国家级单位的，提交证明材料", "Change the name; a national unit provides its proof"),
    owner="filer", source=f"{NAMES}; further words: other access providers' docs",
    good=[
        {"site_name": "晨光中华书屋", "subject_name": "杭州中华书屋有限公司"},
        {"site_name": "中国杭州", "subject_nature": "政府机关", "subject_name": "杭州市人民政府"},
        {"site_name": "样例人民医院", "subject_name": "样例人民医院", "subject_nature": "事业单位"},
        {"site_name": "家国天下书屋"}, {"site_name": "全国样例书屋", "subject_name": "全国样例书屋有限公司"},
    ],
    bad=[
        {"site_name": "中国图书网"}, {"site_name": "中华晨光书屋"}, {"site_name": "中央书屋"},
        {"site_name": "人民书屋"},
        {"site_name": "人大书屋"}, {"site_name": "国家书屋"}, {"site_name": "中国风记事", "subject_nature": INDIVIDUAL},
        {"site_name": "中国样例书屋", "subject_name": "中国样例书屋有限公司"},
        {"site_name": "华夏书屋"}, {"site_name": "全国书屋"}, {"site_name": "走进中国书屋"}, {"site_name": "维权书屋"},
    ],
)  # fmt: skip
def national_word(rows: Filings) -> pd.Series:
    """Such a name passes a site off as the nation's. A unit whose registered name begins so may be a national
    one; other positions and words rest on single providers, so they are questions only."""
    return found(rows, "head") != ""


@rule(
    "ICP0211",
    zh="网站名称含敏感词", en="The site name holds a sensitive word",
    columns=("site_name",), evidence=("subject_nature", "subject_name"), case=VERIFIED, severity="error",
    warning_if=only_doubtful("sensitive"),
    message=Words("网站名称「{site_name}」含敏感词「{words}」", "「{site_name}」 holds the sensitive word 「{words}」"),
    fix=Words("去掉敏感词，更换名称", "Choose a name without it"),
    owner="filer", source=NAMES,
    good=[{"site_name": "清廉书屋"}, {"site_name": "赌书泼茶书屋"}],
    bad=[
        {"site_name": "样例反腐书屋"}, {"site_name": "反赌博书屋"}, {"site_name": "廉政书屋"},
        {"site_name": "远离色情书屋"},
        {"site_name": "样例廉政网", "subject_nature": "政府机关"}, {"site_name": "样例博彩书屋"},
        {"site_name": "样例廉政研究", "subject_nature": "事业单位", "subject_name": "样例廉政研究中心"},
    ],
)  # fmt: skip
def sensitive_word(rows: Filings) -> pd.Series:
    """Refused wherever it stands, whoever files. A registered name may hold the word; that is a question only."""
    return found(rows, "sensitive") != ""


@rule(
    "ICP0212",
    zh="非政府单位使用政府类名称", en="A name of a state body for a unit that is none",
    columns=("site_name",), evidence=("subject_nature", "subject_name"), case=VERIFIED, severity="error",
    warning_if=only_doubtful("government"),
    message=Words(
        "主办单位不是政府机关，网站名称「{site_name}」含「{words}」",
        "「{site_name}」 holds 「{words}」, and the subject is no state body",
    ),
    fix=Words("更换名称，或由该机关自行备案", "Change the name, or let the body itself file"),
    owner="filer", source=NOTICE,
    good=[
        {"site_name": "样例市人民政府", "subject_nature": "政府机关"}, {"site_name": "法院见闻书屋"},
        {"site_name": "样例市公安局", "subject_nature": "政府机关"},
        {"site_name": "样例法院", "subject_name": "杭州样例法院出版有限公司"},
    ],
    bad=[
        {"site_name": "样例市人民政府"}, {"site_name": "样例监察"},
        {"site_name": "样例市人民政府", "subject_nature": INDIVIDUAL},
        {"site_name": "样例市人民政府", "subject_nature": "事业单位"}, {"site_name": "样例市公安局"},
        {"site_name": "样例环境监察", "subject_name": "杭州样例环境监察技术有限公司"},
    ],
)  # fmt: skip
def name_of_a_state_body(rows: Filings) -> pd.Series:
    """A visitor would take the site for the body's own. Of a unit whose registered name holds the word it
    only asks."""
    return found(rows, "government") != ""


@rule(
    "ICP0213",
    zh="名称涉及需前置审批的领域", en="The name points to a field that needs an approval",
    columns=("site_name",), evidence=("subject_nature",), case=VERIFIED, severity="error",
    warning_if=only_doubtful("field"),
    message=Words(
        "网站名称「{site_name}」含「{words}」，该领域须取得前置审批，而未填写前置审批类型",
        "「{site_name}」 holds 「{words}」: the field needs an approval, and none is given",
    ),
    fix=Words(
        "取得审批并填写类型、文号、文件；不涉及该领域的，更换名称",
        "Give the approval's class, number and document, or change the name",
    ),
    owner="filer", source=NOTICE,
    good=[
        {"site_name": "样例新闻网", "preapproval_types": "新闻"},
        {"site_name": "晨光样例文化", "subject_name": "杭州晨光样例文化传媒有限公司"},
        {"site_name": "样例教育网", "province": "广东"}, {"site_name": "图书产业高峰论坛"},
        {"site_name": "茶文化小记", "subject_nature": INDIVIDUAL},
    ],
    bad=[
        {"site_name": "新闻网"}, {"site_name": "样例论坛"}, {"site_name": "样例论坛杂志"}, {"site_name": "样例书友BBS"},
        {"site_name": "样例论坛网"},
        {"site_name": "样例论坛", "subject_name": "样例论坛秘书处", "subject_nature": "社会团体"},
        {"site_name": "样例药品网"}, {"site_name": "样例文化网"},
        {"site_name": "样例教育网", "province": "青海"}, {"site_name": "新闻早读", "subject_nature": INDIVIDUAL},
        {"site_name": "新闻网", "preapproval_types": "未涉及"},
    ],
)  # fmt: skip
def field_word_without_approval(rows: Filings) -> pd.Series:
    """The notice names fields, and 新闻网 and 论坛 as names it refuses; 文化 and 教育 stand in many ordinary
    names, so those it only asks about."""
    return found(rows, "field") != ""


def _words(kind: str) -> Details:
    return lambda rows: {"words": found(rows, kind)}


_WHY = {
    True: Words("非国家级单位的名称不得以其开头", "no unit below the national level may begin its name with it"),
    False: Words("一般仅限国家机关、国家级单位使用，请核实", "mostly for state bodies and national units, so check it"),
}


@national_word.details
def _national(rows: Filings) -> dict[str, pd.Series]:
    certain = found(rows, "head", ERROR) != ""
    why = {grade: words(rows.basis.language) for grade, words in _WHY.items()}
    return {"words": found(rows, "head"), "why": certain.map(why).astype("str")}


sensitive_word.details(_words("sensitive"))
name_of_a_state_body.details(_words("government"))
field_word_without_approval.details(_words("field"))
