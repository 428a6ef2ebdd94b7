"""Telephone numbers: what is known of them, and that nothing is claimed that is not."""

import pandas as pd
import pytest
from phonenumbers import geocoder, parse

from expectations import specimen
from expectations.catalogue import catalogue, of_reason
from expectations.cells import values
from expectations.facts import phones
from expectations.findings import all_findings
from expectations.reference import Reference

REFERENCE = Reference(specimen.AS_OF)


def series(*values: str) -> pd.Series:
    return pd.Series(values, dtype="str")


@pytest.mark.parametrize(
    ("number", "form"),
    [
        ("", ""), ("13805710001", "mobile"), ("19905710001", "mobile"), ("14105710001", "mobile"),
        ("057188880001", "landline"), ("05788880001", "landline"), ("01088880001", "landline"),
        ("057188880001转801", "landline"), ("02188880001", "landline"),
        ("0108888000", "malformed"), ("010888800011", "malformed"), ("0571888800011", "malformed"),
        ("88880001", "local"), ("8880001", "local"), ("8880001转12", "local"), ("18880001", "malformed"),
        ("4008001234", "service"), ("8008001234", "service"), ("95588", "service"), ("9611234", "service"),
        ("10086", "service"), ("110", "service"), ("12305", "service"),
        ("13805710001;13805710002", "several"), ("+85223456789", "foreign"), ("无", "malformed"),
        ("12805710001", "malformed"), ("1380571000", "malformed"), ("138057100011", "malformed"),
    ],
)  # fmt: skip
def test_form_of_a_number(number: str, form: str):
    assert phones.form(series(number)).tolist() == [form]


@pytest.mark.parametrize(
    ("number", "use", "operator", "virtual"),
    [
        ("13805710001", "个人", "中国移动", "否"), ("13485710001", "个人", "中国移动", "否"),
        ("13495710001", "卫星", "", "否"), ("17405710001", "卫星", "", "否"), ("14105710001", "物联网", "", "否"),
        ("14405710001", "物联网", "", "否"), ("19205710001", "个人", "中国广电", "否"),
        ("17005710001", "个人", "中国电信", "是"), ("17095710001", "个人", "中国联通", "是"),
        ("16505710001", "个人", "中国移动", "是"), ("14805710001", "个人", "中国移动", "否"),
        ("15405710001", "", "", ""), ("057188880001", "", "", ""),
    ],
)  # fmt: skip
def test_segment_of_a_mobile(number: str, use: str, operator: str, virtual: str):
    fields = [phones.segment(series(number), REFERENCE, field).iloc[0] for field in ("use", "operator", "virtual")]
    assert fields == [use, operator, virtual]


def test_segments_are_known_if_either_source_knows_them():
    numbers = series(*(f"{prefix}05710001" for prefix in ("138", "146", "148", "149", "199", "154", "194", "179")))
    assert phones.segment_known(numbers, REFERENCE).tolist() == [True] * 5 + [False] * 3


@pytest.mark.parametrize(
    ("number", "province"),
    [
        ("13805710001", "浙江"), ("13800100001", "北京"), ("13604710001", "内蒙古"), ("13704510001", "黑龙江"),
        ("19905710001", ""), ("16605710001", ""), ("057188880001", ""), ("", ""),
    ],
)  # fmt: skip
def test_province_of_a_mobile(number: str, province: str):
    assert phones.mobile_province(series(number), REFERENCE).tolist() == [province]


def test_province_of_a_mobile_is_what_the_library_says():
    numbers = [f"{segment}{area:04d}0001" for segment in (130, 139, 153, 177, 188) for area in range(0, 10000, 977)]
    told = [geocoder.description_for_number(parse(number, "CN"), "zh") for number in numbers]
    ours = phones.mobile_province(series(*numbers), REFERENCE)
    assert all(theirs.startswith(mine) for theirs, mine in zip(told, ours, strict=True))
    assert (ours != "").mean() > 0.9


