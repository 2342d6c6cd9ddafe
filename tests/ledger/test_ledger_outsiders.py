"""Programs that we did not write: they accept our log, and refuse it when it was touched.

Versions are pinned. What is not there and cannot be installed skips with its reason, or fails under `SLUIS_REQUIRE_ALL=1`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

import metamorphic_log
import pytest
from ledger_world import ORIGIN, START, TestSigner, make_parts, release

from sluis.core.entry import Receipt
from sluis.core.merkle import leaf_hash
from sluis.core.note import parse_checkpoint, parse_note
from sluis.ledger.log import TransparencyLog, open_sqlite_log
from sluis.ledger.opening import Outside
from sluis.ledger.publishing import Folder
from sluis.ledger.reading import consistency
from sluis.ledger.signing import WitnessLine, verifier_key

KEY = verifier_key(TestSigner())
VKEY = str(KEY)
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
SIZE = 300


def absent(reason: str) -> NoReturn:
    if os.environ.get("SLUIS_REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@dataclass
class Published:
    """A log of 300 entries in a folder, its checkpoint at 200, and a receipt in the middle."""

    folder: Path
    old: str
    new: str
    steps: tuple[bytes, ...]
    receipt: Receipt


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    place = tmp_path_factory.mktemp("outsiders")
    log = open_sqlite_log(place / "audit.db", make_parts(), Outside(folder=Folder(place / "public")))
    first = grow(log, 200)
    old = log.state().checkpoint
    grow(log, SIZE - 200)
    log.tend()
    found = Published(place / "public", old, log.state().checkpoint, consistency(log.reader, 200, SIZE), log.receipt(first[77]))
    log.close()
    return found


def grow(log: TransparencyLog, count: int) -> list[str]:
    tickets = [log.submit(release(number)) for number in range(count)]
    return [ticket.wait(30).entry_id for ticket in tickets]


def flipped(raw: bytes) -> bytes:
    return bytes([raw[0] ^ 1]) + raw[1:]


def other_root(note: str) -> str:
    root = parse_note(note).text.split("\n")[2]
    return note.replace(root, root[1:2] + root[0:1] + root[2:])


# ---- metamorphic-log (Rust) ----------------------------------------------------------------------


def test_metamorphic_log_accepts_an_inclusion(published: Published) -> None:
    receipt = published.receipt
    metamorphic_log.checkpoint_verify(receipt.checkpoint, [VKEY])
    metamorphic_log.checkpoint_verify_inclusion(
        receipt.checkpoint, [VKEY], receipt.index, leaf_hash(receipt.leaf), list(receipt.proof)
    )


def test_metamorphic_log_accepts_that_the_log_only_grew(published: Published) -> None:
    metamorphic_log.checkpoint_verify_consistency(published.old, published.new, [VKEY], list(published.steps))


RECEIPT_CHANGES: list[Callable[[Receipt], Receipt]] = [
    lambda good: replace(good, leaf=flipped(good.leaf)),
    lambda good: replace(good, index=good.index + 1),
    lambda good: replace(good, proof=good.proof[:-1]),
    lambda good: replace(good, proof=(flipped(good.proof[0]), *good.proof[1:])),
    lambda good: replace(good, checkpoint=other_root(good.checkpoint)),
    lambda good: replace(good, checkpoint=good.checkpoint.replace(f"\n{SIZE}\n", f"\n{SIZE - 1}\n")),
]
CHANGE_NAMES = ["leaf-changed", "index-changed", "path-shortened", "path-changed", "root-changed", "size-changed"]


@pytest.mark.parametrize("change", RECEIPT_CHANGES, ids=CHANGE_NAMES)
def test_metamorphic_log_refuses_what_was_touched(change: Callable[[Receipt], Receipt], published: Published) -> None:
    receipt = change(published.receipt)
    with pytest.raises(metamorphic_log.VerifyError):
        metamorphic_log.checkpoint_verify_inclusion(
            receipt.checkpoint, [VKEY], receipt.index, leaf_hash(receipt.leaf), list(receipt.proof)
        )


def test_metamorphic_log_refuses_a_rewritten_history(published: Published, tmp_path: Path) -> None:
    forged = open_sqlite_log(tmp_path / "forged.db", make_parts())
    grow(forged, SIZE)
    with pytest.raises(metamorphic_log.VerifyError):
        metamorphic_log.checkpoint_verify_consistency(
            published.old, forged.state().checkpoint, [VKEY], list(consistency(forged.reader, 200, SIZE))
        )
    forged.close()


# ---- @sigstore/verify (JavaScript) ---------------------------------------------------------------

SIGSTORE = "@sigstore/verify@4.1.3"


@pytest.fixture(scope="module")
def node_folder() -> Path:
    folder = CACHE / "sluis-node"
    if not shutil.which("node") or not shutil.which("npm"):
        absent("node and npm are not installed")
    document = folder / "node_modules" / "@sigstore" / "verify" / "package.json"
    if not document.is_file() or '"version": "4.1.3"' not in document.read_text():
        folder.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder), SIGSTORE]
        if subprocess.run(command, capture_output=True, check=False, timeout=300).returncode:
            absent(f"npm could not install {SIGSTORE}")
    return folder


def sigstore(folder: Path, receipt: Receipt) -> str:
    head = parse_checkpoint(parse_note(receipt.checkpoint).text).head
    given = {
        "origin": ORIGIN,
        "keyId": KEY.key_id.hex(),
        "public": KEY.public.hex(),
        "index": receipt.index,
        "size": head.size,
        "root": head.root.hex(),
        "leaf": receipt.leaf.hex(),
        "proof": [step.hex() for step in receipt.proof],
        "checkpoint": receipt.checkpoint,
    }
    script = Path(__file__).with_name("node") / "verify_inclusion.cjs"
    said = subprocess.run(
        ["node", str(script), str(folder)], input=json.dumps(given), capture_output=True, text=True, check=True, timeout=60
    )
    return said.stdout.strip()


@pytest.mark.node
def test_sigstore_accepts_an_inclusion(published: Published, node_folder: Path) -> None:
    assert sigstore(node_folder, published.receipt) == "accepted"


@pytest.mark.node
def test_sigstore_accepts_a_checkpoint_that_a_witness_has_cosigned(published: Published, node_folder: Path) -> None:
    note = parse_note(published.receipt.checkpoint)
    line = WitnessLine(TestSigner("fg.test", b"fg")).line(note.text, START)
    assert sigstore(node_folder, replace(published.receipt, checkpoint=str(note.with_signatures(line)))) == "accepted"


@pytest.mark.node
@pytest.mark.parametrize("change", RECEIPT_CHANGES, ids=CHANGE_NAMES)
def test_sigstore_refuses_what_was_touched(change: Callable[[Receipt], Receipt], published: Published, node_folder: Path) -> None:
    assert sigstore(node_folder, change(published.receipt)).startswith("refused: ")


# ---- aics-tlog (Python 3.12 and up) --------------------------------------------------------------

AICS = "aics-tlog==0.2.1"


def newer_python() -> str | None:
    """A Python of at least 3.12, wherever this machine has one."""
    names = [shutil.which(f"python3.{minor}") for minor in (14, 13, 12)]
    kept = sorted((Path.home() / ".pyenv" / "versions").glob("3.1[2-9]*/bin/python"))
    for candidate in [sys.executable, *filter(None, names), *map(str, kept)]:
        command = [candidate, "-c", "import sys; sys.exit(sys.version_info < (3, 12))"]
        if subprocess.run(command, capture_output=True, check=False).returncode == 0:
            return candidate
    return None


@pytest.fixture(scope="module")
def aics() -> Path:
    home = CACHE / "sluis-python" / "aics-tlog-0.2.1"
    tool = home / "bin" / "aics-tlog"
    if not tool.is_file():
        python = newer_python()
        if python is None:
            pytest.skip("aics-tlog needs a Python of at least 3.12, and this machine has none")
        subprocess.run([python, "-m", "venv", "--clear", str(home)], check=True, capture_output=True, timeout=120)
        command = [str(home / "bin" / "python"), "-m", "pip", "install", "-q", AICS]
        if subprocess.run(command, capture_output=True, check=False, timeout=300).returncode:
            absent(f"pip could not install {AICS}")
    return tool


def ask(tool: Path, *args: object) -> int:
    command = [str(tool), *map(str, args), "--log-key", VKEY]
    return subprocess.run(command, capture_output=True, check=False, timeout=60).returncode


def test_aics_tlog_accepts_the_published_log(published: Published, aics: Path, tmp_path: Path) -> None:
    (tmp_path / "old").write_text(published.old)
    (tmp_path / "leaf").write_bytes(published.receipt.leaf)
    folder = published.folder
    assert ask(aics, "verify-checkpoint", "--tiles", folder) == 0
    index = published.receipt.index
    assert ask(aics, "verify-inclusion", "--tiles", folder, "--index", index, "--leaf", tmp_path / "leaf") == 0
    assert ask(aics, "verify-consistency", "--tiles", folder, "--old-checkpoint", tmp_path / "old") == 0


def test_aics_tlog_refuses_a_touched_log(published: Published, aics: Path, tmp_path: Path) -> None:
    folder = tmp_path / "public"
    shutil.copytree(published.folder, folder)
    (tmp_path / "leaf").write_bytes(flipped(published.receipt.leaf))
    index = published.receipt.index
    assert ask(aics, "verify-inclusion", "--tiles", folder, "--index", index, "--leaf", tmp_path / "leaf") != 0
    (tmp_path / "leaf").write_bytes(published.receipt.leaf)
    tile = folder / "tile" / "0" / "000"
    tile.write_bytes(flipped(tile.read_bytes()))
    assert ask(aics, "verify-inclusion", "--tiles", folder, "--index", index, "--leaf", tmp_path / "leaf") != 0
    (folder / "checkpoint").write_text(other_root(published.new))
    assert ask(aics, "verify-checkpoint", "--tiles", folder) != 0


def test_aics_tlog_refuses_a_rewritten_history(published: Published, aics: Path, tmp_path: Path) -> None:
    forged = open_sqlite_log(tmp_path / "forged.db", make_parts(), Outside(folder=Folder(tmp_path / "public")))
    grow(forged, SIZE)
    forged.tend()
    forged.close()
    (tmp_path / "old").write_text(published.old)
    assert ask(aics, "verify-checkpoint", "--tiles", tmp_path / "public") == 0  # by itself it looks well
    assert ask(aics, "verify-consistency", "--tiles", tmp_path / "public", "--old-checkpoint", tmp_path / "old") != 0
