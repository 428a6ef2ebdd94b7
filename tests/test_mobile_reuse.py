"""Who shares a mobile: against a plain double loop, in any order of the rows, and for very shared numbers."""

import time
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations import specimen
from expectations.catalogue import catalogue, of_reason
from expectations.facts import contacts
from expectations.facts.people import DIFFERENT, same_person
from expectations.facts.phones import CONTACT_ONE, EMERGENCY
from expectations.filing import INDIVIDUAL
from expectations.findings import all_findings

IDS = ("330000198501010032", "330000198602020037", "33000019900202002X", "E12345678", "")
NAMES = ("样例甲", "样例乙", "陈样例", "")
SITE_PRINCIPAL = ("site_principal_name", "site_principal_certificate_number", "site_principal_mobile")
MOBILES = ("13805710001", "13805710002", "057188880001", "13805710001;13805710002", "")
CELLS = {
    "filing_type": ("首次备案", "首次备案", "注销主体"),
    "subject_nature": ("企业", "企业", INDIVIDUAL),
    "subject_certificate_number": ("91330000MA0000007W", "91330000MA00000156", IDS[2], ""),
    "subject_name": ("甲样例有限公司", "乙样例有限公司", "陈样例"),
    **{f"{role}_name": NAMES for role in ("principal", "site_principal")},
    **{f"{role}_certificate_number": IDS for role in ("principal", "site_principal")},
    **dict.fromkeys(CONTACT_ONE + EMERGENCY, MOBILES),
}
FILINGS = st.lists(st.fixed_dictionaries({key: st.sampled_from(values) for key, values in CELLS.items()}), max_size=7)


def uses(row: dict, columns: tuple[str, ...]) -> list[tuple[str, str, str, str]]:
    """Column, mobile, name and number of each mobile a filing gives in ``columns``."""
    if row["subject_certificate_number"] == "" or row["filing_type"] == "注销主体":
        return []
    found = []
    for column in columns:
        role = column.removesuffix("_emergency_mobile").removesuffix("_mobile")
        name, number = row[f"{role}_name"], row[f"{role}_certificate_number"]
        if row["subject_nature"] == INDIVIDUAL and not name and not number:
            name, number = row["subject_name"], row["subject_certificate_number"]
        if len(row[column]) == 11 and row[column][0] == "1":
            found.append((column, row[column], name, number))
    return found


def is_individual(row: dict, name: str, number: str) -> bool:
    own = number == row["subject_certificate_number"] or (number == "" and name == row["subject_name"])
    return row["subject_nature"] == INDIVIDUAL and own


def one_subject(a: dict, b: dict) -> bool:
    units = INDIVIDUAL not in (a["subject_nature"], b["subject_nature"])
    names = a["subject_name"] == b["subject_name"] and a["subject_name"] != ""
    return a["subject_certificate_number"] == b["subject_certificate_number"] or (units and names)


@cache
def differ(name: str, number: str, other_name: str, other_number: str) -> bool:
    cells = (pd.Series([text], dtype="str") for text in (name, number, other_name, other_number))
    return same_person(*cells).iloc[0] == DIFFERENT


def relation(a: dict, use: tuple, b: dict, other: tuple) -> int:
    different = differ(*use[2:], *other[2:])
    if one_subject(a, b):
        return contacts.WITHIN_SUBJECT if different else contacts.NOTHING
    if different:
        return contacts.OTHER_PERSON
    either = is_individual(a, *use[2:]) or is_individual(b, *other[2:])
    return contacts.OWN_FILING if either else contacts.SAME_PERSON


def by_double_loop(rows: list[dict], columns: tuple[str, ...]) -> set[tuple[int, int, str]]:
    marks = set()
    for position, row in enumerate(rows):
        for use in uses(row, columns):
            for other_row in rows:
                for other in uses(other_row, columns):
                    if other[1] != use[1]:
                        continue
                    if columns == EMERGENCY:
                        kind = contacts.NOTHING if one_subject(row, other_row) else contacts.OTHER_SUBJECT
                    else:
                        kind = relation(row, use, other_row, other)
                    if kind != contacts.NOTHING:
                        marks.add((position, kind, use[0]))
    return marks


