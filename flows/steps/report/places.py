"""Which filing a row of a sheet is, without copying the filings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc


@dataclass(frozen=True)
class _Sheet:
    """The rows of one sheet in ascending order, and where the filing of each stands in the table."""

    rows: np.ndarray
    places: np.ndarray | range


class Places:
    """Finds filings in their table by sheet and row."""

    def __init__(self, filings: pa.Table) -> None:
        rows = filings["row"].to_numpy()
        self._sheets = {
            name: _sheet(rows, pc.indices_nonzero(pc.equal(filings["sheet"], name)).to_numpy())
            for name in filings["sheet"].unique().to_pylist()
        }

    def of(self, where: pd.DataFrame) -> np.ndarray:
        """The place of the filing of each ``sheet`` and ``row`` of ``where``, -1 for none."""
        found = np.full(len(where), -1, dtype=np.int64)
        wanted = where["row"].to_numpy()
        codes, names = pd.factorize(where["sheet"])
        for code, name in enumerate(names):
            sheet = self._sheets.get(name)
            if sheet is None:
                continue
            mine = np.flatnonzero(codes == code)
            at = np.minimum(np.searchsorted(sheet.rows, wanted[mine]), len(sheet.rows) - 1)
            known = sheet.rows[at] == wanted[mine]
            at = at[known]
            found[mine[known]] = at + sheet.places.start if isinstance(sheet.places, range) else sheet.places[at]
        return found


def _sheet(rows: np.ndarray, places: np.ndarray) -> _Sheet:
    first, last = int(places[0]), int(places[-1])
    own = rows[first : last + 1]
    if len(own) == len(places) and bool((own[1:] > own[:-1]).all()):  # as the reader gives them
        return _Sheet(own, range(first, last + 1))
    order = np.argsort(rows[places], kind="stable")
    return _Sheet(rows[places][order], places[order])


def taken(table: pa.Table, column: str, places: np.ndarray) -> pd.Series:
    """The texts of a column at some places, blank for -1 or where there is no such column."""
    if column not in table.column_names or not len(places):
        return pd.Series("", index=range(len(places)), dtype="str")
    texts = table[column].take(pa.array(places, pa.int64(), mask=places < 0))
    return pd.Series(pd.array(pc.fill_null(texts.cast(pa.large_string()), ""), dtype="str"))
