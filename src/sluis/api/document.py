"""The OpenAPI document: what FastAPI cannot see because bodies are read by hand, and what the API Design Rules ask for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from sluis.api.examples import EXAMPLES, PROOF
from sluis.api.problems import BAD_INPUT, BY_STATUS, MEDIA_TYPE, PROBLEMS

API_VERSION = "1.0.0"
_SHAPES: dict[str, type[BaseModel]] = {}
"""The bodies that routes read and answers they give, by name: filled while the routes are defined, read by `describe`."""

Options = dict[str, Any]  # the door to FastAPI's own keyword arguments


def reads(shape: type[BaseModel]) -> Options:
    """Keyword arguments for a route whose body has that shape."""
    _SHAPES[shape.__name__] = shape
    content = _json(shape)
    return {"openapi_extra": {"requestBody": {"required": True, "content": content}}}


def tells(shapes: Mapping[int, type[BaseModel]], *, text: str = "") -> Options:
    """Keyword arguments for a route that answers with these shapes, or with plain text that `text` describes."""
    _SHAPES.update({shape.__name__: shape for shape in shapes.values()})
    responses: dict[int | str, dict[str, Any]] = {
        status: {
            "description": (shape.__doc__ or "").strip().splitlines()[0],
            "headers": _HEADERS,
            "content": _json(shape),
        }
        for status, shape in shapes.items()
    }
    if text:
        content = {"text/plain": {"schema": {"type": "string"}, "example": PROOF}}
        responses[200] = {"description": text, "headers": _HEADERS, "content": content}
    first = min(responses, key=str)
    responses.update({status: _problem(status, words) for status, words in _PROBLEMS.items()})
    return {"responses": responses, "status_code": int(first)}


def _json(shape: type[BaseModel]) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{shape.__name__}"}
    return {"application/json": {"schema": schema, "example": EXAMPLES[shape.__name__]}}


_HEADERS = {
    "API-Version": {"description": "De volledige versie van de API", "schema": {"type": "string"}},
}
_PROBLEMS = {
    400: "De invoer klopt niet: alle fouten tegelijk in invalidParams",
    401: "Een geldig token ontbreekt",
    403: "Geweigerd, of deze deur is niet voor dit token",
    404: "Dit bestaat niet, of niet voor u",
    406: "Dit formaat wordt niet aangeboden",
    409: "De status laat dit niet toe",
    413: "Het bericht is te groot",
    415: "Het bericht is geen JSON",
    422: "De Idempotency-Key hoort bij een ander verzoek",
    429: "Te veel verzoeken",
    500: "Er ging iets mis; er is niets verstrekt",
    503: "Nu niet beschikbaar; er is niets verstrekt",
}


def _problem(status: int, words: str) -> dict[str, Any]:
    known = next(one for one in (*BY_STATUS.values(), *PROBLEMS.values()) if one.status == status)
    example = {"type": f"/problemen/{known.slug}", "status": status, "title": known.title, "detail": known.detail}
    if known is BAD_INPUT:
        example["invalidParams"] = [{"name": "doel", "reason": "ontbreekt", "mend": "vul dit in"}]
    return {
        "description": words,
        "headers": _HEADERS,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}},
    }


_PROBLEM_SCHEMA = {
    "type": "object",
    "title": "Problem",
    "description": "Een probleem (RFC 9457). Nooit met een waarde uit het verzoek.",
    "required": ["status", "title", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "title": {"type": "string"},
        "detail": {"type": "string"},
        "invalidParams": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "reason"],
                "properties": {"name": {"type": "string"}, "reason": {"type": "string"}, "mend": {"type": "string"}},
            },
        },
    },
}


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI 3.1 document of the partners' API, as it is served at `/v1/openapi.json`."""
    document = get_openapi(
        title="Sluis",
        version=API_VERSION,
        summary="Makelaar tussen partners in zorg en veiligheid",
        description=(
            "Sluis toetst elk verzoek aan het beleid van de verstrekker, verstrekt het gelakte minimum en legt elke "
            "verstrekking vast voordat er iets vertrekt. Begin bij `POST /verzoeken/_toets`: mag ik dit vragen?"
        ),
        contact={"name": "Beheer Sluis", "email": "beheer@sluis.example", "url": "https://sluis.example/contact"},
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        routes=app.routes,
        servers=[{"url": "/v1"}],
    )
    _, schemas = models_json_schema(
        [(shape, "validation") for shape in _SHAPES.values()], ref_template="#/components/schemas/{model}"
    )
    components = document.setdefault("components", {})
    components["schemas"] = {"Problem": _PROBLEM_SCHEMA, **schemas.get("$defs", {})}
    components["securitySchemes"] = _SECURITY
    document["security"] = [{"token": []}]
    document["paths"] = {
        path.removeprefix("/v1"): _without_fastapis_own(item)
        for path, item in document["paths"].items()
        if path.startswith("/v1/")
    }
    return document


def _without_fastapis_own(item: dict[str, Any]) -> dict[str, Any]:
    for operation in item.values():
        content = operation.get("responses", {}).get("422", {}).get("content", {})
        if "HTTPValidationError" in str(content):
            del operation["responses"]["422"]
        for answer in operation.get("responses", {}).values():
            if "text/plain" in answer.get("content", {}):  # the JSON beside it is a guess of the framework
                answer["content"].pop("application/json", None)
    return item


_SECURITY = {
    "token": {
        "type": "oauth2",
        "description": "client_credentials met private_key_jwt; het token is gebonden aan een certificaat of DPoP-sleutel",
        "flows": {
            "clientCredentials": {
                "tokenUrl": "/oauth2/token",
                "scopes": {
                    "verzoeken": "Vragen, toetsen, beoordelen, ophalen",
                    "casussen": "Casussen melden en beheren",
                    "bijdragen": "Bijdragen neerleggen",
                    "bewijzen": "Toestemmingen en afwegingen vastleggen",
                    "noodinzagen": "Noodinzage bij acuut gevaar",
                    "verstrekkingen": "Eigen verstrekkingen en de wegwijzer lezen",
                },
            }
        },
    }
}
SCOPES = tuple(_SECURITY["token"]["flows"]["clientCredentials"]["scopes"])  # type: ignore[index] # the literal above
"""Every door of the API."""
