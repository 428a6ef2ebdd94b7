"""Generated pages are checked, not trusted."""

from pathlib import Path

import pytest

from expectations import page
from expectations.catalogue import of_reason
from expectations.reasons import REASONS, Reason


def test_generated_pages_are_current():
    assert page.stale(Path(__file__).parent.parent) == [], "run: python -m expectations.page"


@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: str(reason.number))
def test_rule_in_full_reads_as_its_findings_do(reason: Reason):
    rules = [rule for rule in of_reason(reason.number) if rule.message.placeholders and rule.fix.placeholders]
    for rule in (rules or of_reason(reason.number))[:2]:
        chinese, english = (page.rule_in_full(rule, language) for language in ("zh", "en"))
        assert not {"{", "}"} & set(chinese + english)
        assert rule.why in english and rule.why not in chinese
        assert ("举例" in chinese) == bool(rule.message.placeholders | rule.fix.placeholders)
