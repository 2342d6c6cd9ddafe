"""The report as PDF/UA-1 (ISO 14289-1), through WeasyPrint. It draws text with Pango, which Debian supplies."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, NoReturn

from sluis.core.errors import BadInput, Flaw

MISSING = Flaw(
    where="--pdf",
    what="Pango, which sets the text of a PDF, is not on this machine",
    mend="apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core, or leave --pdf out",
)


def as_pdf(html: str, load: Callable[[str], Any] = importlib.import_module) -> bytes:
    """The page as PDF/UA-1: tagged, in its language, with its title. It fetches nothing. Raises `BadInput` without Pango."""
    try:
        # Only now: the package takes half a second, and looks for Pango when it is loaded.
        weasyprint = load("weasyprint")
    except OSError as fault:
        raise BadInput(MISSING) from fault
    return bytes(weasyprint.HTML(string=html, url_fetcher=_nothing).write_pdf(pdf_variant="pdf/ua-1"))


def _nothing(_url: str, *_: object, **__: object) -> NoReturn:
    raise ValueError("a report fetches nothing")
