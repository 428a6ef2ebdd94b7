"""From the name in a cell to a file inside the attachments folder, and never outside it."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from pathlib import Path

MISSING, OUTSIDE = "missing", "outside"


class Folder:
    """The attachments folder.

    Names are typed by people on another system: back slashes, another case and full-width letters are
    forgiven where exactly one file fits.

    Raises:
        NotADirectoryError: there is no such folder.
    """

    def __init__(self, root: Path) -> None:
        if not root.is_dir():
            raise NotADirectoryError(f"{root} is no folder")
        self.root = Path(os.path.realpath(root))
        self._listed: dict[Path, dict[str, str]] = {}

    def locate(self, name: str) -> Path | str:
        """The file meant, with links followed; ``missing``; or ``outside`` of the folder."""
        parts = [part for part in name.strip().replace("\\", "/").split("/") if part not in ("", ".")]
        if re.match(r"[\\/]|[A-Za-z]:", name.strip()) or ".." in parts:
            return OUTSIDE
        try:
            path = Path(os.path.realpath(self._walk(parts)))
            if not path.is_relative_to(self.root):
                return OUTSIDE
            # A pipe or a device would keep us waiting for ever.
            return path if stat.S_ISREG(path.stat().st_mode) else MISSING
        except (OSError, ValueError):  # not there, too long a name, or a character no name can have
            return MISSING

    def _walk(self, parts: list[str]) -> Path:
        path = self.root.joinpath(*parts)
        if path.exists():
            return path
        path = self.root
        for part in parts:
            # Links are followed at the end only, where it is known whether they lead outside; nothing
            # outside is listed.
            if not Path(os.path.realpath(path)).is_relative_to(self.root):
                return path
            path = path / self._entries(path).get(_sign(part), part)
        return path

    def _entries(self, folder: Path) -> dict[str, str]:
        """Names of a folder by what they have in common; ambiguous ones are left out."""
        if folder not in self._listed:
            entries: dict[str, str] = {}
            twice = set()
            for name in sorted(entry.name for entry in folder.iterdir()):
                sign = _sign(name)
                twice.update({sign} & entries.keys())
                entries[sign] = name
            self._listed[folder] = {sign: name for sign, name in entries.items() if sign not in twice}
        return self._listed[folder]


def _sign(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip()
