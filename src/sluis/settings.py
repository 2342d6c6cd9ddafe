"""The settings of one broker: read once, from `SLUIS_…` variables or an env file, checked, and passed; never imported.

Secrets come from files whose paths are given here, never from the environment itself.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from sluis.core.errors import BadInput, Flaw


class Mode(StrEnum):
    """`demo` allows the embedded login and an unsigned policy set, and says so on every page; `productie` allows neither."""

    DEMO = "demo"
    PRODUCTION = "productie"


class Settings(BaseSettings):
    """What an operator sets. Each field is one variable: `SLUIS_` and its name in capitals (`docs/operations.md`)."""

    model_config = SettingsConfigDict(env_prefix="SLUIS_", extra="ignore", frozen=True, hide_input_in_errors=True)

    mode: Mode = Field(default=Mode.PRODUCTION, description="`demo` or `productie`")
    data: Path = Field(default=Path("var"), description="folder of the databases, the log and what is derived from it")
    keys: Path = Field(default=Path("var/keys"), description="folder of the keys, readable by the broker only")
    policies: Path = Field(default=Path("policies"), description="folder of the policy set")
    policy_trust: Path | None = Field(
        default=None, description="file with the people who may sign the policy set; needed in production"
    )
    database: str = Field(default="", description="PostgreSQL address without a password, or empty: SQLite in the data folder")
    database_password_file: Path | None = Field(default=None, description="file with the database password")
    origin: str = Field(default="sluis.example/log/demo", description="name of the log: a URL without scheme")
    earlier_origins: tuple[str, ...] = Field(
        default=(), description="origins of the logs before this one, oldest first, as a JSON list: they are read, not written"
    )
    post_quantum: bool = Field(default=False, description="add an ML-DSA-44 line to every checkpoint")
    region: str = Field(default="", max_length=60, description="name of the region, as the portal shows it")
    public_url: str = Field(default="http://127.0.0.1:8080", description="address under which partners reach the broker")
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8080, ge=0, le=65535, description="port to listen on")
    proxies: tuple[str, ...] = Field(default=(), description="addresses of the proxies that end TLS, as a JSON list")
    token_minutes: int = Field(default=10, ge=5, le=15, description="life of an access token")
    requests_per_minute: int = Field(default=600, ge=1, description="requests one partner may make in a minute, per process")
    tokens_per_minute: int = Field(default=30, ge=1, description="tokens one partner may ask for in a minute, per process")
    dpop_nonce: bool = Field(default=False, description="demand a nonce of ours in every DPoP proof")
    certificate_oin: bool = Field(
        default=False, description="accept a certificate by the OIN in it; only behind a proxy that admits PKIoverheid alone"
    )
    max_body: int = Field(default=256_000, ge=1_000, le=10_000_000, description="largest request body, in bytes")
    core: int | None = Field(default=None, ge=0, description="core that this process stays on; several processes: each its own")
    append_seconds: float = Field(default=10.0, gt=0, le=60, description="how long a request waits for the log")
    publish_seconds: float = Field(
        default=2.0, gt=0, le=3600, description="time between two rounds of publishing the log and asking its witnesses"
    )
    witness_hours: float = Field(
        default=0.0, ge=0, le=168, description="oldest cosigned checkpoint with which releases go on; 0: no witness"
    )
    trust_policy: Path | None = Field(default=None, description="tlog-policy file with the witnesses and their quorum")
    log_tsa: str = Field(default="", description="address of a time-stamping authority (RFC 3161) for checkpoints; empty: none")
    log_tsa_ca: Path | None = Field(default=None, description="file with the CA certificates (PEM) that lead to that authority")
    log_tsa_hours: float = Field(default=1.0, gt=0, le=168, description="time between two stamps")
    officer_issuer: str = Field(default="", description="OpenID Connect issuer of the officers' login")
    officer_client: str = Field(default="", description="client id of the portal at that issuer")
    officer_roles: Path | None = Field(default=None, description="file that maps claims to roles")
    officer_acr: str = Field(default="http://eidas.europa.eu/LoA/substantial", description="lowest level of assurance of a login")
    token_issuer: str = Field(default="", description="issuer of an external authorization server, or empty: ours")
    token_jwks: Path | None = Field(default=None, description="key set of that external issuer")
    sign_answers: bool = Field(default=False, description="sign the answers of the API (detached JAdES, `Payload-Signature`)")
    json_log: bool = Field(default=True, description="operational log as JSON lines")

    @field_validator("origin")
    @classmethod
    def _origin_is_a_url_without_scheme(cls, value: str) -> str:
        if "://" in value or "+" in value or not value or any(c.isspace() for c in value):
            raise ValueError("the origin is a URL without scheme, spaces or plus signs")
        return value

    @field_validator("log_tsa")
    @classmethod
    def _authority_without_a_password(cls, value: str) -> str:
        if value and (not value.startswith(("https://", "http://")) or "@" in value):
            raise ValueError("give an https:// or http:// address without a name or password in it")
        return value

    @field_validator("database")
    @classmethod
    def _no_password_in_the_address(cls, value: str) -> str:
        if value and (not value.startswith("postgresql://") or ":" in value.removeprefix("postgresql://").split("@")[0]):
            raise ValueError("give postgresql://user@host/name; the password comes from database_password_file")
        return value

    @model_validator(mode="after")
    def _production_is_strict(self) -> Settings:
        if self.mode is Mode.PRODUCTION and not self.public_url.startswith("https://"):
            raise ValueError("in production public_url starts with https://")
        if self.mode is Mode.PRODUCTION and self.policy_trust is None:
            raise ValueError("in production policy_trust names who may sign the policy set")
        if self.witness_hours and self.trust_policy is None:
            raise ValueError("witness_hours needs a trust_policy that names the witnesses")
        if bool(self.log_tsa) != bool(self.log_tsa_ca):
            raise ValueError("a time-stamping authority needs log_tsa and log_tsa_ca together")
        if bool(self.token_issuer) != bool(self.token_jwks):
            raise ValueError("an external issuer needs token_issuer and token_jwks together")
        if self.sign_answers and self.token_issuer:
            raise ValueError("sign_answers needs our own token keys: it does not go with an external issuer")
        return self

    @property
    def append_timeout(self) -> timedelta:
        """How long a request waits for the log before it is refused with 503."""
        return timedelta(seconds=self.append_seconds)


def read_settings(**given: object) -> Settings:
    """The settings of the environment, with `given` on top. Raises `BadInput` with every flaw, never with a value."""
    try:
        return Settings(**given)  # type: ignore[arg-type] # the keys are field names; pydantic checks the values
    except ValidationError as cause:
        raise BadInput(
            *(
                Flaw(
                    where="SLUIS_" + "_".join(map(str, error["loc"])).upper() if error["loc"] else "settings",
                    what=error["msg"],
                    mend="see docs/operations.md",
                )
                for error in cause.errors(include_input=False, include_url=False)
            )
        ) from None


def private_folder(path: Path, where: str) -> Path:
    """That folder, made for us alone when it is not there. Raises `BadInput`, about `where`, when it cannot be."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as cause:
        flaw = Flaw(where=where, what=f"the folder cannot be made: {cause.strerror}", mend="name one that we may write in")
        raise BadInput(flaw) from cause
    return path
