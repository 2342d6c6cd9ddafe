"""The body of a release is written out by hand: it has the shape that the document promises, and holds the bytes of the log."""

from __future__ import annotations

import hashlib
import json

import rfc8785

from sluis.api.shapes.telling import AnswerTold
from world.broker import POLICE, Broker, Told, question


def test_a_release_has_the_shape_that_the_document_promises_and_nothing_else(broker: Broker, told: Told) -> None:
    given = broker.as_(POLICE).post("/v1/verzoeken", question(told.case, "gezondheid.functioneel", "gezondheid.diagnose"))
    assert given.status_code == 201
    assert AnswerTold.model_validate(given.json()).model_dump(by_alias=True) == given.json()


def test_the_bundle_stands_in_the_answer_as_the_bytes_of_which_the_log_has_the_hash(broker: Broker, told: Told) -> None:
    given = broker.as_(POLICE).post("/v1/verzoeken", question(told.case))
    said = given.json()
    written = rfc8785.dumps(said["bundel"])
    assert written in given.content
    assert said["bundelHash"] == "sha256:" + hashlib.sha256(written).hexdigest()
    assert json.loads(written) == said["bundel"]
