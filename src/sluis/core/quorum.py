"""The `tlog-policy` file: which log keys count, which witnesses, and how many of them make a checkpoint believable."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from sluis.core.errors import BadInput, Flaw
from sluis.core.note import VerifierKey, parse_vkey


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness under the name that the policy gives it, and where it can be asked (None: it is not asked by us)."""

    key: VerifierKey
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """So many of these names, witnesses or groups."""

    least: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TlogPolicy:
    """A policy file, read. `quorum` is the name that must be satisfied, or `none`."""

    logs: tuple[VerifierKey, ...] = ()
    witnesses: dict[str, Witness] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    quorum: str = "none"

    def satisfied(self, signed: AbstractSet[str]) -> bool:
        """Whether cosignatures of these witnesses make the quorum."""
        return self.quorum == "none" or self._holds(self.quorum, signed)

    def _holds(self, name: str, signed: AbstractSet[str]) -> bool:
        group = self.groups.get(name)
        if group is None:
            return name in signed
        return sum(self._holds(member, signed) for member in group.members) >= group.least


def parse_policy(text: str) -> TlogPolicy:
    """The policy in a file. Raises `BadInput` with the line for an unknown word or name, a name used twice, no quorum."""
    reading = _Reading()
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split()
        if not words or line.startswith("#"):
            continue
        take = reading.takes().get(words[0])
        try:
            if take is None or reading.quorum:
                raise _bad("an unknown word, or a line after the quorum")
            take(words[1:])
        except (BadInput, ValueError, IndexError) as fault:
            what = "; ".join(flaw.what for flaw in fault.flaws) if isinstance(fault, BadInput) else "words missing or no number"
            raise BadInput(Flaw(where=f"line {number}", what=what)) from fault
    if not reading.quorum:
        raise _bad("no quorum line")
    return TlogPolicy(tuple(reading.logs), reading.witnesses, reading.groups, reading.quorum)


def _bad(what: str) -> BadInput:
    return BadInput(Flaw(where="policy", what=what))


@dataclass(slots=True)
class _Reading:
    """A policy file, read as far as we are. Names must be known before they are used, so groups cannot go in circles."""

    logs: list[VerifierKey] = field(default_factory=list)
    witnesses: dict[str, Witness] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    quorum: str = ""

    def takes(self) -> dict[str, Callable[[list[str]], None]]:
        """What each first word does with the rest of its line."""
        return {"log": self._log, "witness": self._witness, "group": self._group, "quorum": self._quorum}

    def _log(self, words: list[str]) -> None:
        self.logs.append(parse_vkey(words[0]))

    def _witness(self, words: list[str]) -> None:
        self.witnesses[self._new(words[0])] = Witness(parse_vkey(words[1]), words[2] if len(words) > 2 else None)  # noqa: PLR2004 - the address is optional

    def _group(self, words: list[str]) -> None:
        members = tuple(self._known(word) for word in words[2:])
        least = {"any": 1, "all": len(members)}.get(words[1]) or int(words[1])
        if not 1 <= least <= len(members) or len(set(members)) < len(members):
            raise _bad("a group that cannot be satisfied, or a member named twice")
        self.groups[self._new(words[0])] = Group(least, members)

    def _quorum(self, words: list[str]) -> None:
        self.quorum = "none" if words[0] == "none" else self._known(words[0])

    def _new(self, name: str) -> str:
        if name == "none" or name in self.witnesses or name in self.groups:
            raise _bad("a name that is taken")
        return name

    def _known(self, name: str) -> str:
        if name not in self.witnesses and name not in self.groups:
            raise _bad("a name that no line above declares")
        return name
