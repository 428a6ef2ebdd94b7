"""Digests under a key, and the file the key is kept in."""

from __future__ import annotations

import stat
from pathlib import Path

import pandas as pd
import pytest
from registers import DIGEST, KEY

from flows.steps import digest as digests
from flows.steps.digest import BadKey, Digest, load_key


def test_digests_are_equal_under_one_key_only():
    numbers = pd.Series(["330000198501010016", "", "13805710001", "330000198501010016"], dtype="str")
    ours, theirs = DIGEST.of(numbers), Digest(b"another key altogether").of(numbers)
    assert ours.tolist()[0] == ours.tolist()[3] != theirs.tolist()[0]
    assert ours.tolist()[1] == theirs.tolist()[1] == ""
    assert ours.str.fullmatch("[A-Za-z0-9_-]{22}").tolist() == [True, False, True, True]
    assert repr(KEY) not in repr(DIGEST)


def test_digest_is_hmac_sha256_cut_to_128_bits():
    # RFC 4231, test case 2
    value = Digest(b"Jefe").of(pd.Series(["what do ya want for nothing?"], dtype="str")).iloc[0]
    assert digests.base64.urlsafe_b64decode(value + "==").hex() == "5bdcc146bf60754e6a042426089575c7"


def test_joined_digests_do_not_confuse_their_parts():
    left = DIGEST.joined(pd.Series(["ab", "a"], dtype="str"), pd.Series(["c", "bc"], dtype="str"))
    assert left.nunique() == 2
    assert DIGEST.joined(pd.Series(["a"], dtype="str"), pd.Series([""], dtype="str")).tolist() == [""]


def test_key_file_is_made_once_and_for_the_owner_only(tmp_path: Path):
    key = load_key(tmp_path / "data", {})
    assert load_key(tmp_path / "data", {}) == key
    assert len(key) == 32
    assert [path.name for path in (tmp_path / "data").iterdir()] == [digests.KEY_FILE]
    assert stat.S_IMODE((tmp_path / "data" / digests.KEY_FILE).stat().st_mode) == 0o600
    assert load_key(tmp_path, {digests.KEY_SETTING: "a setting of some length"}) == b"a setting of some length"


@pytest.mark.parametrize(
    ("content", "mode"), [(b"", 0o600), (b"zz" * 32, 0o600), (b"ab" * 31, 0o600), (b"ab" * 32, 0o640)]
)
def test_key_file_that_cannot_be_trusted_is_refused(tmp_path: Path, content: bytes, mode: int):
    path = tmp_path / digests.KEY_FILE
    path.write_bytes(content)
    path.chmod(mode)
    with pytest.raises(BadKey, match=digests.KEY_FILE):
        load_key(tmp_path, {})
    assert path.read_bytes() == content
    with pytest.raises(BadKey, match=digests.KEY_SETTING):
        load_key(tmp_path, {digests.KEY_SETTING: "short"})
