"""Reason 1: what is read out of a domain, and how sure each verdict is."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from expectations import findings, specimen
from expectations.catalogue import catalogue, of_reason
from expectations.facts.domains import names_domain, others, registrable, urls_well_formed
from expectations.filing import INDIVIDUAL

ROOT = Path(__file__).parent.parent
RULES = {rule.id: rule for rule in of_reason(1)}
LIN = {
    "domain_holder_name": "林示例",
    "domain_holder_certificate_type": "居民身份证",
    "domain_holder_certificate_number": "330000198501010016",
}
ZHAO = {**LIN, "domain_holder_name": "赵样例", "domain_holder_certificate_number": "330000197703070012"}
PROOF = {"attachment_domain_holder_proof": "BA-0001/proof.jpg"}
PERSON = {"subject_nature": INDIVIDUAL}


def judged(*rows, as_of=specimen.AS_OF):
    """The findings of reason 1 on the first row, as a frame; and the state of the reason."""
    frame, _ = specimen.batch([list(rows)])
    filings = specimen.filings(frame, as_of=as_of)
    outcomes = {name: rule.outcome(filings) for name, rule in RULES.items()}
    found = findings.all_findings(filings, outcomes)
    return found[found["position"] == 0], findings.verdicts(filings, outcomes)["reason_1"].iloc[0]


def severities(*rows, **options) -> dict[str, str]:
    found, _ = judged(*rows, **options)
    return dict(zip(found["rule"], found["severity"], strict=True))


def with_url(domain: str) -> dict[str, str]:
    return {"domain": domain, "home_url": domain}


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("hichina.com", "hichina.com"), ("a.sample.com", "sample.com"), ("www.sample.com.cn", "sample.com.cn"),
        ("www.b1.a.gov.cn", "a.gov.cn"), ("x.zj.cn", "x.zj.cn"), ("www.晨光.中国", "晨光.中国"),
        ("www.晨光.政务.cn", "晨光.政务.cn"), ("a.b.co.uk", "b.co.uk"), ("com.cn", ""), ("中国", ""),
        ("192.0.2.1", ""), ("sample", ""), ("sample.nosuch", ""), ("", ""),
    ],
)  # fmt: skip
def test_registrable_domain(name: str, own: str):
    assert registrable(pd.Series([name], dtype="str"), ["政务.cn", "公益.cn"]).tolist() == [own]


def test_public_suffix_list_is_read_offline_and_only_when_needed():
    code = (
        "import socket, sys, builtins\n"
        "def refuse(*_, **__): raise AssertionError('network')\n"
        "socket.socket.connect = refuse\n"
        "import expectations.facts.domains as domains, pandas as pd\n"
        "assert 'tldextract' not in sys.modules\n"
        "before = open\n"
        "def watch(file, mode='r', *a, **k):\n"
        "    assert not set(mode) & set('wax+'), file\n"
        "    return before(file, mode, *a, **k)\n"
        "builtins.open = watch\n"
        "print(domains.registrable(pd.Series(['www.a.com.cn'], dtype='str'))[0])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)  # noqa: S603
    assert done.stdout.strip() == "a.com.cn", done.stderr


@pytest.mark.parametrize(
    ("changes", "rule", "severity"),
    [
        ({"domain": "a.sample.com", "home_url": "a.sample.com"}, "ICP0105", "error"),
        (with_url("cloud.tencent.com"), "ICP0105", "error"),
        (with_url("xxxx.cc"), "ICP0107", "warning"),
        (with_url("sample.org"), "ICP0106", "error"),
        (with_url("sample.name"), "ICP0106", "error"),
        (with_url("sample.tv"), "ICP0107", "warning"),
        ({"domain": "a.com;b.com", "home_url": "a.com"}, "ICP0104", "error"),
        ({"domain": "a.com;b.com", "home_url": "a.com", "filing_type": "接入备案"}, "ICP0104", "warning"),
        (
            {"domain_holder_name": "杭州暮色样例有限公司", "domain_holder_certificate_number": "91330000MA0000015P"},
            "ICP0120",
            "error",
        ),
        (
            {
                **PERSON, "domain_holder_name": "杭州暮色样例有限公司",
                "domain_holder_certificate_number": "91330000MA0000015P",
            },
            "ICP0120",
            "error",
        ),
        ({"province": "上海", "domain_expires_on": "2026-07-14"}, "ICP0134", "error"),
        ({"province": "浙江", "domain_expires_on": "2026-04-15"}, "ICP0134", "error"),
        ({"domain_expires_on": "2026-01-14"}, "ICP0133", "error"),
        ({"home_url": "www.elsewhere.cn"}, "ICP0111", "error"),
        (with_url("192.0.2.9"), "ICP0102", "error"),
        (with_url("sample.gov.cn"), "ICP0108", "error"),
        ({**with_url("sample.gov.cn"), "subject_nature": "事业单位"}, "ICP0108", "warning"),
        (with_url("样例.公益"), "ICP0108", "warning"),
        ({**with_url("sample.com"), "subject_nature": "政府机关"}, "ICP0109", "error"),
        ({**with_url("sample.cn"), "subject_nature": "政府机关"}, "ICP0109", "error"),
    ],
)  # fmt: skip
def test_one_cause_gives_one_finding(changes, rule, severity):
    assert severities(changes) == {rule: severity}


@pytest.mark.parametrize(
    "changes",
    [
        with_url("hichina.com"), with_url("sample.com"), {"home_url": "www.123.com", "domain": "123.com"},
        {**with_url("www.a.gov.cn"), "subject_nature": "政府机关"},
        {**with_url("www.b1.a.gov.cn"), "subject_nature": "政府机关"},
        {"province": "上海", "domain_expires_on": "2026-08-04"},
        {"province": "浙江", "domain_expires_on": "2026-05-06"},
        PERSON, {**with_url("晨光样例.中国")}, {**with_url("chenguang.org.cn")},
        {"province": "江苏", **LIN}, {"domain_holder_name": "杭州晨光样例 图书有限公司"},
        {**with_url("www.bad_name.org"), "domain_expires_on": "2020-01-01", **ZHAO, "filing_type": "注销主体"},
    ],
)  # fmt: skip
def test_right_domains_pass(changes):
    assert severities(changes) == {}


@pytest.mark.parametrize(
    ("province", "expires", "severity"), [("上海", "2026-07-15", "warning"), ("浙江", "2026-04-16", "warning")]
)
def test_one_day_more_than_the_limit_passes_but_may_lapse_during_review(province, expires, severity):
    assert severities({"province": province, "domain_expires_on": expires}) == {"ICP0135": severity}


def test_months_longer_than_ninety_days_only_warn():
    summer = {"domain_verified_on": "2020-03-10", "domain_expires_on": "2026-10-01"}
    assert severities(summer, as_of=date(2026, 7, 2)) == {"ICP0134": "warning"}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"province": "广东", **LIN}, {"ICP0121": "error"}),
        ({"province": "广东", **LIN, **PROOF}, {"ICP0121": "warning"}),
        ({"province": "浙江", **LIN}, {"ICP0121": "warning"}),
        ({"province": "浙江", **LIN, **PROOF}, {}),
        ({"province": "", **LIN}, {"ICP0121": "warning"}),
        ({"province": "江苏", **ZHAO}, {"ICP0120": "error"}),
        ({"province": "江苏", **ZHAO, **PROOF}, {"ICP0120": "warning"}),
        ({"province": "浙江", **ZHAO, "investor": "赵样例"}, {"ICP0120": "warning"}),
        ({**ZHAO, "legal_representative_name": ""}, {"ICP0120": "warning"}),
        ({**ZHAO, "filing_type": "接入备案"}, {"ICP0120": "warning"}),
        ({**ZHAO, "filing_type": "变更备案"}, {"ICP0120": "error"}),
        ({**ZHAO, "filing_type": "变更备案", "domain_registered_on": "2015-01-01"}, {"ICP0120": "warning"}),
        (
            {"province": "江苏", **LIN, "domain_holder_certificate_number": ZHAO["domain_holder_certificate_number"]},
            {"ICP0120": "error"},
        ),
        ({"domain_holder_name": "杭州晨光样例书店有限公司"}, {"ICP0122": "error"}),
        ({"domain_holder_certificate_type": "统一社会信用代码证书"}, {"ICP0123": "error"}),
        (
            {"domain_holder_certificate_type": "组织机构代码证", "domain_holder_certificate_number": "MA0000007"},
            {"ICP0123": "error", "ICP0124": "error"},
        ),
        ({"domain_holder_certificate_number": "330000000000015"}, {"ICP0124": "error"}),
        ({"domain_holder_certificate_number": "91330000MA0000015P"}, {"ICP0124": "error"}),
        ({**PERSON, "domain_holder_certificate_number": "330000900202002"}, {"ICP0124": "error"}),
        ({**PERSON, "domain_holder_certificate_number": "330000199002020011"}, {"ICP0124": "error"}),
        ({**PERSON, "domain_holder_certificate_type": "护照"}, {"ICP0123": "error"}),
    ],
)  # fmt: skip
def test_holder(changes, found):
    assert severities(changes) == found


def test_another_holder_is_one_finding_that_names_the_cells():
    found, _ = judged({"province": "江苏", **ZHAO})
    assert found["columns"].tolist() == [
        "domain_holder_name;domain_holder_certificate_type;domain_holder_certificate_number"
    ]
    assert "域名持有者与主办单位不一致" in found["message"].iloc[0]
    assert found["expected"].tolist() == ["杭州晨光样例图书有限公司"]


@pytest.mark.parametrize(
    ("verified", "found"),
    [
        ("2026-01-15", "error"), ("2026-01-13", "error"), ("2026-01-12", "warning"), ("2026-01-09", "warning"),
        ("2026-01-08", None),
    ],
)  # fmt: skip
def test_verification_takes_days_to_arrive(verified, found):
    assert severities({"domain_verified_on": verified}).get("ICP0131") == found


def test_missing_evidence_is_unchecked_without_a_second_finding():
    for key in ("domain_holder_name", "domain_expires_on", "domain"):
        found, state = judged({key: ""})
        assert (found["rule"].tolist(), state) == ([], "unchecked"), key
    assert judged({"domain_registrar": "", "domain_registered_on": "", "domain_privacy": ""})[1] == "pass"


def test_a_verification_of_no_day_only_warns():
    texts = ({"domain_verified_on": "已实名认证"}, {"domain_verified_on": "未知"}, {"domain_verified_on": "已提交认证"})
    frame, _ = specimen.batch([*texts, {"domain_verified_on": "是", "domain_expires_on": "2028年"}])
    outcome = catalogue()["ICP0006"].outcome(specimen.filings(frame))
    assert outcome.failing.all()
    assert outcome.softened.tolist() == [True, False, False, False]


def test_a_domain_without_its_date_is_not_verified():
    assert severities({"domain_verified_on": ""}) == {"ICP0150": "error"}
    assert severities({"domain_verified_on": "尚未实名认证"}) == {"ICP0150": "error"}
    assert severities({"domain_verified_on": "", "filing_type": "接入备案"}) == {"ICP0150": "warning"}
    assert severities({"domain_verified_on": "", "damaged": "domain_verified_on:error"}) == {}
    frame = specimen.batch([{}])[0].drop(columns="domain_verified_on")
    outcome = RULES["ICP0150"].outcome(specimen.filings(frame))
    assert (outcome.failing.tolist(), outcome.unchecked.tolist()) == ([False], [True])


def test_a_slip_in_the_holders_number_is_found_against_the_subjects():
    number = specimen.ORGANISATION["subject_certificate_number"]
    slips = [
        number[:place] + ("4" if digit == "3" else "3") + number[place + 1 :] for place, digit in enumerate(number)
    ]
    rows = [
        {**with_url(f"sample{place}.cn"), "domain_holder_certificate_number": slip} for place, slip in enumerate(slips)
    ]
    frame, _ = specimen.batch(rows)
    filings = specimen.filings(frame)
    failing = {rule.id: rule.outcome(filings).failing for rule in catalogue().values()}
    # Beside it only what is wrong with the number by itself.
    assert failing["ICP0124"].all()
    assert all(rule.startswith(("ICP0124", "ICP00")) for rule, marked in failing.items() if marked.any())


@pytest.mark.parametrize(
    "name",
    [
        "GoDaddy.com, LLC", "NAMECHEAP INC", "Name.com, Inc.", "Alibaba.com Singapore E-Commerce Private Limited",
        "阿里云（国际站）", "Alibaba Cloud (Singapore) Private Limited", "PDR Ltd. d/b/a PublicDomainRegistry.com",
        "境外注册商",
    ],
)  # fmt: skip
def test_registrars_abroad(name: str):
    assert severities({"domain_registrar": name}) == {"ICP0137": "error"}
    assert severities({"domain_registrar": name, "domain_registered_on": "2016-03-01", "province": "湖南"}) == {
        "ICP0138": "error"
    }


@pytest.mark.parametrize(
    "name",
    [
        "阿里云计算有限公司（万网）", "HiChina Zhicheng Technology Ltd.", "Alibaba Cloud Computing (Beijing) Co., Ltd.",
        "Xin Net Technology Corporation", "DNSPod, Inc.", "eName Technology Co., Ltd.", "Bizcn.com, Inc.",
        "西部数码国际有限公司", "域名国际有限公司", "环球互联（北京）信息技术有限公司",
    ],
)  # fmt: skip
def test_registrars_at_home(name: str):
    assert severities({"domain_registrar": name}) == {}


def test_suggestion_is_the_registered_domain():
    found, _ = judged(with_url("www.sample.com.cn"))
    assert found["expected"].tolist() == ["sample.com.cn"]


def test_urls():
    urls = pd.Series(["www.a.com", "http:/a.com", "https://a.com/b?c#d", "x.cn;m.a.com", "a_b.com", "a"], dtype="str")
    domains = pd.Series(["a.com"] * len(urls), dtype="str")
    assert urls_well_formed(urls).tolist() == [True, False, True, True, False, False]
    assert names_domain(urls, domains).tolist()[:1] + names_domain(urls, domains).tolist()[2:4] == [True] * 3


# ── the same domain elsewhere ────────────────────────────────────────────────────────────────────


def test_others_names_a_few_and_counts_the_rest():
    group = pd.Series(["a"] * 6 + ["b", ""], dtype="str")
    member = pd.Series(list("112345zz"), dtype="str")
    label = pd.Series([f"r{place}" for place in range(8)], dtype="str")
    told = others(group, member, label).tolist()
    assert told[0] == told[1] == "r2；r3；r4；+1"
    assert told[2] == "r0；r3；r4；+1"
    assert told[6:] == ["", ""]


def test_one_domain_in_many_rows_costs_no_square():
    size = 50_000
    group = pd.Series(["a"] * size, dtype="str")
    told = others(group, pd.Series(np.arange(size)), pd.Series([str(row) for row in range(size)], dtype="str"))
    assert told.iloc[-1] == f"0；1；2；+{size - 4}"
