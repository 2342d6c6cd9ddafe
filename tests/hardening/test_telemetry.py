"""Nothing of a call goes out by telemetry or by the log lines of other packages, also when somebody turns those on."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import structlog

from sluis import events
from world.people import ROOT

BSN, NAME = "999900067", "Zjoerd Kanariestein"

PROBE = """
import json, logging, sys
from pathlib import Path
from opentelemetry import metrics, trace
from opentelemetry._logs import LoggerProvider, NoOpLogger, set_logger_provider

seen = []
class Span(trace.NonRecordingSpan):
    def __init__(self): super().__init__(trace.SpanContext(1, 1, False))
    def is_recording(self): return True
    def set_attribute(self, *given): seen.append(given)
    def set_attributes(self, *given): seen.append(given)
    def record_exception(self, error, *given, **more): seen.append(repr(error))
class Tracer(trace.NoOpTracer):
    def start_span(self, *given, **more): seen.append((given, more)); return Span()
class Tracing(trace.TracerProvider):
    def get_tracer(self, *given, **more): return Tracer()
class Metrics(metrics.NoOpMeterProvider): pass
class Lines(NoOpLogger):
    def emit(self, *given, **more): seen.append((given, more))
class Logging(LoggerProvider):
    def get_logger(self, *given, **more): return Lines("x")
trace.set_tracer_provider(Tracing())
metrics.set_meter_provider(Metrics())
set_logger_provider(Logging())
logging.basicConfig(stream=sys.stderr, level=logging.DEBUG)

from sluis import events
events.configure(json=True)
from fastapi import FastAPI
from starlette.testclient import TestClient
bare = FastAPI()
@bare.get("/x")
def x(): raise RuntimeError("kanarie")
TestClient(bare, raise_server_exceptions=False).get("/x?bsn=999900067")
control, seen[:] = len(seen), []

from world.broker import Broker, POLICE, question
with Broker(Path(sys.argv[1])) as broker:
    events.configure(json=True)
    STAFF = {"id": "Zjoerd Kanariestein", "rol": "x"}
    police = broker.as_(POLICE)
    police.client.post("/v1/verzoeken", {**question("x"), "betrokkene": {"bsn": "999900067"}, "medewerker": STAFF})
    police.client.post("/v1/verzoeken", {"999900067": "Zjoerd Kanariestein"})
    broker.http.get("/v1/verzoeken?bsn=999900067", headers={"authorization": "Bearer 999900067"})
    broker.http.get("/portaal/999900067")
print(json.dumps({"control": control, "seen": [repr(one) for one in seen]}))
"""


def test_a_provider_that_somebody_installs_hears_nothing_of_a_call(tmp_path: Path) -> None:
    environ = {**os.environ, "FASTAPI_OTEL_AUTO_CONFIGURE": "true", "PYTHONPATH": str(ROOT / "tests")}
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(tmp_path)], env=environ, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["control"] > 0, "the recorder does not work: an application with telemetry told it nothing"
    assert told["seen"] == []
    assert BSN not in done.stdout + done.stderr
    assert NAME not in done.stdout + done.stderr


def test_packages_that_write_tokens_at_debug_are_kept_quiet() -> None:
    before = structlog.get_config()
    try:
        events.configure(json=True)
        for name in ("authlib", "authlib.oauth2.rfc6749", "httpx2", "httpcore2"):
            assert logging.getLogger(name).getEffectiveLevel() >= logging.INFO  # noqa: TID251 - looked at, not used
    finally:
        structlog.configure(**before)
