"""What a unit's site name has to do with the unit."""

from __future__ import annotations

import re
from functools import cache, partial

import pandas as pd

from expectations.facts.domains import VERIFIED
from expectations.facts.site_names import words
from expectations.facts.site_places import Places, known, larger_places, without_place
from expectations.filing import FILLER
from expectations.rows import ORGANISATIONS, Filings, derived
from expectations.rule import Words, rule

_LATIN = re.compile("[a-z]{2,}")
_CHINESE = re.compile("[^一-龥]")
_OF_EVERY_SITE = re.compile("官方网站|官方商城|门户网站|官网|网站|商城|平台|门户|网|之家|在线|旗舰店|首页|主页")


def related(site: str, subject: str, generic: frozenset[str], places: Places) -> bool:
    """Whether a site's name shows whose it is: by two characters of the subject's trade name, by an
    abbreviation (浙大 of 浙江大学), or by the same Latin letters."""
    site, subject = site.casefold(), subject.casefold()
    head = site[:2]
    if len(head) == 2 and head in subject and head not in generic and not places.has(head):
        return True  # nearly every site
    if set(_LATIN.findall(site)) & set(_LATIN.findall(subject)):
        return True
    own = _CHINESE.sub("", without_place(subject.replace("(", "").replace(")", ""), places))
    pairs = {piece[at : at + 2] for piece in re.split(_any(generic), own) for at in range(len(piece) - 1)}
    if any(pair in site for pair in pairs):
        return True
    if not pairs:
        return True  # a name of nothing but place and trade cannot be recognised
    core = without_place(_CHINESE.sub("", _OF_EVERY_SITE.sub("", site)), places)
    return core[:2] not in generic and (_abbreviates(core, subject) or _abbreviates(core[:2], subject))


@cache
def _any(texts: frozenset[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(texts, key=len, reverse=True))))


def _abbreviates(short: str, name: str) -> bool:
    """Two characters or more, each in the name and in its order."""
    remaining = iter(name)
    return len(short) >= 2 and all(character in remaining for character in short)


@derived("site_name.unrelated")
def _unrelated(rows: Filings) -> pd.Series:
    """``yes`` where the name of a unit's site shows nothing of the unit and no remark explains it."""
    asked = (rows["site_name"] != "") & (rows["subject_name"] != "") & (rows["site_remark"] == "")
    asked &= ~rows["is_individual"] & ~rows["subject_nature"].isin(("政府机关", "国防机构", ""))
    result = rows.constant("")
    reference = rows.basis.reference
    pairs = pd.DataFrame({"site": rows["site_name"][asked], "subject": rows["subject_name"][asked]})
    if pairs.empty:
        return result
    judge = partial(related, generic=words(reference, "trade"), places=known(reference))
    codes = pairs.groupby(["site", "subject"], sort=False).ngroup().to_numpy()
    distinct = pairs.drop_duplicates().itertuples(index=False)
    answers = ["" if judge(site, subject) else "yes" for site, subject in distinct]
    result[asked] = pd.array(answers, dtype="str").take(codes)
    return result


@rule(
    "ICP0214",
    zh="网站名称看不出与主办单位的关系", en="The site name shows no relation to the subject",
    columns=("site_name", "subject_name"), case=VERIFIED & ORGANISATIONS, severity="warning",
    message=Words(
        "网站名称「{site_name}」与主办单位「{subject_name}」看不出关系，网站备注也没有说明",
        "「{site_name}」 shows no relation to 「{subject_name}」, and no remark explains it",
    ),
    fix=Words(
        "使用单位全称或简称；是产品、项目或商标名称的，在网站备注中说明",
        "Use the unit's name or its short form; explain a product, project or trade mark in the site's remark",
    ),
    owner="filer", source="docs of several access providers, 2025-12 and before; nothing demands it",
    good=[
        {"site_name": "晨光图书商城"}, {"site_name": "晨光样例图书有限公司"},
        {"site_name": "浙大校友网", "subject_name": "浙江大学校友会", "subject_nature": "社会团体"},
        {"site_name": "市一院", "subject_name": "杭州市第一样例医院", "subject_nature": "事业单位"},
        {"site_name": "蓝鲸商城", "site_remark": "蓝鲸为本公司注册商标"},
        {"site_name": "西湖先锋", "subject_nature": "政府机关", "subject_name": "样例区委组织部"},
        {"site_name": "ABC工具商城", "subject_name": "杭州ABC软件有限公司"},
        {"site_name": "杭州图书网", "subject_name": "杭州图书有限公司"},
        {"site_name": "蓝鲸"}, {"subject_name": "待定"},
    ],
    bad=[{"site_name": "蓝鲸商城"}, {"site_name": "杭州美食网"}, {"site_name": "环球科技信息"}],
)  # fmt: skip
def unrelated_to_the_subject(rows: Filings) -> pd.Series:
    """Reviewers look for the unit's name in the site's; a brand is fine once it is explained. A name that
    must be changed anyway need not be explained."""
    changing = rows["site_name.hits"].str.contains(" error ", regex=False).astype(bool)
    changing |= rows["site_name.form"].isin(("domain", "digits", "latin", "short"))
    changing |= rows["subject_name"].isin(FILLER)
    return (rows["site_name.unrelated"] == "yes") & ~changing


@rule(
    "ICP0215",
    zh="网站名称中的地名大于主办单位名称中的地名", en="The place in the site name is larger than the subject's",
    columns=("site_name", "subject_name"), case=VERIFIED & ORGANISATIONS, severity="warning",
    message=Words(
        "网站名称「{site_name}」用了「{place}」，大于主办单位「{subject_name}」名称中的地域",
        "「{site_name}」 speaks of 「{place}」, a larger place than in 「{subject_name}」",
    ),
    fix=Words("改用不大于单位名称所示地域的地名", "Name no larger place than the unit's own name does"),
    owner="filer", source="Tencent Cloud ICP docs, deprecated pages",
    good=[
        {"site_name": "杭州晨光图书"}, {"site_name": "浙江晨光图书", "subject_name": "浙江晨光图书有限公司"},
        {"site_name": "西湖晨光图书"}, {"site_name": "浙江晨光图书", "subject_name": "晨光图书(浙江)有限公司"},
        {"site_name": "浙江晨光图书", "subject_name": "晨光样例图书有限公司"}, {"site_name": "晨光日照摄影"},
        {"site_name": "江苏晨光图书"}, {"site_name": "广州晨光图书", "subject_name": "广东晨光图书有限公司"},
    ],
    bad=[
        {"site_name": "浙江晨光图书"}, {"site_name": "晨光图书浙江省站"},
        {"site_name": "浙江晨光图书", "subject_name": "桐庐县晨光图书有限公司"},
        {"site_name": "杭州晨光图书", "subject_name": "桐庐县晨光图书有限公司"},
    ],
)  # fmt: skip
def larger_place_than_the_subject(rows: Filings) -> pd.Series:
    """A shop of one town is not the site of the province. A place elsewhere says nothing, nor does a unit
    whose name holds none."""
    return larger_places(rows) != ""


@larger_place_than_the_subject.details
def _place(rows: Filings) -> dict[str, pd.Series]:
    return {"place": larger_places(rows)}
