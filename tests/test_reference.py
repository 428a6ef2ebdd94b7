"""The tables are whole, say what the rule pages say, and take a user's own rows or say exactly why not."""

from datetime import date
from pathlib import Path

import pytest

from expectations.reference import Reference, ReferenceTableError, tables

AS_OF = date(2026, 1, 15)
OURS = Reference(AS_OF)


def users(folder: Path, as_of: date = AS_OF, encoding: str = "utf-8", **texts: str) -> Reference:
    """A reference with tables of the user's own."""
    for name, text in texts.items():
        (folder / f"{name}.csv").write_bytes(text.encode(encoding))
    return Reference(as_of, folder)


# ── our tables ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", tables.names())
def test_each_table_says_what_tells_its_rows_apart_and_where_they_come_from(name: str):
    assert name in tables.KEYS or name in tables.FIXED, "give the table a line in tables.KEYS"
    rows = tables.own(name)
    assert rows
    assert all(set(row) == set(tables.columns(name)) for row in rows), "a row is longer or shorter than the header"
    if name in tables.KEYS:
        assert set(tables.KEYS[name]) <= set(tables.columns(name))
        said = {}
        for row in rows:
            key = tuple(row[column] for column in (*tables.KEYS[name], "valid_from") if column in row)
            facts = {column: cell for column, cell in row.items() if column not in ("source", "note")}
            assert said.setdefault(key, facts) == facts, f"two rows of one key disagree: {key}"
        assert all(row["source"] for row in rows)
    assert tables.content(name).startswith(b"\xef\xbb\xbf"), "Excel needs the mark to read UTF-8"


def test_every_policy_is_explained_and_holds_only_what_it_may():
    known = {"province", "code", "full_name", "en", "snapshot", "source"}
    assert set(tables.columns("provinces")) - known == set(OURS.policies)
    for (table, key), policy in tables.policies().items():
        for row in tables.own(table):
            values = row[key].split(";") if policy.type in ("choices", "terms") else [row[key]]
            for value in filter(None, values):
                match policy.type:
                    case "yes/no":
                        assert value in ("yes", "no"), (table, key)
                    case "number":
                        assert value.isdecimal(), (table, key)
                    case "date":
                        date.fromisoformat(value)
                    case "choice" | "choices":
                        assert value in policy.allowed, (table, key, value)
        assert policy.zh and policy.en and policy.meaning and policy.snapshot and policy.source


def test_documents_named_in_policies_have_names():
    known = {row["document"] for row in OURS.table("document_types")}
    named = {
        part
        for policy in tables.policies().values()
        if policy.key in ("individual_nonlocal_documents_any_of", "organisation_under_age_documents")
        or (policy.table == "province_documents" and policy.key == "docs")
        for part in policy.allowed
    }
    assert named <= known


# ── a user's own rows ────────────────────────────────────────────────────────────────────────────


def test_a_cell_is_overridden_and_its_province_says_so(tmp_path: Path):
    text = "province,individual_id_must_be_local\n浙江,yes\n"
    mine = users(tmp_path, provinces=text)
    assert mine.provinces["浙江"]["individual_id_must_be_local"] == "yes"
    assert OURS.provinces["浙江"]["individual_id_must_be_local"] == ""
    untouched = {"individual_id_must_be_local", "snapshot", "source"}
    ours = {key: cell for key, cell in OURS.provinces["浙江"].items() if key not in untouched}
    assert {key: mine.provinces["浙江"][key] for key in ours} == ours
    assert mine.provinces["浙江"]["snapshot"] == "2019-09-20，用户自定义"
    assert "provinces.csv 第2行" in mine.provinces["浙江"]["source"]
    assert mine.provinces["江苏"] == OURS.provinces["江苏"]
    assert list(mine.provinces) == list(OURS.provinces)
    assert mine.fingerprint != OURS.fingerprint
    assert {name for name, mark in mine.fingerprints.items() if mark != OURS.fingerprints[name]} == {"provinces"}


@pytest.mark.parametrize("province", ["浙江", "浙江省", "33", "330000", "Zhejiang"])
@pytest.mark.parametrize("cell", ["yes", "YES", "是", "true", "1"])
def test_provinces_and_answers_may_be_written_in_any_usual_way(tmp_path: Path, province: str, cell: str):
    mine = users(tmp_path, provinces=f"province,individual_id_must_be_local\n{province},{cell}\n")
    assert mine.provinces["浙江"]["individual_id_must_be_local"] == "yes"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t"])