def by_ledger(rows: list[dict], columns: tuple[str, ...]) -> set[tuple[int, int, str]]:
    filings = specimen.filings(pd.DataFrame(rows, columns=list(CELLS), dtype="str"))
    ledger = filings["ledger.contact_mobiles" if columns == CONTACT_ONE else "ledger.emergency_mobiles"]
    found = set()
    for kind in range(1, len(contacts.RELATIONS)):
        for column in columns:
            marked = contacts.marks(ledger, kind, column)
            found |= {(int(position), kind, column) for position in np.flatnonzero(marked)}
            named = contacts.others(ledger[marked], kind)
            assert (named.text != "").all() and (named.count.astype(int) > 0).all()
    return found


@settings(max_examples=80, deadline=None)
@given(FILINGS)
def test_ledger_agrees_with_a_double_loop(rows: list[dict]):
    assert by_ledger(rows, CONTACT_ONE) == by_double_loop(rows, CONTACT_ONE)
    assert by_ledger(rows, EMERGENCY) == by_double_loop(rows, EMERGENCY)


PEOPLE = [(f"样例{character}", number) for character, number in zip("甲乙丙丁戊己庚辛", (
    "330000198501010032", "330000198602020037", "330000198703030031", "330000198804040036",
    "330000198905050030", "330000199006060037", "330000199107070031", "330000199208080036"), strict=True)]  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 7)), min_size=60, max_size=120))
def test_ledger_agrees_where_uses_are_too_many_to_compare_all(uses_of: list[tuple[int, int]]):
    rows = [company(subject, "13805710001", *PEOPLE[person]) for subject, person in uses_of]
    rows = [
        {"filing_type": "首次备案", "subject_nature": "企业", **row, **dict.fromkeys(SITE_PRINCIPAL, "")}
        for row in rows
    ]
    assert by_ledger(rows, CONTACT_ONE) == by_double_loop(rows, CONTACT_ONE)


