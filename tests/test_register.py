"""The register: what is read, and what it answers."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from opencc import OpenCC
from registers import COMPANY, DIGEST, KEY, LABELS, PERSON, csv_file, filings, xlsx_file

from expectations import specimen
from flows.steps.register import BadRegister, Register, import_register, read
from flows.steps.register.entries import NEEDS
from flows.steps.register.reading import COLUMN_KEYS, REGISTER_COLUMNS


@pytest.fixture
def register_file(tmp_path: Path) -> Path:
    return csv_file(tmp_path / "register.csv", COMPANY, PERSON)


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


def test_sheet_and_csv_in_either_encoding_read_the_same(tmp_path: Path, register_file: Path):
    rows = [[], ["备案库 2026-01"], [*LABELS, "备注"], [*COMPANY.values(), "x"], [""] * 16, [*PERSON.values(), ""]]
    expected = read(register_file)
    assert expected.shape == (2, len(COLUMN_KEYS))
    assert expected["domain"].tolist() == ["www.chenguang-sample.cn", "mofang-sample.cn"]
    assert expected["principal_mobile"].tolist() == ["13805710001", "13805710003"]
    assert expected["province"].tolist() == ["浙江", "浙江"]
    for other in (
        csv_file(tmp_path / "a.csv", COMPANY, PERSON, encoding="gb18030"),
        csv_file(tmp_path / "b.csv", COMPANY, PERSON, encoding="utf-8-sig"),
        xlsx_file(tmp_path / "c.xlsx", rows, ("封面", "备案")),
    ):
        pd.testing.assert_frame_equal(read(other), expected)


def test_columns_may_stand_in_any_order_under_english_or_traditional_labels(tmp_path: Path):
    frame = pd.DataFrame([COMPANY, PERSON], columns=LABELS)
    frame.columns = [REGISTER_COLUMNS[key].en for key in COLUMN_KEYS]
    frame.iloc[:, ::-1].to_csv(tmp_path / "en.csv", index=False)
    frame.columns = LABELS
    traditional = OpenCC("s2t")
    frame.set_axis([traditional.convert(label) for label in LABELS], axis=1).to_csv(tmp_path / "t.csv", index=False)
    assert read(tmp_path / "t.csv").equals(read(tmp_path / "en.csv"))
    assert read(tmp_path / "en.csv").equals(read(csv_file(tmp_path / "zh.csv", COMPANY, PERSON)))


def test_digits_and_leading_zeros_stay(tmp_path: Path):
    path = csv_file(tmp_path / "r.csv", COMPANY | {"主办单位证件号码": "012345678901234", "域名": "12306.cn"})
    assert read(path)["subject_certificate_number"].tolist() == ["012345678901234"]


def test_several_domains_of_a_site_are_several_entries(tmp_path: Path):
    path = csv_file(tmp_path / "r.csv", COMPANY | {"域名": "a-sample.cn；b-sample.cn"})
    assert read(path)["domain"].tolist() == ["a-sample.cn", "b-sample.cn"]


def test_statuses_are_read_in_the_words_of_other_systems(tmp_path: Path):
    words = ("已备案", "备案成功", "Filed", "管局审核中", "Under review", "注销", "已注销")
    path = csv_file(tmp_path / "r.csv", *(COMPANY | {"状态": word} for word in words))
    assert read(path)["status"].tolist() == ["已备案"] * 3 + ["审核中"] * 2 + ["已注销"] * 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"状态": "作废"}, ("第 3 行", "「状态」", "「作废」", "已备案 / 审核中 / 已注销")),
        ({"状态": ""}, ("第 3 行", "「状态」", "「」")),
        ({"是否本接入商": "可能"}, ("第 3 行", "「是否本接入商」", "「可能」")),
    ],
)
def test_a_cell_that_cannot_stand_is_named(tmp_path: Path, change: dict[str, str], words: tuple[str, ...]):
    path = csv_file(tmp_path / "r.csv", COMPANY, PERSON | change)
    with pytest.raises(BadRegister) as caught:
        read(path)
    for word in (str(path), *words):
        assert word in caught.value.words.zh


@pytest.mark.parametrize("missing", LABELS)
def test_every_column_is_needed_and_named(tmp_path: Path, missing: str):
    frame = pd.DataFrame([COMPANY], columns=LABELS).drop(columns=missing)
    frame.to_csv(tmp_path / "r.csv", index=False)
    with pytest.raises(BadRegister, match=f"缺少列：{missing} "):
        read(tmp_path / "r.csv")
    xlsx_file(tmp_path / "r.xlsx", [list(frame.columns), list(frame.iloc[0])])
    with pytest.raises(BadRegister, match=f"备案.*缺少列：{missing} "):
        read(tmp_path / "r.xlsx")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04nothing", b"\xff\xfe\x00", b"one line"])
def test_what_is_no_register_is_refused_by_name(tmp_path: Path, content: bytes):
    (tmp_path / "r.csv").write_bytes(content)
    with pytest.raises(BadRegister, match=r"r\.csv"):
        read(tmp_path / "r.csv")
    with pytest.raises(BadRegister, match="absent"):
        read(tmp_path / "absent.csv")


# ── facts ────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_answers_as_a_store_does(tmp_path: Path, register_file: Path):
    asked = filings(
        {}, {"subject_nature": "个人"}, {"principal_mobile": "13805710003"}, {"domain": "mofang-sample.cn"},
        {"subject_certificate_number": "", "domain": ""}, {"domain": "a.cn;chenguang-sample.cn"},
    )  # fmt: skip
    from_file = Register.of_file(register_file, DIGEST).facts(asked)
    import_register([register_file], tmp_path / "register.sqlite", KEY)
    from_store = Register.of_store(tmp_path / "register.sqlite", DIGEST).facts(asked)
    pd.testing.assert_frame_equal(from_file, from_store)
    assert from_file["register.subject"].tolist() == ["已备案", "已备案", "已备案", "已备案", "", "已备案"]
    assert from_file["register.domain"].tolist() == ["已备案", "已备案", "已备案", "已备案", "", ""]
    assert from_file["register.same_subject"].tolist() == ["是", "是", "是", "否", "", ""]
    assert from_file["register.domain_owner"].tolist()[3] == "陈**（浙ICP备87654321号）"
    assert from_file["register.subject_name_same"].tolist()[:2] == ["是", "是"]


@pytest.mark.parametrize(
    ("changes", "used_by", "same"),
    [
        ({}, "无", "无"),
        ({"principal_mobile": "13805710003"}, "陈**（浙ICP备87654321号）", "否"),
        (
            {"principal_mobile": "13805710003", "principal_certificate_number": "33000019900202002X"},
            "陈**（浙ICP备87654321号）",
            "是",
        ),
        ({"principal_mobile": "13805710003", "principal_certificate_number": ""}, "陈**（浙ICP备87654321号）", ""),
        ({"principal_mobile": "13805710008"}, "无", "无"),
        ({"principal_mobile": "13805710003;13805710008"}, "", ""),
        ({"principal_mobile": ""}, "", ""),
        (
            {"subject_certificate_number": "91330000MA0000010X", "subject_name": "他样例有限公司"},
            "杭州晨光样例图书有限公司（浙ICP备12345678号）",
            "是",
        ),
        ({"subject_certificate_number": "330100000012345"}, "无", "无"),
    ],
)
def test_who_else_uses_a_mobile(register_file: Path, changes: dict[str, str], used_by: str, same: str):
    facts = Register.of_file(register_file, DIGEST).facts(filings(changes))
    assert facts["register.principal_mobile_used_by"].tolist() == [used_by]
    assert facts["register.principal_mobile_same_person"].tolist() == [same]


def test_of_several_users_another_person_is_named_first(tmp_path: Path):
    mobile = {"主体负责人联系方式1": "13805710001", "域名": ""}
    same = (
        COMPANY
        | mobile
        | {"主办单位证件号码": "91330000MA0000011X", "主体备案号": "浙ICP备00000001号", "主办单位名称": "甲"}
    )
    other = PERSON | mobile | {"主体备案号": "浙ICP备99999999号"}
    gone = other | {"主办单位证件号码": "33000019900202003X", "主体备案号": "浙ICP备00000000号", "状态": "已注销"}
    path = csv_file(tmp_path / "r.csv", same, other, gone)
    facts = Register.of_file(path, DIGEST).facts(filings({}))
    assert facts["register.principal_mobile_used_by"].tolist() == ["陈**（浙ICP备99999999号）"]
    assert facts["register.principal_mobile_same_person"].tolist() == ["否"]


@pytest.mark.parametrize(
    ("changes", "owner", "individual", "role"),
    [
        ({"subject_icp_number": "浙ICP备12345678号-1"}, "本主体", "否", "principal"),
        ({"subject_icp_number": "浙ICP备87654321号"}, "陈**（浙ICP备87654321号）", "是", "无"),
        (
            {"subject_icp_number": "浙ICP备87654321号", "site_principal_certificate_number": "33000019900202002X"},
            "陈**（浙ICP备87654321号）", "是", "site_principal",
        ),
        (
            {"subject_icp_number": "浙ICP备87654321号", "principal_certificate_number": ""},
            "陈**（浙ICP备87654321号）", "是", "",
        ),
        ({"subject_icp_number": "浙ICP备00000009号"}, "无", "无", "无"),
        ({"subject_icp_number": ""}, "", "", ""),
    ],
)  # fmt: skip
def test_whose_the_icp_number_is(register_file: Path, changes: dict[str, str], owner: str, individual: str, role: str):
    facts = Register.of_file(register_file, DIGEST).facts(filings(changes))
    assert facts["register.icp_number_owner"].tolist() == [owner]
    assert facts["register.icp_number_owner_is_individual"].tolist() == [individual]
    assert facts["register.icp_number_owner_role"].tolist() == [role]


def test_facts_need_not_have_every_column(register_file: Path):
    facts = Register.of_file(register_file, DIGEST).facts(
        pd.DataFrame({"domain": ["chenguang-sample.cn"]}, dtype="str")
    )
    assert facts["register.domain"].tolist() == ["已备案"]
    assert facts["register.same_subject"].tolist() == [""]
    assert set(NEEDS) <= specimen.ORGANISATION.keys() | {"subject_icp_number"}


def test_no_filings_have_no_facts(register_file: Path):
    assert len(Register.of_file(register_file, DIGEST).facts(filings({}).iloc[:0])) == 0
