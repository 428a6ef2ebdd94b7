"""What a history answers: each filing once, by any dimension, and what became of it."""

from datetime import timedelta
from pathlib import Path

import pytest
from histories import DAY, answers, night

from data.synthetic.history import invent
from flows.cli import main
from flows.steps.history import History, queries


@pytest.fixture(scope="module")
def quarter(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("history")
    invent(folder, nights=90, filings=60)
    return folder


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
