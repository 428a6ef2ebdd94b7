"""Import rate of the register and time of its join, with sizes: ``python -m benchmarks.register --entries 500000``.

Measured once with 5,000,000 entries on two cores under other load: import 183 s of CPU (12 min of wall time),
the same files again 12 s, store 2.6 GB, join with 100,000 filings 21 s of CPU.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from flows.steps.digest import Digest
from flows.steps.register import Register, Store
from flows.steps.register.reading import REGISTER_COLUMNS

_KEY = b"benchmark" * 4
_PART = 100_000


def numbers(prefix: str, values: np.ndarray, width: int) -> pd.Series:
    return prefix + pd.Series(values).astype("str").str.zfill(width)


def register_part(start: int, size: int) -> pd.DataFrame:
    """Invented entries: two sites a subject, one mobile a subject, a tenth of the entries cancelled or pending."""
    at = np.arange(start, start + size)
    subject = at // 2
    icp = numbers("浙ICP备", subject, 8) + "号"
    person = numbers("330000", subject, 12)
    mobile = numbers("139", subject % 10**8, 8)
    frame = {
        "subject_certificate_type": "营业执照",
        "subject_certificate_number": numbers("91330000MA", subject, 8),
        "subject_name": numbers("杭州样例", subject, 7) + "有限公司",
        "subject_icp_number": icp,
        "province": "浙江",
        "domain": numbers("sample-", at, 8) + ".cn",
        "site_icp_number": icp + "-" + pd.Series(at % 2 + 1).astype("str"),
        "with_this_provider": np.where(subject % 3 == 0, "是", "否"),
        "principal_name": "林示例",
        "principal_certificate_number": person,
        "principal_mobile": mobile,
        "site_principal_name": "林示例",
        "site_principal_certificate_number": person,
        "site_principal_mobile": mobile,
        "status": np.where(at % 20 == 0, "已注销", np.where(at % 20 == 1, "审核中", "已备案")),
    }
    return pd.DataFrame(frame, dtype="str").rename(columns={key: REGISTER_COLUMNS[key].zh for key in frame})


def filings(size: int, entries: int) -> pd.DataFrame:
    """Filings of which half have to do with an entry."""
    at = np.random.default_rng(1).integers(0, 2 * entries, size)
    subject = at // 2
    frame = {
        "subject_nature": "企业",
        "subject_certificate_type": "营业执照",
        "subject_certificate_number": numbers("91330000MA", subject, 8),
        "subject_name": numbers("杭州样例", subject, 7) + "有限公司",
        "province": "浙江",
        "domain": numbers("sample-", at, 8) + ".cn",
        "principal_mobile": numbers("139", at % 10**8, 8),
        "principal_certificate_number": numbers("330000", subject, 12),
        "site_principal_mobile": numbers("139", at % 10**8, 8),
    }
    return pd.DataFrame(frame, dtype="str")


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--entries", type=int, default=500_000)
    arguments.add_argument("--filings", type=int, default=100_000)
    arguments.add_argument("--url", help="a PostgreSQL URL; a SQLite file in a temporary folder without it")
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source, path = Path(folder, "register.csv"), Path(folder, "register.sqlite")
        for start in range(0, chosen.entries, _PART):
            part = register_part(start, min(_PART, chosen.entries - start))
            part.to_csv(source, mode="a", header=start == 0, index=False, encoding="utf-8")
        print(f"register: {chosen.entries:,} entries, CSV of {source.stat().st_size / 1e6:,.0f} MB")
        store = Store(chosen.url or path, Digest(_KEY))
        seconds = timed("import", lambda: store.import_([source]))
        minutes = 5e6 / chosen.entries * seconds / 60
        print(f"  {chosen.entries / seconds:,.0f} entries a second; 5,000,000 at this rate: {minutes:.1f} min")
        timed("import again, unchanged", lambda: store.import_([source]))
        if not chosen.url:
            print(f"  store {path.stat().st_size / 1e6:,.0f} MB")
        register = Register(Digest(_KEY), store.candidates)
        under_check = filings(chosen.filings, chosen.entries)
        timed(f"join with {chosen.filings:,} filings", lambda: register.facts(under_check))
        timed("the same again", lambda: register.facts(under_check))
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


def timed(what: str, work: Callable[[], object]) -> float:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    seconds = time.perf_counter() - wall
    print(f"{what}: {seconds:.1f} s ({time.process_time() - cpu:.1f} s of CPU)")
    return seconds


if __name__ == "__main__":
    main()
