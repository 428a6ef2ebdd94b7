"""Site names: published samples, overlapping words, and names that must stay without a finding."""

import pytest

from expectations import specimen
from expectations.catalogue import of_reason
from expectations.rule import Specimen

PERSON = {"subject_nature": "个人"}


def found(cells: Specimen) -> dict[str, str]:
    """The findings of reason 2 on one filing: rule and severity."""
    frame, positions = specimen.batch([cells])
    filings = specimen.filings(frame)
    result = {}
    for rule in of_reason(2):
        outcome = rule.outcome(filings)
        if outcome.failing[positions[0]]:
            result[rule.id] = "warning" if outcome.softened[positions[0]] else rule.severity
    return result


# Names that access providers publish as good ones for individuals, those in conflict with a rule left out.
GOOD_FOR_INDIVIDUALS = (
    "网页制作经验谈", "小工具应用", "前端经验分享", "自动化测试开源", "文字极客", "我的照片墙", "雕刻时光",
    "我的作品展览",
    "人生百味", "吃货分享", "美食分享", "快乐小窝", "柠檬草的味道", "一起考研吧", "怀念时光", "电影爱好小分享",
    "个人杂货铺",
    "我的生活秀", "小艾上班记",
)  # fmt: skip


@pytest.mark.parametrize("name", GOOD_FOR_INDIVIDUALS)
def test_sample_names_of_individuals_pass(name: str):
    assert found({**PERSON, "site_name": name}) == {}


@pytest.mark.parametrize("name", ["我的摄影小空间", "小林的专属空间"])
def test_a_space_is_only_advised_against(name: str):
    assert set(found({**PERSON, "site_name": name}).values()) == {"warning"}


@pytest.mark.parametrize("name", ["一帆风顺", "海阔天空", "高山流水"])
def test_an_idiom_is_a_question_of_individuals_only(name: str):
    assert found({**PERSON, "site_name": name}) == {"ICP0230": "warning"}
    assert found({"site_name": name, "subject_name": f"杭州{name}有限公司"}) == {}


@pytest.mark.parametrize("name", ["某某的个人博客", "某某的个人主页"])
def test_jiangsu_has_its_own_form(name: str):
    remark = "本网站为个人网站，做读书记录使用，网站开通后主要内容为读书笔记"
    jiangsu = {**PERSON, "province": "江苏", "site_remark": remark}
    assert found({**jiangsu, "site_name": name}) == {}
    assert "error" in found({**jiangsu, "site_name": "雕刻时光"}).values()
    assert "error" in found({**PERSON, "site_name": name}).values()


REJECTED = [
    {**PERSON, "site_name": "李四个人网站", "subject_name": "张三"},
    *({**PERSON, "site_name": f"某某{word}"} for word in ("公司", "俱乐部", "团体", "社区", "有限公司")),
    {"site_name": "样例市人民政府"},
    {"site_name": "样例监察"},
    *({"site_name": f"{word}样例图书"} for word in ("中国", "中华", "中央", "人民", "人大", "国家")),
    *({"site_name": f"样例{word}图书"} for word in ("反腐", "赌博", "廉政", "色情")),
    {"site_name": "样例廉政", "subject_nature": "政府机关"},
    *(
        {"site_name": "样例市人民政府", "subject_nature": nature}
        for nature in ("事业单位", "社会团体", "民办非企业单位")
    ),
    {"site_name": "晨光校友论坛"},
    {"site_name": "晨光论坛网"},
    {"site_name": "20260115"},
    {"site_name": "Chenguang"},
    {"site_name": "晨光"},
    {"site_name": "chenguang-sample.cn"},
]


@pytest.mark.parametrize("cells", REJECTED, ids=lambda cells: "".join(cells.values()))
def test_samples_that_are_rejected(cells: dict[str, str]):
    assert "error" in found(cells).values()


@pytest.mark.parametrize("name", ["样例新闻网", "样例论坛"])
def test_fields_that_need_an_approval_are_pointed_out(name: str):
    assert found({"site_name": name})["ICP0213"] == "error"
    assert found({"site_name": f"{name}刊"})["ICP0213"] == "warning"


# One cause, one finding: the strongest of the rules that know the word.
@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({**PERSON, "site_name": "读书论坛"}, {"ICP0220": "error"}),
        ({**PERSON, "site_name": "读书论坛", "province": "北京"}, {"ICP0220": "error"}),
        ({**PERSON, "site_name": "某某有限公司", "province": "浙江"}, {"ICP0221": "error"}),
        ({**PERSON, "site_name": "读书网站", "province": "宁夏"}, {"ICP0222": "error"}),
        ({**PERSON, "site_name": "网购小记本", "province": "宁夏"}, {"ICP0224": "warning"}),
        ({"site_name": "chenguang-sample.cn"}, {"ICP0204": "error"}),
        ({"site_name": "20260115", "site_remark": "编号"}, {"ICP0202": "error"}),
        ({"site_name": "样例市人民政府", "subject_name": "样例市信息有限公司"}, {"ICP0212": "error"}),
        (
            {
                **PERSON, "site_name": "读书平台", "province": "江苏",
                "site_remark": "本网站为个人网站，做读书使用，主要内容为读书",
            },
            {"ICP0225": "error"},
        ),
    ],
)  # fmt: skip
def test_one_cause_has_one_finding(cells: dict[str, str], expected: dict[str, str]):
    assert found(cells) == expected


# Ordinary names of units, each with its site.
@pytest.mark.parametrize(
    ("subject", "site", "nature"),
    [
        ("杭州晨光样例文化传媒有限公司", "晨光样例文化", "企业"),
        ("杭州晨光样例教育科技有限公司", "晨光样例教育", "企业"),
        ("浙江样例大学", "浙样大学招生网", "事业单位"),
        ("杭州市样例人民医院", "杭州市样例人民医院", "事业单位"),
        ("样例市人民政府办公室", "中国样例", "政府机关"),
        ("杭州市样例区人民法院", "杭州市样例区人民法院", "政府机关"),
        ("中国样例协会", "样例协会", "社会团体"),
        ("样例(中国)有限公司", "样例中国", "企业"),
        ("杭州样例国家粮食储备库有限公司", "样例国家粮食储备库", "企业"),
        ("杭州晨光样例图书有限公司", "杭州晨光样例图书有限公司", "企业"),
        ("样例市监察委员会", "样例市监察委员会", "政府机关"),
        ("国投样例有限公司", "国投样例", "企业"),
        ("样例社区服务有限公司", "样例社区服务", "企业"),
        ("样例公证处", "样例公证处", "公证机构"),
        ("浙江样例律师事务所", "样例律师事务所", "律师执业机构"),
        ("杭州样例网络科技有限公司", "样例网络科技官网", "企业"),
        ("杭州ABC样例软件有限公司", "ABC样例软件平台", "企业"),
        ("深圳市蓝样科技有限公司", "蓝样在线商城", "企业"),
    ],
)
def test_ordinary_names_pass(subject: str, site: str, nature: str):
    assert found({"subject_name": subject, "site_name": site, "subject_nature": nature, "province": "广东"}) == {}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("晨光@书屋", "晨光书屋"), ("晨光 书屋", "晨光书屋"), ("《晨光书屋》", "晨光书屋"), ("晨@光", "")],
)
def test_symbols_are_taken_out(name: str, expected: str):
    rule = next(rule for rule in of_reason(2) if rule.id == "ICP0205")
    frame, _ = specimen.batch([{"site_name": name}])
    assert rule.explain(specimen.filings(frame))["expected"].tolist() == [expected]
