"""The questions put to a history, one function each: the command, the page and the notebooks ask them here.

A *submission* is a filing in a run: what is sent again on another night counts again, for it was judged
again. Shares of a reason are of the submissions in which it could be judged; columns named ``…_share``
are between 0 and 1, empty where there is nothing to divide by. Every answer has its columns on an empty
history, too.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from expectations.reasons import REASONS
from flows.steps.history.reading import History

VERDICTS = ("rejected", "review", "ready")
DIMENSIONS = ("reason", "rule", "province", "sender", "nature", "filing_type")
_STATE_COUNTS = """
    sum(n)::bigint as filings,
    sum(n) filter (state = 'u')::bigint as unchecked,
    sum(n) filter (state = 'w')::bigint as warning,
    sum(n) filter (state = 'e')::bigint as error"""


def by(history: History, dimension: str) -> pd.DataFrame:
    """Totals since the day asked for, by one of :data:`DIMENSIONS`; the most frequent failure first."""
    if dimension == "reason":
        return reasons(history)
    if dimension == "rule":
        return rules(history)
    return _by_dimension(history, dimension)


def nights(history: History) -> pd.DataFrame:
    """A row per day: workbooks, submissions by verdict, and how filings sent for the first time fared."""
    runs = history.nights.groupby("run_date", as_index=False).agg(
        workbooks=("judged", "sum"), refused=("refused", "sum"), seconds=("total_seconds", "sum")
    )
    counted = _verdict_counts()
    verdicts = history.ask(
        f"""select run_date::timestamp_ns as run_date, {counted},
            sum(n * (length(states) - 1))::double as asked,
            sum(n * length(replace(states[2:], 'u', '')))::double as judged
        from {history.counted_by("run_date")} group by run_date order by run_date"""
    )
    found = runs.merge(verdicts, on="run_date", how="left").merge(_first_sent(history), on="run_date", how="left")
    counts = ["filings", "rejected", "review", "ready", "first_sent", "first_passed"]
    found[counts] = found[counts].fillna(0).astype("int64")
    found["rejected_share"] = _share(found["rejected"], found["filings"])
    found["first_pass_share"] = _share(found["first_passed"], found["first_sent"])
    found["checked_share"] = _share(found["judged"].fillna(0.0), found["asked"].fillna(0.0))
    shown = ("rejected_share", "first_sent", "first_passed", "first_pass_share", "checked_share", "seconds")
    return found[["run_date", "workbooks", "refused", *counts[:4], *shown]]


def _first_sent(history: History) -> pd.DataFrame:
    """Per day, the filings that were sent for the first time, and those of them not rejected that day."""
    # Most filings are sent once: they are counted by day, and only the others are followed.
    return history.ask(
        f"""with sent as (
            select run_date, known as times, verdict <> 'rejected' as passed from {history.counted_by("run_date")}
            union all
            select run_date, -1, not rejected from {history.resent}
            where rejected_before is not null and run_date >= {_since(history)}
        )
        select run_date::timestamp_ns as run_date, sum(times)::bigint as first_sent,
            coalesce(sum(times) filter (passed), 0)::bigint as first_passed
        from sent group by run_date"""
    )


def reasons(history: History) -> pd.DataFrame:
    """Every reason: in how many submissions it was wrong, doubtful, or could not be judged."""
    counted = _by_reason(history.counted_by("run_date"))
    found = history.ask(f"select reason, {_STATE_COUNTS} from ({counted}) group by reason")
    every = pd.DataFrame({"reason": [reason.number for reason in REASONS]})
    found = every.merge(_shares(found), on="reason", how="left") if len(found) else found
    return _shares(found).sort_values(["error", "reason"], ascending=[False, True], ignore_index=True)


def reasons_over_time(history: History, every: str = "week") -> pd.DataFrame:
    """The same per ``day`` or ``week`` (its Monday)."""
    if every not in ("day", "week", "month"):
        raise ValueError(f"{every} is no period")
    return _shares(
        history.ask(
            f"""select period::timestamp_ns as run_date, reason, {_STATE_COUNTS}
            from ({_by_reason(history.counted_by("run_date"), period=f"date_trunc('{every}', run_date)")})
            group by all order by all"""
        )
    )


def reasons_by_province(history: History) -> pd.DataFrame:
    """Reason × province: submissions judged and wrong."""
    counted = _by_reason(history.counted_by("province"), province="province")
    return _shares(history.ask(f"select province, reason, {_STATE_COUNTS} from ({counted}) group by all order by all"))


def rules(history: History) -> pd.DataFrame:
    """Every rule that found something: findings, the filings and nights concerned, and the Pareto share."""
    found = history.ask(
        """with concerned as (
            -- not counted beside the others: grouping first is twice as fast as counting distinct ones
            select rule, count(filing) as distinct_filings from (select distinct rule, filing from findings)
            group by rule
        )
        select rule, reason::bigint as reason, count(*) filter (severity = 'error') as error,
            count(*) filter (severity = 'warning') as warning, any_value(distinct_filings) as distinct_filings,
            count(distinct run_date) as nights
        from findings join concerned using (rule)
        group by rule, reason order by error desc, warning desc, rule"""
    )
    found["error_share"] = _share(found["error"], pd.Series(found["error"].sum(), index=found.index))
    found["cumulated_share"] = found["error_share"].cumsum().clip(upper=1)
    return found


def days_to_fix(history: History) -> pd.DataFrame:
    """By reason, the filings it rejected: how many came back mended, after how many days, and the rest.

    Mended: after the last time the reason rejected it, the filing was sent again and the reason could be
    judged. A filing that never came back is ``open``: nobody here knows whether it was mended or given up.
    """
    since, resent = _since(history), history.resent
    # Most filings are sent once: they are counted, only the others are followed.
    return history.ask(
        f"""with all_failed as (
            select reason, sum(n) as times from ({_by_reason(history.counted_by("run_date"), "sum(known)")})
            where state = 'e' group by reason
        ), failures as materialized (
            select states, reason from (select distinct states from {resent} where rejected),
                unnest(range(0, {len(REASONS)})) as numbers(reason) where states[reason + 1] = 'e'
        ), failing as materialized (
            select filing, reason, min(run_date) as first_failed, max(turn) as last_failed, count(*) as times
            from (from {resent} where rejected and run_date >= {since}) join failures using (states)
            group by filing, reason
        ), mended as (
            select filing, reason, min(run_date) - any_value(first_failed) as days
            from failing join (from {resent} where rejected_before is not null) using (filing)
            where turn > last_failed and states[reason + 1] in ('p', 'w') group by filing, reason
        ), followed as (
            select reason, sum(times) - count(*) as again, count(days) as mended,
                median(days) as median_days, quantile_cont(days, 0.9) as slow_days
            from failing left join mended using (filing, reason) group by reason
        )
        select reason, (times - coalesce(again, 0))::bigint as failed, coalesce(mended, 0) as mended,
            failed - mended as open, median_days, slow_days
        from all_failed left join followed using (reason) order by reason"""
    )


def repeated(history: History) -> pd.DataFrame:
    """By sender and rule, the filings sent two nights or more with the same mistake."""
    return history.ask(
        f"""with suspects as (
            select filing from {history.resent} where rejected group by filing having min(run_date) < max(run_date)
        ), nightly as (
            select sender, rule, filing, run_date from findings
            where severity = 'error' and filing in (from suspects) group by all
        ), again as (
            select sender, rule, filing, count(*) as times, max(run_date) as last
            from nightly group by sender, rule, filing having times > 1
        )
        select sender, rule, count(*) as distinct_filings, sum(times)::bigint as filings, max(times) as most_times,
            max(last)::timestamp_ns as last_sent
        from again group by sender, rule order by distinct_filings desc, filings desc, sender, rule"""
    )


def causes(history: History, every: str = "week") -> pd.DataFrame:
    """Filings whose verdict changed since they were last sent, by what else had changed.

    ``data``: a cell of the filing. ``rules``: no cell, but the rules or their tables. ``context``: neither;
    the register, other filings, attachments or the day.
    """
    if every not in ("day", "week", "month"):
        raise ValueError(f"{every} is no period")
    return history.ask(
        f"""with judged_by as (select turn, dense_rank() over (order by rules, reference) as version from run)
        select date_trunc('{every}', run_date)::timestamp_ns as run_date,
            case when content <> content_before then 'data'
                when now.version <> before.version then 'rules' else 'context' end as cause,
            count(*) filter (rejected_before) as improved, count(*) filter (rejected) as worsened
        from {history.resent} join judged_by now using (turn) join judged_by before on before.turn = turn_before
        where rejected <> rejected_before and content is not null and content_before is not null
            and run_date >= {_since(history)}
        group by all order by all"""
    )


def changes(history: History) -> pd.DataFrame:
    """Per day, findings mended, new, back again and still there, as the runs recorded them."""
    return history.ask(
        """with counted as (select run_date, change, count(*) as n from filings group by all)
        select run_date::timestamp_ns as run_date,
            coalesce(sum(n) filter (change = 'new_filing'), 0)::bigint as new_filing,
            sum(n * coalesce(try_cast(regexp_extract(change, 'fixed:([0-9]+)', 1) as bigint), 0))::bigint as fixed,
            sum(n * coalesce(try_cast(regexp_extract(change, 'new:([0-9]+)', 1) as bigint), 0))::bigint as new,
            sum(n * coalesce(try_cast(regexp_extract(change, 'regressed:([0-9]+)', 1) as bigint), 0))::bigint
                as regressed,
            sum(n * coalesce(try_cast(regexp_extract(change, 'unchanged:([0-9]+)', 1) as bigint), 0))::bigint
                as unchanged
        from counted group by run_date having bool_or(change <> '') order by run_date"""
    )


def rule_changes(history: History) -> pd.DataFrame:
    """The days from which another version of the ``rules`` or their ``reference`` tables judged."""
    runs = history.runs[["run_date", "rules", "reference"]]
    before = runs.shift()
    parts = [
        runs.loc[(runs[what] != before[what]) & before[what].notna(), ["run_date"]].assign(what=what)
        for what in ("rules", "reference")
    ]
    found = pd.concat(parts).sort_values(["run_date", "what"], ignore_index=True)
    return found if history.since is None else found[found["run_date"] >= pd.Timestamp(history.since)]


def seconds(history: History) -> pd.DataFrame:
    """Seconds each step of each run took."""
    rows = [
        (night, step, taken)
        for night, steps in zip(history.nights["run_date"], history.nights["seconds"], strict=True)
        for step, taken in steps.items()
    ]
    return pd.DataFrame(rows, columns=["run_date", "step", "seconds"])


def _by_dimension(history: History, dimension: str) -> pd.DataFrame:
    if dimension not in DIMENSIONS:
        raise ValueError(f"{dimension} is none of {', '.join(DIMENSIONS)}")
    grouped = history.counted_by(dimension)
    found = history.ask(
        f"""with counted as (
            select {dimension}, {_verdict_counts()} from {grouped} group by {dimension}
        ), failed as (
            select {dimension}, reason, sum(n) as error
            from {grouped}, unnest(range(0, {len(REASONS)})) as numbers(reason)
            where states[reason + 1] = 'e' group by {dimension}, reason
        ), main as (
            select {dimension}, arg_max(reason, (error, -reason))::bigint as main_reason from failed
            group by {dimension}
        )
        select counted.*, rejected / filings as rejected_share, main_reason from counted left join main
            on counted.{dimension} is not distinct from main.{dimension}"""
    ).astype({"main_reason": "Int64"})
    return found.sort_values(["rejected", "filings", dimension], ascending=[False, False, True], ignore_index=True)


def _verdict_counts() -> str:
    """SQL for submissions by verdict."""
    counted = [f"coalesce(sum(n) filter (verdict = '{one}'), 0)::bigint as {one}" for one in VERDICTS]
    return ", ".join(["sum(n)::bigint as filings", *counted])


def _by_reason(table: str, number: str = "sum(n)", **dimensions: str) -> str:
    """SQL for the submissions by state of each reason. Grouped before it is unfolded: states repeat."""
    listed = "".join(f"{name}, " for name in dimensions)
    told = "".join(f"{told} as {name}, " for name, told in dimensions.items())
    return f"""select {listed}reason, states[reason + 1] as state, n
        from (select {told}states, {number} as n from {table} group by all),
            unnest(range(0, {len(REASONS)})) as numbers(reason)"""


def _since(history: History) -> str:
    """SQL for the first day asked for."""
    return f"date '{history.since or date.min}'"


def _shares(found: pd.DataFrame) -> pd.DataFrame:
    counts = ["filings", "unchecked", "warning", "error"]
    found[counts] = found[counts].fillna(0).astype("int64")
    found["error_share"] = _share(found["error"], found["filings"] - found["unchecked"])
    found["unchecked_share"] = _share(found["unchecked"], found["filings"])
    return found


def _share(part: pd.Series, whole: pd.Series) -> pd.Series:
    return (part / whole.where(whole > 0)).astype("float64")
