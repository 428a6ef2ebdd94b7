"""Identity numbers: the right check digit is accepted, any slip of one digit is caught."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.facts import certificates, numbers

AS_OF = date(2026, 1, 15)
DIGITS = "0123456789"


def holds(judge, number: str, *rest: object) -> bool:
    answers = judge(pd.Series(["", number, "异"], dtype="str"), *rest)
    assert answers.dtype == bool and not answers[0] and not answers[2]
    return bool(answers[1])


# Published samples of the standards and codes published with the algorithms.
@pytest.mark.parametrize(
    ("judge", "number", "expected"),
    [
        (numbers.is_id_card_check_right, "11010519491231002X", True),
        (numbers.is_id_card_check_right, "34052419800101001X", True),
        (numbers.is_id_card_check_right, "340524198001010013", False),
        (numbers.is_credit_code_check_right, "91110108551385082Q", True),
        (numbers.is_credit_code_check_right, "91350100M000100Y43", True),
        (numbers.is_credit_code_check_right, "91310110666007217T", True),
        (numbers.is_credit_code_check_right, "91350211M00013FA1N", False),
        (numbers.is_credit_code_organisation_right, "91350211M00013FA1N", True),
        *[
            (judge, code, judge is numbers.is_credit_code_organisation_right)
            for code in ("91350100M0001TGQXM", "91350211M0000XUF46", "91350203M0001FUE2P")
            for judge in (numbers.is_credit_code_check_right, numbers.is_credit_code_organisation_right)
        ],
        (numbers.is_licence_check_right, "110108000000016", True),
        (numbers.is_licence_check_right, "110108000000017", False),
        (numbers.is_credit_code_form, "N2330000MA0000007W", True),
        (numbers.is_credit_code_form, "9133000OMA0000007W", False),
        (numbers.has_known_region, "330000199002020001", True),
        (numbers.has_known_region, "810000199002020001", False),
        (numbers.has_known_region, "990000199002020001", False),
        (numbers.is_residence_permit_form, "830000199002020001", True),
        (numbers.is_residence_permit_form, "330000199002020001", False),
        (numbers.is_first_generation, "330000900202001", True),
        (numbers.is_first_generation, "330000901302001", False),
    ],
)
def test_known_numbers(judge, number: str, expected: bool):
    assert holds(judge, number) is expected


@pytest.mark.parametrize(
    ("born", "real"),
    [
        ("20000229", True), ("19000228", True), ("19000229", False), ("20010229", False), ("20011301", False),
        ("20010431", False), ("20010400", False), ("20010001", False), ("20260115", True), ("20260116", False),
        ("18991231", False), ("00000000", False), ("99999999", False),
    ],
)  # fmt: skip
def test_birth_dates(born: str, real: bool):
    assert holds(numbers.has_real_birth_date, f"330000{born}0010", AS_OF) is real
    spelled = numbers.birth_date(pd.Series([f"330000{born}001X", "330000"], dtype="str"))
    assert spelled.tolist() == [f"{born[:4]}-{born[4:6]}-{born[6:]}", ""]


def test_an_empty_column_has_no_numbers():
    nothing = pd.Series([], dtype="str")
    for judge in (numbers.is_id_card_check_right, numbers.is_credit_code_check_right, numbers.is_licence_check_right):
        assert judge(nothing).tolist() == []


def only_right_check(judge, body: str, alphabet: str) -> str:
    right = [check for check in alphabet if holds(judge, body + check)]
    assert len(right) == 1
    return body + right[0]


def any_slip_is_caught(judge, number: str, place: int, alphabet: str) -> None:
    slips = [number[:place] + other + number[place + 1 :] for other in alphabet if other != number[place]]
    assert not judge(pd.Series(slips, dtype="str")).any()


def text_of(alphabet: str, length: int):
    return st.text(alphabet, min_size=length, max_size=length)


@given(text_of(DIGITS, 17), st.integers(0, 17))
@settings(max_examples=150, deadline=None)
def test_id_card_check(body: str, place: int):
    number = only_right_check(numbers.is_id_card_check_right, body, DIGITS + "X")
    any_slip_is_caught(numbers.is_id_card_check_right, number, place, DIGITS)


CODE = numbers.CREDIT_CODE_ALPHABET


@given(text_of(CODE, 2), text_of(DIGITS, 6), text_of(CODE, 9), st.integers(0, 17))
@settings(max_examples=150, deadline=None)
def test_credit_code_check(authority: str, division: str, organisation: str, place: int):
    number = only_right_check(numbers.is_credit_code_check_right, authority + division + organisation, CODE)
    any_slip_is_caught(numbers.is_credit_code_check_right, number, place, CODE)


@given(text_of(DIGITS, 14), st.integers(0, 14))
@settings(max_examples=150, deadline=None)
def test_licence_check(body: str, place: int):
    number = only_right_check(numbers.is_licence_check_right, body, DIGITS)
    any_slip_is_caught(numbers.is_licence_check_right, number, place, DIGITS)


@given(text_of(DIGITS, 8), st.integers(0, 8))
@settings(max_examples=150, deadline=None)
def test_organisation_code_check(body: str, place: int):
    number = only_right_check(numbers.is_organisation_code_check_right, body, DIGITS + "X")
    any_slip_is_caught(numbers.is_organisation_code_check_right, number, place, DIGITS)


def test_columns_are_judged_in_bulk():
    column = pd.Series(["33000019900202002X", "91330000MA0000007W", ""] * 10_000, dtype="str")
    assert int(numbers.is_id_card_check_right(column).sum()) == 10_000
    assert int(numbers.is_credit_code_check_right(column[5:]).sum()) == 9_998


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("统一社会信用代码:91330000MA0000007W", "91330000MA0000007W"), ("9133OOOOMA0000007W", "91330000MA0000007W"),
        ("91330000MA0000007W(正本)", "91330000MA0000007W"), ("身份证号33000019900202002×", "33000019900202002X"),
        ("33000019900202002*", "33000019900202002X"), ("ID:33000019900202002X", "33000019900202002X"),
        ("91330000MA0000007W", ""), ("91330000MA0000008W", ""), ("33000019900202002", ""), ("9133IIIIMA0000007W", ""),
        ("无", ""), ("91330000MA0000007W/91330000MA0000007W", ""),
    ],
)  # fmt: skip
def test_a_number_is_repaired_only_where_its_check_proves_it(typed: str, meant: str):
    assert certificates.repaired_number(typed) == meant


@pytest.mark.parametrize(
    ("code", "of_registry"),
    [
        ("91330000MA0000007W", True), ("12100000MA0000007W", True), ("N2330000MA0000007W", True),
        ("31330000MA0000007W", True), ("51770000MA0000007W", False), ("14330000MA0000007W", False),
        ("91000000MA0000007W", False), ("330000199002020021", False),
    ],
)  # fmt: skip
def test_registries_of_credit_codes(code: str, of_registry: bool):
    assert holds(numbers.is_of_credit_code_registry, code) is of_registry
