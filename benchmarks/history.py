"""Size and speed of a year of history: ``python -m benchmarks.history --nights 365 --filings 20000``.

Loads the history and answers and draws everything the trend notebook and the page ask, in a fresh process.
A year of 7.3 million submissions took 155 MiB (22 bytes each) on disk; to open it 0.2 s, to answer everything
4 to 5 s, to answer and draw everything 6 to 8 s of wall time on two idle cores of a shared host (10 to 14 s of CPU),
imports included.
"""

from __future__ import annotations

import argparse
import tempfile
from functools import partial
from pathlib import Path

from benchmarks.measure import measure
from data.synthetic.history import invent
from flows.steps.history import History, charts, queries
from flows.steps.trends import page, svg


def opened(folder: Path) -> None:
    assert not History(folder).empty


def answered(folder: Path) -> None:
    """Every question of the notebook."""
    history = History(folder)
    asked = ("nights", "rule_changes", "reasons_over_time", "reasons", "rules", "reasons_by_province", "repeated")
    for name in (*asked, "days_to_fix", "changes", "causes", "seconds"):
        getattr(queries, name)(history)
    queries.by(history, "sender")


def drawn(folder: Path) -> None:
    """The page has every chart of the notebook but one, which is added here."""
    history = History(folder)
    page(history)
    svg(charts.changes(queries.changes(history)))


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nights", type=int, default=365)
    parser.add_argument("--filings", type=int, default=20_000, help="a night")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "history"
        print(f"{options.nights} nights of {options.filings:,} filings")
        print(f"{'writing it':28}{measure(partial(invent, weekend=1.0), folder, options.nights, options.filings)}")
        filings = int(History(folder).runs["filings"].sum())
        taken = size(folder)
        print(
            f"{'on disk':28}{taken / 2**20:8.1f} MiB, {taken / filings:.1f} bytes for each of {filings:,} submissions"
        )
        print(f"{'opening':28}{measure(opened, folder)}")
        print(f"{'all questions':28}{measure(answered, folder)}")
        print(f"{'all questions and charts':28}{measure(drawn, folder)}")


if __name__ == "__main__":
    main()
