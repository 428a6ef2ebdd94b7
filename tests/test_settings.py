"""Settings: the command line first, then the environment, then the file, then the default."""

from datetime import date
from pathlib import Path

import pytest

from flows.settings import BadSetting, Settings, load


def test_the_command_line_comes_before_the_environment_before_the_file(tmp_path):
    file = tmp_path / "icp-preflight.toml"
    file.write_text('[tool.icp-preflight]\nlang = "en"\nreview-days = 30\nout = "from-file"\n', encoding="utf-8")
    environ = {"ICP_PREFLIGHT_CONFIG": str(file), "ICP_PREFLIGHT_OUT": "from-environment", "ICP_PREFLIGHT_MASK": "true"}
    settings = load({"as_of": date(2026, 1, 15), "lang": None}, environ)
    assert (settings.lang, settings.review_days, settings.out) == ("en", 30, Path("from-environment"))
    assert (settings.as_of, settings.mask) == (date(2026, 1, 15), True)
    assert load({"out": Path("here")}, environ).out == Path("here")


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"ICP_PREFLIGHT_LANG": "fr"}, "ICP_PREFLIGHT_LANG"),
        ({"ICP_PREFLIGHT_REVIEW_DAYS": "soon"}, "ICP_PREFLIGHT_REVIEW_DAYS: 'soon'"),
        ({"ICP_PREFLIGHT_WORKERS": "-1"}, "ICP_PREFLIGHT_WORKERS"),
        ({"ICP_PREFLIGHT_MASK": "maybe"}, "ICP_PREFLIGHT_MASK"),
        ({"ICP_PREFLIGHT_AS_OF": "2026-13-01"}, "ICP_PREFLIGHT_AS_OF: .*YYYY-MM-DD"),
        ({"ICP_PREFLIGHT_CONFIG": "nowhere.toml"}, "nowhere.toml"),
    ],
    ids=lambda value: next(iter(value), "") if isinstance(value, dict) else "",
)
def test_a_setting_that_cannot_be_used_is_named(environ, named):
    with pytest.raises(BadSetting, match=named):
        load({}, environ)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[tool.icp-preflight]\nlanguage = 'zh'", "language"),
        ("[icp-preflight]\nlang = 'zh'", "tool.icp-preflight"),
        ("[tool.icp-preflight]\nlang = zh", "line 2"),
        ("[tool.icp-preflight]\nwebhook = 5", "webhook"),
        ("[tool.icp-preflight]\nkeep-days = 1.5", "keep-days"),
        ("[tool.icp-preflight]\nas-of = 2026-01-15T00:00:00", "as-of"),
    ],
    ids=["unknown setting", "another table", "no TOML", "a number for text", "a part of a day", "a time for a day"],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path, text, named):
    file = tmp_path / "settings.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadSetting, match=named):
        load({}, {"ICP_PREFLIGHT_CONFIG": str(file)})


def test_a_file_may_say_nothing(tmp_path):
    file = tmp_path / "settings.toml"
    file.write_text("# [tool.icp-preflight]\n", encoding="utf-8")
    assert load({}, {"ICP_PREFLIGHT_CONFIG": str(file)}) == Settings()