def located(rows: list[dict], workbooks: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame([specimen.filing(row) for row in rows], dtype="str").fillna("")
    return frame.assign(workbook=workbooks, sheet="备案", row=range(2, len(frame) + 2))


def company(serial: int, mobile: str, name: str = "样例甲", number: str = IDS[0], **changes: str) -> dict:
    people = {"name": name, "certificate_number": number, "mobile": mobile, "emergency_mobile": f"137{serial:08d}"}
    roles = {f"{role}_{key}": value for role in ("principal", "site_principal") for key, value in people.items()}
    subject = {"subject_certificate_number": f"9133{serial:014d}", "subject_name": f"样例{serial}号有限公司"}
    return {**subject, **roles, **changes}


def findings_of(frame: pd.DataFrame) -> pd.DataFrame:
    filings = specimen.filings(frame)
    filings.frame["workbook"], filings.frame["row"] = frame["workbook"], frame["row"]
    outcomes = {rule.id: rule.outcome(filings) for rule in of_reason(9)}
    return all_findings(filings, outcomes)


def test_a_finding_names_the_filings_of_other_workbooks():
    frame = located(
        [company(1, "13805710011"), company(2, "13805710011", "样例乙", IDS[1]), company(3, "13805710013")],
        ["批次一.xlsx", "批次二.xlsx", "批次二.xlsx"],
    )
    found = findings_of(frame)
    assert found["rule"].tolist() == ["ICP0901", "ICP0901"]
    assert found["columns"].unique().tolist() == ["principal_mobile;site_principal_mobile"]
    first, second = found["message"]
    assert "批次二.xlsx › 备案 › 3 · 样例2号有限公司" in first and "共 2 条" in first
    assert "批次一.xlsx › 备案 › 2 · 样例1号有限公司" in second


def test_a_finding_names_five_filings_and_the_true_count():
    others = [company(serial, "13805710011", f"样例{serial}", "") for serial in range(2, 14)]
    found = findings_of(located([company(1, "13805710011"), *others], ["批次.xlsx"] * 13))
    message = found["message"].iloc[0]
    assert message.count("批次.xlsx") == 5 and "…" in message and "共 13 条" in message


def test_verdicts_do_not_depend_on_the_order_of_rows_or_workbooks():
    rng = np.random.default_rng(7)
    rows = [
        company(int(rng.integers(20)), f"1380571{rng.integers(25):04d}", f"样例{'甲乙丙'[who]}", IDS[who])
        for who in rng.integers(3, size=120)
    ]
    frame = located(rows, [f"批次{number}.xlsx" for number in rng.integers(3, size=120)])
    ledger = frame.assign(subject_key="").pipe(contacts._contact_mobiles)
    order = rng.permutation(len(frame))
    again = contacts._contact_mobiles(frame.iloc[order].reset_index(drop=True))
    assert again.tolist() == ledger.iloc[order].tolist()
    assert (ledger != "").sum() > 50


@pytest.mark.parametrize(
    ("province", "severity"), [("天津", "error"), ("浙江", "warning"), ("", "warning"), ("广东", "warning")]
)
def test_sharing_inside_a_subject_is_judged_by_the_province(province: str, severity: str):
    other = {"site_principal_name": "样例乙", "site_principal_certificate_number": IDS[1]}
    one_filing = findings_of(located([company(1, "13805710011", province=province, **other)], ["批次.xlsx"]))
    assert one_filing[["rule", "severity"]].values.tolist() == [["ICP0904", severity]]
    assert ("快照 2019-09-20" in one_filing["message"].iloc[0]) == (severity == "error")
    rows = [
        company(1, "13805710011", province=province),
        company(1, "13805710011", "样例乙", IDS[1], province=province),
    ]
    two_filings = findings_of(located(rows, ["批次.xlsx"] * 2))
    assert two_filings[["rule", "severity"]].values.tolist() == [["ICP0905", severity]] * 2


@pytest.mark.parametrize(("same", "severity"), [("否", "error"), ("是", "warning"), ("", "warning"), ("无", "warning")])
def test_a_mobile_on_file_is_an_error_only_for_another_person(same: str, severity: str):
    on_file = {
        "register.principal_mobile_used_by": "杭州远山样例有限公司",
        "register.principal_mobile_same_person": same,
    }
    frame = located([on_file], ["批次.xlsx"])
    found = findings_of(frame)
    assert found[["rule", "severity"]].values.tolist() == [["ICP0907", severity]]
    assert "杭州远山样例有限公司" in found["message"].iloc[0]


def test_without_a_register_the_rules_on_file_are_unchecked():
    filings = specimen.filings(located([{}, {"subject_nature": INDIVIDUAL}], ["批次.xlsx"] * 2))
    principal, site = (catalogue()[rule].outcome(filings) for rule in ("ICP0907", "ICP0908"))
    assert principal.unchecked.tolist() == [True, True]
    assert site.unchecked.tolist() == [True, False]


def test_a_mobile_in_fifty_thousand_filings_costs_no_square():
    size = 50_000
    serial = pd.Series(range(size)).astype("str")
    frame = pd.DataFrame(specimen.ORGANISATION, index=range(size), dtype="str")
    frame = frame.assign(workbook="批次.xlsx", sheet="备案", row=range(2, size + 2))
    for column in ("subject_certificate_number", "subject_name", "principal_name", "site_principal_name"):
        frame[column] = "样例" + serial
    frame["principal_certificate_number"] = frame["site_principal_certificate_number"] = ""
    start = time.process_time()
    ledger = contacts._contact_mobiles(frame)
    assert contacts.marks(ledger, contacts.OTHER_PERSON, "principal_mobile").all()
    assert time.process_time() - start < 60  # the square would take hours
    assert ledger.str.len().max() < 400
