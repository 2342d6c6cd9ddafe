"""A recogniser from outside is pinned by hash, added to the rules, and off by default."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from sluis.core.errors import BadInput
from sluis.core.verdict import TextMode
from sluis.redaction.engine import LexiconRedactor
from sluis.redaction.recogniser import folder_hash, load_recogniser


@dataclass
class Entity:
    start_char: int
    end_char: int
    label_: str


@dataclass
class Document:
    ents: list[Entity]


class Pipeline:
    """A pipeline that takes one ordinary word for a person."""

    def __call__(self, text: str) -> Document:
        at = text.find("lente")
        return Document([Entity(at, at + 5, "PERSON"), Entity(0, 1, "UNKNOWN")] if at >= 0 else [])


def library(name: str) -> ModuleType:
    if name != "spacy":
        raise ImportError(name)
    module = ModuleType(name)
    module.load = lambda folder: Pipeline() if (folder / "meta.json").is_file() else None  # type: ignore[attr-defined]  # a module made by hand
    return module


@pytest.fixture
def model(tmp_path: Path) -> Path:
    (tmp_path / "meta.json").write_text('{"lang": "nl"}')
    (tmp_path / "ner").mkdir()
    (tmp_path / "ner" / "model").write_bytes(b"weights")
    return tmp_path


def test_its_spans_are_added_to_those_of_the_rules(model: Path) -> None:
    recogniser = load_recogniser(model, sha256=folder_hash(model), module=library)
    text = "Vandaag is de lente begonnen, zei Rinus."
    (plain,) = LexiconRedactor().redact([text], [], TextMode.MASK, b"seed")
    (more,) = LexiconRedactor(recogniser=recogniser).redact([text], [], TextMode.MASK, b"seed")
    assert "lente" in plain.text
    assert "lente" not in more.text
    assert "Rinus" not in more.text


def test_the_version_names_the_model(model: Path) -> None:
    recogniser = load_recogniser(model, sha256=folder_hash(model), module=library)
    assert recogniser.version == f"spacy:{folder_hash(model)[:16]}"
    assert recogniser.version in LexiconRedactor(recogniser=recogniser).version


def test_a_long_text_is_read_to_its_end(model: Path) -> None:
    recogniser = load_recogniser(model, sha256=folder_hash(model), module=library)
    text = "woord " * 3000 + "lente"
    assert (len(text) - 5, len(text), "PER") in recogniser.spans(text)


def test_another_byte_is_another_model(model: Path) -> None:
    pinned = folder_hash(model)
    (model / "ner" / "model").write_bytes(b"weightz")
    with pytest.raises(BadInput, match="not the model that the settings name"):
        load_recogniser(model, sha256=pinned, module=library)


def test_a_renamed_file_is_another_model(model: Path) -> None:
    pinned = folder_hash(model)
    (model / "ner" / "model").rename(model / "ner" / "other")
    assert folder_hash(model) != pinned


def test_a_symbolic_link_in_the_folder_is_refused(model: Path) -> None:
    (model / "link").symlink_to(model / "meta.json")
    with pytest.raises(BadInput, match="symbolic link"):
        folder_hash(model)


def test_a_library_that_is_not_installed_is_named(model: Path) -> None:
    (model / "meta.json").unlink()
    (model / "model.onnx").write_bytes(b"")
    with pytest.raises(BadInput, match="needs `onnxruntime`, which is not installed"):
        load_recogniser(model, sha256=folder_hash(model), module=library)


def test_a_folder_of_neither_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="neither a spaCy pipeline nor an ONNX model"):
        load_recogniser(tmp_path, sha256=folder_hash(tmp_path), module=library)
