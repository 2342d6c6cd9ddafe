"""What every keeper of `sluis.ports.identity` promises."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from fakes.ambient import NOON
from fakes.keepers import Keepers
from fakes.samples import a_partner, a_session, fresh
from sluis.core.errors import WrongState

HOUR = timedelta(hours=1)


def test_a_partner_is_found_by_id_and_by_client_id(keepers: Keepers) -> None:
    partner = a_partner()
    keepers.partners.save(partner)
    assert keepers.partners.by_id(partner.id) == partner
    assert keepers.partners.by_client(partner.client_id) == partner
    assert keepers.partners.by_id(partner.client_id) is None
    assert keepers.partners.by_client(partner.id) is None


def test_a_partner_that_ended_is_still_found(keepers: Keepers) -> None:
    partner = replace(a_partner(), active_until=NOON - HOUR)
    keepers.partners.save(partner)
    found = keepers.partners.by_id(partner.id)
    assert found is not None
    assert not found.active(NOON)


def test_saving_a_partner_again_replaces_it(keepers: Keepers) -> None:
    partner = a_partner()
    keepers.partners.save(partner)
    changed = replace(partner, client_id=fresh("client"), certificates=frozenset(), active_until=None)
    keepers.partners.save(changed)
    assert keepers.partners.by_id(partner.id) == changed
    assert keepers.partners.by_client(partner.client_id) is None


def test_two_partners_never_share_a_client_id(keepers: Keepers) -> None:
    first, second = a_partner(), a_partner()
    keepers.partners.save(first)
    with pytest.raises(WrongState):
        keepers.partners.save(replace(second, client_id=first.client_id))
    assert keepers.partners.by_client(first.client_id) == first
    assert keepers.partners.by_id(second.id) is None


def test_all_partners_come_in_order_of_id(keepers: Keepers) -> None:
    for name in ("zorg-a", "Politie", "om", "Om"):
        keepers.partners.save(a_partner(name))
    names = [partner.id for partner in keepers.partners.all()]
    assert names == sorted(names)
    assert {"zorg-a", "Politie", "om", "Om"} <= set(names)


def test_a_thing_may_be_used_once_however_many_ask_at_the_same_time(keepers: Keepers) -> None:
    jti, until = fresh("jti"), keepers.clock.now() + HOUR
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: keepers.replay.first_use("dpop", "ggz", jti, until), range(12)))
    assert answers.count(True) == 1


def test_kind_owner_and_identifier_never_run_into_one_another(keepers: Keepers) -> None:
    jti, until = fresh("jti"), keepers.clock.now() + HOUR
    assert keepers.replay.first_use("a", "bc", jti, until)
    assert keepers.replay.first_use("ab", "c", jti, until)
    assert keepers.replay.first_use("a", "b", "c" + jti, until)
    assert not keepers.replay.first_use("a", "bc", jti, until)


def test_a_thing_may_be_used_again_once_its_moment_has_passed(keepers: Keepers) -> None:
    jti, until = fresh("jti"), keepers.clock.now() + HOUR
    assert keepers.replay.first_use("dpop", "ggz", jti, until)
    keepers.clock.move(HOUR - timedelta(microseconds=1))
    assert not keepers.replay.first_use("dpop", "ggz", jti, until)
    keepers.clock.move(timedelta(microseconds=1))
    assert keepers.replay.first_use("dpop", "ggz", jti, until + HOUR)
    assert not keepers.replay.first_use("dpop", "ggz", jti, until + HOUR)


def test_only_its_own_partner_revokes_a_token(keepers: Keepers) -> None:
    token = fresh("token")
    keepers.issuances.record(token_id=token, partner="ggz", expires=NOON + HOUR, binding="x5t#S256:abc")
    assert not keepers.issuances.revoked(token)
    keepers.issuances.revoke(token, "om")
    assert not keepers.issuances.revoked(token)
    keepers.issuances.revoke(token, "ggz")
    assert keepers.issuances.revoked(token)
    keepers.issuances.revoke("no-such-token", "ggz")


def test_a_token_id_is_issued_once(keepers: Keepers) -> None:
    token = fresh("token")
    keepers.issuances.record(token_id=token, partner="ggz", expires=NOON + HOUR, binding="")
    with pytest.raises(WrongState):
        keepers.issuances.record(token_id=token, partner="om", expires=NOON + HOUR, binding="")


def test_a_session_is_found_by_its_id_until_it_is_closed(keepers: Keepers) -> None:
    session = a_session()
    session_id = keepers.sessions.open(session)
    assert keepers.sessions.find(session_id) == session
    keepers.sessions.close(session_id)
    keepers.sessions.close(session_id)
    assert keepers.sessions.find(session_id) is None


def test_a_session_is_touched_forwards_only(keepers: Keepers) -> None:
    session = a_session()
    session_id = keepers.sessions.open(session)
    keepers.sessions.touch(session_id, NOON + HOUR)
    keepers.sessions.touch(session_id, NOON + HOUR / 2)
    keepers.sessions.touch("no-such-session", NOON)
    assert keepers.sessions.find(session_id) == replace(session, last_seen=NOON + HOUR)


def test_all_sessions_of_one_officer_end_together_and_nobody_elses(keepers: Keepers) -> None:
    officer = fresh("officer")
    mine = [keepers.sessions.open(a_session(officer)) for _ in range(3)]
    other = keepers.sessions.open(a_session())
    assert keepers.sessions.close_all(officer) == 3
    assert keepers.sessions.close_all(officer) == 0
    assert [keepers.sessions.find(session_id) for session_id in mine] == [None] * 3
    assert keepers.sessions.find(other) is not None
