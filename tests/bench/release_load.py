"""Load over loopback: `wrk` where it is installed, else a small client of our own. Whatever fails ends the measurement."""

from __future__ import annotations

import asyncio
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

WRK = shutil.which("wrk")
GENERATOR = "wrk" if WRK else "a client of our own in Python, which takes a core itself"
_SCRIPT = """
wrk.method = "POST"
{headers}
local bodies = {{{bodies}}}
local requests, at = {{}}, 0
function init(args)
  for number, body in ipairs(bodies) do requests[number] = wrk.format("POST", nil, nil, body) end
end
function request()
  at = at % #requests + 1
  return requests[at]
end
function done(summary, latency, rates)
  local wrong = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write
  io.write(string.format("\\nMEASURED %d %d %f %f %d %d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), wrong, summary.errors.timeout))
end
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A POST that is sent over and over, with each body in turn."""

    url: str
    headers: Mapping[str, str]
    bodies: Sequence[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What a round of load gave: answers a second, and milliseconds until the answer at 50 % and 99 %."""

    rate: float
    p50: float
    p99: float


def load(call: Call, *, connections: int, seconds: float) -> Load:
    """One round by so many connections at once. Raises RuntimeError when an answer was no success."""
    return together([call], connections=connections, seconds=seconds)


def together(calls: Sequence[Call], *, connections: int, seconds: float) -> Load:
    """One round on several servers at once, the connections shared out evenly: their rates added, the worse of their times."""
    with tempfile.TemporaryDirectory(prefix="sluis-load-") as folder:
        started = [
            subprocess.Popen(
                _command(call, connections // len(calls), seconds, Path(folder) / f"{number}"), stdout=subprocess.PIPE
            )
            for number, call in enumerate(calls)
        ]
        rounds = [_heard(process.communicate()[0].decode()) for process in started]
    return Load(rate=sum(r.rate for r in rounds), p50=max(r.p50 for r in rounds), p99=max(r.p99 for r in rounds))


def _command(call: Call, connections: int, seconds: float, path: Path) -> list[str]:
    if WRK is None:
        path.write_text(json.dumps({**asdict(call), "bodies": [body.decode() for body in call.bodies]}), encoding="utf-8")
        return [sys.executable, __file__, str(path), str(connections), str(seconds)]
    headers = "\n".join(f"wrk.headers[{json.dumps(name)}] = {json.dumps(value)}" for name, value in call.headers.items())
    bodies = ",".join(f"[==[{body.decode()}]==]" for body in call.bodies)
    path.write_text(_SCRIPT.format(headers=headers, bodies=bodies), encoding="utf-8")
    # wrk takes whole seconds only.
    return [WRK, "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "30s", "-s", str(path), call.url]


def _heard(said: str) -> Load:
    line = next((line for line in said.splitlines() if line.startswith("MEASURED ")), None)
    if line is None:
        raise RuntimeError("the load generator said nothing")
    requests, duration, p50, p99, wrong, late = map(float, line.split()[1:])
    if wrong or late:
        raise RuntimeError(f"{wrong:.0f} of {requests:.0f} answers were no success, {late:.0f} came too late")
    return Load(rate=requests / duration * 1e6, p50=p50 / 1000, p99=p99 / 1000)


async def _fallback(call: Call, connections: int, seconds: float) -> None:
    """The same measurement without wrk."""
    place = urlsplit(call.url)
    headers = "".join(f"{name}: {value}\r\n" for name, value in call.headers.items())
    sent = cycle(
        f"POST {place.path} HTTP/1.1\r\nHost: {place.netloc}\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body
        for body in call.bodies
    )
    times: list[float] = []
    wrong, end = 0, time.perf_counter() + seconds

    async def caller() -> None:
        nonlocal wrong
        reader, writer = await asyncio.open_connection(place.hostname, place.port)
        while time.perf_counter() < end:
            began = time.perf_counter()
            writer.write(next(sent))
            head = await reader.readuntil(b"\r\n\r\n")
            size = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            await reader.readexactly(int(size.partition(b":")[2]))
            times.append(time.perf_counter() - began)
            wrong += not head.startswith(b"HTTP/1.1 2")
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(connections)))
    spent, ranks = time.perf_counter() - began, statistics.quantiles(times, n=100)
    print("MEASURED", len(times), spent * 1e6, ranks[49] * 1e6, ranks[98] * 1e6, wrong, 0)


if __name__ == "__main__":
    given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    given["bodies"] = [body.encode() for body in given["bodies"]]
    asyncio.run(_fallback(Call(**given), int(sys.argv[2]), float(sys.argv[3])))
