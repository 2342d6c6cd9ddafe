"""The walk-through: prepare the region, run the broker, tell the stories, then tamper with the log and be caught."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from threading import Event

from rich.console import Console

from sluis.core.errors import LedgerBroken
from sluis.demo import casework, stories
from sluis.demo.running import Region, clients, free_port, prepare, running
from sluis.demo.showing import Show
from sluis.demo.stories import Teller, Unexpected
from sluis.wiring import log_path, open_keepers


def tell_stories(folder: Path, policies: Path) -> None:
    """Tell every story. Raises `Unexpected` when a step goes otherwise than told."""
    show = Show(Console(highlight=False, width=124))
    region = prepare(folder, policies, free_port())
    with running(region, folder / "makelaar.log"):
        show.say(f"Makelaar op {region.settings.public_url}; negen organisaties met eigen sleutels; iedereen is verzonnen.")
        tell = Teller(clients(region), show)
        stories.may_i_ask(tell)
        case = stories.open_case(tell)
        stories.deposit(tell, case)
        casework.meeting(tell, case)
        stories.partial_release(tell, case)
        stories.simple_language(tell, case)
        casework.handover(tell, case)
        stories.urgency(tell, case)
        release = stories.emergency(tell)
        stories.own_register(tell, release)
        casework.turned_down(tell)
    _verify_and_tamper(region, show)


def keep_running(folder: Path, policies: Path, port: int) -> None:
    """Keep the region up until Ctrl-C, with its stories told once so that there is something to see."""
    show = Show(Console(highlight=False, width=124))
    region = prepare(folder, policies, port or free_port())
    with running(region, folder / "makelaar.log"):
        tell = Teller(clients(region), show)
        case = stories.open_case(tell)
        stories.deposit(tell, case)
        casework.meeting(tell, case)
        stories.partial_release(tell, case)
        stories.urgency(tell, case)
        stories.emergency(tell)
        show.note("de regio draait", _invitation(region))
        _until_interrupted()


def _invitation(region: Region) -> str:
    url = region.settings.public_url
    passwords = json.loads((region.settings.data / "demo-aanmelding.json").read_bytes())
    lines = [f"portaal   {url}/portaal", *(f"          {name:<10} {word}" for name, word in passwords.items())]
    return "\n".join([*lines, f"API       {url}/v1/openapi.json", f"logboek   {url}/log/checkpoint", "stoppen   Ctrl-C"])


def _until_interrupted() -> None:
    try:
        Event().wait()
    except KeyboardInterrupt:
        return


def _verify_and_tamper(region: Region, show: Show) -> None:
    show.story("S9", "Het logboek: alles klopt, tot iemand een byte verandert")
    keepers = open_keepers(region.settings)
    try:
        state = keepers.ledger.verify()
        show.done(f"{state.size} regels nagerekend; wortel {state.root.hex()[:16]}… klopt met het ondertekende hoofd")
    finally:
        keepers.close()
    position = _change_one_byte(log_path(region.settings))
    show.say(f"Iemand met toegang tot de schijf verandert een byte in regel {position}.")
    try:
        keepers = open_keepers(region.settings)
        keepers.ledger.verify()
    except LedgerBroken as caught:
        show.done(f"betrapt: {caught}")
        return
    raise Unexpected("tampering was not noticed")


def _change_one_byte(path: Path) -> int:
    """Change one byte of an entry's core in the file, around the triggers that guard the table. Returns its position."""
    with sqlite3.connect(path) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        seq, core = connection.execute("SELECT seq, core FROM entry ORDER BY seq DESC LIMIT 1").fetchone()
        changed = bytearray(core)
        changed[len(changed) // 2] ^= 1
        connection.execute("UPDATE entry SET core = ? WHERE seq = ?", (bytes(changed), seq))
    return int(seq)
