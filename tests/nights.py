"""A data folder before and after a night: what to put into it, and what is compared."""

import json
import os
from collections import Counter
from datetime import date
from pathlib import Path

from data.synthetic.filings import filings, plant, write
from flows.settings import Settings
from flows.steps.digest import Digest, load_key
from flows.steps.ledger import STORE_FILE, Ledger

DAY = date(2026, 1, 15)
LONG_AGO = (1_700_000_000, 1_700_000_000)


def settings(data: Path, **changes) -> Settings:
    return Settings(**{"data": data, "as_of": DAY, "workers": 1, "wait_seconds": 5, **changes})


def put(data: Path, *names: str, rows: int = 2, seed: int = 7, spoilt: float = 0.0) -> None:
    """Workbooks of invented filings in the inbox; written long ago."""
    made = filings(rows * len(names), seed)
    plant(made, spoilt, seed)
    for number, name in enumerate(names):
        path = data / "inbox" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write(made[number * rows : number * rows + rows], path)
        os.utime(path, LONG_AGO)


def put_broken(data: Path, name: str) -> None:
    """A file that is no workbook."""
    path = data / "inbox" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\x00\x01 nothing")
    os.utime(path, LONG_AGO)


def keyed(data: Path) -> None:
    """Every folder so made has the same key, and so the same digests."""
    data.mkdir(parents=True, exist_ok=True)
    (data / "preflight.key").write_text("0f" * 32)
    (data / "preflight.key").chmod(0o600)


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def reports(data: Path) -> dict[str, bytes]:
    """Every report and table, without the seconds the steps took."""
    found = files(data / "reports")
    for name in [name for name in found if name.endswith("summary.json")]:
        found[name] = json.dumps({**json.loads(found[name]), "seconds": None}).encode()
    return found


def inputs(data: Path) -> Counter[bytes]:
    """The contents of all inputs, wherever they are now."""
    places = (files(data / name) for name in ("inbox", "archive", "quarantine"))
    return Counter(
        content for place in places for name, content in place.items() if not name.endswith((".txt", ".writing"))
    )


def counts(data: Path) -> dict[str, int]:
    """Rows of the ledger and of the history, and runs that the history counts."""
    from flows.steps.history import History

    ledger = Ledger(data / STORE_FILE, Digest(load_key(data)))
    history = History(data / "history")
    try:
        return {
            **ledger.counts(),
            "history": int(history.ask("select count(*) as n from all_filings")["n"][0]),
            "history runs": len(history.runs),
        }
    finally:
        ledger.close()


def same(ours: Path, theirs: Path) -> None:
    """Nothing was lost, doubled or written otherwise."""
    assert inputs(ours) == inputs(theirs)
    assert not any(path.is_file() for path in (ours / "inbox").rglob("*"))
    mine, others = reports(ours), reports(theirs)
    assert mine.keys() == others.keys()
    assert [name for name in mine if mine[name] != others[name]] == []
    assert counts(ours) == counts(theirs)
    assert not list(ours.glob("reports/**/*.writing"))
