"""The history keeps what was judged, once, whole, without personal data."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from histories import DAY, answers, days, night, same

from data.synthetic.filings import filings as invented_filings
from data.synthetic.filings import plant, write
from data.synthetic.history import invent
from flows.cli import main
from flows.steps.digest import Digest
from flows.steps.history import History, HistoryError, append, compact, queries, store
from flows.steps.history.record import sender_label

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
