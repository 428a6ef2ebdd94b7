"""The command line keeps its contract: exit codes, outputs, one clear line for each thing it cannot use."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from data.synthetic.filings import filings, write
from expectations.reasons import REASONS
from flows.cli import main

AS_OF = ["--as-of", "2026-01-15"]


@pytest.fixture(scope="module")
def inbox(tmp_path_factory) -> Path:
    """Two clean workbooks, one in a sub-folder."""
    folder = tmp_path_factory.mktemp("inbox")
    (folder / "代理甲").mkdir()
    rows = filings(8, seed=3)
    write(rows[:5], folder / "甲.xlsx")
    write(rows[5:], folder / "代理甲" / "乙.xlsx")
    return folder


def check(*arguments: object) -> int:
    return main(["check", *map(str, arguments), *AS_OF])


def summary(out: Path) -> dict:
    return json.loads((out / "summary.json").read_text(encoding="utf-8"))


def test_clean_filings_are_ready(inbox, tmp_path, capsys):
    assert check(inbox, "--out", tmp_path) == 0
    assert (tmp_path / "甲.report.xlsx").is_file() and (tmp_path / "代理甲" / "乙.report.xlsx").is_file()
    found = summary(tmp_path)
    assert (found["filings"], found["rejected"]) == (8, 0)
    assert {entry["workbook"]: entry["status"] for entry in found["workbooks"]} == {
        "代理甲/乙.xlsx": "judged",
        "甲.xlsx": "judged",
    }
    assert "甲.xlsx" in capsys.readouterr().out


def test_outputs_have_the_columns_of_the_contract(inbox, tmp_path):
    check(inbox, "--out", tmp_path)
    where = ["workbook", "sheet", "row", "filing_no"]
    found = pd.read_parquet(tmp_path / "findings.parquet")
    verdicts = pd.read_parquet(tmp_path / "verdicts.parquet")
    wanted = ["reason", "rule", "severity", "columns", "value", "expected", "message", "fix", "owner", "source"]
    assert list(found)[:14] == where + wanted
    assert list(verdicts)[:16] == [*where, "verdict", *(f"reason_{reason.number}" for reason in REASONS)]
    assert len(verdicts) == 8


def test_rejected_filings_end_with_one(tmp_path):
    rows = filings(3, seed=4)
    rows[1]["principal_mobile"] = "12345"
    write(rows, tmp_path / "a.xlsx")
    assert check(tmp_path / "a.xlsx", "--out", tmp_path / "out") == 1
    found = pd.read_parquet(tmp_path / "out" / "findings.parquet")
    assert set(found.loc[found["severity"] == "error", "row"]) == {3}


def test_unusable_workbooks_get_a_line_each_and_the_others_are_judged(inbox, tmp_path, capsys):
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    book = openpyxl.Workbook()
    book.active.append(["some", "other", "table"])
    book.active.append(["1", "2", "3"])
    book.save(tmp_path / "stranger.xlsx")
    out = tmp_path / "out"
    code = check(
        inbox / "甲.xlsx", tmp_path / "broken.xlsx", tmp_path / "stranger.xlsx", tmp_path / "gone.xlsx", "--out", out
    )
    assert code == 2
    entries = {entry["workbook"]: entry for entry in summary(out)["workbooks"]}
    assert entries["甲.xlsx"]["status"] == "judged"
    for name in ("broken.xlsx", "stranger.xlsx", "gone.xlsx"):
        assert entries[name]["status"] == "refused"
        assert entries[name]["reason"]
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 3
    assert not any("Traceback" in line for line in lines)


@pytest.mark.parametrize(
    "bad",
    [
        ["--as-of", "tomorrow"],
        ["--reference", "nowhere"],
        ["--register", "nowhere.csv"],
        ["--attachments", "nowhere"],
        ["--previous", "nowhere"],
        ["--out", __file__],
    ],
    ids=lambda bad: bad[0],
)
def test_what_cannot_be_used_is_said_in_one_line(inbox, tmp_path, capsys, bad):
    assert main(["check", str(inbox), "--out", str(tmp_path), *AS_OF, *bad]) == 2
    error = capsys.readouterr().err.strip()
    assert len(error.splitlines()) == 1
    assert bad[1] in error
    assert not list(tmp_path.iterdir())


def test_a_second_run_gives_the_same_bytes(inbox, tmp_path):
    for out in ("one", "two"):
        check(inbox, "--out", tmp_path / out)
    names = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*") if path.is_file())
    assert len(names) == 5
    for name in names:
        one, two = ((tmp_path / out / name).read_bytes() for out in ("one", "two"))
        if name.name == "summary.json":
            one, two = ({**json.loads(text), "seconds": None} for text in (one, two))
        assert one == two, name


def test_a_fault_of_ours_ends_with_three_and_quotes_no_cell(inbox, tmp_path, capsys, monkeypatch):
    from expectations import catalogue

    rule = catalogue.catalogue()["ICP0001"]

    def breaks(rows):
        raise RuntimeError(rows["subject_name"].iloc[0])

    from dataclasses import replace

    monkeypatch.setitem(catalogue.catalogue(), "ICP0001", replace(rule, predicate=breaks))
    assert check(inbox, "--out", tmp_path) == 3
    printed = capsys.readouterr()
    assert "示例" not in printed.err.replace("示例代理", "") and "Traceback" not in printed.err


def test_rules_are_listed_and_explained(capsys):
    assert main(["rules"]) == 0
    assert "ICP0001" in capsys.readouterr().out
    assert main(["rules", "ICP0001", "--lang", "en"]) == 0
    assert "source" in capsys.readouterr().out
    assert main(["rules", "ICP9999"]) == 2


def test_what_cannot_be_used_is_said_in_the_language_of_the_settings(inbox, tmp_path, capsys, monkeypatch):
    (tmp_path / "icp-preflight.toml").write_text('[tool.icp-preflight]\nlang = "en"\n', encoding="utf-8")
    for folder, words in ((tmp_path, "cannot be opened: No such file"), (inbox, "文件或文件夹不存在")):
        monkeypatch.chdir(folder)
        assert check(inbox, "--register", "nowhere.csv") == 2
        assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    "command", [["status", "--last", "0"], ["status", "--last", "x"], ["check"], ["nightli"]], ids=" ".join
)
def test_options_that_cannot_be_used_end_with_two(command, capsys):
    with pytest.raises(SystemExit) as ended:
        main(command)
    assert ended.value.code == 2
    assert "icp-preflight" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    ["", "check", "template", "nightly", "status", "history", "trends", "register import", "register show", "rules"],
)
def test_every_option_is_explained_in_both_languages(command, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "1000")
    with pytest.raises(SystemExit):
        main([*command.split(), "--help"])
    options = re.sub(r"\n {10,}", "  ", capsys.readouterr().out).splitlines()
    lines = [line for line in options if line.startswith("  -") and "--help" not in line]
    assert lines and all(" / " in line for line in lines)


def test_an_interrupted_check_is_no_bad_workbook(inbox, tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("flows.cli._run", interrupted)
    assert check(inbox, "--out", tmp_path) == 130


@pytest.mark.parametrize("buffered", ["", "1"], ids=["buffered", "unbuffered"])
def test_a_rejection_is_told_by_the_exit_code_though_nobody_reads_on(tmp_path, buffered):
    rows = filings(1, seed=4)
    rows[0]["principal_mobile"] = "12345"
    write(rows, tmp_path / "a.xlsx")
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "flows.cli", "check", "a.xlsx", *AS_OF]
    environment = os.environ | {"PYTHONUNBUFFERED": buffered, "PYTHONPATH": str(Path(__file__).parent.parent)}
    with os.fdopen(writing) as closed:
        done = subprocess.run(  # noqa: S603
            command, check=False, cwd=tmp_path, env=environment, stdout=closed, stderr=subprocess.PIPE
        )
    assert (done.returncode, done.stderr) == (1, b"")


def test_no_command_shows_the_help(capsys):
    assert main([]) == 2
    assert "check" in capsys.readouterr().out


def test_reports_sent_back_keep_their_names_and_say_what_changed(tmp_path):
    rows = filings(6, seed=9)
    rows[0]["site_name"], rows[1]["principal_mobile"] = "12345", "138"
    write(rows, tmp_path / "a.xlsx")
    assert check(tmp_path / "a.xlsx", "--out", tmp_path / "one") == 1
    sent_back = tmp_path / "one" / "a.report.xlsx"
    assert check(sent_back, "--out", tmp_path / "two", "--previous", tmp_path / "one") == 1
    again = pd.read_parquet(tmp_path / "two" / "findings.parquet")
    assert (tmp_path / "two" / "a.report.xlsx").is_file()
    assert set(again["change"]) == {"unchanged"}
    before = pd.read_parquet(tmp_path / "one" / "findings.parquet")
    same = ["row", "rule", "columns", "value", "message"]
    pd.testing.assert_frame_equal(again[same], before[same])


def test_two_workbooks_of_one_name_get_a_report_each(tmp_path):
    rows = filings(4, seed=10)
    write(rows[:2], tmp_path / "a.xlsx")
    columns = list(dict.fromkeys(key for row in rows for key in row))
    pd.DataFrame(rows[2:], columns=columns).fillna("").to_csv(tmp_path / "a.csv", index=False)
    assert check(tmp_path, "--out", tmp_path / "out") == 0
    reports = {path.name for path in (tmp_path / "out").glob("*.xlsx")}
    assert reports == {"a.report.xlsx", "a.xlsx.report.xlsx"}
