"""A witness on the network: standard library only, a handful of answers, nothing else to reach.

Put it behind the partner's own TLS; there is no log-in, for what counts is the signature on the checkpoint.
"""

from __future__ import annotations

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from sluis.core.errors import LedgerUnavailable
from sluis.core.witness import MAX_REQUEST
from sluis.ledger.witness import Answer, Witness

Said = Callable[[str], None]
"""Told what was answered: one line, without addresses."""


class WitnessServer(ThreadingHTTPServer):
    """A server for one witness. `daemon_threads`: a client that stays silent does not keep it from stopping."""

    daemon_threads = True

    def __init__(self, witness: Witness, address: tuple[str, int], said: Said) -> None:
        self.witness, self.said = witness, said
        super().__init__(address, _Handler)


def make_server(witness: Witness, address: tuple[str, int], said: Said) -> WitnessServer:
    """A server that is bound and not yet serving; port 0 takes any free port."""
    return WitnessServer(witness, address, said)


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: WitnessServer
    protocol_version = "HTTP/1.1"
    timeout = 30
    server_version = "sluis-witness"
    sys_version = ""

    def do_POST(self) -> None:
        """`add-checkpoint`, and nothing else."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MAX_REQUEST:
            self.close_connection = True  # what we do not read must not be taken for the next request
            self._answer(Answer(400, "the length is missing or too large\n"))
            return
        body = self.rfile.read(int(length))
        if self.path.endswith("/add-checkpoint"):
            self._answer(_durable(lambda: self.server.witness.add_checkpoint(body)))
        else:
            self._answer(Answer(404, "no such call\n"))

    def do_GET(self) -> None:
        """The newest cosigned checkpoint of an origin."""
        path = "/".join(urlsplit(self.path).path.strip("/").split("/")[-2:])
        self._answer(_durable(lambda: self.server.witness.newest(path)))

    def _answer(self, answer: Answer) -> None:
        raw = answer.text.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(raw)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gives it
        """Say what was answered, not to whom."""
        self.server.said(format % args)


def _durable(answer: Callable[[], Answer]) -> Answer:
    """The answer, or 503 when the witness cannot remember: then it has not cosigned."""
    try:
        return answer()
    except LedgerUnavailable as fault:
        return Answer(503, f"{fault}\n")
