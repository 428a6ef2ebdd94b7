"""The night as a Prefect flow: scheduled, shown, tried again after errors of files, and reported by a server.

What makes a night safe to repeat and to kill lives in :mod:`flows.night`; here its steps become tasks.
"""

# No `from __future__ import annotations` here: Prefect evaluates a flow's annotations when it serves it.
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar

from prefect import flow, task
from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from flows.night import Outcome, night, with_trends
from flows.notify import told
from flows.settings import Settings, load
from flows.steps.faults import FaultError, cause, tellable

Result = TypeVar("Result")
_STEPS = ("read", "judge", "report")
_RETRIES, _PAUSE = 3, 20
_HOURS = 6


def as_task(name: str, step: Callable[[], Result], *, again: bool = False) -> Result:
    """A step of the night as a task. Only what reads and writes files is tried again: a check that failed
    fails again, and costs hours. Prefect logs what is raised, and the words of a fault of ours may quote a
    cell: they stay here."""

    def careful() -> Result:
        try:
            return step()
        except Exception as error:
            if tellable(error):
                raise
            fault = FaultError(cause(error))
        raise fault  # outside of the handler, so that it carries nothing of the other

    called: Any = task(
        name=name, task_run_name=name, cache_policy=NO_CACHE, persist_result=False,
        retries=_RETRIES if again else 0, retry_delay_seconds=_PAUSE,
    )  # fmt: skip
    result: Result = called(careful)()
    return result


def _run_name() -> str:
    """The date of the night, as people look for it."""
    given = flow_run.parameters
    settings = given["settings"] if "settings" in given else Settings(as_of=given.get("as_of"))
    return f"nightly-{settings.day}"


@flow(name="nightly", flow_run_name=_run_name, timeout_seconds=_HOURS * 3600, persist_result=False)
def nightly(
    data: str | None = None,
    as_of: date | None = None,
    runner: Literal["local", "dask"] | None = None,
    scheduler: str | None = None,
) -> int:
    """Check the inbox once; see :func:`flows.night.night`. Gives the exit code.

    Args:
        data: the data folder; what is not given here is as the settings say.
        as_of: judge as of this day instead of today.
        runner: local processes, or a Dask cluster.
        scheduler: its scheduler, ``tcp://…``.

    Raises:
        RuntimeError: a workbook met a fault of ours; the others were judged and reported.
    """
    given = {"data": Path(data) if data else None, "as_of": as_of, "runner": runner, "scheduler": scheduler}
    outcome = _night(load(given))
    if outcome.exit_code == 3:  # reported and put away like any other night; but somebody must look
        raise RuntimeError("a fault of ours in some workbook: see the artifact of this run and the summary")
    return outcome.exit_code


@flow(name="nightly", flow_run_name=_run_name, persist_result=False, validate_parameters=False)
def tracked(settings: Settings) -> Outcome:
    """The same with settings at hand, for a command line that finds a server."""
    return _night(settings)


def _night(settings: Settings) -> Outcome:
    outcome = told(settings, lambda: with_trends(night(settings, as_task, _Progress()), settings, as_task))
    publish_summary(outcome)
    return outcome


class _Progress:
    """A bar over the steps of all workbooks; moved at whole percents only."""

    def __init__(self) -> None:
        self._artifact: Any = None
        self._shown = -1

    def __call__(self, name: str, done: int, total: int) -> None:
        part = (_STEPS.index(name) + (done / total if total else 1)) / len(_STEPS) if name in _STEPS else 0
        percent = int(100 * part)
        if percent <= self._shown:
            return
        self._shown = percent
        if self._artifact is None:
            self._artifact = create_progress_artifact(percent, key="night-progress", description="workbooks")
        else:
            update_progress_artifact(self._artifact, progress=percent)


def publish_summary(outcome: Outcome) -> None:
    """The night in a table, and where the reports lie: counts and names of files, no cell of any workbook."""
    counts = ("rows", "rejected", "review", "ready")
    rows = [
        {"workbook": entry["workbook"], "status": entry["status"], **{name: entry[name] for name in counts}}
        for run in outcome.runs
        for entry in run["workbooks"]
    ]
    totals = {name: outcome.count(name) for name in ("filings", *counts[1:])}
    worst = sorted(rows, key=lambda row: -int(row["rejected"]))[:200]
    total = {"workbook": f"合计 / all ({len(rows)})", "status": "", "rows": totals["filings"]}
    create_table_artifact(
        table=[total | {name: totals[name] for name in counts[1:]}, *worst],
        key="night-summary",
        description=f"{outcome.day}: " + ", ".join(f"{number} {name}" for name, number in totals.items()),
    )
    lines = [f"# {outcome.day}", ""]
    for run in outcome.runs:
        folder = Path(str(run["reports"])).resolve()
        lines += [f"`{folder}`", ""]
        lines += [f"- `{folder / entry['report']}`" for entry in run["workbooks"][:200] if entry["report"]]
    create_markdown_artifact("\n".join(lines), key="night-reports", description="where the reports lie")
    if outcome.trends:
        page = outcome.trends.resolve()
        create_link_artifact(
            page.as_uri(), str(page), key="night-trends", description="how filings fare over the nights"
        )
