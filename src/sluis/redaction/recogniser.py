"""A recogniser from outside: a spaCy pipeline or an ONNX model in a local folder, pinned by hash, off by default.

Its spans are added to those of the rules. Nothing is fetched. The folder's hash is checked before any of its files is read by
the library, because loading a model can run what its files say.
"""

from __future__ import annotations

import hashlib
import importlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Protocol

from sluis.core.errors import BadInput, Flaw

KINDS = {"PER": "PER", "PERSON": "PER", "PERSOON": "PER", "LOC": "CITY", "LOCATION": "CITY", "GPE": "CITY"}
KINDS |= {"FAC": "ADDR", "ORG": "ORG", "ORGANIZATION": "ORG", "NORP": "ORG", "DATE": "DATE"}
_WINDOW, _OVERLAP = 4000, 200


class Entity(Protocol):
    """What spaCy gives for one entity."""

    start_char: int
    end_char: int
    label_: str


class Document(Protocol):
    """What spaCy gives for one text."""

    ents: Sequence[Entity]


Tagger = Callable[[str], Iterable[tuple[int, int, str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalRecogniser:
    """Implements `engine.Recogniser` with a function that tags one window of text."""

    version: str
    tag: Tagger = field(repr=False)

    def spans(self, text: str) -> list[tuple[int, int, str]]:
        """Offsets and types of what the model finds; the text is read in overlapping windows, so the cost is linear."""
        found: set[tuple[int, int, str]] = set()
        for start in range(0, max(1, len(text)), _WINDOW - _OVERLAP):
            piece = text[start : start + _WINDOW]
            for first, last, label in self.tag(piece):
                kind = KINDS.get(label.removeprefix("B-").removeprefix("I-").upper())
                if kind and 0 <= first < last <= len(piece):
                    found.add((start + first, start + last, kind))
        return sorted(found)


def folder_hash(folder: Path) -> str:
    """SHA-256 over every file of a folder: its relative path, its length and its bytes, in order of path."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            raise BadInput(Flaw(where=str(folder), what="holds a symbolic link", mend="copy the files themselves"))
        if path.is_file():
            content = path.read_bytes()
            total.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
            total.update(content)
    return total.hexdigest()


def load_recogniser(
    folder: Path, *, sha256: str, module: Callable[[str], ModuleType] = importlib.import_module
) -> LocalRecogniser:
    """The recogniser in that folder. Raises `BadInput` when the hash differs, its library is missing, or it is neither."""
    if not folder.is_dir():
        raise BadInput(
            Flaw(where=str(folder), what="is no folder", mend="give the local folder of a spaCy pipeline or an ONNX model")
        )
    found = folder_hash(folder)
    if found != sha256:
        raise BadInput(Flaw(where=str(folder), what="is not the model that the settings name", mend=f"its hash is {found}"))
    if (folder / "meta.json").is_file():
        return LocalRecogniser(version=f"spacy:{found[:16]}", tag=_spacy(folder, module))
    if (folder / "model.onnx").is_file():
        return LocalRecogniser(version=f"onnx:{found[:16]}", tag=_onnx(folder, module))
    raise BadInput(
        Flaw(where=str(folder), what="is neither a spaCy pipeline nor an ONNX model", mend="it needs meta.json or model.onnx")
    )


def _library(name: str, folder: Path, module: Callable[[str], ModuleType]) -> ModuleType:
    try:
        return module(name)
    except ImportError as error:
        raise BadInput(
            Flaw(where=str(folder), what=f"needs `{name}`, which is not installed", mend=f"install `{name}` beside Sluis")
        ) from error


def _spacy(folder: Path, module: Callable[[str], ModuleType]) -> Tagger:
    pipeline: Callable[[str], Document] = _library("spacy", folder, module).load(folder)

    def tag(text: str) -> list[tuple[int, int, str]]:
        return [(entity.start_char, entity.end_char, entity.label_) for entity in pipeline(text).ents]

    return tag


def _onnx(folder: Path, module: Callable[[str], ModuleType]) -> Tagger:
    """A token classifier as Transformers exports it: `model.onnx`, `tokenizer.json`, labels in `config.json`."""
    runtime, tokenizers = _library("onnxruntime", folder, module), _library("tokenizers", folder, module)
    numpy = _library("numpy", folder, module)
    labels = {int(number): label for number, label in json.loads((folder / "config.json").read_text())["id2label"].items()}
    tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    session = runtime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
    wanted = {given.name for given in session.get_inputs()}

    def tag(text: str) -> list[tuple[int, int, str]]:
        encoded = tokenizer.encode(text)
        given = {"input_ids": encoded.ids, "attention_mask": encoded.attention_mask, "token_type_ids": encoded.type_ids}
        feed = {name: numpy.array([values], dtype=numpy.int64) for name, values in given.items() if name in wanted}
        best = session.run(None, feed)[0][0].argmax(-1)
        return [(start, end, labels[int(n)]) for (start, end), n in zip(encoded.offsets, best, strict=True) if start < end]

    return tag
