"""What was read waits on disk as Arrow, mapped into memory when wanted: a run of a million filings holds
one workbook at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pyarrow as pa

from flows.steps.workbook import Reading


@dataclass(frozen=True)
class Staged:
    """A workbook that was read; its tables lie in ``folder``."""

    folder: Path
    emptied: Reading

    @property
    def workbook(self) -> str:
        """Its name relative to the folder given."""
        return self.emptied.workbook

    @property
    def rows(self) -> int:
        """How many filings it holds."""
        return sum(sheet.rows for sheet in self.emptied.sheets)

    def reading(self) -> Reading:
        """The reading with its tables, as memory maps; ``typed`` says of each row where it stands, too."""
        filings, typed = load(self.folder / "filings"), load(self.folder / "typed")
        for name in ("sheet", "row"):
            if name not in typed.column_names:
                typed = typed.append_column(name, filings[name])
        return replace(self.emptied, filings=filings, typed=typed)

    def has(self, name: str) -> bool:
        """Whether the table lies beside the filings."""
        return (self.folder / name).exists()

    def frame(self, name: str, columns: Sequence[str] = ()) -> pd.DataFrame:
        """One of the tables that were put beside the filings; of its columns some, or all."""
        table = load(self.folder / name)
        return (table.select(list(columns)) if columns else table).to_pandas()

    def put(self, name: str, frame: pd.DataFrame) -> None:
        """Put a table beside the filings, a row for each, or findings; in the place of one of that name."""
        save(self.folder / name, pa.Table.from_pandas(frame, preserve_index=False))


def stage(reading: Reading, folder: Path) -> Staged:
    """Put a reading's tables into ``folder`` (made here)."""
    folder.mkdir(parents=True)
    save(folder / "filings", reading.filings)
    save(folder / "typed", reading.typed)
    # Not a slice of no rows: it would keep the whole table, and take it along to other processes.
    emptied = {name: getattr(reading, name).schema.empty_table() for name in ("filings", "typed")}
    return Staged(folder, replace(reading, **emptied))


def save(path: Path, table: pa.Table) -> None:
    """Never into a file that may be mapped: a table read from it would change under its reader's hands."""
    scratch = path.with_name(f"{path.name}.writing")
    with pa.OSFile(str(scratch), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)
    scratch.replace(path)


def load(path: Path) -> pa.Table:
    """What :func:`save` wrote, mapped into memory."""
    with pa.memory_map(str(path)) as file:
        return pa.ipc.open_file(file).read_all()
