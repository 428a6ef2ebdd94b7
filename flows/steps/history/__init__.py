"""What became of filings over the nights: recorded after each run, asked by date, reason, rule, province, sender.

No names, numbers or mobiles are kept: a filing is known by a keyed digest, a sender by the name of an
agency or, where it looks like a person's, by a label made from a digest.
"""

from flows.steps.history.past import last_said, runs_before
from flows.steps.history.reading import History
from flows.steps.history.record import Part, parts, record
from flows.steps.history.store import HistoryError, append, compact

__all__ = ["History", "HistoryError", "Part", "append", "compact", "last_said", "parts", "record", "runs_before"]
