"""A time-stamping authority that we did not write: `openssl ts`, behind a small HTTP server on loopback."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NoReturn

import pytest

KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
FOR_STAMPS = "critical,timeStamping"
CONFIG = """[tsa]
serial = {folder}/serial
signer_cert = {folder}/{signer}.pem
signer_key = {folder}/{signer}.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = {digests}
accuracy = secs:1
ess_cert_id_alg = sha256
"""


def absent(reason: str) -> NoReturn:
    if os.environ.get("SLUIS_REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def openssl(*args: object) -> bytes:
    """What openssl writes to its output. Raises CalledProcessError when it refuses."""
    return subprocess.run(["openssl", *map(str, args)], check=True, capture_output=True, timeout=60).stdout


@dataclass
class Tsa:
    """An authority in a folder: a CA, and signers that it issued."""

    folder: Path
    name: str = "Test"
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        if shutil.which("openssl") is None:
            absent("openssl is not here")
        self.folder.mkdir()
        (self.folder / "serial").write_text("01")
        own = ("-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign")
        files = ("-keyout", self.folder / "ca.key", "-out", self.ca)
        openssl("req", "-x509", *KEY, *files, "-days", 30, "-subj", f"/CN={self.name} CA", *own)
        self.issue("tsa", f"extendedKeyUsage={FOR_STAMPS}")

    @property
    def ca(self) -> Path:
        return self.folder / "ca.pem"

    def issue(self, signer: str, *extensions: str) -> None:
        """A certificate of this CA with these extensions, and its key."""
        request, wanted = self.folder / f"{signer}.csr", self.folder / f"{signer}.ext"
        openssl("req", "-new", *KEY, "-keyout", self.folder / f"{signer}.key", "-out", request, "-subj", f"/CN={self.name} TSA")
        wanted.write_text("\n".join(["basicConstraints=critical,CA:FALSE", *extensions]))
        by = ("-CA", self.ca, "-CAkey", self.folder / "ca.key", "-CAcreateserial", "-days", 20, "-extfile", wanted)
        openssl("x509", "-req", "-in", request, *by, "-out", self.folder / f"{signer}.pem")

    def reply(self, query: bytes, *, digests: str = "sha256, sha512") -> bytes:
        """What `openssl ts` answers to a request."""
        asked, config = self.folder / "asked.tsq", self.folder / "tsa.cnf"
        with self.lock:
            asked.write_bytes(query)
            config.write_text(CONFIG.format(folder=self.folder, signer="tsa", digests=digests))
            return openssl("ts", "-reply", "-config", config, "-section", "tsa", "-queryfile", asked)

    def query(self, content: bytes, algorithm: str = "sha256") -> bytes:
        """A request for a stamp of this content, as `openssl ts` makes it, with a nonce of its own."""
        (self.folder / "content").write_bytes(content)
        return openssl("ts", "-query", "-data", self.folder / "content", f"-{algorithm}", "-cert")

    def signed_by(self, signer: str, reply: bytes) -> bytes:
        """The same statement (TSTInfo), signed anew by another signer of this CA, whom `openssl ts` would not let sign."""
        (self.folder / "good.tsr").write_bytes(reply)
        token = self.folder / "good.token"
        openssl("ts", "-reply", "-in", self.folder / "good.tsr", "-token_out", "-out", token)
        said = self.folder / "said.der"
        openssl("cms", "-verify", "-noverify", "-inform", "DER", "-in", token, "-out", said)
        by = ("-signer", self.folder / f"{signer}.pem", "-inkey", self.folder / f"{signer}.key", "-md", "sha256")
        as_token = ("-nodetach", "-binary", "-nosmimecap", "-econtent_type", "1.2.840.113549.1.9.16.1.4", "-outform", "DER")
        return sequence(sequence(b"\x02\x01\x00") + openssl("cms", "-sign", *as_token, *by, "-in", said))


def sequence(content: bytes) -> bytes:
    """A DER SEQUENCE around this content."""
    size = len(content)
    if size < 128:
        return bytes([0x30, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0x30, 0x80 | len(length)]) + length + content


@dataclass
class Answer:
    """What the authority's server answers."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class TsaServer:
    """A server that answers each request as it is told to, and remembers what it was asked."""

    answer: Callable[[bytes], Answer]
    address: str = ""
    asked: list[bytes] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    kinds: list[str | None] = field(default_factory=list)


@contextmanager
def serving(answer: Callable[[bytes], Answer]) -> Iterator[TsaServer]:
    """The server, for as long as the test lasts."""
    told = TsaServer(answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.asked.append(body)
            told.paths.append(self.path)
            told.kinds.append(self.headers["Content-Type"])
            found = told.answer(body)
            self.send_response(found.status)
            for name, value in {"Content-Type": "application/timestamp-reply", **found.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(found.body)))
            self.end_headers()
            self.wfile.write(found.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gives it
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    told.address = f"http://127.0.0.1:{server.server_address[1]}/tsr"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
