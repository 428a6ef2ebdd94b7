"""The history keeps what was judged, once, whole, without personal data; and answers from it."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.synthetic.filings import filings as invented_filings
from data.synthetic.filings import plant, write
from data.synthetic.history import invent
from flows.cli import main
from flows.steps.digest import Digest
from flows.steps.history import History, HistoryError, Part, append, compact, queries, record, store
from flows.steps.history.record import sender_label

DAY = date(2026, 1, 5)
PASS = "p" * 11


def summary(day: date = DAY, rules: str = "1", reference: str = "1") -> dict:
    return {
        "as_of": day.isoformat(),
        "fingerprints": {"rules": rules, "reference": reference},
        "versions": {"icp-preflight": "0"},
        "seconds": {"read": 1.0},
        "workbooks": [{"status": "judged"}, {"status": "refused"}],
    }


def part(*filings: dict) -> Part:
    """Filings by ``filing`` (a number) and the reasons they fail; a finding for each."""
    rows, findings = [], []
    for filing in filings:
        who = {"province": "广东", "nature": "企业", "filing_type": "首次备案", "sender": "示例代理甲"}
        who |= {name: value for name, value in filing.items() if name in who}
        fails = filing.get("fails", ())
        states = "".join("e" if number in fails else filing.get("states", PASS)[number] for number in range(11))
        verdict = "rejected" if fails else "ready"
        rows.append({"filing": filing["filing"], "content": filing.get("content", 1), **who}
                    | {"verdict": verdict, "states": states, "change": filing.get("change", "")})  # fmt: skip
        findings += [
            {"filing": filing["filing"], **who, "reason": number, "rule": f"ICP{number:02d}01", "severity": "error",
             "columns": "site_name", "change": ""}
            for number in fails
        ]  # fmt: skip
    tables = []
    for name, content in (("filings", rows), ("findings", findings)):
        names = [field.name for field in store.TABLES[name] if field.name not in ("run_date", "run_key")]
        undated = pa.schema([store.TABLES[name].field(column) for column in names])
        tables.append(pa.Table.from_pylist(content, undated))
    return Part(*tables)


def night(folder: Path, offset: int, *filings: dict, key: str = "", **how: str) -> str:
    return record(folder, summary(DAY + timedelta(days=offset), **how), [part(*filings)], key)


def days(history: History) -> list[tuple]:
    table = queries.nights(history)
    return list(zip(table["run_date"].dt.day, table["filings"], table["rejected"], strict=True))


@pytest.fixture(scope="module")
def quarter(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("history")
    invent(folder, nights=90, filings=60)
    return folder


def answers(folder: Path, since: date | None = None) -> dict[str, pd.DataFrame]:
    history = History(folder, since)
    found = {name: getattr(queries, name)(history) for name in
             ("nights", "reasons", "reasons_over_time", "reasons_by_province", "rules", "days_to_fix", "repeated",
              "causes", "changes", "rule_changes", "seconds")}  # fmt: skip
    return found | {dimension: queries.by(history, dimension) for dimension in queries.DIMENSIONS}


def same(one: dict[str, pd.DataFrame], two: dict[str, pd.DataFrame]) -> None:
    for name in one:
        pd.testing.assert_frame_equal(one[name], two[name], obj=name)


# What is kept


def test_a_check_leaves_no_personal_data_in_the_history(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = invented_filings(30, seed=5)
    plant(rows, 0.5, seed=5)
    rows[0]["submitted_by"] = "张三"
    rows[1]["province"] = "请联系王小明 13805710001"
    rows[2]["submitted_by"] = "示例公司（李四 13805710002）"
    Path("inbox").mkdir()
    write(rows, Path("inbox/王小明.xlsx"))
    assert main(["check", "inbox", "--out", "out", "--as-of", "2026-01-15", "--history", "data/history"]) == 1
    text = set()
    for path in Path("data/history").rglob("*.parquet"):
        for column in pq.read_table(path).columns:
            if pa.types.is_string(column.type):
                text |= set(column.to_pylist())
    kept = "\n".join(sorted(one for one in text if one))
    personal = ("_name", "_number", "_mobile", "_email", "_phone", "_address", "domain", "home_url", "filing_no")
    cells = [(key, value) for row in rows for key, value in row.items() if isinstance(value, str) and len(value) > 1]
    for key, value in cells:
        if key.endswith(personal) or (value.isdigit() and len(value) > 4):
            assert value not in kept, key
    for name in ("张三", "王小明", "李四", "138057"):
        assert name not in kept
    history = History(Path("data/history"))
    assert set(history.ask("select province from filings")["province"]) >= {"其他"}
    assert queries.nights(history)["filings"].tolist() == [30]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("示例代理甲", "示例代理甲"),
        ("华东", "华东"),
        ("阿里云", "阿里云"),
        ("Example Cloud Ltd", None),
        ("某某网络科技有限公司广州张三", "某某网络科技有限公司"),
        ("张三（示例公司）", "示例公司"),
        ("", "未填"),
    ],
)
def test_an_agency_is_named(name, kept):
    found = sender_label(name, Digest(b"k" * 32))
    assert found == kept if kept else "张" not in found


@pytest.mark.parametrize(
    "name", ["张三", "欧阳小明", "张云", "Zhang San", "zhangsan", "示例公司 13805710001", "a@example.cn"]
)
def test_a_person_is_a_label(name):
    found = sender_label(name, Digest(b"k" * 32))
    assert found.startswith("提交人 ") and len(found) == 10
    assert found == sender_label(name, Digest(b"k" * 32)) != sender_label(name, Digest(b"l" * 32))


def test_a_filing_is_known_again_and_its_data_compared(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = invented_filings(6, seed=8)
    rows[0]["principal_email"] = ""
    for day in ("2026-01-15", "2026-01-16"):
        Path(day).mkdir()
        write(rows, Path(day) / "a.xlsx")
        main(["check", day, "--out", f"{day}-out", "--as-of", day, "--history", "data/history", "--quiet"])
        rows[0]["principal_email"] = "office@example.cn"
    history = History(Path("data/history"))
    assert queries.nights(history)["first_sent"].tolist() == [6, 0]
    changed = queries.causes(history, "day")
    assert changed[["cause", "improved", "worsened"]].values.tolist() == [["data", 1, 0]]


# How it is kept


def test_recording_twice_is_recording_once(tmp_path):
    keys = {night(tmp_path, 0, {"filing": 1}, {"filing": 2, "fails": [7]}) for _ in range(2)}
    assert len(keys) == 1
    assert days(History(tmp_path)) == [(5, 2, 1)]
    assert len(list(tmp_path.rglob("run.parquet"))) == 1


def test_a_run_recorded_anew_counts_instead(tmp_path):
    night(tmp_path, 0, {"filing": 1, "fails": [7]}, key="night")
    night(tmp_path, 0, {"filing": 1}, {"filing": 2}, key="night")
    night(tmp_path, 0, {"filing": 3}, key="later")
    assert days(History(tmp_path)) == [(5, 3, 0)]


def test_what_is_half_written_is_not_seen(tmp_path):
    night(tmp_path, 0, {"filing": 1})
    run = next(tmp_path.rglob("run.parquet")).parent
    (tmp_path / ".writing-0").mkdir()
    for place in (tmp_path / ".writing-0" / "filings.parquet", run / ".filings.parquet", run.parent / ".x.1"):
        place.write_bytes(b"PAR1 half")
    assert days(History(tmp_path)) == [(5, 1, 0)]


def test_a_folder_may_have_any_name(tmp_path):
    folder = tmp_path / "历史 [1]* ? 'x'"
    night(folder, 0, {"filing": 1})
    (tmp_path / "历史 1").mkdir()
    assert days(History(folder)) == [(5, 1, 0)]
    compact(folder, date(2026, 2, 1), grace=0)
    assert days(History(folder)) == [(5, 1, 0)]


def test_a_disk_that_fails_leaves_the_history_as_it_was(tmp_path, monkeypatch):
    night(tmp_path, 0, {"filing": 1})
    before = sorted(tmp_path.rglob("*"))

    def fails(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store.pq, "write_table", fails)
    with pytest.raises(OSError):
        night(tmp_path, 1, {"filing": 2})
    assert [path for path in sorted(tmp_path.rglob("*")) if path.is_file()] == [
        path for path in before if path.is_file()
    ]
    assert days(History(tmp_path)) == [(5, 1, 0)]


def test_many_at_once_lose_and_double_nothing(tmp_path):
    def one(number: int) -> str:
        return night(tmp_path, number % 4, {"filing": number % 8}, key=f"k{number % 8}")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(one, range(24)))
    assert sum(filings for _, filings, _ in days(History(tmp_path))) == 8


def test_compaction_changes_no_answer(tmp_path, monkeypatch):
    monkeypatch.setattr("data.synthetic.history.compact", lambda *_, **__: [])
    invent(tmp_path, nights=50, filings=30, last=date(2026, 1, 15))
    loose, recent = answers(tmp_path), answers(tmp_path, date(2026, 1, 1))
    assert len(list(tmp_path.rglob("run.parquet"))) == 50
    assert compact(tmp_path, date(2026, 1, 15)) == ["2025-11", "2025-12"]
    assert len(list(tmp_path.rglob("run.parquet"))) == 52, "readers keep their files for a while"
    same(answers(tmp_path), loose)
    assert compact(tmp_path, date(2026, 1, 15), grace=0) == []
    assert len(list(tmp_path.rglob("run.parquet"))) == 2 + 15
    same(answers(tmp_path), loose)
    same(answers(tmp_path, date(2026, 1, 1)), recent)


def test_a_run_of_a_compacted_month_can_be_recorded_anew(tmp_path):
    night(tmp_path, 0, {"filing": 1, "fails": [7]}, key="a")
    night(tmp_path, 1, {"filing": 2, "fails": [7]}, key="b")
    compact(tmp_path, date(2026, 2, 1), grace=0)
    assert [path.parent.name for path in tmp_path.rglob("run.parquet")] == ["compacted.1"]
    night(tmp_path, 0, {"filing": 1}, {"filing": 3}, key="a")
    assert days(History(tmp_path)) == [(5, 2, 0), (6, 1, 1)]
    assert len(queries.rules(History(tmp_path))) == 1
    assert compact(tmp_path, date(2026, 2, 1), grace=0) == ["2026-01"]
    assert days(History(tmp_path)) == [(5, 2, 0), (6, 1, 1)]
    assert [path.parent.name for path in tmp_path.rglob("run.parquet")] == ["compacted.2"]
    night(tmp_path, 0, {"filing": 1}, {"filing": 3}, key="a")
    assert len(list(tmp_path.rglob("run.parquet"))) == 1 or days(History(tmp_path)) == [(5, 2, 0), (6, 1, 1)]


def test_months_that_are_over_are_compacted_by_the_way(tmp_path):
    for offset in range(60):
        night(tmp_path, offset, {"filing": offset})
    assert {path.parent.parent.name for path in tmp_path.rglob("run.parquet")} >= {"month=2026-01", "month=2026-02"}
    assert len(days(History(tmp_path))) == 60


def test_an_older_version_is_read(tmp_path):
    night(tmp_path, 0, {"filing": 1, "fails": [7]})
    for path in tmp_path.rglob("*.parquet"):
        table = pq.read_table(path).drop_columns(
            {"run": ["skipped", "recorded"], "filings": ["content", "change"], "findings": ["change", "columns"]}[
                path.stem
            ]
        )
        if path.stem == "run":
            table = table.set_column(0, "schema", pa.array([1], pa.int32()))
        pq.write_table(table, path)
    night(tmp_path, 1, {"filing": 1})
    history = History(tmp_path)
    assert days(history) == [(5, 1, 1), (6, 1, 0)]
    assert queries.causes(history).empty, "nobody knows whether the data changed"
    assert queries.days_to_fix(history)["median_days"].tolist() == [1.0]
    compact(tmp_path, date(2026, 2, 1), grace=0)
    assert days(History(tmp_path)) == [(5, 1, 1), (6, 1, 0)]


def test_a_newer_version_and_a_damaged_file_are_refused_in_a_line(tmp_path, capsys):
    folder = tmp_path / "history"
    night(folder, 0, {"filing": 1})
    path = next(folder.rglob("run.parquet"))
    whole = path.read_bytes()
    pq.write_table(pq.read_table(path).set_column(0, "schema", pa.array([store.SCHEMA + 1], pa.int32())), path)
    with pytest.raises(HistoryError, match="newer"):
        History(folder)
    path.write_bytes(whole[:100])
    assert main(["history", "--data", str(tmp_path)]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    path.write_bytes(whole)
    filings = path.with_name("filings.parquet")
    filings.write_bytes(filings.read_bytes()[:60])
    assert main(["history", "--data", str(tmp_path)]) == 2
    error = capsys.readouterr().err.strip()
    assert "filings.parquet" in error and len(error.splitlines()) == 1
    shutil.rmtree(path.parent)
    assert main(["history", "--data", str(tmp_path)]) == 0


def test_append_refuses_a_key_that_is_no_name(tmp_path):
    with pytest.raises(ValueError, match="key"):
        append(tmp_path, DAY, "../elsewhere", {"run": pa.table({"fingerprint": ["x"]})})


# What it answers


def test_first_pass_yield_counts_each_filing_once(tmp_path):
    night(tmp_path, 0, {"filing": 1, "fails": [7]}, {"filing": 2}, {"filing": None})
    night(tmp_path, 1, {"filing": 1}, {"filing": 3}, {"filing": 4, "fails": [2]})
    for since, expected in ((None, [(2, 1), (2, 1)]), (DAY + timedelta(days=1), [(2, 1)])):
        table = queries.nights(History(tmp_path, since))
        assert list(zip(table["first_sent"], table["first_passed"], strict=True)) == expected
    assert table["first_pass_share"].tolist() == [0.5]


def test_shares_are_of_what_could_be_judged(tmp_path):
    blind = "p" * 8 + "u" + "pp"
    night(tmp_path, 0, {"filing": 1, "states": blind}, {"filing": 2, "fails": [8]}, {"filing": 3})
    table = queries.reasons(History(tmp_path)).set_index("reason")
    assert table.loc[8, ["filings", "unchecked", "error", "error_share"]].tolist() == [3, 1, 1, 0.5]
    assert table.loc[7, ["error", "error_share"]].tolist() == [0, 0.0]
    assert queries.nights(History(tmp_path))["checked_share"].iloc[0] == pytest.approx(29 / 30)


def test_days_to_fix_ends_when_sent_again_without_it(tmp_path):
    night(tmp_path, 0, {"filing": 1, "fails": [7, 2]}, {"filing": 2, "fails": [7]}, {"filing": 3, "fails": [7]})
    night(tmp_path, 2, {"filing": 1, "fails": [7]}, {"filing": 2, "fails": [7]})
    night(tmp_path, 5, {"filing": 1})
    table = queries.days_to_fix(History(tmp_path)).set_index("reason")
    assert table.loc[7, ["failed", "mended", "open", "median_days"]].tolist() == [3, 1, 2, 5.0]
    assert table.loc[2, ["failed", "mended", "open", "median_days"]].tolist() == [1, 1, 0, 2.0]


def test_what_could_not_be_judged_again_is_not_mended(tmp_path):
    night(tmp_path, 0, {"filing": 1, "fails": [5]})
    night(tmp_path, 1, {"filing": 1, "states": "p" * 5 + "u" + "p" * 5})
    assert queries.days_to_fix(History(tmp_path))["open"].tolist() == [1]
    night(tmp_path, 3, {"filing": 1})
    assert queries.days_to_fix(History(tmp_path))[["open", "median_days"]].values.tolist() == [[0, 3.0]]


def test_runs_of_one_day_count_in_their_order(tmp_path):
    night(tmp_path, 0, {"filing": 1, "fails": [7]}, key="z")
    night(tmp_path, 0, {"filing": 1, "content": 2}, key="a")
    history = History(tmp_path)
    assert queries.causes(history)[["cause", "improved", "worsened"]].values.tolist() == [["data", 1, 0]]
    assert queries.days_to_fix(history)[["mended", "median_days"]].values.tolist() == [[1, 0.0]]


def test_the_same_mistake_again_is_told_by_sender(tmp_path):
    night(tmp_path, 0, {"filing": 1, "fails": [7]}, {"filing": 2, "fails": [7], "sender": "示例代理乙"})
    night(tmp_path, 1, {"filing": 1, "fails": [7]}, {"filing": 2, "fails": [2], "sender": "示例代理乙"})
    table = queries.repeated(History(tmp_path))
    assert table[["sender", "rule", "distinct_filings", "filings"]].values.tolist() == [["示例代理甲", "ICP0701", 1, 2]]


def test_changed_data_is_told_from_changed_rules(tmp_path):
    night(tmp_path, 0, {"filing": 1, "fails": [7]}, {"filing": 2}, {"filing": 3}, {"filing": 4, "fails": [1]})
    again = ({"filing": 1, "content": 2}, {"filing": 2, "fails": [7]}, {"filing": 4, "fails": [1]})
    night(tmp_path, 1, *again, rules="2")
    night(tmp_path, 2, {"filing": 3, "fails": [9]}, rules="2")
    night(tmp_path, 3, {"filing": 4}, rules="2")
    history = History(tmp_path)
    table = queries.causes(history, "day").set_index(["run_date", "cause"])
    found = {(day.day, cause): tuple(row) for (day, cause), row in zip(table.index, table.to_numpy(), strict=True)}
    # Filing 3 was last judged by other rules, filing 4 by the same and with the same data.
    assert found == {(6, "data"): (1, 0), (6, "rules"): (0, 1), (7, "rules"): (0, 1), (8, "context"): (1, 0)}
    assert queries.rule_changes(history)["run_date"].dt.day.tolist() == [6]


def test_changes_are_added_up(tmp_path):
    night(tmp_path, 0, {"filing": 1, "change": "new_filing"})
    night(tmp_path, 1, {"filing": 1, "change": "fixed:2;unchanged:1"}, {"filing": 2, "change": "fixed:1;new:3"})
    table = queries.changes(History(tmp_path))
    assert table.drop(columns="run_date").values.tolist() == [[1, 0, 0, 0, 0], [0, 3, 3, 0, 1]]


def test_totals_agree_whatever_they_are_counted_by(quarter):
    found = answers(quarter)
    submissions = found["nights"]["filings"].sum()
    for dimension in ("province", "sender", "nature", "filing_type"):
        for column in ("filings", "rejected", "review", "ready"):
            assert found[dimension][column].sum() == found["nights"][column].sum(), dimension
    assert set(found["reasons"]["filings"]) == {submissions}
    weekly = found["reasons_over_time"].groupby("reason")["error"].sum()
    assert weekly.to_dict() == found["reasons"].set_index("reason")["error"].to_dict()
    assert found["rule"]["error"].sum() == found["reasons"]["error"].sum()
    assert found["rule"]["cumulated_share"].iloc[-1] == pytest.approx(1)


def test_an_empty_history_answers_with_no_rows(tmp_path):
    history = History(tmp_path / "nowhere")
    assert history.empty
    found = answers(tmp_path / "nowhere")
    assert all(frame.empty and len(frame.columns) for frame in found.values())


def test_the_command_prints_tables_and_csv(quarter, tmp_path, capsys):
    (tmp_path / "history").symlink_to(quarter)
    assert main(["history", "--data", str(tmp_path), "--since", "2026-01-10"]) == 0
    printed = capsys.readouterr().out
    assert "2026-01-10" in printed and "2026-01-09" not in printed and "首次通过率" in printed
    for by in queries.DIMENSIONS:
        assert main(["history", "--data", str(tmp_path), "--by", by, "--csv"]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert lines[0].startswith(by) and len(lines) == 1 + len(queries.by(History(quarter), by))
    assert main(["history", "--data", str(tmp_path / "no")]) == 0
    assert "还没有" in capsys.readouterr().out
    assert main(["history", "--since", "yesterday"]) == 2
