"""An export as it is handed over: files, a manifest, and proofs with which an outsider checks them without us.

Laws of this file: nothing stands at its place until all of it does; handing over needs the receipt of the entry that records the
export; that entry commits to a salted hash of every file, so a file and the manifest cannot be changed together unnoticed.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

from sluis.core.entry import Json, Receipt
from sluis.core.errors import BadInput, Flaw
from sluis.core.leaf import canonical
from sluis.core.receipt import receipt_text

MANIFEST, PROOFS = "manifest.json", "bewijzen.jsonl"
FORMAT = "sluis-uitvoer/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """An entry of the export with its proof and the bytes that its leaf commits to (no person is in them)."""

    receipt: Receipt
    core: bytes

    def line(self) -> str:
        """The line of the list of proofs; `bewijs` is a .tlog-proof as it stands."""
        told = {
            "id": self.receipt.entry_id,
            "index": self.receipt.index,
            "kern": self.core.decode(),
            "bewijs": receipt_text(self.receipt),
        }
        return json.dumps(told, ensure_ascii=False) + "\n"


def digest(salt: str, files: Mapping[str, str]) -> str:
    """The hash over the hashes of the files that the entry of the export commits to; the salt keeps the log from telling."""
    return "sha256:" + sha256(canonical({"bestanden": dict(files), "zout": salt})).hexdigest()


class Parcel:
    """A folder (or a file ending in `.zip`) in the making, beside its place; thrown away unless it is handed over."""

    def __init__(self, place: Path) -> None:
        if place.exists():
            raise BadInput(Flaw(where=str(place), what="it exists already", mend="name a place that does not"))
        if not place.parent.is_dir():
            raise BadInput(Flaw(where=str(place.parent), what="no such folder"))
        self.place = place
        self.files: dict[str, str] = {}
        self._aside = Path(tempfile.mkdtemp(dir=place.parent, prefix=f".{place.name}."))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        shutil.rmtree(self._aside, ignore_errors=True)

    def write(self, name: str, pieces: Iterable[str | bytes]) -> None:
        """Write a file of the export, durably."""
        self.files[name] = self._kept(name, pieces)

    def hand_over(self, proven: Iterable[Proven], export: Proven, told: Mapping[str, Json], salt: str) -> None:
        """Write proofs and manifest and put the whole in its place. `export` is the entry that records this export.

        If we die before the last step nothing stands there and the log over-reports.
        """
        proofs = self._kept(PROOFS, (one.line() for one in proven))
        manifest: dict[str, Json] = {
            "formaat": FORMAT,
            **told,
            "zout": salt,
            "bestanden": self.files,
            "bewijzen": {"bestand": PROOFS, "sha256": proofs},
            "controlepunt": export.receipt.checkpoint,
            "uitvoer": json.loads(export.line()),
        }
        self._kept(MANIFEST, [json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"])
        whole = self._zipped() if self.place.suffix == ".zip" else self._aside
        _sync_folder(self._aside)
        whole.rename(self.place)
        _sync_folder(self.place.parent)

    def _kept(self, name: str, pieces: Iterable[str | bytes]) -> str:
        seen = sha256()
        with os.fdopen(os.open(self._aside / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for piece in pieces:
                raw = piece.encode() if isinstance(piece, str) else piece
                seen.update(raw)
                file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        return seen.hexdigest()

    def _zipped(self) -> Path:
        whole = self._aside / "geheel.zip"
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as packed:
            for name in (*self.files, PROOFS, MANIFEST):
                packed.write(self._aside / name, name)
        whole.chmod(0o600)
        with whole.open("rb") as file:
            os.fsync(file.fileno())
        return whole


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def contents(place: Path) -> Iterator[tuple[str, bytes]]:
    """The files of an export that was handed over, by name. Raises `BadInput` for what is no export."""
    try:
        if place.is_dir():
            for file in sorted(place.iterdir()):
                yield file.name, file.read_bytes()
            return
        with zipfile.ZipFile(place) as packed:
            for name in packed.namelist():
                yield name, packed.read(name)
    except (OSError, zipfile.BadZipFile) as fault:
        raise BadInput(Flaw(where=str(place), what="it is no folder or zip file that can be read")) from fault
