"""Case data that a provider leaves at home: asked over HTTPS at the provider's own system, for each request again.

Laws of this file: the provider's system is told the pairwise pseudonym, the case and what is asked, nothing else; what it
returns too much is dropped; whatever goes wrong is `SourceUnavailable`, whose message holds no value and no address.

The provider's side of it (`docs/data.md`):
    POST <base>/registraties/_zoek      {"persoon", "casus", "gegevens": {category: [field, …]}}
      -> 200 {"registraties": [{"gegeven", "vastgelegd", "velden": {field: value}}]}; an unknown person has none
    POST <base>/bekende-waarden/_zoek   {"persoon", "casus"}
      -> 200 {"waarden": [{"soort", "waarde", "rol"}]}
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

import httpx2

from sluis.core.errors import BadInput, Flaw, SourceUnavailable
from sluis.core.record import FieldValue, Known, Record, Wanted

LARGEST: Final = 8_000_000
"""How many bytes an answer may have."""
_OK: Final = 200
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_KNOWN_TYPES: Final = frozenset(
    {
        "PER", "DOB", "DATE", "AGE", "ADDR", "POSTCODE", "CITY", "ORG", "BSN", "PHONE", "EMAIL", "URL", "HANDLE", "IBAN",
        "PLATE", "VNR", "PARKET", "CASE", "DOC", "PATNR", "ID",
    }
)  # fmt: skip


class HttpSource:
    """`Source` at `base`, the address of a provider's system, through `client` (which holds time limits and certificates).

    `fields` says which fields each category may have: others are neither asked for nor taken. `pseudonym` gives what this
    provider calls a subject. Raises `BadInput` unless `base` is HTTPS, or this machine.
    """

    def __init__(
        self, client: httpx2.Client, base: str, *, fields: Mapping[str, frozenset[str]], pseudonym: Callable[[str], str]
    ) -> None:
        address = httpx2.URL(base)
        if address.scheme != "https" and address.host not in _LOOPBACK:
            raise BadInput(Flaw(where="bron", what="is no https address"))
        self._client = client
        self._base = base.rstrip("/")
        self._fields = fields
        self._pseudonym = pseudonym

    def fetch(self, wanted: Wanted) -> Sequence[Record]:
        """The records of these categories, and of no other, with no other fields. Raises `SourceUnavailable`."""
        asked = {name: sorted(self._fields[name]) for name in wanted.categories if name in self._fields}
        if not asked:
            return []
        answer = self._ask("registraties", {**self._who(wanted), "gegevens": asked})
        records = [_record(item, wanted.provider) for item in _items(answer, "registraties")]
        return [self._cut(record) for record in records if record.category in asked]

    def known_values(self, wanted: Wanted) -> Sequence[Known]:
        """What the provider's case file knows of the persons in it. Raises `SourceUnavailable`."""
        return [_known(item) for item in _items(self._ask("bekende-waarden", self._who(wanted)), "waarden")]

    def gathered(self, wanted: Wanted) -> tuple[Sequence[Record], Sequence[Known]]:
        """Both, each asked by itself. Raises `SourceUnavailable`."""
        return self.fetch(wanted), self.known_values(wanted)

    def _who(self, wanted: Wanted) -> dict[str, object]:
        return {"persoon": self._pseudonym(wanted.subject), "casus": wanted.case}

    def _cut(self, record: Record) -> Record:
        allowed = self._fields[record.category]
        fields = {name: value for name, value in record.fields.items() if name in allowed}
        return Record(category=record.category, provider=record.provider, recorded=record.recorded, fields=fields)

    def _ask(self, what: str, question: Mapping[str, object]) -> object:
        """The JSON that the provider's system answers. The errors of HTTP and JSON end here, with everything they quote."""
        try:
            with self._client.stream(
                "POST",
                f"{self._base}/{what}/_zoek",
                json=question,
                headers={"Accept": "application/json"},
                follow_redirects=False,
            ) as response:
                if response.status_code != _OK:
                    raise SourceUnavailable(f"the source answered with status {response.status_code}")
                return json.loads(_body(response))
        except (httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL) as error:
            raise SourceUnavailable(f"the source does not answer ({type(error).__name__})") from None
        except (ValueError, RecursionError):
            raise SourceUnavailable("the source answered with something that is no JSON") from None


def _body(response: httpx2.Response) -> bytes:
    body = bytearray()
    for piece in response.iter_bytes():
        body += piece
        if len(body) > LARGEST:
            raise SourceUnavailable(f"the source answered with more than {LARGEST} bytes")
    return bytes(body)


def _items(answer: object, name: str) -> list[Mapping[str, object]]:
    items = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise SourceUnavailable(f"the source answered without a list of {name}")
    return items


def _record(item: Mapping[str, object], provider: str) -> Record:
    category, recorded, fields = item.get("gegeven"), item.get("vastgelegd"), item.get("velden")
    if not (isinstance(category, str) and isinstance(recorded, str) and isinstance(fields, dict)):
        raise SourceUnavailable("the source answered with a record that misses a part")
    values = {name: _value(value) for name, value in fields.items()}
    return Record(category=category, provider=provider, recorded=_moment(recorded), fields=values)


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise SourceUnavailable("the source answered with a record whose date is none") from None
    if at.tzinfo is None:
        raise SourceUnavailable("the source answered with a record whose date has no time zone")
    return at


def _value(value: object) -> FieldValue:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, dict) and all(isinstance(form, str) for form in value.values()):
        return value
    raise SourceUnavailable("the source answered with a field that is neither text, number, yes or no, nor forms of text")


def _known(item: Mapping[str, object]) -> Known:
    kind, value, role = item.get("soort"), item.get("waarde"), item.get("rol")
    if not (isinstance(kind, str) and isinstance(value, str) and value and (role is None or isinstance(role, str))):
        raise SourceUnavailable("the source answered with a known value that misses a part")
    # A kind that we do not know is still a value that nobody may see.
    return Known(type=kind if kind in _KNOWN_TYPES else "ID", value=value, role=role)
