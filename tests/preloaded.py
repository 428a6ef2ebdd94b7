"""What every night needs, imported and made once for a server that forks them."""

import threading

import alembic.command
import alembic.config  # noqa: F401

import expectations.suite  # noqa: F401
import flows.night
import flows.run
import flows.steps.history.before
import flows.steps.ledger_rows  # noqa: F401
from expectations import specimen
from expectations.catalogue import catalogue, shared_fingerprint

shared_fingerprint()
faultless = specimen.filings(specimen.batch([{}])[0])
for rule in catalogue().values():
    rule.outcome(faultless)
assert threading.active_count() == 1, "a process of several threads must not be forked"
