"""From a page to HTML. A page is a frozen dataclass and the only thing its template sees; what it lacks is an error."""

from __future__ import annotations

from http import HTTPStatus
from typing import ClassVar, Protocol

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from sluis.portal.frame import Frame

TEMPLATES = Environment(
    loader=PackageLoader("sluis.portal"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class Page(Protocol):
    """A page: a frozen dataclass that names its template."""

    template: ClassVar[str]

    @property
    def frame(self) -> Frame:
        """What stands around it."""
        ...


def html(page: Page) -> str:
    """The page as HTML. Raises `jinja2.UndefinedError` for a word that the page does not have."""
    return TEMPLATES.get_template(page.template).render(page=page)


def render(page: Page, status: int = HTTPStatus.OK) -> HTMLResponse:
    """The page as an answer."""
    return HTMLResponse(html(page), status_code=status, headers={"content-language": page.frame.language.value})
