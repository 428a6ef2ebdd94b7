"""The register: filings already on file, kept in a store or given as a file, joined onto the filings under check."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from flows.steps.digest import Digest
from flows.steps.register import entries as _entries
from flows.steps.register import facts as _facts
from flows.steps.register.entries import NEEDS
from flows.steps.register.reading import BadRegister, read
from flows.steps.register.store import STORE_FILE, Imported, Store

__all__ = [
    "NEEDS", "STORE_FILE", "BadRegister", "Imported", "Register", "Store", "import_register", "is_store", "read",
    "show",
]  # fmt: skip


def is_store(named: str) -> bool:
    """Whether a register is kept in a store, by what a user calls it; else it is a file to read."""
    return "://" in named or Path(named).suffix in {".sqlite", ".db"}


class Register:
    """Filings on file, ready to be asked about filings under check."""

    def __init__(self, digest: Digest, candidates: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
        self._digest, self._candidates = digest, candidates

    @classmethod
    def of_file(cls, path: Path, digest: Digest) -> Register:
        """A sheet or CSV, held in memory for one run.

        Raises:
            BadRegister: the file holds no register.
        """
        entries = _entries.entries(read(path), digest)
        return cls(digest, lambda looked_up: _entries.candidates(entries, looked_up))

    @classmethod
    def of_store(cls, url: str | Path, digest: Digest) -> Register:
        """A store; it must have been imported into.

        Raises:
            BadRegister: when asked, if the store is missing, damaged, or made under another key.
        """
        return cls(digest, Store(url, digest).candidates)

    def facts(self, filings: pd.DataFrame) -> pd.DataFrame:
        """The ``register.…`` columns of each filing, text, index 0…n-1.

        Args:
            filings: canonical text; columns of :data:`NEEDS` that are absent read as blank.
        """
        present = pd.DataFrame(
            {name: filings[name] if name in filings else pd.Series("", filings.index, dtype="str") for name in NEEDS}
        )
        looked_up = _entries.keys(present.reset_index(drop=True), self._digest)
        return _facts.facts(looked_up, self._candidates(looked_up))


def import_register(files: Sequence[Path], url: str | Path, key: bytes) -> Imported:
    """Replace the store's snapshot by these files. See :meth:`Store.import_`."""
    store = Store(url, Digest(key))
    try:
        return store.import_(files)
    finally:
        store.close()


def show(url: str | Path, key: bytes, *, domain: str = "", subject: str = "") -> list[dict[str, str]]:
    """What the store holds of a domain or a subject. See :meth:`Store.show`."""
    store = Store(url, Digest(key))
    try:
        return store.show(domain=domain, subject=subject)
    finally:
        store.close()
