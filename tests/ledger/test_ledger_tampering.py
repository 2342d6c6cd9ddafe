"""Attacks on the rows, named after what the attacker did; each is refused, and for the reason that names it.

The attacker here can write the database file and knows its format: he drops the guard rails first.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ledger_world import START, TestSigner, make_parts, plain, release

from sluis.core.errors import LedgerBroken, SluisError
from sluis.core.leaf import leaf_bytes
from sluis.core.merkle import Frontier, leaf_hash
from sluis.core.note import Checkpoint
from sluis.core.proof import TreeHead
from sluis.ledger.log import TransparencyLog, open_sqlite_log
from sluis.ledger.signing import LogLine, sign_text
from sluis.ledger.sqlite import GUARDS
from sluis.ports import LogQuery

Attack = Callable[[sqlite3.Connection], None]


def swap_entries(db: sqlite3.Connection) -> None:
    for old, new in ((3, -1), (4, 3), (-1, 4)):
        db.execute("UPDATE entry SET seq = ? WHERE seq = ?", (new, old))
        db.execute("UPDATE cell SET seq = ? WHERE seq = ?", (new, old))


def drop_last_entry(db: sqlite3.Connection) -> None:
    db.execute("DELETE FROM entry WHERE seq = 7")
    db.execute("DELETE FROM cell WHERE seq = 7")


def drop_entry_in_the_middle(db: sqlite3.Connection) -> None:
    db.execute("DELETE FROM entry WHERE seq = 3")


def truncate_everywhere(db: sqlite3.Connection) -> None:
    """The last entry and all that tells of it, except the signed checkpoint."""
    drop_last_entry(db)
    seven = Frontier().grow(leaf_hash(bytes(leaf)) for (leaf,) in db.execute("SELECT leaf FROM entry ORDER BY seq"))[0]
    db.execute("DELETE FROM node WHERE pos >= 11")
    db.execute("UPDATE head SET size = 7, peaks = ?", (b"".join(seven.peaks),))


def edit_reason(db: sqlite3.Connection) -> None:
    db.execute("UPDATE entry SET core = CAST(replace(CAST(core AS TEXT), 'zvh-casus', 'wvggz-zm') AS BLOB) WHERE seq = 3")


def edit_reason_and_leaf(db: sqlite3.Connection) -> None:
    """The core and, so that the row agrees with itself, the leaf."""
    edit_reason(db)
    entry_id, core = db.execute("SELECT id, core FROM entry WHERE seq = 3").fetchone()
    cells = db.execute("SELECT ct_hash, commitment FROM cell WHERE seq = 3 ORDER BY n").fetchall()
    db.execute(
        "UPDATE entry SET core = ?, leaf = ?, purpose = 'wvggz-zm' WHERE seq = 3", (core, leaf_bytes(entry_id, core, cells))
    )


def rewrite_the_tree(db: sqlite3.Connection) -> None:
    """Everything that follows from the entries, but without the key that signs checkpoints."""
    edit_reason_and_leaf(db)
    leaves = [leaf_hash(bytes(leaf)) for (leaf,) in db.execute("SELECT leaf FROM entry ORDER BY seq")]
    frontier, nodes = Frontier().grow(leaves)
    db.executemany("UPDATE node SET hash = ? WHERE pos = ?", [(node, pos) for pos, node in enumerate(nodes)])
    db.execute("UPDATE head SET peaks = ?", (b"".join(frontier.peaks),))


def rewrite_and_sign_with_own_key(db: sqlite3.Connection) -> None:
    rewrite_the_tree(db)
    leaves = [leaf_hash(bytes(leaf)) for (leaf,) in db.execute("SELECT leaf FROM entry ORDER BY seq")]
    for size in range(1, 9):
        root = Frontier().grow(leaves[:size])[0].root()
        note = sign_text(
            str(Checkpoint("sluis.test/log/utrecht/2026", TreeHead(size, root))), START, LogLine(TestSigner(seed=b"attacker"))
        )
        db.execute("UPDATE checkpoint SET root = ?, note = ? WHERE size = ?", (root, str(note), size))


def flip_a_byte_of_ciphertext(db: sqlite3.Connection) -> None:
    (sealed,) = db.execute("SELECT ct FROM cell WHERE seq = 3 AND n = 0").fetchone()
    db.execute("UPDATE cell SET ct = ? WHERE seq = 3 AND n = 0", (bytes([sealed[0] ^ 1]) + sealed[1:],))


def replace_a_cell(db: sqlite3.Connection) -> None:
    row = db.execute("SELECT ct, ct_hash, commitment FROM cell WHERE seq = 2 AND n = 0").fetchone()
    db.execute("UPDATE cell SET ct = ?, ct_hash = ?, commitment = ? WHERE seq = 3 AND n = 0", row)


def drop_a_cell(db: sqlite3.Connection) -> None:
    db.execute("DELETE FROM cell WHERE seq = 3 AND n = 1")


def swap_cells(db: sqlite3.Connection) -> None:
    for old, new in ((0, 9), (1, 0), (9, 1)):
        db.execute("UPDATE cell SET n = ? WHERE seq = 3 AND n = ?", (new, old))


def hide_from_queries(db: sqlite3.Connection) -> None:
    db.execute("UPDATE entry SET recipient = 'elders' WHERE seq = 3")


def take_out_of_the_review_queue(db: sqlite3.Connection) -> None:
    db.execute("UPDATE entry SET review = NULL WHERE seq = 5")


def backdate(db: sqlite3.Connection) -> None:
    db.execute("UPDATE entry SET recorded = recorded - 86400000000 WHERE seq = 3")


def change_a_node(db: sqlite3.Connection) -> None:
    db.execute("UPDATE node SET hash = zeroblob(32) WHERE pos = 6")


def drop_a_node(db: sqlite3.Connection) -> None:
    db.execute("DELETE FROM node WHERE pos = 4")


def change_a_root(db: sqlite3.Connection) -> None:
    db.execute("UPDATE checkpoint SET root = zeroblob(32) WHERE size = 4")


def forge_a_signature(db: sqlite3.Connection) -> None:
    db.execute("UPDATE checkpoint SET note = replace(note, substr(note, -20, 4), 'AAAA') WHERE size = 4")


def swap_checkpoints(db: sqlite3.Connection) -> None:
    (note,) = db.execute("SELECT note FROM checkpoint WHERE size = 5").fetchone()
    db.execute("UPDATE checkpoint SET note = ? WHERE size = 4", (note,))


def drop_newest_checkpoint(db: sqlite3.Connection) -> None:
    db.execute("DELETE FROM checkpoint WHERE size = 8")


def claim_more(db: sqlite3.Connection) -> None:
    db.execute("UPDATE head SET size = 9")


def claim_less(db: sqlite3.Connection) -> None:
    db.execute("UPDATE head SET size = 7")


def change_the_peaks(db: sqlite3.Connection) -> None:
    db.execute("UPDATE head SET peaks = zeroblob(32)")


def add_an_unsigned_entry(db: sqlite3.Connection) -> None:
    copied = "leaf, core, kind, recorded, NULL, NULL, NULL, NULL, NULL, NULL"
    db.execute(f"INSERT INTO entry SELECT 8, randomblob(16), {copied} FROM entry WHERE seq = 0")  # noqa: S608 - our own text


def garble_the_core(db: sqlite3.Connection) -> None:
    db.execute("UPDATE entry SET core = x'00' WHERE seq = 3")


def change_an_id(db: sqlite3.Connection) -> None:
    db.execute("UPDATE entry SET id = zeroblob(16) WHERE seq = 3")


def shorten_a_leaf(db: sqlite3.Connection) -> None:
    db.execute("UPDATE entry SET leaf = substr(leaf, 1, 100) WHERE seq = 3")


ATTACKS: list[tuple[Attack, str]] = [
    (swap_entries, "entry 3: leaf: it is not the one in the tree"),
    (drop_last_entry, "checkpoint 8: missing: it commits to 8 entries, the log has 7"),
    (drop_entry_in_the_middle, "entry 3: gap: the next entry that exists is 4"),
    (truncate_everywhere, "checkpoint 8: missing: it commits to 8 entries, the log has 7"),
    (edit_reason, "entry 3: core: it does not match the leaf"),
    (edit_reason_and_leaf, "entry 3: leaf: it is not the one in the tree"),
    (rewrite_the_tree, "checkpoint 4: root: the entries before it do not give the signed root"),
    (rewrite_and_sign_with_own_key, "checkpoint 1: signature: no known key has signed this note"),
    (flip_a_byte_of_ciphertext, "entry 3, cell 0: ciphertext"),
    (replace_a_cell, "entry 3: cells: it does not match the leaf"),
    (drop_a_cell, "entry 3: cells: it does not match the leaf"),
    (swap_cells, "entry 3: cells: it does not match the leaf"),
    (hide_from_queries, "entry 3: columns"),
    (take_out_of_the_review_queue, "entry 5: columns"),
    (backdate, "entry 3: columns"),
    (change_a_node, "entry 3: node: level 2 above it is wrong"),
    (drop_a_node, "entry 3: node|entry 2: leaf|entry 3: leaf"),
    (change_a_root, "checkpoint 4: checkpoint: the signed text and its row differ"),
    (forge_a_signature, "checkpoint 4: signature"),
    (swap_checkpoints, "checkpoint 4: checkpoint: the signed text and its row differ"),
    (drop_newest_checkpoint, "head: unsigned: the newest checkpoint commits to 7 of 8 entries"),
    (claim_more, "head: size: it says 9, there are 8 entries"),
    (claim_less, "head: size: it says 7, there are 8 entries|head: 8 entries"),
    (change_the_peaks, "head: peaks"),
    (add_an_unsigned_entry, "entry 8: id: it does not match the leaf"),
    (garble_the_core, "entry 3: core: it does not match the leaf"),
    (change_an_id, "entry 3: id: it does not match the leaf"),
    (shorten_a_leaf, "entry 3: leaf: it is not 126 bytes"),
]


@pytest.fixture
def log(path: Path) -> Iterator[TransparencyLog]:
    """In a file: the attacker writes to it."""
    opened = open_sqlite_log(path, make_parts())
    yield opened
    opened.close()


def fill(log: TransparencyLog) -> None:
    for number in range(8):
        log.append(release(number) if number != 5 else release(number, review="noodinzage"))


def strike(path: Path, attack: Attack) -> None:
    db = sqlite3.connect(path)
    for guard in GUARDS:
        db.execute(f"DROP TRIGGER IF EXISTS {guard}")
    attack(db)
    db.commit()
    db.close()


@pytest.mark.parametrize(("attack", "reason"), ATTACKS, ids=[attack.__name__ for attack, _ in ATTACKS])
def test_the_attack_is_named(attack: Attack, reason: str, path: Path, log: TransparencyLog) -> None:
    fill(log)
    log.verify()
    strike(path, attack)
    with pytest.raises(LedgerBroken, match=reason):
        log.verify()


@pytest.mark.parametrize("attack", [claim_more, claim_less, change_the_peaks, drop_newest_checkpoint, truncate_everywhere])
def test_a_log_whose_head_was_changed_does_not_open(attack: Attack, path: Path) -> None:
    parts = make_parts()
    log = open_sqlite_log(path, parts)
    fill(log)
    log.close()
    strike(path, attack)
    with pytest.raises(SluisError, match=r"head|signature|checkpoint"):
        open_sqlite_log(path, parts)


@pytest.mark.parametrize("attack", [edit_reason, replace_a_cell, change_an_id, garble_the_core])
def test_a_changed_entry_is_not_shown(attack: Attack, path: Path, log: TransparencyLog) -> None:
    fill(log)
    strike(path, attack)
    with pytest.raises(LedgerBroken, match="entry 3"):
        log.entries(LogQuery())


def test_a_flipped_ciphertext_is_not_opened(path: Path, log: TransparencyLog) -> None:
    fill(log)
    strike(path, flip_a_byte_of_ciphertext)
    with pytest.raises(LedgerBroken, match="ciphertext"):
        log.entries(LogQuery())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET core = x'00'",
        "UPDATE entry SET purpose = NULL",
        "DELETE FROM entry",
        "DELETE FROM cell",
        "DELETE FROM node",
        "DELETE FROM checkpoint",
        "UPDATE cell SET commitment = x'00'",
        "UPDATE cell SET ct = x'00'",
        "UPDATE cell SET tag = x'00'",
        "UPDATE node SET hash = x'00'",
        "UPDATE checkpoint SET note = ''",
    ],
)
def test_the_guard_rails_stop_a_slip_of_the_hand(statement: str, path: Path, log: TransparencyLog) -> None:
    fill(log)
    db = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match=r"append-only|only be erased"):
        db.execute(statement)
    db.close()
    log.verify()


def test_a_cell_may_forget(path: Path, log: TransparencyLog) -> None:
    fill(log)
    db = sqlite3.connect(path)
    db.execute("UPDATE cell SET tag = NULL, ct = NULL WHERE seq = 3")
    db.commit()
    db.close()
    log.verify()
    assert log.entries(LogQuery(before=4, limit=1))[0].cells == (("subject", None), ("actor", None))


def test_all_that_is_wrong_is_listed(path: Path, log: TransparencyLog) -> None:
    fill(log)
    strike(path, edit_reason)
    strike(path, drop_last_entry)
    where = [flaw.where for flaw in log.flaws()]
    assert where[0] == "entry 3"
    assert "checkpoint 8" in where
    assert "head" in where


def test_the_core_holds_nothing_of_the_person(path: Path, log: TransparencyLog) -> None:
    fill(log)
    log.append(plain())
    db = sqlite3.connect(path)
    for (core,) in db.execute("SELECT core FROM entry"):
        assert set(json.loads(core)) == {"core", "kind", "recorded", "salt", "started"}
        assert b"burger" not in core
    db.close()


def test_a_page_of_the_file_that_was_overwritten_is_named(path: Path) -> None:
    log = open_sqlite_log(path, make_parts())
    fill(log)
    db = sqlite3.connect(path)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (page,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'entry'").fetchone()
    (size,) = db.execute("PRAGMA page_size").fetchone()
    db.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    with pytest.raises(LedgerBroken, match="file"):
        log.verify()
