"""The broker that one writes first: sync FastAPI, SQLModel's ORM, deduce, one commit a request. A peer, no part of the product.

Run as `release_naive.py PORT FILE [deduce]`, in an environment of its own. It checks the token at each call, reads its partner,
the case, the records and its 120 rules as objects, cuts nothing, redacts with deduce when told to, chains an audit row by its
hash to the one before it, and commits before it answers: no keys of persons, no proofs, no receipt.
"""

import hashlib
import json
import sys
import threading
from pathlib import Path
from typing import Annotated, Any

import jwt
import uvicorn
from fastapi import FastAPI, Header, HTTPException  # noqa: TID251 - a peer has no problems of ours
from pydantic import BaseModel
from sqlalchemy import event
from sqlmodel import Field, Session, SQLModel, col, create_engine, select

WORLD = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
TEXTED = "deduce" in sys.argv[3:]
KEYS = {key["kid"]: jwt.PyJWK(key).key for key in WORLD["jwks"]["keys"]}
if TEXTED:
    from deduce import Deduce
    from deduce.person import Person

    ENGINE, PATIENT = Deduce(), Person(first_names=["Sem"], surname="Oldewarris")


class Partner(SQLModel, table=True):
    id: str = Field(primary_key=True)
    kind: str


class Case(SQLModel, table=True):
    id: str = Field(primary_key=True)
    subject: str
    state: str


class Record(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    case_id: str = Field(index=True)
    provider: str
    category: str
    recorded: str
    fields: str


class Rule(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    purpose: str
    provider: str
    requester: str
    category: str


class Audit(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    requester: str
    case_id: str
    categories: str
    digest: str


class Asked(BaseModel):
    doel: str
    verstrekker: str
    casus: str
    gegevens: list[str]
    motivering: dict[str, str]
    medewerker: dict[str, str]


class Answer(BaseModel):
    gegevens: dict[str, list[dict[str, bool | int | str | None]]]
    geweigerd: list[str]
    regels: list[int]
    logboek: str


app = FastAPI()
engine = create_engine(f"sqlite:///{Path(sys.argv[2]).with_suffix(f'.{sys.argv[1]}.db')}", pool_size=40)
chain = threading.Lock()


@event.listens_for(engine, "connect")
def _durable(connection: Any, _: object) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")


SQLModel.metadata.create_all(engine)
with Session(engine) as session:
    session.add_all(Partner(id=name, kind=kind) for name, kind in WORLD["partners"].items())
    session.add(Case(id=WORLD["case"], subject="s", state="opgenomen"))
    session.add_all(
        Record(case_id=WORLD["case"], provider=WORLD["provider"], category=name, recorded="2026-11-21", fields=json.dumps(fields))
        for name, fields in WORLD["records"].items()
    )
    given = [Rule(purpose="zvh-casus", provider="college", requester="politie", category=name) for name in WORLD["given"]]
    others = [
        Rule(purpose="ander-doel", provider="ggz", requester="politie", category="wonen.situatie")
        for _ in range(120 - len(given))
    ]
    session.add_all([*given, *others])
    session.commit()


def redacted(text: str) -> str:
    return ENGINE.deidentify(text, metadata={"patient": PATIENT}).deidentified_text if TEXTED else text


def shown(fields: dict[str, Any]) -> dict[str, Any]:
    texts = {name: value["advies"] for name, value in fields.items() if isinstance(value, dict)}
    return {**fields, **{name: redacted(text) for name, text in texts.items()}}


@app.post("/v1/verzoeken", status_code=201)
def ask(asked: Asked, authorization: Annotated[str, Header()]) -> Answer:
    token = authorization.removeprefix("Bearer ")
    key = KEYS[jwt.get_unverified_header(token)["kid"]]
    claims = jwt.decode(token, key, algorithms=["PS256"], options={"verify_aud": False})
    with Session(engine) as session:
        caller, provider = session.get(Partner, claims["client_id"]), session.get(Partner, asked.verstrekker)
        case = session.get(Case, asked.casus)
        if caller is None or provider is None or case is None or case.state != "opgenomen":
            raise HTTPException(403)
        rules = [
            rule
            for rule in session.exec(select(Rule)).all()
            if (rule.purpose, rule.provider, rule.requester) == (asked.doel, provider.kind, caller.kind)
        ]
        allowed = {rule.category for rule in rules} & set(asked.gegevens)
        records = session.exec(select(Record).where(Record.case_id == case.id, Record.provider == provider.id)).all()
        released = {
            name: [shown(json.loads(record.fields)) for record in records if record.category == name] for name in sorted(allowed)
        }
        regels = [rule.id or 0 for rule in rules if rule.category in allowed]
        with chain:
            last = session.exec(select(Audit).order_by(col(Audit.id).desc()).limit(1)).first()
            said = f"{last.digest if last else ''}|{caller.id}|{case.id}|{json.dumps(released, sort_keys=True)}"
            digest = hashlib.sha256(said.encode()).hexdigest()
            session.add(Audit(requester=caller.id, case_id=case.id, categories=json.dumps(sorted(allowed)), digest=digest))
            session.commit()
    return Answer(gegevens=released, geweigerd=sorted(set(asked.gegevens) - allowed), regels=regels, logboek=digest)


uvicorn.run(app, port=int(sys.argv[1]), access_log=False, log_level="warning")
