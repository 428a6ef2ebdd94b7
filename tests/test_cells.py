"""Cells: however it was typed, the same value reads the same; what cannot be read stays as it is."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations import specimen
from expectations.cells import canonical, canonical_cell, canonical_table
from expectations.filing import COLUMNS

TYPED = [
    *((("principal_mobile", text, "13805710001")) for text in (
        "+86 138-0571-0001", "0086 13805710001", "86-13805710001", "086-13805710001", "8613805710001",
        "13805710001.0", "１３８０５７１０００１", "(+86)13805710001", "138 0571 0001", "1.3805710001E10",
        "'13805710001",
        "138\u200b05710001\n", "+86 (0) 13805710001", "手机：13805710001",
    )),
    *((("principal_mobile", text, "13805710001;13905710002")) for text in (
        "13805710001/13905710002", "13805710001、13905710002", "13805710001 13905710002",
        "13805710001；+86 13905710002", "13805710001\n13905710002", "13805710001或13905710002",
    )),
    *((("principal_phone", text, "057188880001")) for text in (
        "0571-88880001", "086-0571-88880001", "86-571-88880001", "+86 571 8888 0001", "（0571）88880001",
    )),
    *((("principal_phone", text, "057188880001转801")) for text in (
        "0571-88880001转801", "0571 88880001-801", "(0571)88880001 ext. 801", "0571-88880001#801",
    )),
    ("principal_phone", "+86 10 88880001", "01088880001"),
    ("principal_phone", "86571234", "86571234"),
    ("principal_phone", "+86 400 800 1234", "4008001234"),
    ("principal_phone", "+852 2345 6789", "+85223456789"),
    ("principal_phone", "无", "无"),
    ("principal_mobile", "1.38E+10", "1.38E+10"),
    ("domain", "HTTP://WWW.Example.CN/", "www.example.cn"),
    ("domain", "example.com；example.cn", "example.com;example.cn"),
    ("domain", "example.com/example.cn", "example.com;example.cn"),
    ("domain", "example.com./example.cn.", "example.com;example.cn"),
    ("domain", "example.com/index.html", "example.com"),
    ("domain", "xn--fsqu00a.xn--fiqs8s", "例子.中国"),
    ("domain", "例子。中国", "例子.中国"),
    ("domain", "Example.com.", "example.com"),
    ("home_url", "http：//WWW.Example.cn/Index.html", "http://www.example.cn/Index.html"),
    ("home_url", "www.example.cn/", "www.example.cn"),
    ("principal_email", "Lin＠Example。com ", "lin@example.com"),
    *((("domain_expires_on", text, "2026-01-05")) for text in (
        "2026-01-05 00:00:00", "2026-01-05T00:00:00", "46027", "46027.0", "2026.1.5", "2026/1/5", "2026-1-5",
        "20260105", "2026年1月5日", "2026年1月5号", "2026 年 1 月 5 日", "2026/1/5 10:30", "２０２６－０１－０５",
    )),
    *((("subject_certificate_expires_on", text, "长期")) for text in (
        "长期", "永久", "长期有效", "長期", "无固定期限", "2015.01.01-长期", "2015年1月1日至长期",
        "2015-06-01至长期", "自2015年06月01日 至 长期", "永续经营", "9999-12-31", "9999/12/31", "99991231",
    )),
    *((("principal_certificate_expires_on", text, "2035-01-01")) for text in (
        "2015.01.01-2035.01.01", "2015-01-01至2035-01-01", "2015-01-01 - 2035-01-01", "2015-01-01—2035-01-01",
        "2015-01-01-2035-01-01", "2015/1/1~2035/1/1", "自2015年1月1日起至2035年1月1日止",
    )),
    ("principal_certificate_expires_on", "2035-01-01-2", "2035-01-01-2"),
    ("principal_certificate_expires_on", "3个月-2035.01.01", "3个月-2035.01.01"),
    ("domain_registered_on", "2015.01.01-2035.01.01", "2015.01.01-2035.01.01"),
    ("domain_expires_on", "2026-02-30", "2026-02-30"),
    ("domain_expires_on", "2026.2.30", "2026.2.30"),
    ("domain_expires_on", "3/1/2026", "3/1/2026"),
    *((("province", text, "广西")) for text in ("广西", "广西壮族自治区", "450000", "45", "45.0", "Guangxi", " 广 西")),
    ("province", "浙江省杭州市", "浙江"),
    ("province", "新疆生产建设兵团", "新疆"),
    ("province", "新疆兵团", "新疆"),
    ("province", "内蒙", "内蒙古"),
    ("province", "海南藏族自治州", "海南藏族自治州"),
    ("statement_province", "浙江省", "浙江"),
    ("subject_nature", "企 业", "企业"),
    ("subject_nature", "enterprise", "企业"),
    *((("subject_nature", text, "企业")) for text in ("公司", "个体工商户", "农民专业合作社")),
    ("subject_nature", "民办非企业", "民办非企业单位"),
    ("subject_certificate_type", "企业法人营业执照", "营业执照"),
    ("principal_certificate_type", "港澳台居民居住证", "港澳台居民居住证"),
    ("subject_nature", "合伙", "合伙"),
    ("filing_type", "首次備案", "首次备案"),
    ("principal_certificate_type", "居民身份證", "居民身份证"),
    ("province", "廣東省", "广东"),
    ("domain_privacy", "無", "否"),
    ("preapproval_types", "新聞、出版", "新闻;出版"),
    ("site_name", "晨光書屋", "晨光書屋"),
    ("subject_name", "樣例圖書館", "樣例圖書館"),
    ("filing_type", "新增网站(原备案在本接入商)", "新增网站（原备案在本接入商）"),
    ("preapproval_types", "新闻、出版", "新闻;出版"),
    ("preapproval_types", "新闻,文化", "新闻;文化"),
    ("preapproval_types", "Broadcast, film and television", "广播电影电视节目"),
    *((("preapproval_types", text, "")) for text in ("无", "不涉及", "以上都不涉及", "无需前置审批")),
    *((("domain_privacy", text, "是")) for text in ("是", "Y", "yes", "TRUE", "有", "√", "1", "1.0", "已")),
    *((("domain_privacy", text, "否")) for text in ("否", "N", "no", "false", "无", "×", "0", "未")),
    ("domain_privacy", "不详", "不详"),
    ("subject_certificate_number", "9133 0000-ma00 00007w", "91330000MA0000007W"),
    ("subject_certificate_number", "110108000000016.0", "110108000000016"),
    ("principal_certificate_number", "３３００００１９９００２０２００２ｘ", "33000019900202002X"),
    ("subject_certificate_number", "91330000\u041c\u04100000007W", "91330000MA0000007W"),
    ("principal_certificate_number", "33000019900202002\u0445", "33000019900202002X"),
    ("site_icp_number", "粤icp备12345678号 － 1", "粤ICP备12345678号-1"),
    ("subject_name", "杭州晨光（浙江） 样例\n有限公司", "杭州晨光(浙江)样例有限公司"),
    ("subject_name", "阿卜杜•样例", "阿卜杜·样例"),
    ("principal_name", "王 㛃 样", "王㛃样"),
    ("subject_name", "Sample  Ltd", "Sample Ltd"),
    *((("subject_name", text, text)) for text in ("NA", "None", "null")),
    ("site_name", "ＡＢ晨光　书屋（一）\u200b", "AB晨光 书屋(一)"),
    ("site_name", "晨光①…", "晨光①…"),
    ("site_remark", "无", ""),
    ("site_remark", "此地址\n已是最详细地址", "此地址已是最详细地址"),
    ("statement_domain_line", "sample.xin  样例商", "sample.xin 样例商"),
    ("attachment_statement", "BA\\扫描（1）.jpg；./b.png", "BA/扫描（1）.jpg;b.png"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "typed", "expected"), TYPED)
def test_a_cell_reads_as_what_it_means(key: str, typed: str, expected: str):
    assert canonical_cell(key, typed) == expected
    assert canonical(COLUMNS[key], pa.array([typed, None, typed])).to_pylist() == [expected, "", expected]


@pytest.mark.parametrize("filing", [specimen.ORGANISATION, specimen.INDIVIDUAL_FILING], ids=["unit", "person"])
def test_faultless_cells_stay_as_they_are(filing: dict[str, str]):
    typed = pa.table({key: [text] for key, text in filing.items()})
    assert canonical_table(typed).to_pylist() == [filing]


CELLS = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from(
            "0123456789012345678913xX-－（）() 　/／.。;；,，、\n年月日号转省市区某公司网+＋:\u200b\ufeff·•Aa"
        ),
    ),
    max_size=30,
)


@given(st.sampled_from(sorted(COLUMNS)), st.one_of(CELLS, st.sampled_from([text for _, text, _ in TYPED])))
@settings(max_examples=1500, deadline=None)
def test_canonical_text_is_its_own_canonical_form(key: str, typed: str):
    once = canonical_cell(key, typed)
    assert canonical_cell(key, once) == once
    assert canonical(COLUMNS[key], pa.array([typed])).to_pylist() == [once]


def test_numbers_and_blanks_become_text():
    assert canonical(COLUMNS["principal_mobile"], pa.array([13805710001, None])).to_pylist() == ["13805710001", ""]
    assert canonical(COLUMNS["city"], pa.chunked_array([["杭州市"], [None]])).to_pylist() == ["杭州市", ""]
    assert canonical(COLUMNS["city"], pa.array([], pa.string())).to_pylist() == []
