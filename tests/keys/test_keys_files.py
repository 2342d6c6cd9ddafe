"""Key files: complete or absent, readable by their owner only, never quietly replaced."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sluis.core.errors import BadKey, KeyUnavailable
from sluis.keys import KeyFiles

ALL = ("index.key", "pseudonym.key", "log-signer.key")


def test_the_first_start_makes_every_key_and_the_second_finds_the_same(tmp_path: Path) -> None:
    first = KeyFiles(tmp_path / "keys")
    second = KeyFiles(tmp_path / "keys")
    assert (first.index_key, first.pseudonym_master, first.log_seed) == (
        second.index_key,
        second.pseudonym_master,
        second.log_seed,
    )
    assert len({first.index_key, first.pseudonym_master, first.log_seed}) == 3


def test_only_the_owner_can_read_a_key(tmp_path: Path) -> None:
    files = KeyFiles(tmp_path / "keys")
    files.make_kek(1)
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys").iterdir()} == {0o600}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o620])
def test_a_key_that_others_can_reach_is_refused(tmp_path: Path, mode: int) -> None:
    KeyFiles(tmp_path / "keys")
    (tmp_path / "keys" / "index.key").chmod(mode)
    with pytest.raises(BadKey, match=r"index\.key"):
        KeyFiles(tmp_path / "keys")


def test_a_directory_in_which_others_can_write_is_refused(tmp_path: Path) -> None:
    KeyFiles(tmp_path / "keys")
    (tmp_path / "keys").chmod(0o770)
    with pytest.raises(BadKey):
        KeyFiles(tmp_path / "keys")


@pytest.mark.parametrize("content", [b"", bytes(31), b"x" * 31, b"x" * 33, bytes(32)])
def test_a_key_of_another_size_or_all_zero_is_refused_without_showing_it(tmp_path: Path, content: bytes) -> None:
    KeyFiles(tmp_path / "keys")
    (tmp_path / "keys" / "pseudonym.key").write_bytes(content)
    with pytest.raises(BadKey) as caught:
        KeyFiles(tmp_path / "keys")
    assert "xx" not in str(caught.value)


@pytest.mark.parametrize("name", ALL)
def test_a_key_that_was_made_once_and_is_gone_is_not_made_again(tmp_path: Path, name: str) -> None:
    KeyFiles(tmp_path / "keys")
    (tmp_path / "keys" / name).unlink()
    with pytest.raises(BadKey, match="gone"):
        KeyFiles(tmp_path / "keys")


@pytest.mark.parametrize("name", ["complete", *ALL])
def test_a_first_start_that_died_half_way_is_finished_by_the_next(tmp_path: Path, name: str) -> None:
    before = KeyFiles(tmp_path / "keys")
    (tmp_path / "keys" / "complete").unlink()
    (tmp_path / "keys" / name).unlink(missing_ok=True)
    after = KeyFiles(tmp_path / "keys")
    assert (before.index_key == after.index_key) == (name != "index.key")
    assert KeyFiles(tmp_path / "keys").log_seed == after.log_seed


def test_a_link_to_a_key_elsewhere_is_refused(tmp_path: Path) -> None:
    KeyFiles(tmp_path / "keys")
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / "keys" / "index.key").rename(elsewhere)
    (tmp_path / "keys" / "index.key").symlink_to(elsewhere)
    with pytest.raises(KeyUnavailable):
        KeyFiles(tmp_path / "keys")


def test_a_path_is_no_name_of_a_key(tmp_path: Path) -> None:
    files = KeyFiles(tmp_path / "keys")
    for name in ("../out.key", "/etc/key", ".hidden"):
        with pytest.raises(BadKey):
            files.secret(name)


def test_many_makers_at_once_get_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(lambda _: KeyFiles(tmp_path / "keys"), range(8)))
        secrets = set(pool.map(lambda files: files.make_kek(1), rings))
    assert len({files.index_key for files in rings}) == 1
    assert len(secrets) == 1
    assert not [path for path in (tmp_path / "keys").iterdir() if path.name.startswith(".")]


def test_a_destroyed_key_is_gone_with_every_other_name_it_had(tmp_path: Path) -> None:
    files = KeyFiles(tmp_path / "keys")
    first, second = files.make_kek(1), files.make_kek(2)
    kek = tmp_path / "keys" / "kek-000001.key"
    left_by_a_crash = tmp_path / "keys" / ".kek-000001.key.0123456789abcdef"
    left_by_a_crash.hardlink_to(kek)
    assert files.destroy_keks_before(2) == 1
    assert not kek.exists()
    assert not left_by_a_crash.exists()
    assert files.kek(2) == second
    assert first not in b"".join(path.read_bytes() for path in (tmp_path / "keys").iterdir())
    with pytest.raises(KeyUnavailable):
        files.kek(1)
    assert files.destroy_keks_before(2) == 0


def test_a_secret_is_succeeded_and_the_one_before_is_kept_until_it_is_destroyed(tmp_path: Path) -> None:
    files = KeyFiles(tmp_path / "keys")
    old, new = files.log_seed, files.secret("next.key")
    files.succeed("log-signer.key", "next.key", "old.key")
    assert (files.secret("log-signer.key"), files.secret("old.key"), files.has("next.key")) == (new, old, False)
    assert KeyFiles(tmp_path / "keys").log_seed == new
    another = files.secret("next.key")
    with pytest.raises(BadKey, match="still there"):
        files.succeed("log-signer.key", "next.key", "old.key")
    assert (files.secret("log-signer.key"), files.secret("next.key")) == (new, another)
    files.destroy("old.key")
    files.destroy("old.key")
    assert not files.has("old.key")
    files.succeed("log-signer.key", "next.key", "old.key")
    assert (files.secret("log-signer.key"), files.secret("old.key")) == (another, new)


def test_nothing_is_succeeded_by_a_secret_that_is_not_there(tmp_path: Path) -> None:
    files = KeyFiles(tmp_path / "keys")
    before = files.log_seed
    with pytest.raises(BadKey):
        files.succeed("log-signer.key", "next.key", "old.key")
    assert (KeyFiles(tmp_path / "keys").log_seed, files.has("old.key")) == (before, False)
