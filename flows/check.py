"""The check as a Prefect flow: the same steps in the same order, seen, timed and recorded by a server.

The steps themselves know nothing of Prefect, so the command line runs them without it.
"""

# No `from __future__ import annotations` here: Prefect evaluates a flow's annotations when it serves it.
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE

from expectations.reasons import REASONS
from flows.outcome import Outcome
from flows.run import run
from flows.runners import Work
from flows.settings import Settings


class AsTasks:
    """Each step of a workbook is a task run. Frames stay on disk, so a task passes small things only."""

    here = True
    processes = 1

    def map(self, step: Callable[[Work], Work], works: Sequence[Work], name: str) -> Iterator[Work]:
        called = task(name=name, task_run_name=name, cache_policy=NO_CACHE, persist_result=False)(step)
        for work in works:
            yield called(work)


@flow(name="check-filings", validate_parameters=False, persist_result=False)
def check_filings(paths: list[Path], settings: Settings) -> Outcome:
    """Check the workbooks under ``paths``; see :func:`flows.run.run`."""
    outcome = run([Path(path) for path in paths], settings, AsTasks())
    publish_summary(outcome)
    return outcome


def publish_summary(outcome: Outcome) -> None:
    """The counts as an artifact: numbers only, no cell of any workbook."""
    summary = outcome.summary
    rows = [
        {
            "reason": f"{reason.number} {reason.zh} / {reason.en}",
            **{
                state: summary["reasons"][str(reason.number)].get(state, 0)
                for state in ("error", "warning", "unchecked", "pass")
            },
        }
        for reason in REASONS
    ]
    as_of = date.fromisoformat(summary["as_of"])
    create_table_artifact(
        table=rows,
        key="filings-by-reason",
        description=f"{as_of}: {summary['filings']} filings, {summary['rejected']} rejected, "
        f"{summary['review']} for review, {summary['ready']} ready",
    )