def test_a_table_may_be_saved_in_any_of_excels_ways(tmp_path: Path, encoding: str, separator: str):
    text = f"province{separator}individual_minimum_age\r\n\r\n广东{separator}16\r\n"
    assert users(tmp_path, encoding=encoding, provinces=text).provinces["广东"]["individual_minimum_age"] == "16"


def test_columns_may_be_headed_by_their_labels(tmp_path: Path):
    mine = users(tmp_path, provinces="province,个人：证件住址须在本省\n浙江,是\n")
    assert mine.provinces["浙江"]["individual_id_must_be_local"] == "yes"


def test_a_dash_makes_the_table_silent(tmp_path: Path):
    mine = users(tmp_path, provinces="province,individual_id_must_be_local\n上海,-\n")
    assert OURS.provinces["上海"]["individual_id_must_be_local"] == "yes"
    assert mine.provinces["上海"]["individual_id_must_be_local"] == ""


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-12-31", ("", "2019-09-20")),
        ("2026-01-01", ("yes", "2019-09-20，用户自定义 2026-01-01")),
        ("2026-06-30", ("yes", "2019-09-20，用户自定义 2026-01-01")),
        ("2026-07-01", ("no", "2026-07-01")),
        ("2030-01-01", ("no", "2026-07-01")),
    ],
)
def test_the_row_in_force_on_the_day_applies(tmp_path: Path, day: str, expected: tuple[str, str]):
    text = (
        "province,individual_id_must_be_local,valid_from,valid_to,snapshot\n"
        "浙江,no,2026/7/1,,2026-07-01\n浙江,yes,2026-01-01,2026-06-30,\n"
    )
    row = users(tmp_path, date.fromisoformat(day), provinces=text).provinces["浙江"]
    assert (row["individual_id_must_be_local"], row["snapshot"]) == expected


def test_a_later_start_wins_over_an_open_row(tmp_path: Path):
    text = "province,individual_minimum_age,valid_from\n浙江,14,2026-01-10\n浙江,16,\n"
    assert users(tmp_path, provinces=text).provinces["浙江"]["individual_minimum_age"] == "14"


def test_rows_are_added_changed_and_withdrawn(tmp_path: Path):
    mine = users(
        tmp_path, suffixes="tld,status,note,withdrawn\n样例,approved,自己加的,\ncom,not_approved,,\nnet,,,是\n"
    )
    ours, theirs = ({row["tld"]: row for row in reference.table("suffixes")} for reference in (OURS, mine))
    assert set(theirs) == set(ours) - {"net"} | {"样例"}
    assert theirs["样例"]["source"].startswith("用户自定义")
    assert set(theirs["样例"]) == set(ours["com"])
    assert theirs["com"]["status"] == "not_approved" and theirs["com"]["punycode"] == ours["com"]["punycode"]
    assert theirs["cn"] == ours["cn"]


def test_a_province_document_is_changed_by_its_key(tmp_path: Path):
    text = "province,nature,docs,need\n北京,organisation,subject_certificate,conditional\n"
    mine = users(tmp_path, province_documents=text).table("province_documents")
    changed = [row for row, before in zip(mine, OURS.table("province_documents"), strict=True) if row != before]
    assert [(row["province"], row["docs"], row["need"], row["per"]) for row in changed] == [
        ("北京", "subject_certificate", "conditional", "filing")
    ]


