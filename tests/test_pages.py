"""Generated pages are checked, not trusted."""

from pathlib import Path

from expectations import page


def test_generated_pages_are_current():
    assert page.stale(Path(__file__).parent.parent) == [], "run: python -m expectations.page"
