"""Key files: random secrets in one directory that only its owner can read.

Laws of this file: a key file is complete or absent (written aside, synced, then linked into place; only `succeed` puts another
in its place, and keeps the first); a file
that others can read, or of another size than expected, is refused and not mended; a directory that was complete once and
misses a key now is refused, because a new index key would quietly make everybody unknown.
"""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from sluis.core.errors import BadKey, Flaw, KeyUnavailable

KEY_SIZE: Final = 32
INDEX: Final = "index.key"
PSEUDONYM: Final = "pseudonym.key"
LOG_SIGNER: Final = "log-signer.key"
COMPLETE: Final = "complete"
_OTHERS: Final = 0o077
_OTHERS_WRITE: Final = 0o022


class KeyFiles:
    """The secrets of one broker: index key, pseudonym master, Ed25519 seed of the log, and one key-encryption key per epoch.

    Made when the directory is empty, loaded afterwards. Raises `BadKey` for a directory or file that others can reach, for a
    wrong size, and for a key that was there and is gone; `KeyUnavailable` when the directory cannot be read or written.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            mode = directory.stat().st_mode
        except OSError as error:
            raise KeyUnavailable(f"the key directory cannot be used: {error.strerror}") from None
        if mode & _OTHERS_WRITE:
            raise BadKey(Flaw(where=str(directory), what="others can write in the key directory", mend="chmod 700"))
        if not (directory / COMPLETE).exists():
            # If we die between two of these lines, the next start makes what is missing and keeps what is there.
            for name in (INDEX, PSEUDONYM, LOG_SIGNER):
                self._make(name, KEY_SIZE)
            self._make(COMPLETE, 1)
        self.index_key = self._load(INDEX, KEY_SIZE)
        self.pseudonym_master = self._load(PSEUDONYM, KEY_SIZE)
        self.log_seed = self._load(LOG_SIGNER, KEY_SIZE)

    def secret(self, name: str, size: int = KEY_SIZE) -> bytes:
        """The secret of that name; made, durably, when there is none. Two processes that make it at once get the same one."""
        path = self._path(name)
        if not path.exists():
            self._make(name, size)
        return self._load(name, size)

    def has(self, name: str) -> bool:
        """Whether there is a secret of that name."""
        return self._path(name).exists()

    def succeed(self, name: str, by: str, keep: str) -> None:
        """Put the secret `by` in the place of `name`, and keep what was there as `keep`.

        It may die at any step and be run again, for as long as `by` is there. Raises `BadKey` when another secret is kept there.
        """
        old = self.secret(name)
        self._load(by, KEY_SIZE)
        if not self.has(keep):
            self._put(keep, old)
        if self._load(keep, KEY_SIZE) != old:
            raise BadKey(Flaw(where=keep, what="the key before the last is still there", mend="drop it first"))
        # If we die here nothing has changed but that the old key stands there twice.
        try:
            self._path(by).replace(self._path(name))
            self._sync_directory()
        except OSError as error:
            raise KeyUnavailable(f"a key file cannot be put in place: {error.strerror}") from None

    def destroy(self, name: str) -> None:
        """Overwrite and remove a secret; one that is not there is destroyed already."""
        try:
            with suppress(FileNotFoundError):
                _overwrite(self._path(name))
                self._path(name).unlink()
            self._sync_directory()
        except OSError as error:
            raise KeyUnavailable(f"a key cannot be destroyed: {error.strerror}") from None

    def kek(self, epoch: int) -> bytes:
        """The key-encryption key of that epoch. Raises `KeyUnavailable` when it was destroyed or never made."""
        name = _kek_name(epoch)
        if not self._path(name).exists():
            raise KeyUnavailable(f"the key-encryption key of epoch {epoch} is not there")
        return self._load(name, KEY_SIZE)

    def make_kek(self, epoch: int) -> bytes:
        """The key-encryption key of that epoch, made when there is none; one that is there already is kept."""
        return self.secret(_kek_name(epoch))

    def destroy_keks_before(self, epoch: int) -> int:
        """Overwrite and remove the keys of all earlier epochs, also half-made ones; return how many there were."""
        doomed = [p for p in sorted(self.directory.iterdir()) if (e := _kek_epoch(p.name)) is not None and e < epoch]
        try:
            for path in doomed:
                # If we die after the overwriting, the file is refused as a key (all zero) and removed by the next rotation.
                _overwrite(path)
                path.unlink(missing_ok=True)
            self._sync_directory()
        except OSError as error:
            raise KeyUnavailable(f"an old key-encryption key cannot be destroyed: {error.strerror}") from None
        return sum(not p.name.startswith(".") for p in doomed)

    def _path(self, name: str) -> Path:
        if "/" in name or name.startswith("."):
            raise BadKey(Flaw(where="key file", what="is no plain file name"))
        return self.directory / name

    def _load(self, name: str, size: int) -> bytes:
        """Read one key through a descriptor whose owner, mode and size were checked: no link, no race."""
        try:
            handle = os.open(self._path(name), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            raise BadKey(Flaw(where=name, what="was made once and is gone", mend="restore it from its backup")) from None
        except OSError as error:
            raise KeyUnavailable(f"a key file cannot be read: {error.strerror}") from None
        with os.fdopen(handle, "rb") as file:
            status = os.fstat(file.fileno())
            if status.st_mode & _OTHERS or not stat.S_ISREG(status.st_mode):
                raise BadKey(Flaw(where=name, what="others can read this key file", mend="chmod 600"))
            if status.st_uid not in {0, os.geteuid()}:
                raise BadKey(Flaw(where=name, what="belongs to somebody else", mend="chown"))
            secret = file.read(size + 1)
        if len(secret) != size or (size >= KEY_SIZE and not any(secret)):
            raise BadKey(Flaw(where=name, what=f"is no key of {size} bytes", mend="restore it from its backup"))
        return secret

    def _make(self, name: str, size: int) -> None:
        """Put a fresh random secret in place, unless another process was first."""
        self._put(name, secrets.token_bytes(size))

    def _put(self, name: str, secret: bytes) -> None:
        path = self._path(name)
        aside = self.directory / f".{name}.{secrets.token_hex(8)}"
        try:
            handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(secret)
                file.flush()
                os.fsync(file.fileno())
            # A link, not a rename: it never replaces a key that somebody already works with.
            with suppress(FileExistsError):
                os.link(aside, path)
            # If we die here the second name stays; `destroy_keks_before` removes it together with the first.
            aside.unlink()
            self._sync_directory()
        except OSError as error:
            raise KeyUnavailable(f"a key file cannot be written: {error.strerror}") from None

    def _sync_directory(self) -> None:
        handle = os.open(self.directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _kek_name(epoch: int) -> str:
    return f"kek-{epoch:06d}.key"


def _kek_epoch(name: str) -> int | None:
    """The epoch of a key file or of one that was being made: `kek-000001.key`, `.kek-000001.key.…`."""
    stem = name.removeprefix(".")
    digits = stem[4:10]
    return int(digits) if stem.startswith("kek-") and stem[10:14] == ".key" and digits.isdecimal() else None


def _overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(bytes(os.fstat(file.fileno()).st_size))
        file.flush()
        os.fsync(file.fileno())