def test_files_that_are_no_tables_are_let_be(tmp_path: Path):
    for name in (".hidden.csv", "~$provinces.csv", "README.txt", "说明.md"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    (tmp_path / "old").mkdir()
    mine = Reference(AS_OF, tmp_path)
    assert mine.fingerprint == OURS.fingerprint


def test_an_unknown_column_is_answered_with_a_few_that_there_are(tmp_path: Path):
    with pytest.raises(ReferenceTableError) as error:
        users(tmp_path, provinces="province,nosuch\n浙江,1\n")
    assert "nosuch" in error.value.zh and "province、" in error.value.zh and len(error.value.zh) < 1200
    with pytest.raises(ReferenceTableError) as error:
        users(tmp_path, provinces="province,individual_mobile_must_be_lokal\n浙江,1\n")
    assert "individual_mobile_must_be_local" in error.value.zh and len(error.value.zh) < 200


BAD: dict[str, tuple[str, bytes, tuple[int, str, str]]] = {
    "no such table": ("provinzen.csv", b"province\n", (0, "", "")),
    "a table of ours that is fixed": ("choices.csv", b"value\n", (0, "", "")),
    "a workbook": ("provinces.xlsx", b"PK", (0, "", "")),
    "empty": ("provinces.csv", b"", (0, "", "")),
    "only blank lines": ("provinces.csv", b"\n ,\n", (0, "", "")),
    "not text": ("provinces.csv", b"\xff\x00\x81\x30", (0, "", "")),
    "unknown column": ("provinces.csv", "province,minimum\n浙江,1\n".encode(), (1, "minimum", "")),
    "column twice": ("provinces.csv", "province,province\n浙江,1\n".encode(), (1, "province", "")),
    "no key column": ("provinces.csv", b"individual_minimum_age\n16\n", (1, "province", "")),
    "no key": ("provinces.csv", b"province,individual_minimum_age\n\n,16\n", (3, "province", "")),
    "unknown province": ("provinces.csv", "province\n湖广\n".encode(), (2, "province", "湖广")),
    "not yes or no": (
        "provinces.csv",
        "province,individual_id_must_be_local\n浙江,no\n江苏,也许\n".encode(),
        (3, "individual_id_must_be_local", "也许"),
    ),
    "not a number": (
        "provinces.csv",
        "province,individual_minimum_age\n浙江,十八\n".encode(),
        (2, "individual_minimum_age", "十八"),
    ),
    "not one of the choices": (
        "provinces.csv",
        "province,individual_under_age_policy\n浙江,refused\n".encode(),
        (2, "individual_under_age_policy", "refused"),
    ),
    "one of several wrong": (
        "provinces.csv",
        "province,individual_nonlocal_documents_any_of\n浙江,residence_permit;visa\n".encode(),
        (2, "individual_nonlocal_documents_any_of", "residence_permit;visa"),
    ),
    "two where one may stand": (
        "provinces.csv",
        "province,individual_under_age_policy\n浙江,rejected;document_required\n".encode(),
        (2, "individual_under_age_policy", "rejected;document_required"),
    ),
    "bad date": ("provinces.csv", "province,valid_from\n浙江,2026-02-30\n".encode(), (2, "valid_from", "2026-02-30")),
    "ends before it begins": (
        "provinces.csv",
        "province,valid_from,valid_to\n浙江,2026-02-01,2026-01-01\n".encode(),
        (2, "valid_to", "2026-01-01"),
    ),
    "same row twice": ("provinces.csv", "province\n浙江\n江苏\n浙江省\n".encode(), (4, "province", "浙江")),
    "more cells than headers": ("provinces.csv", "province\n浙江,yes\n".encode(), (2, "", "")),
    "cell without header": ("provinces.csv", "province,\n浙江,yes\n".encode(), (2, "", "yes")),
    "line breaks in a cell are one row": (
        "name_terms.csv",
        '"term","kind","applies_to","source"\n"样\n例","head","all",""\n"","","",""\n"x","","","",y\n'.encode(),
        (4, "", ""),
    ),
    "a key emptied": ("suffixes.csv", b"tld\n-\n", (2, "tld", "-")),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_table_is_refused_with_its_place(tmp_path: Path, case: str):
    file, content, place = BAD[case]
    (tmp_path / file).write_bytes(content)
    with pytest.raises(ReferenceTableError) as caught:
        Reference(AS_OF, tmp_path)
    fault = caught.value
    assert (fault.row, fault.column, fault.found) == place
    assert fault.file == file
    for words in (fault.words("zh"), fault.words("en")):
        assert file in words and "{" not in words
        if fault.row:
            assert str(fault.row) in words
        assert fault.column in words and fault.found in words and fault.expected in words
    assert isinstance(fault, ValueError)


def test_a_missing_folder_is_refused(tmp_path: Path):
    with pytest.raises(ReferenceTableError, match="没有这个参考表文件夹"):
        Reference(AS_OF, tmp_path / "nowhere")
