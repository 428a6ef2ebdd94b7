"""Which filing a row of a sheet is, without copying the filings."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc


def positions(filings: pa.Table, where: pd.DataFrame) -> np.ndarray:
    """The place among the filings of each ``sheet`` and ``row`` of ``where``, -1 for none."""
    found = np.full(len(where), -1, dtype=np.int64)
    rows = filings["row"].to_numpy().astype(np.int64)
    wanted = where["row"].to_numpy(dtype=np.int64)
    codes, names = pd.factorize(where["sheet"])
    for code, name in enumerate(names):
        mine = np.flatnonzero(codes == code)
        theirs = np.flatnonzero(pc.equal(filings["sheet"], name).to_numpy())
        if not len(theirs):
            continue
        theirs = theirs[np.argsort(rows[theirs], kind="stable")]
        place = np.minimum(np.searchsorted(rows[theirs], wanted[mine]), len(theirs) - 1)
        known = rows[theirs[place]] == wanted[mine]
        found[mine[known]] = theirs[place[known]]
    return found


def taken(table: pa.Table, column: str, places: np.ndarray) -> pd.Series:
    """The texts of a column at some places, blank for -1 or where there is no such column."""
    if column not in table.column_names or not len(places):
        return pd.Series("", index=range(len(places)), dtype="str")
    indices = pa.array(places, pa.int64(), mask=places < 0)
    texts = pc.fill_null(table[column].cast(pa.large_string()).take(indices), "")
    return pd.Series(pd.array(texts, dtype="str"))
