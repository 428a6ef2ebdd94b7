"""Keyed digests: how identity numbers, mobiles and filings are remembered without being kept.

HMAC-SHA256 (RFC 2104), cut to 128 bits and written as 22 letters. Whoever has the store but not the key
cannot try out all mobiles; two stores made with the same key can be joined.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from expectations.filing import COLUMNS
from expectations.rows import Filings
from expectations.words import Words

KEY_SETTING = "ICP_PREFLIGHT_KEY"
KEY_FILE = "preflight.key"
_KEY_BYTES = 32
_SHORTEST_SETTING = 16
_DIGEST_BYTES = 16  # half of SHA-256, the least RFC 2104 advises; no two of 10^12 values meet


class BadKey(ValueError):  # noqa: N818 - a setting or file to mend, not a fault of ours
    """The key of the digests cannot be used, in words that say why and what to do."""

    def __init__(self, words: Words) -> None:
        super().__init__(f"{words.zh} / {words.en}")
        self.words = words


class Digest:
    """Digests of text under one key. Not printable: the key must reach no log."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def __repr__(self) -> str:
        return "Digest(key hidden)"

    def of(self, series: pd.Series) -> pd.Series:
        """The digest of each value, 22 letters of ``A-Za-z0-9-_``; blank stays blank.

        Each distinct value is computed once, so repeated values are nearly free.
        """
        text = pa.array(series, from_pandas=True)
        if isinstance(text, pa.ChunkedArray):
            text = text.combine_chunks()
        coded = pc.fill_null(text.cast(pa.large_string()), "").dictionary_encode()
        digests = pa.array([self._one(value) for value in coded.dictionary.to_pylist()], pa.large_string())
        taken = digests.take(coded.indices)
        return pd.Series(pd.array(taken, dtype="str"), index=series.index) if len(series) else series.astype("str")

    def joined(self, *columns: pd.Series) -> pd.Series:
        """The digest of several columns as one key, unambiguous whatever they hold; blank where any is blank."""
        key = columns[0].astype("str")
        filled = key != ""
        for column in columns[1:]:
            key = key.str.cat(column.astype("str"), sep="\x1f")
            filled &= column != ""
        return self.of(key.where(filled, ""))

    def _one(self, value: str) -> str:
        if not value:
            return ""
        full = hmac.digest(self._key, value.encode("utf-8", "surrogatepass"), "sha256")
        return base64.urlsafe_b64encode(full[:_DIGEST_BYTES])[:22].decode("ascii")

    @property
    def fingerprint(self) -> str:
        """Tells stores of different keys apart; says nothing of the key."""
        return self._one("icp-preflight key")


def filing_keys(filings: Filings, digest: Digest) -> pd.Series:
    """What a filing is known by from run to run: the digest of its subject and domain; blank where either is."""
    return digest.joined(filings["subject_key"], filings["domain"])


def filing_contents(filings: Filings, digest: Digest) -> pd.Series:
    """A digest of every cell of the form but its number, so that a later run can tell whether the data changed."""
    keys = [key for key in (*COLUMNS, "damaged") if key != "filing_no" and key in filings.frame]
    if not keys:
        return filings.constant("")
    large = pa.large_string()
    texts = [
        pc.binary_join_element_wise(
            pa.scalar(key, large), pa.array(filings[key].astype("str")).cast(large), pa.scalar("=", large)
        )
        for key in keys
    ]
    joined = pc.binary_join_element_wise(*texts, pa.scalar("\x1f", large))
    return digest.of(pd.Series(joined.to_pandas(), index=filings.index, dtype="str"))


def load_key(folder: Path, environ: Mapping[str, str] = os.environ) -> bytes:
    """The key: from the setting, else from the key file in ``folder``, which is made at first use.

    Raises:
        BadKey: the setting is too short, or the file is damaged or readable by others.
        OSError: the folder cannot be written.
    """
    setting = environ.get(KEY_SETTING, "")
    if setting:
        if len(setting) < _SHORTEST_SETTING:
            raise BadKey(
                Words(
                    f"{KEY_SETTING} 太短（{len(setting)} 个字符），至少需要 {_SHORTEST_SETTING} 个字符",
                    f"{KEY_SETTING} is too short ({len(setting)} characters), at least {_SHORTEST_SETTING} are needed",
                )
            )
        return setting.encode("utf-8", "surrogateescape")
    path = folder / KEY_FILE
    if not path.exists():
        _make(path)
    return _read(path)


def filing_digest(folder: Path, environ: Mapping[str, str] = os.environ) -> Digest:
    """The digest by which a filing is known again from run to run.

    Under the key where there is one. Without, under a key everybody knows: tables that lie beside the
    report, which holds the numbers themselves, hide nothing by it, and need no file made for them.

    Raises:
        BadKey: as :func:`load_key`.
    """
    if environ.get(KEY_SETTING) or (folder / KEY_FILE).exists():
        return Digest(load_key(folder, environ))
    return Digest(b"icp-preflight: no key was set")


def _make(path: Path) -> None:
    """A new key file, whole or not at all; when two processes make one at once, the first stands."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_hex(_KEY_BYTES).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, path)
        except FileExistsError:
            return
    finally:
        temporary.unlink(missing_ok=True)


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        content = file.read(4 * _KEY_BYTES)
    if os.name == "posix" and mode & 0o077:
        raise BadKey(
            Words(
                f"密钥文件 {path} 的权限是 {mode:o}，其他用户可以访问；应为 600（chmod 600）",
                f"the key file {path} has permissions {mode:o}, open to others; 600 is needed (chmod 600)",
            )
        )
    try:
        key = binascii.unhexlify(content.strip())
    except binascii.Error:
        key = b""
    if len(key) != _KEY_BYTES:
        raise BadKey(
            Words(
                f"密钥文件 {path} 已损坏：应为 {2 * _KEY_BYTES} 个十六进制字符；请从备份恢复，"
                "或删除它并重新导入备案库（旧的摘要将无法再匹配）",
                f"the key file {path} is damaged: {2 * _KEY_BYTES} hexadecimal letters are expected; restore it, "
                "or delete it and import the register anew (older digests will match nothing)",
            )
        )
    return key
