"""What all shapes share: strict input, camelCase names, no surprises."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel


class Given(BaseModel):
    """A body that a partner sends: every key known, every type exact, no infinity."""

    model_config = ConfigDict(
        strict=True, extra="forbid", allow_inf_nan=False, alias_generator=to_camel, hide_input_in_errors=True, frozen=True
    )


class Told(BaseModel):
    """A body that Sluis answers with."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True, extra="forbid")


def _no_control(value: str) -> str:
    if any(ord(c) < 32 and c not in "\n\t" for c in value) or "\x7f" in value:  # noqa: PLR2004 - C0 controls end at 32
        raise ValueError("bevat besturingstekens")
    if any(0xD800 <= ord(c) <= 0xDFFF for c in value):  # noqa: PLR2004 - the surrogates of Unicode
        raise ValueError("bevat losse surrogaten")
    return value


Word = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.\-]{0,63}$")]
"""A word of the vocabulary, or an organisation's id."""
Handle = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_\-]{1,64}$")]
"""A random id that Sluis gave."""
Line = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_no_control)]
"""One line of text."""
Prose = Annotated[str, StringConstraints(min_length=1, max_length=20_000), AfterValidator(_no_control)]
"""Running text."""
Moment = Annotated[AwareDatetime, Field(description="Moment met tijdzone (RFC 9557); het antwoord staat in UTC")]


def moment(value: datetime) -> str:
    """A moment as the API writes it: UTC, `Z`, whole seconds."""
    return value.strftime("%Y-%m-%dT%H:%M:%SZ")
