"""Signed notes, vkeys, checkpoints and leaves, against the vectors of C2SP and the `rfc8785` package."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from hashlib import sha256
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from sluis.core.entry import Json
from sluis.core.errors import BadInput, LedgerBroken
from sluis.core.leaf import LEAF_SIZE, canonical, core_bytes, leaf_bytes
from sluis.core.merkle import EMPTY_ROOT
from sluis.core.note import Checkpoint, Note, Signature, parse_checkpoint, parse_note, parse_vkey
from sluis.core.proof import TreeHead
from sluis.ledger.signing import verify_note

VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
TEXT = "This is an example message.\n"
SIGNATURE = "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
TESSERA = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
SIGNED = f"{TEXT}\n— example.com/foo {SIGNATURE}\n"


@pytest.mark.parametrize("vkey", [VKEY, TESSERA])
def test_a_vkey_reads_and_writes_the_same(vkey: str) -> None:
    key = parse_vkey(vkey)
    assert (str(key), key.key_id.hex(), len(key.public)) == (vkey, vkey.split("+")[1], 32)


def test_the_example_note_verifies() -> None:
    note = verify_note(SIGNED, [parse_vkey(VKEY)])
    assert (str(note), note.text) == (SIGNED, TEXT)


def test_lines_of_unknown_keys_are_ignored() -> None:
    stranger = Signature("example.com/other", b"\1\2\3\4", bytes(64))
    verify_note(str(parse_note(SIGNED).with_signatures(stranger)), [parse_vkey(VKEY)])


def test_sixteen_signatures_are_read() -> None:
    lines = tuple(Signature(f"witness/{number}", bytes(4), bytes(2424)) for number in range(16))
    assert len(parse_note(str(Note(TEXT, lines))).signatures) == 16


def test_a_text_with_blank_lines_splits_at_the_last() -> None:
    assert parse_note(f"a\n\nb\n\n— n {SIGNATURE}\n").text == "a\n\nb\n"


def test_a_broken_line_of_a_known_key_rejects_the_note() -> None:
    with pytest.raises(LedgerBroken, match="does not hold"):
        verify_note(SIGNED.replace("example message", "exemple message"), [parse_vkey(VKEY)])


def test_a_note_that_no_known_key_signed_is_refused() -> None:
    with pytest.raises(LedgerBroken, match="no known key"):
        verify_note(SIGNED, [parse_vkey(TESSERA)])


@pytest.mark.parametrize(
    "text",
    [
        "",
        TEXT,
        SIGNED[:-1],
        SIGNED.replace("\n\n", "\n"),
        SIGNED.replace("—", "-"),
        SIGNED.replace(" example.com/foo", " "),
        SIGNED.replace("— example.com/foo", "— a+b"),
        SIGNED.replace("is an", "is\tan"),
        SIGNED.replace(SIGNATURE, SIGNATURE[:-1]),
        SIGNED.replace(SIGNATURE, b64encode(b"abcd").decode()),
        SIGNED + "\n",
    ],
)
def test_what_is_no_note_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        parse_note(text)


@pytest.mark.parametrize(
    "text",
    [VKEY.replace("530d903a", "530d903b"), "no plus", "a b+00000000+AQ==", f"{VKEY[:-4]}", "a+00000000+", "+1+AQ=="],
)
def test_what_is_no_vkey_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        parse_vkey(text)


def test_a_checkpoint_reads_and_writes_the_same() -> None:
    checkpoint = Checkpoint("sluis.test/log", TreeHead(0, EMPTY_ROOT))
    assert str(checkpoint) == "sluis.test/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    assert parse_checkpoint(str(checkpoint)) == checkpoint
    assert parse_checkpoint(str(checkpoint) + "an extension\n") == checkpoint


@pytest.mark.parametrize("size", ["", "01", "-1", "+1", "1 ", "1e3", "²", "٣"])
def test_a_size_that_is_not_plain_decimal_is_refused(size: str) -> None:
    with pytest.raises(BadInput):
        parse_checkpoint(f"o\n{size}\n{b64encode(bytes(32)).decode()}\n")


@pytest.mark.parametrize("text", ["o\n1\n", "o\n1\nAA==\n", f"o\n1\n{b64encode(bytes(32)).decode()}", "\n1\n\n"])
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        parse_checkpoint(text)


scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(exclude_categories=["Cs"]))
ascii_keys = st.text(st.characters(max_codepoint=127))
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(ascii_keys, inner), max_leaves=10)


@settings(max_examples=100, deadline=None)
@given(value=values)
def test_canonical_json_is_that_of_rfc_8785(value: Json) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("value", [1.5, 2**53, {"é": 1}, {1: 2}, "\ud800", b"bytes", {"a": [object()]}])
def test_what_programs_may_write_differently_is_refused(value: Json) -> None:
    with pytest.raises(BadInput):
        canonical(value)


def test_the_core_is_canonical_json() -> None:
    body: dict[str, Json] = {"b": "é", "a": [1, None]}
    made = core_bytes(kind="release.refused", body=canonical(body), started="s", recorded="r", salt=bytes(16))
    said: dict[str, Any] = {"core": body, "kind": "release.refused", "recorded": "r", "salt": "00" * 16, "started": "s"}
    assert made == rfc8785.dumps(said)
    assert json.loads(made) == said


def test_the_leaf_is_126_bytes_of_hashes() -> None:
    cells = [(b"\1" * 32, b"\2" * 32), (b"\3" * 32, b"\4" * 32)]
    leaf = leaf_bytes(b"i" * 16, b"{}", cells)
    assert len(leaf) == LEAF_SIZE
    assert leaf[:30] == b"audit-leaf/v1\0" + b"i" * 16
    assert leaf[30:62] == sha256(b"{}").digest()
    assert leaf[62:94] == sha256(b"\1" * 32 + b"\3" * 32).digest()
    assert leaf[94:] == sha256(b"\2" * 32 + b"\4" * 32).digest()


def test_the_signature_of_the_example_is_68_bytes() -> None:
    assert len(b64decode(SIGNATURE)) == 68
