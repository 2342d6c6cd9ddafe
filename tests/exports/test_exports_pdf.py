"""The report as PDF/UA, read back by a program that did not make it, for whoever reads with a screen reader."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NoReturn

import pytest
from exports_world import AT, FRAME, entry_of
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from sluis.core.books import disclosures
from sluis.core.errors import BadInput
from sluis.exports.inzage import as_html, given_of, overview_of, period_words
from sluis.exports.pdf import MISSING, as_pdf


def report() -> str:
    (line,) = disclosures([entry_of()], AT)
    lines = (line, replace(line, entry_id="ander", emergency=True))
    return as_html(overview_of(given_of(lines, FRAME, {}), period_words(None, AT), AT, "coordinerend-fg", "ab" * 16))


@pytest.fixture(scope="module")
def root(read: PdfReader) -> Any:
    """What the document says of itself."""
    return read.root_object


@pytest.fixture(scope="module")
def read() -> PdfReader:
    """The PDF of a report with two releases."""
    try:
        made = as_pdf(report())
    except BadInput as refused:
        if os.environ.get("SLUIS_REQUIRE_ALL") == "1":
            raise
        pytest.skip(refused.flaws[0].what)
    return PdfReader(io.BytesIO(made))


def tags(node: Any) -> Iterator[str]:
    """The structure of a document, in reading order."""
    node = node.get_object() if isinstance(node, IndirectObject) else node
    if isinstance(node, ArrayObject):
        for inner in node:
            yield from tags(inner)
    elif isinstance(node, DictionaryObject):
        if "/S" in node:
            yield str(node["/S"])
        yield from tags(node.get("/K"))


def test_it_says_that_it_is_pdf_ua_in_dutch_under_its_title(read: PdfReader, root: Any) -> None:
    assert bool(root["/MarkInfo"]["/Marked"].value)
    assert str(root["/Lang"]).startswith("nl")
    assert bool(root["/ViewerPreferences"]["/DisplayDocTitle"].value)
    assert read.metadata is not None
    assert read.metadata.title == "Wat is er over u gedeeld"
    assert re.search(rb'pdfuaid:part(="|>)1\b', root["/Metadata"].get_object().get_data())


def test_its_headings_are_told_as_such_and_in_order(root: Any) -> None:
    order = list(tags(root["/StructTreeRoot"]))
    assert order.count("/H1") == 1
    assert order.index("/H1") < order.index("/H2")
    assert {"/P", "/Document"} <= set(order)


def test_its_text_is_text_and_complete(read: PdfReader) -> None:
    text = " ".join(" ".join(page.extract_text().split()) for page in read.pages)
    for words in ("Wat is er over u gedeeld", "van GGZ De Linde aan Politie Veen", "gemaakt op 2 maart 2026"):
        assert words in text


def test_every_font_goes_with_it(read: PdfReader) -> None:
    drawn: list[Any] = [page["/Resources"] for page in read.pages]
    fonts = [font.get_object() for one in drawn for font in one["/Font"].values()]
    assert fonts
    for font in fonts:
        below = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(below["/FontDescriptor"].get_object())


def test_without_pango_it_says_which_packages_are_missing() -> None:
    def load(_: str) -> NoReturn:
        raise OSError("cannot load library 'libpango-1.0-0'")

    with pytest.raises(BadInput) as refused:
        as_pdf("<p>", load)
    assert refused.value.flaws == (MISSING,)
