"""The report as PDF/UA-1, through WeasyPrint, which is installed with the extra `pdf`."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any, NoReturn

from sluis.core.errors import BadInput, Flaw

_FOUND = importlib.util.find_spec("weasyprint") is not None
_weasyprint: Any = importlib.import_module("weasyprint") if _FOUND else None


def available() -> bool:
    """Whether PDF can be made here."""
    return _FOUND


def as_pdf(html: str) -> bytes:
    """The page as PDF/UA-1. It fetches nothing. Raises `BadInput` where WeasyPrint is not installed."""
    if _weasyprint is None:
        raise BadInput(Flaw(where="--pdf", what="WeasyPrint is not installed", mend="install sluis[pdf], or leave --pdf out"))
    return bytes(_weasyprint.HTML(string=html, url_fetcher=_nothing).write_pdf(pdf_variant="pdf/ua-1"))


def _nothing(_url: str, *_: object, **__: object) -> NoReturn:
    raise ValueError("a report fetches nothing")
