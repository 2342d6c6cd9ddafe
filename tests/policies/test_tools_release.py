"""Two people release a set: what they sign, what the broker believes, and which set stays when something is wrong."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sluis.cli.policy import app
from sluis.core.errors import BadKey, Flaw, LedgerUnavailable, PolicyFileError, PolicyUnavailable
from sluis.policy_files import load
from sluis.policy_files.release import RELEASE, Declaration
from sluis.policy_files.signing import Released, declare, new_key, read_key, read_trust, sign, verified
from sluis.policy_files.watching import Watched, WatchedRules

RUN = CliRunner()
START = datetime(2027, 1, 1, tzinfo=UTC)
LATER = START + timedelta(days=1)


class World:
    """A set to release, two people with keys, and the list of who is trusted."""

    def __init__(self, policies: Path, folder: Path) -> None:
        self.old = policies
        self.set = folder / "set"
        shutil.copytree(policies, self.set)
        self.keys = {name: folder / f"{name}.pem" for name in ("anna", "bert", "carl")}
        publics = {name: new_key(path) for name, path in self.keys.items()}
        self.trust = folder / "ondertekenaars.yaml"
        rows = [f'  - {{naam: {name}, sleutel: "{key}"}}' for name, key in publics.items() if name != "carl"]
        self.trust.write_text("\n".join(["ondertekenaars:", *rows, ""]), encoding="utf-8")

    def declared(self, *, valid_from: datetime = START, valid_until: datetime | None = None) -> Declaration:
        wanted = Declaration(
            policy="", lists={}, reason="eerste", valid_from=valid_from, valid_until=valid_until, rac_advice="RAC 1"
        )
        return declare(self.set, wanted, None)

    def sign(self, *names: str, declaration: Declaration | None = None) -> None:
        for name in names:
            sign(self.set, declaration, name=name, key=read_key(self.keys[name]))
            declaration = None

    def check(self, at: datetime = LATER) -> Released:
        return verified(self.set, read_trust(self.trust), at)

    def change(self, name: str, old: str, new: str) -> None:
        path = self.set / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def widen(self) -> None:
        for name in ("rvdk.yaml", "rvdk.voorbeelden.yaml"):
            shutil.copy(self.old / name, self.set / name)

    def narrow(self) -> None:
        for name in ("rvdk.yaml", "rvdk.voorbeelden.yaml"):
            (self.set / name).unlink()


@pytest.fixture
def world(policies: Path, tmp_path: Path) -> World:
    return World(policies, tmp_path)


def test_what_two_trusted_people_signed_is_released(world: World) -> None:
    world.sign("anna", "bert", declaration=world.declared())
    released = world.check()
    assert released.signers == ("anna", "bert")
    assert released.policy == load(world.set).policy
    assert released.declaration is not None
    assert released.declaration.rac_advice == "RAC 1"


def test_one_person_is_not_enough_and_cannot_sign_twice(world: World) -> None:
    world.sign("anna", declaration=world.declared())
    with pytest.raises(PolicyFileError, match="1 van de 2"):
        world.check()
    with pytest.raises(PolicyFileError, match="tekende al"):
        world.sign("anna")
    with pytest.raises(PolicyFileError, match="tekende al"):
        sign(world.set, None, name="bert", key=read_key(world.keys["anna"]))


def test_a_signature_under_the_name_of_another_does_not_count(world: World) -> None:
    world.sign("anna", declaration=world.declared())
    sign(world.set, None, name="bert", key=read_key(world.keys["carl"]))
    with pytest.raises(PolicyFileError, match="niet vertrouwd"):
        world.check()


def test_who_is_not_trusted_cannot_release(world: World) -> None:
    world.sign("anna", "carl", declaration=world.declared())
    with pytest.raises(PolicyFileError, match="niet vertrouwd"):
        world.check()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("verklaring", "reden"), "iets anders"),
        (("verklaring", "geldig-vanaf"), "2020-01-01T00:00:00Z"),
        (("verklaring", "rac-advies"), "RAC 2"),
        (("verklaring", "ruimer"), ["identiteit.bsn"]),
        (("verklaring", "beleid"), "sha256:00"),
        (("verklaring", "lijsten"), {}),
        (("verklaring", "extra"), "x"),
        (("formaat",), "sluis-release/2"),
        (("ondertekeningen", 1, "handtekening"), "AAAA"),
        (("ondertekeningen", 1, "handtekening"), "geen base64!"),
        (("ondertekeningen", 1, "naam"), "anna"),
        (("ondertekeningen", 1, "sleutel"), "ed25519:AAAA"),
        (("ondertekeningen", 1), "tekst"),
        (("ondertekeningen",), {}),
    ],
)
def test_whatever_is_changed_in_a_release_spoils_it(world: World, path: tuple[str | int, ...], value: object) -> None:
    world.sign("anna", "bert", declaration=world.declared())
    content = json.loads((world.set / RELEASE).read_text(encoding="utf-8"))
    place = content
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    (world.set / RELEASE).write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(PolicyFileError):
        world.check()


def test_a_rule_or_a_list_changed_after_signing_is_refused_and_a_comment_is_not(world: World) -> None:
    world.sign("anna", "bert", declaration=world.declared())
    world.change("ggz.yaml", "domein: ggz", "# een opmerking\ndomein: ggz")
    world.check()
    (world.set / "lijsten" / "extra.yaml").write_text("a: [b]\n", encoding="utf-8")
    with pytest.raises(PolicyFileError, match="lijsten zijn veranderd"):
        world.check()
    (world.set / "lijsten" / "extra.yaml").unlink()
    world.change("ggz.yaml", "gezondheid.lvb: functioneel", "gezondheid.lvb: grof")
    with pytest.raises(PolicyFileError):
        world.check()


def test_a_set_counts_from_and_until_its_dates(world: World) -> None:
    world.sign("anna", "bert", declaration=world.declared(valid_until=START + timedelta(days=30)))
    world.check(START)
    for at in (START - timedelta(seconds=1), START + timedelta(days=30)):
        with pytest.raises(PolicyUnavailable):
            world.check(at)


def test_what_becomes_wider_needs_advice_or_reasons(world: World) -> None:
    """F14: a version that adds a category is not activated without RAC advice or recorded reasons to deviate."""
    old = world.set.parent / "oud"
    shutil.copytree(world.set, old)
    for name in ("rvdk.yaml", "rvdk.voorbeelden.yaml"):
        (old / name).unlink()
    bare = Declaration(policy="", lists={}, reason="erbij", valid_from=START)
    with pytest.raises(PolicyFileError, match="wordt ruimer"):
        declare(world.set, bare, old)
    with pytest.raises(PolicyFileError, match="geen eerder beleid"):
        declare(world.set, bare, None)
    declare(world.set, Declaration(policy="", lists={}, reason="erbij", valid_from=START, deviation="spoed, gemeld aan RAC"), old)
    declared = declare(old, bare, world.set)
    assert declared.wider == ()
    world.sign("anna", "bert", declaration=declare(world.set, bare, world.old))
    world.check()
    with pytest.raises(PolicyFileError, match="ruimer dan wat nu geldt"):
        verified(world.set, read_trust(world.trust), LATER, active=load(old))


def test_a_key_is_for_its_owner_only_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.pem"
    new_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert RUN.invoke(app, ["key", str(path), "--name", "a"]).exit_code == 2
    path.chmod(0o644)
    with pytest.raises(BadKey):
        read_key(path)


def test_two_people_never_share_a_key_or_a_name(world: World) -> None:
    text = world.trust.read_text(encoding="utf-8")
    world.trust.write_text(text.replace("naam: bert", "naam: anna"), encoding="utf-8")
    with pytest.raises(PolicyFileError, match="staat er al"):
        read_trust(world.trust)
    world.trust.write_text("ondertekenaars:\n  - {naam: x, sleutel: niets}\n", encoding="utf-8")
    with pytest.raises(PolicyFileError, match="geen openbare sleutel"):
        read_trust(world.trust)


def test_the_command_signs_for_two_people_and_verifies(world: World) -> None:
    first = ["--reason", "begin", "--valid-from", "2027-01-01", "--rac-advice", "RAC 7"]

    def run(*words: object) -> tuple[int, str]:
        done = RUN.invoke(app, [str(word) for word in words])
        return done.exit_code, done.stdout + done.stderr

    code, out = run("sign", world.set, "--key", world.keys["anna"], "--name", "anna", *first)
    assert (code, "nog 1 nodig" in out) == (0, True), out
    assert run("verify", world.set, "--trust", world.trust, "--op", "2027-02-01")[0] == 2
    code, out = run("sign", world.set, "--key", world.keys["bert"], "--name", "bert")
    assert (code, "getekend door anna, bert" in out) == (0, True), out
    assert run("verify", world.set, "--trust", world.trust, "--op", "2027-02-01")[0] == 0
    assert run("verify", world.set, "--trust", world.trust, "--op", "2026-02-01")[0] == 1
    assert run("verify", world.set, "--trust", world.trust, "--op", "ooit")[0] == 2


# ---- the set in force ----------------------------------------------------------------------------


class Watching:
    """A clock to turn, and what was told."""

    def __init__(self) -> None:
        self.at = LATER
        self.activated: list[Released] = []
        self.refused: list[tuple[Flaw, ...]] = []
        self.broken = False

    def now(self) -> datetime:
        return self.at

    def turn(self) -> None:
        self.at += timedelta(seconds=10)

    def activate(self, released: Released) -> None:
        if self.broken:
            raise LedgerUnavailable("the log cannot be written")
        self.activated.append(released)

    def rules(self, world: World, *, trust: bool = True, last: str = "") -> WatchedRules:
        watched = Watched(directory=world.set, trust=world.trust if trust else None, last=last)
        return WatchedRules(watched, self, on_activated=self.activate, on_refused=self.refused.append)


def test_an_unsigned_set_decides_in_a_demonstration_only(world: World) -> None:
    watching = Watching()
    assert watching.rules(world, trust=False).current().policy == load(world.set).policy
    strict = watching.rules(world)
    with pytest.raises(PolicyUnavailable):
        strict.current()
    assert "niet ondertekend" in watching.refused[0][0].what


def test_a_bad_set_never_replaces_the_good_one_and_is_told_once(world: World) -> None:
    world.sign("anna", "bert", declaration=world.declared())
    watching = Watching()
    rules = watching.rules(world)
    good = rules.current()
    world.change("ggz.yaml", "doel: zvh-casus", "doel: zomaar")
    for _ in range(3):
        watching.turn()
        assert rules.current() is good
    assert len(watching.refused) == 1
    assert len(watching.activated) == 1


def test_a_changed_set_takes_effect_once_it_is_signed_and_recorded(world: World) -> None:
    world.sign("anna", "bert", declaration=world.declared())
    watching = Watching()
    rules = watching.rules(world)
    good = rules.current()
    world.narrow()
    world.sign("anna", "bert", declaration=world.declared())
    assert rules.current() is good, "it is not looked at more often than asked"
    watching.broken = True
    watching.turn()
    assert rules.current() is good, "a change that cannot be recorded does not happen"
    watching.broken = False
    watching.turn()
    assert rules.current().policy == load(world.set).policy != good.policy
    assert [one.policy for one in watching.activated] == [good.policy, rules.current().policy]


def test_wider_than_what_decides_needs_advice_whatever_the_signers_compared(world: World) -> None:
    world.narrow()
    world.sign("anna", "bert", declaration=world.declared())
    watching = Watching()
    rules = watching.rules(world)
    good = rules.current()
    world.widen()
    bare = Declaration(policy="", lists={}, reason="erbij", valid_from=START)
    world.sign("anna", "bert", declaration=declare(world.set, bare, world.old))
    watching.turn()
    assert rules.current() is good
    assert "ruimer dan wat nu geldt" in watching.refused[0][0].what


def test_after_a_restart_the_set_must_follow_on_the_one_in_the_log(world: World) -> None:
    bare = Declaration(policy="", lists={}, reason="zelfde", valid_from=START)
    world.sign("anna", "bert", declaration=declare(world.set, bare, world.old))
    watching = Watching()
    with pytest.raises(PolicyUnavailable):
        watching.rules(world, last="sha256:iets-anders").current()
    same = watching.rules(world, last=load(world.set).policy)
    assert same.current().policy == load(world.old).policy
    assert watching.activated == [], "what the log has last is not recorded again"


def test_a_set_that_ended_decides_nothing(world: World) -> None:
    world.sign("anna", "bert", declaration=world.declared(valid_until=LATER + timedelta(seconds=30)))
    watching = Watching()
    rules = watching.rules(world)
    rules.current()
    watching.at += timedelta(seconds=30)
    with pytest.raises(PolicyUnavailable):
        rules.current()


def test_a_set_that_is_early_takes_effect_when_its_day_comes(world: World) -> None:
    world.sign("anna", "bert", declaration=world.declared(valid_from=LATER + timedelta(seconds=15)))
    watching = Watching()
    rules = watching.rules(world)
    with pytest.raises(PolicyUnavailable):
        rules.current()
    watching.at += timedelta(seconds=20)
    assert rules.current().policy == load(world.set).policy