def test_area_codes_lie_in_the_provinces_the_library_says():
    table = REFERENCE.table("area_codes")
    assert len(table) == len({row["area_code"] for row in table}) == 321
    for row in table:
        number = row["area_code"] + "62345678"[: int(row["subscriber_digits"][-1])]
        place = geocoder.description_for_number(parse(number, "CN"), "zh")
        assert place.startswith(row["province"]) or place == "中国", row
    assert {row["province"] for row in table} == set(REFERENCE.provinces)


def test_area_and_subscriber_of_a_landline():
    numbers = series("057188880001转801", "01062880001", "02888880001", "03001234567")
    assert phones.area_code(numbers).tolist() == ["0571", "010", "028", "0300"]
    assert phones.subscriber(numbers).tolist() == ["88880001", "62880001", "88880001", "1234567"]
    assert phones.area(numbers, REFERENCE, "province").tolist() == ["浙江", "北京", "四川", ""]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("138O571000l", "13805710001"), ("1380571000o", "13805710000"),
        ("13805710001(林)", "13805710001"), ("手机13805710001", "13805710001"),
        ("8613805710001", "13805710001"), ("138-0571-0001", "13805710001"),
        ("1380571000", ""), ("138057100011", ""), ("13805710001转801", ""), ("1380571000转1", ""),
        ("13805710001或13805710002", ""), ("+85213805710001", ""), ("无", ""),
    ],
)  # fmt: skip
def test_a_mobile_is_repaired_only_where_that_is_certain(typed: str, meant: str):
    assert phones.repaired_mobile(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("57188880001", "057188880001"), ("1062880001", "01062880001"), ("4008001234", ""), ("057188880", ""), ("无", "")],
)
def test_a_landline_is_repaired_only_where_that_is_certain(typed: str, meant: str):
    assert phones.repaired_landline(typed, REFERENCE) == meant


def found(**changes: str) -> pd.DataFrame:
    frame, _ = specimen.batch([changes])
    filings = specimen.filings(frame)
    outcomes = {rule.id: rule.outcome(filings) for rule in of_reason(7)}
    return all_findings(filings, outcomes).set_index("rule")


def test_one_finding_names_all_cells_at_fault_and_what_they_must_have_meant():
    finding = found(principal_mobile="138O5710001", site_principal_mobile="13805710001(林)").loc["ICP0702"]
    assert finding["columns"] == "principal_mobile;site_principal_mobile"
    assert finding["expected"] == "13805710001；13805710001"
    assert "「138O5710001」" in finding["message"]


def test_no_value_is_expected_where_one_of_the_cells_is_uncertain():
    finding = found(principal_mobile="138O5710001", principal_emergency_mobile="1390571000").loc["ICP0702"]
    assert finding["expected"] == ""


@pytest.mark.parametrize(
    ("changes", "severity"),
    [
        ({"principal_phone": "01062880001"}, "error"),
        ({"site_principal_phone": "01062880001"}, "error"),
        ({"principal_phone": "01062880001", "subject_address": "样例路1号101室"}, "warning"),
    ],
)
def test_a_landline_elsewhere_is_an_error_only_where_the_address_tells_its_province(changes: dict, severity: str):
    finding = found(**changes).loc["ICP0719"]
    assert finding["severity"] == severity
    assert "010 北京" in finding["message"]


def test_a_landline_of_the_address_is_right_though_the_filing_is_elsewhere():
    here = {"principal_phone": "01062880001", "site_principal_phone": "01062880001"}
    assert "ICP0719" not in found(subject_address="北京市海淀区样例路1号", **here).index


