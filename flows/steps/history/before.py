"""How filings were judged when they were last sent, for a run that tells what has changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
import pyarrow as pa

from flows.steps.history.reading import History
from flows.steps.history.record import bits


def last_judged(history: History, keys: pd.DataFrame, day: date) -> tuple[pd.DataFrame, list[Mapping[str, Any]]]:
    """The filings of ``keys`` as the newest run before ``day`` judged them.

    Args:
        keys: ``filing_key`` and ``content``, each filing once.

    Returns:
        ``filing_key``, ``content`` (blank where it was another), ``marks`` (``ICP0501:error;…``) and
        ``grounds``, the place of what it was judged by in the list.
    """
    wanted = pa.table({"filing": bits(keys["filing_key"]), "ours": bits(keys["content"])})
    wanted = wanted.append_column("place", pa.array(range(len(keys)), pa.int64()))
    found = history.ask(
        """with last as (
            select w.place, f.filing, f.content = w.ours as same, f.run_date, f.run_key
            from filings f join wanted w on f.filing = w.filing
            where f.run_date < $day
            qualify row_number() over (partition by f.filing order by f.run_date desc, f.run_key desc) = 1
                and count(*) over (partition by f.filing, f.run_date, f.run_key) = 1
        )
        select last.place, last.same, coalesce(r.grounds, '') as grounds,
            coalesce(string_agg(distinct x.rule || ':' || x.severity, ';' order by x.rule || ':' || x.severity), '')
                as marks
        from last
        join run r on r.run_date = last.run_date and r.run_key = last.run_key
        left join findings x
            on x.run_date = last.run_date and x.run_key = last.run_key and x.filing = last.filing
        group by all order by place""",
        {"day": day},
        {"wanted": wanted},
    )
    found = found[found["grounds"].str.len() > 2]  # runs of older versions say nothing of it
    places, texts = pd.factorize(found["grounds"])
    ours = keys.iloc[found["place"].to_numpy()].reset_index(drop=True)
    known = pd.DataFrame(
        {
            "filing_key": ours["filing_key"],
            "content": ours["content"].where(found["same"].fillna(False).to_numpy(dtype=bool), ""),
            "marks": found["marks"].array,
            "grounds": places,
        }
    )
    return known, [json.loads(text) for text in texts]
