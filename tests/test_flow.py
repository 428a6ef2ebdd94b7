"""The same check as a Prefect flow: recorded, and with the same outcome."""

import pandas as pd
import pytest
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
from prefect.testing.utilities import prefect_test_harness

from data.synthetic.filings import filings, write
from flows.check import check_filings
from flows.nightly import as_task
from flows.run import run
from flows.runners import InTurn
from flows.settings import Settings, load
from flows.steps.faults import FaultError, cause


@pytest.fixture(scope="module")
def prefect():
    with (
        prefect_test_harness(server_startup_timeout=120),
        temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
    ):
        yield


def test_flow_gives_the_outcome_of_the_plain_run(prefect, tmp_path):
    rows = filings(6, seed=5)
    rows[2]["site_name"] = "12345"
    write(rows, tmp_path / "a.xlsx")
    settings = load({"as_of": pd.Timestamp("2026-01-15").date()})
    in_flow = Settings(out=tmp_path / "flow", as_of=settings.as_of)
    plain = Settings(out=tmp_path / "plain", as_of=settings.as_of)
    assert (
        check_filings([tmp_path / "a.xlsx"], in_flow).exit_code
        == run([tmp_path / "a.xlsx"], plain, InTurn()).exit_code
        == 1
    )
    for name in ("findings.parquet", "verdicts.parquet", "a.report.xlsx"):
        assert (tmp_path / "flow" / name).read_bytes() == (tmp_path / "plain" / name).read_bytes(), name


def test_artifact_holds_counts_and_no_cell(prefect, tmp_path):
    from prefect.client.orchestration import get_client

    write(filings(3, seed=6), tmp_path / "b.xlsx")
    check_filings([tmp_path / "b.xlsx"], Settings(out=tmp_path / "out", as_of=pd.Timestamp("2026-01-15").date()))
    with get_client(sync_client=True) as client:
        artifacts = client.request("POST", "/artifacts/filter", json={}).json()
    text = str(artifacts)
    assert "filings-by-reason" in text
    assert "示例" not in text and "@" not in text


def test_step_that_breaks_tells_its_place_through_the_task_and_quotes_nothing(prefect):
    def breaks():
        raise KeyError("张样例 13900000000")

    with pytest.raises(FaultError) as raised:
        as_task("check", breaks)
    assert cause(raised.value)("en").startswith("KeyError @ test_flow.py:")
    assert "13900000000" not in str(raised.value)