@pytest.mark.parametrize(
    ("number", "city", "province", "county"),
    [
        ("0775", "贵港市", "广西", ""), ("0558", "亳州市", "安徽", ""), ("0731", "湘潭市", "湖南", ""),
        ("024", "抚顺市", "辽宁", ""), ("0898", "儋州市", "海南", ""), ("0391", "济源市", "河南", ""),
        ("0531", "济南市", "山东", "莱芜区"),
    ],
)  # fmt: skip
def test_shared_area_codes_are_right_in_all_their_cities(number: str, city: str, province: str, county: str):
    digits = number + ("62345678" if number in ("024", "0731", "0898", "0531") else "6234567")
    address = f"{province}{'省' if province != '广西' else '壮族自治区'}{city}{county}样例路1号"
    changes = {"province": province, "city": city, "subject_address": address}
    marked = found(principal_phone=digits, site_principal_phone=digits, **changes).index
    assert not {"ICP0716", "ICP0718", "ICP0719", "ICP0720"} & set(marked)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"principal_phone": "88880001"}, "057188880001"),
        ({"principal_phone": "88880001转8"}, "057188880001转8"),
        ({"principal_phone": "88880001", "site_principal_phone": "88880002"}, "057188880001；057188880002"),
        ({"principal_phone": "8888001"}, ""),  # Hangzhou has eight digits
        ({"principal_phone": "88880001", "site_principal_phone": "8888001"}, ""),
        ({"principal_phone": "88880001", "subject_address": "浙江省宁波市样例路1号"}, ""),  # or Hangzhou, as stated
        ({"principal_phone": "88880001", "city": "宁波市", "subject_address": "浙江省宁波市样例路1号"}, "057488880001"),
        ({"principal_phone": "88880001", "city": "", "county": "", "subject_address": "样例路1号"}, ""),
        ({"principal_phone": "62880001", "province": "北京", "city": "北京市", "county": "海淀区",
          "subject_address": "北京市海淀区样例路1号"}, "01062880001"),
        ({"principal_phone": "2880001", "province": "山西", "city": "吕梁市", "county": "离石区",
          "subject_address": "山西省吕梁市离石区样例路1号"}, ""),  # two codes
    ],
)  # fmt: skip
def test_area_code_is_suggested_where_address_and_city_settle_it(row: dict[str, str], expected: str):
    assert found(**row).loc["ICP0715", "expected"] == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("13805710001;057188880001", "13805710001"),
        ("4008001234;13805710001;88880001", "13805710001"),
        ("13805710001;13805710009", ""),
        ("13805710001;1380571000", ""),
        ("057188880001;057188880002", ""),
    ],
)
def test_mobile_among_landlines_is_the_one_meant(number: str, expected: str):
    assert found(principal_mobile=number).loc["ICP0703", "expected"] == expected


LOCAL = {"辽宁", "江苏", "湖南", "广西", "陕西", "甘肃"}


@pytest.mark.parametrize("province", sorted(REFERENCE.provinces))
def test_local_mobiles_province_by_province(province: str):
    rule = catalogue()["ICP0708"]
    stranger = "13800100001" if province != "北京" else "13805710001"
    of_organisation = {"province": province, "principal_mobile": stranger, "site_principal_mobile": stranger}
    of_individual = {"province": province, "subject_nature": "个人", "principal_mobile": stranger}
    frame, _ = specimen.batch([of_organisation, of_individual])
    filings = specimen.filings(frame)
    assert rule.outcome(filings).failing.tolist() == [province in LOCAL, province in LOCAL | {"天津"}]


def test_a_user_may_add_a_segment(tmp_path):
    (tmp_path / "phone_segments.csv").write_text(
        "prefix,use,operator,virtual,source\n154,个人,中国移动,否,own\n", "utf-8-sig"
    )
    assert phones.segment(series("15405710001"), Reference(specimen.AS_OF, tmp_path), "use").tolist() == ["个人"]


@pytest.mark.parametrize(
    ("column", "typed", "rule"),
    [
        ("principal_phone", "086-0535-6700763", None),
        ("principal_phone", "010-00000000", "ICP0717"),
        ("principal_emergency_mobile", "13905710002", None),
        ("principal_emergency_mobile", "0571-88880001", "ICP0701"),
        ("principal_emergency_mobile", "", "ICP0001"),
    ],
)
def test_published_examples_of_numbers(column: str, typed: str, rule: str | None):
    number = values.phones(typed)
    yantai = {"province": "山东", "city": "烟台市", "subject_address": "山东省烟台市样例路1号"}
    place = {**yantai, "site_principal_phone": number} if "0535" in typed else {}
    judged = specimen.filings(specimen.batch([{**place, column: number}])[0])
    failing = [key for key, one in catalogue().items() if one.reason in (0, 7) and one.outcome(judged).failing.any()]
    assert failing == ([rule] if rule else [])
