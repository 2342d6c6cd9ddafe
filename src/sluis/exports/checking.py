"""Checking an export without the log: what an auditor, a court or a data subject's counsel does with the files and the vkey.

Pure: the files come in as bytes, and whoever has the cryptography says whether a checkpoint's signature holds.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from sluis.core.errors import BadInput, Flaw, LedgerBroken
from sluis.core.leaf import LEAF_SIZE
from sluis.core.merkle import leaf_hash
from sluis.core.note import Checkpoint
from sluis.core.proof import check_inclusion
from sluis.core.receipt import parse_receipt
from sluis.exports.parcel import FORMAT, MANIFEST, PROOFS, digest
from sluis.exports.tables import BOM

Verify = Callable[[str], Checkpoint]
"""The checkpoint of a signed note. Raises `LedgerBroken` when no key that is trusted signed it."""
REPORT = "inzage"
"""The form of a subject's report: it is recorded before it is made, so its entry holds no hash of it."""
_ID, _CORE = slice(14, 30), slice(30, 62)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found to hold: so many entries, in a log of that origin and size, recorded as an export in that entry."""

    origin: str
    size: int
    count: int
    export: str


def check_export(files: Mapping[str, bytes], verify: Verify) -> Checked:
    """Return when everything holds. Raises `BadInput` for what is no export, `LedgerBroken` with what is wrong and where."""
    try:
        return _checked(files, verify)
    except (KeyError, TypeError, AttributeError, ValueError) as fault:
        raise BadInput(Flaw(where=MANIFEST, what=f"it cannot be understood: {type(fault).__name__}")) from fault


def _checked(files: Mapping[str, bytes], verify: Verify) -> Checked:
    manifest = json.loads(files[MANIFEST])
    if manifest["formaat"] != FORMAT:
        raise BadInput(Flaw(where=MANIFEST, what="another format than this program knows"))
    _untouched(files, manifest)
    known: dict[str, Checkpoint] = {}
    head = _proven(manifest["uitvoer"], verify, known)
    cores = _cores(files[PROOFS], verify, known)
    recorded = json.loads(manifest["uitvoer"]["kern"])
    if recorded["kind"] != "log.exported" or recorded["core"]["format"] != manifest["vorm"]:
        raise LedgerBroken("export: the entry that it names records no such export")
    if manifest["vorm"] != REPORT:
        _as_recorded(recorded["core"], manifest, len(cores))
        for name in manifest["bestanden"]:
            _same_entries(manifest["vorm"], files[name].decode(), cores)
    return Checked(origin=head.origin, size=head.head.size, count=len(cores), export=manifest["uitvoer"]["id"])


def _cores(proofs: bytes, verify: Verify, known: dict[str, Checkpoint]) -> dict[str, str]:
    """The core of each proven entry, by its id."""
    lines = [json.loads(line) for line in proofs.splitlines()]
    for line in lines:
        _proven(line, verify, known)
    cores = {line["id"]: line["kern"] for line in lines}
    if len(cores) != len(lines):
        raise LedgerBroken("proofs: an entry is proven twice")
    return cores


def _as_recorded(core: Mapping[str, Any], manifest: Mapping[str, Any], proven: int) -> None:
    """Raise `LedgerBroken` unless the log records this export with these files, aim and count."""
    if core["bundle"] != digest(manifest["zout"], manifest["bestanden"]):
        raise LedgerBroken("export: the log does not record these files")
    if core["aim"] != manifest["grond"]:
        raise LedgerBroken("export: the log records another aim than the manifest says")
    if not core["count"] == manifest["aantal"] == proven:
        raise LedgerBroken(f"export: {core['count']} entries were exported, {proven} are proven")


def _untouched(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> None:
    stray = files.keys() - {MANIFEST, PROOFS, *manifest["bestanden"]}
    if stray:
        raise LedgerBroken(f"files: `{min(stray)}` is not in the manifest")
    for name, expected in {**manifest["bestanden"], PROOFS: manifest["bewijzen"]["sha256"]}.items():
        if name not in files or sha256(files[name]).hexdigest() != expected:
            raise LedgerBroken(f"files: `{name}` is missing or is not what the manifest says")


def _proven(line: Mapping[str, Any], verify: Verify, known: dict[str, Checkpoint]) -> Checkpoint:
    """The checkpoint that this entry is proven to be under, its core included."""
    where, receipt = line["id"], parse_receipt(line["bewijs"])
    if receipt.checkpoint not in known:
        known[receipt.checkpoint] = verify(receipt.checkpoint)
    leaf = receipt.extra or b""
    if len(leaf) != LEAF_SIZE or leaf[_ID].hex() != where or receipt.index != line["index"]:
        raise LedgerBroken(f"proofs: the proof of entry `{where}` is of another entry")
    if leaf[_CORE] != sha256(line["kern"].encode()).digest():
        raise LedgerBroken(f"proofs: entry `{where}` says something else than the log committed to")
    check_inclusion(leaf=leaf_hash(leaf), index=receipt.index, proof=receipt.proof, head=known[receipt.checkpoint].head)
    return known[receipt.checkpoint]


def _same_entries(form: str, text: str, cores: Mapping[str, str]) -> None:
    """Raise `LedgerBroken` unless the file is about exactly the proven entries (VNG leaves out those about nobody)."""
    if form == "csv":
        found = {row["id"] for row in csv.DictReader(io.StringIO(text.removeprefix(BOM), newline=""), delimiter=";")}
    else:
        lines = [json.loads(line) for line in text.splitlines()]
        found = {_id(form, line) for line in lines}
        if form == "jsonl":
            _same_cores(lines, cores)
    proven = set(cores)
    if found - proven or (form != "vng" and proven - found):
        raise LedgerBroken("entries: the file holds others than those that are proven")


def _id(form: str, line: Mapping[str, Any]) -> str:
    match form:
        case "ldv":
            return str(line["attributes"]["sluis.log.entry"])
        case "vng":
            return UUID(line["actieId"]).hex
        case "fhir":
            return str(line["id"]).partition("-")[0]
        case "nen7513":
            return str(line["integriteit"]["id"])
        case _:
            return str(line["id"])


def _same_cores(lines: list[dict[str, Any]], cores: Mapping[str, str]) -> None:
    for line in lines:
        core = json.loads(cores.get(line["id"], "{}"))
        if (line["core"], line["kind"]) != (core.get("core"), core.get("kind")):
            raise LedgerBroken(f"entries: entry `{line['id']}` says something else than the log committed to")
