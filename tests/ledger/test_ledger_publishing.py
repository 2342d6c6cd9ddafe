"""The published log: tiles, bundles, checkpoint; in a folder and from the rows; and what a folder remembers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from ledger_world import TestClock, Where, make_parts, plain, release

from sluis.core.errors import LedgerBroken
from sluis.core.merkle import leaf_hash, root_of
from sluis.core.note import parse_checkpoint, parse_note
from sluis.core.tiles import unbundle
from sluis.ledger.log import TransparencyLog, open_sqlite_log
from sluis.ledger.opening import Outside
from sluis.ledger.publishing import Folder
from sluis.ledger.sequencer import Ticket


def fill(log: TransparencyLog, count: int) -> TransparencyLog:
    """So many entries, in as few batches as the queue makes of them."""
    tickets: list[Ticket] = [log.submit(plain(number)) for number in range(count)]
    for ticket in tickets:
        ticket.wait(30)
    return log


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def leaves_of(folder: Path, size: int) -> list[bytes]:
    bundles = sorted(path for path in (folder / "tile/entries").rglob("*") if path.is_file())
    return [leaf for path in bundles for leaf in unbundle(path.read_bytes())][:size]


def test_the_folder_holds_the_whole_log(where: Where, tmp_path: Path) -> None:
    folder = tmp_path / "public"
    log = where(make_parts(), Outside(folder=Folder(folder)))
    assert files(folder) == {"checkpoint"}
    fill(log, 300).tend()
    assert files(folder) == {
        "checkpoint",
        "tile/entries/000",
        "tile/entries/001.p/44",
        "tile/0/000",
        "tile/0/001.p/44",
        "tile/1/000.p/1",
    }
    head = parse_checkpoint(parse_note((folder / "checkpoint").read_text()).text).head
    assert (head.size, head.root) == (300, root_of(leaf_hash(leaf) for leaf in leaves_of(folder, 300)))
    log.verify()


def test_publishing_step_by_step_gives_what_serving_gives(where: Where, tmp_path: Path) -> None:
    folder = tmp_path / "public"
    log = where(make_parts(), Outside(folder=Folder(folder)))
    for count in (1, 200, 55, 0, 1, 300):
        fill(log, count).tend()
    for name in files(folder):
        served = log.served(name)
        assert served is not None
        assert served.content == (folder / name).read_bytes(), name
    assert "tile/0/000.p/1" not in files(folder)
    assert {name for name in files(folder) if name.startswith("tile/0/")} == {"tile/0/000", "tile/0/001", "tile/0/002.p/45"}


def test_what_is_served_says_how_long_it_may_be_kept(log: TransparencyLog) -> None:
    fill(log, 3)
    checkpoint, tile = log.served("checkpoint"), log.served("tile/0/000.p/3")
    assert checkpoint is not None
    assert tile is not None
    assert (checkpoint.content_type, checkpoint.cache_control) == ("text/plain; charset=utf-8", "public, max-age=2")
    assert (tile.content_type, tile.cache_control) == ("application/octet-stream", "public, max-age=31536000, immutable")


@pytest.mark.parametrize("name", ["", "tile/0/000", "tile/0/000.p/4", "tile/1/000", "tile/9/000.p/1", "../audit.db", "entry/0"])
def test_what_the_log_does_not_have_is_not_served(name: str, log: TransparencyLog) -> None:
    assert fill(log, 3).served(name) is None


def test_missing_tiles_are_made_again_at_the_start(where: Where, tmp_path: Path) -> None:
    outside = Outside(folder=Folder(tmp_path / "public"))
    log = fill(where(make_parts(), outside), 300)
    log.tend()
    before = files(tmp_path / "public")
    log.close()
    shutil.rmtree(tmp_path / "public" / "tile" / "0")
    where(make_parts(clock=TestClock()), outside)
    assert files(tmp_path / "public") == before


def test_a_lost_folder_is_made_again(where: Where, tmp_path: Path) -> None:
    outside = Outside(folder=Folder(tmp_path / "public"))
    fill(where(make_parts(), outside), 10).close()
    shutil.rmtree(tmp_path / "public")
    where(make_parts(), outside)
    assert "tile/0/000.p/10" in files(tmp_path / "public")


def test_a_restored_backup_is_refused_because_the_folder_remembers(path: Path, tmp_path: Path) -> None:
    outside = Outside(folder=Folder(tmp_path / "public"))
    fill(open_sqlite_log(path, make_parts(), outside), 3).close()
    shutil.copy(path, tmp_path / "backup.db")
    log = fill(open_sqlite_log(path, make_parts(), outside), 3)
    log.tend()
    log.close()
    with pytest.raises(LedgerBroken, match=r"behind: .* of 6 entries .* has 3: an old backup was restored"):
        open_sqlite_log(tmp_path / "backup.db", make_parts(), outside)


def test_a_fork_is_refused_because_the_folder_remembers(path: Path, tmp_path: Path) -> None:
    outside = Outside(folder=Folder(tmp_path / "public"))
    log = fill(open_sqlite_log(path, make_parts(), outside), 3)
    log.tend()
    log.close()
    fill(open_sqlite_log(tmp_path / "forged.db", make_parts()), 6).close()
    with pytest.raises(LedgerBroken, match="fork"):
        open_sqlite_log(tmp_path / "forged.db", make_parts(), outside)


def test_a_published_checkpoint_of_somebody_else_is_refused(path: Path, tmp_path: Path) -> None:
    outside = Outside(folder=Folder(tmp_path / "public"))
    open_sqlite_log(path, make_parts(), outside).close()
    text = (tmp_path / "public" / "checkpoint").read_text()
    (tmp_path / "public" / "checkpoint").write_text(text.replace("\n0\n", "\n9\n"))
    with pytest.raises(LedgerBroken, match="signature"):
        open_sqlite_log(path, make_parts(), outside)


def test_health_says_how_far_the_folder_goes(where: Where, tmp_path: Path) -> None:
    log = where(make_parts(), Outside(folder=Folder(tmp_path / "public")))
    fill(log, 3)
    assert log.health().published == 0
    log.tend()
    found = log.health()
    assert (found.published, found.broken, found.problem, found.witnesses, found.cosigned_at) == (3, "", "", (), None)


def test_the_thread_publishes_by_itself(where: Where, tmp_path: Path) -> None:
    log = where(make_parts(), Outside(folder=Folder(tmp_path / "public"), every=0.02))
    log.append(release())
    folder = Folder(tmp_path / "public")
    while "\n1\n" not in (folder.checkpoint() or ""):
        pass
    assert folder.read("tile/entries/000.p/1") is not None
    assert folder.read("tile/entries/000") is None
    assert folder.read("../audit.db") is None
