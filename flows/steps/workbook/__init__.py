"""Reading the workbooks senders send: each understood, or clearly refused.

    reading = read_isolated(path, "sub/zhejiang.xlsx", Limits())

``read_isolated`` reads in a child process, so that no file can take the run down with it; ``read``
does the same in this process. What comes back is Arrow; rows are Excel's numbers.
"""

from __future__ import annotations

from pathlib import Path

from flows.steps.workbook.model import Limits, Reading, Refused, Sheet

__all__ = ["Limits", "Reading", "Refused", "Sheet", "read", "read_isolated", "warm_up"]


def read(path: Path, workbook: str, limits: Limits = Limits()) -> Reading:  # noqa: B008 - immutable
    """Read a workbook in this process; ``workbook`` is its name in all tables.

    Raises:
        Refused: it cannot be read, is beyond the limits, or holds no filings.
    """
    from flows.steps.workbook.reading import read as read_here

    return read_here(path, workbook, limits)


def read_isolated(path: Path, workbook: str, limits: Limits = Limits()) -> Reading:  # noqa: B008 - immutable
    """Read a workbook in a child process of limited time and memory; children are used again.

    Raises:
        Refused: as :func:`read`; also where the child crashed, hung or ran out of memory.
    """
    from flows.steps.workbook.isolation import read_in_child

    return read_in_child(path, workbook, limits)


def warm_up() -> None:
    """Start a child now, so that it is ready when the first workbook is to be read."""
    from flows.steps.workbook.isolation import start_child

    start_child()
