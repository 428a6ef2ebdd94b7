"""Nothing in a test may reach out, and Prefect keeps its files in a folder of the test run."""

import os
import tempfile

os.environ["DO_NOT_TRACK"] = "1"
os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
os.environ["PREFECT_LOGGING_TO_API_ENABLED"] = "false"
os.environ.setdefault("PREFECT_HOME", tempfile.mkdtemp(prefix="prefect-"))
for name in [name for name in os.environ if name.startswith("ICP_PREFLIGHT_") or name == "PREFECT_API_URL"]:
    del os.environ[name]


def pytest_collection_modifyitems(items: list) -> None:
    """Tests that take minutes come first: the cores that are done with theirs take over the many short ones."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
