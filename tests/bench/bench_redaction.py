"""Redaction beside deduce, and on hostile text. deduce lives in a throw-away environment outside the project, made on demand.

`run()` gives three rows; run this file alone to see them. What is timed is CPU time of one core, warm, on the same notes:

* `redact_vs_deduce`, the release path: the JSON that was stored at deposit is read, the known values of the case are made
  ready (nothing of a case is kept from one release to the next) and found, spans become markers, the proof pass reads the output;
* `redact_vs_deduce@cold`, the same without a stored analysis: the rules run as well;
* deduce finds spans, with the name of the patient, the one known person that it takes; it replaces and proves nothing.

`redact_hostile` is the worst hostile text beside a normal one.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
import venv
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "redaction"))

from redaction_notes import IDENTIFYING, Note, leaks, notes

from sluis.core.verdict import TextMode
from sluis.redaction import LexiconRedactor
from sluis.redaction.analysis import Analysis

ROUNDS = 25
REPEATS = 20
SIZE = 2000
DEDUCE = "deduce==3.0.6"
HOME = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "sluis-bench" / "deduce"
WORKER = """
import json, sys, time
from deduce import Deduce
from deduce.person import Person
engine = Deduce()
notes = json.loads(sys.stdin.readline())
def spans(text, name):
    first, _, last = (name or "").partition(" ")
    known = {"patient": Person(first_names=[first], surname=last)} if name else None
    try:
        found = engine.deidentify(text, metadata=known)
    except (ValueError, AttributeError, IndexError, KeyError, TypeError, RuntimeError):
        found = engine.deidentify(text)  # some names of a patient make deduce fail
    return [[int(a.start_char), int(a.end_char), a.tag] for a in found.annotations]
print(json.dumps([spans(*note) for note in notes]), flush=True)
for _ in sys.stdin:
    begin = time.process_time()
    for note in notes:
        spans(*note)
    print(time.process_time() - begin, flush=True)
"""
HOSTILE = (
    "1234567890",
    "1 2-3.4/",
    "a@",
    "Ab-",
    "e\u0301\u0300",
    "a\ud800 ",
    "06-1\n",
    "Jan de ",
    "NL91 ABNA ",
    "a::1:",
    "12 - 3 - 2020 ",
    "9999 1820 ",
    "a.nl ",
    "x1a ",
)

Row = dict[str, str | float | None]


def long_notes(some: list[Note]) -> list[Note]:
    """Notes of about 2 kB: short ones joined, with what the case file knows of the first."""
    joined: list[Note] = []
    text, first = "", some[0]
    for note in some:
        first = note if not text else first
        text += note.text + "\n\n"
        if len(text) >= SIZE:
            joined.append(Note(first.id, text, (), (), first.known))
            text = ""
    return joined


def interpreter() -> Path:
    """The interpreter of deduce's environment, made when there is none. Raises when it cannot be installed."""
    python = HOME / "bin" / "python"
    if not python.exists():
        venv.create(HOME, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", DEDUCE], check=True)
    subprocess.run([python, "-c", "import deduce"], check=True)
    return python


class Other:
    """deduce in its own process: asked for spans once, then for the time of a round."""

    def __init__(self, some: list[Note]) -> None:
        self._process = subprocess.Popen(
            [interpreter(), "-c", WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        people = [next((k.value for k in note.known if k.type == "PER"), "") for note in some]
        self.spans = json.loads(self._ask(json.dumps([[note.text, name] for note, name in zip(some, people, strict=True)])))

    def _ask(self, line: str) -> str:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline()

    def seconds(self) -> float:
        """CPU seconds of one round over all notes."""
        return float(self._ask("again"))

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


def cold(redactor: LexiconRedactor, some: list[Note]) -> float:
    """CPU seconds of one round: rules, known values, markers and proof pass for every note."""
    begin = time.process_time()
    for note in some:
        redactor.redact([note.text], note.known, TextMode.MASK, b"bench")
    return time.process_time() - begin


def stored(redactor: LexiconRedactor, some: list[Note], lines: list[str]) -> float:
    """CPU seconds of one round from the lines that were stored at deposit; repeated, to take as long as a round of deduce."""
    begin = time.process_time()
    for _ in range(REPEATS):
        for note, line in zip(some, lines, strict=True):
            redactor.release([note.text], [Analysis.from_json(line)], note.known, TextMode.MASK, b"bench")
    return (time.process_time() - begin) / REPEATS


def recall(some: list[Note], found: list[list[tuple[int, int, str]]]) -> float:
    """Share of the identifying spans of which nothing leaks."""
    total = sum(gold.type in IDENTIFYING and not gold.optional for note in some for gold in note.spans)
    return 1 - sum(len(leaks(note, spans)) for note, spans in zip(some, found, strict=True)) / total


def versus_deduce(redactor: LexiconRedactor) -> list[Row]:
    """Notes per second of one core, and recall, beside deduce: from stored analyses, and without."""
    short = [*notes("ontwikkel.txt"), *notes("eigen.txt")]
    some = long_notes(short)
    try:
        scored = Other(short)
        other = Other(some)
    except (subprocess.CalledProcessError, OSError) as error:
        why = f"deduce could not be installed ({type(error).__name__}): nothing to compare with"
        return [_row("redact_vs_deduce", [], why), _row("redact_vs_deduce@cold", [], why)]
    lines = [redactor.analyse(note.text).to_json() for note in some]
    same = [
        redactor.release([note.text], [Analysis.from_json(line)], note.known, TextMode.MASK, b"bench")
        == redactor.redact([note.text], note.known, TextMode.MASK, b"bench")
        for note, line in zip(some, lines, strict=True)
    ]
    assert all(same), "the two paths of a release differ"
    stored(redactor, some, lines)
    rounds = [(stored(redactor, some, lines), cold(redactor, some), other.seconds()) for _ in range(ROUNDS)]
    ours_recall = recall(short, [[(s.start, s.end, s.type) for s in redactor.spans([n.text], n.known)[0]] for n in short])
    deduce_recall = recall(short, [[(s, e, t) for s, e, t in spans] for spans in scored.spans])
    scored.close()
    other.close()
    count, size = len(some), sum(len(line) for line in lines) / sum(len(note.text) for note in some)
    method = (
        f"{count} notes of about 2 kB, CPU time of one core, {ROUNDS} rounds interleaved; ours: {{}}, known values made "
        f"ready and found, markers, proof; deduce: spans, one known patient; "
        f"identifying spans wholly gone: ours {ours_recall:.3f}, deduce {deduce_recall:.3f}; presidio: not run"
    )
    kept = f"analysis of the deposit read from JSON ({size:.1f} bytes a character)"
    return [
        _row("redact_vs_deduce", [(count / mine, count / theirs) for mine, _, theirs in rounds], method.format(kept)),
        _row("redact_vs_deduce@cold", [(count / mine, count / theirs) for _, mine, theirs in rounds], method.format("rules")),
    ]


def _row(name: str, speeds: list[tuple[float, float]], method: str) -> Row:
    """A row from notes per second, ours and theirs, of each round; without figures when there were none."""
    ratios = [mine / theirs for mine, theirs in speeds]
    return {
        "name": name,
        "ratio": statistics.median(ratios) if ratios else None,
        "better": "higher",
        "ours": statistics.median(mine for mine, _ in speeds) if speeds else None,
        "other": statistics.median(theirs for _, theirs in speeds) if speeds else None,
        "method": method,
        "spread": f"{min(ratios):.1f}-{max(ratios):.1f}" if ratios else None,
    }


def hostile(redactor: LexiconRedactor) -> Row:
    """The worst hostile text beside a normal one, CPU time per character."""
    plain = " ".join(note.text for note in notes("ontwikkel.txt"))
    size = 100_000
    normal = min(per_character(redactor, (plain * 20)[:size]) for _ in range(3))
    worst, kind = max((per_character(redactor, (text * (size // len(text) + 1))[:size]), text) for text in HOSTILE)
    million = per_character(redactor, (plain * 100)[: 10 * size])
    method = (
        f"{size} characters each, CPU time; worst of {len(HOSTILE)}: {kind!r}; "
        f"1 MB of normal text costs {million / normal:.2f} times as much per character"
    )
    return {
        "name": "redact_hostile",
        "ratio": worst / normal,
        "better": "lower",
        "ours": worst,
        "other": normal,
        "method": method,
        "spread": None,
    }


def per_character(redactor: LexiconRedactor, text: str) -> float:
    """CPU seconds per character of one release."""
    begin = time.process_time()
    redactor.redact([text], notes("ontwikkel.txt")[0].known, TextMode.MASK, b"bench")
    return (time.process_time() - begin) / len(text)


def run() -> list[Row]:
    """The rows of redaction."""
    begin = time.process_time()
    redactor = LexiconRedactor()
    started = time.process_time() - begin
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows = [*versus_deduce(redactor), hostile(redactor)]
    rows[0]["method"] = f"{rows[0]['method']}; start {started:.2f} s, memory of the process {memory:.0f} MB"
    return rows


if __name__ == "__main__":
    print(json.dumps(run(), indent=1))
