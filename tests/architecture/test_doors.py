"""Every door: which credential each route demands, which problem each error becomes, which command exists."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext, iter_route_contexts

from sluis.api.application import build
from sluis.api.document import SCOPES
from sluis.api.problems import BY_STATUS, PROBLEMS
from sluis.cli import TOPICS
from sluis.core.errors import SluisError
from world.doors import OpenGate
from world.people import World

PUBLIC = {
    "/v1/openapi.json": "the document, as the API Design Rules want it",
    "/problemen/{slug}": "what a problem means",
    "/wijzigingen": "what changed",
    "/.well-known/security.txt": "whom to tell of a weakness",
}
"""Every route of the API that anybody may call, and why."""
SCOPE_OF = {
    "verzoeken": ("/v1/verzoeken", "/v1/overdrachten", "/access/v1/"),
    "noodinzagen": ("/v1/noodinzagen",),
    "casussen": ("/v1/casussen", "/v1/acties", "/v1/overleggen"),
    "bijdragen": ("/v1/bijdragen", "/v1/casussen/{id}/bijdragen"),
    "bewijzen": ("/v1/toestemmingen", "/v1/afwegingen"),
    "verstrekkingen": (
        "/v1/verstrekkingen",
        "/v1/deelnemers",
        "/v1/doelen",
        "/v1/opschalingen",
        "/v1/beleid",
        "/v1/tijdigheid",
        "/v1/bezetting",
    ),
}


def routes() -> list[RouteContext]:
    world = World()
    app = build(world.services, OpenGate(world, "politie-veen"), world.answers)
    return [route for route in iter_route_contexts(app.routes) if route.path is not None]


def scopes(dependant: Dependant) -> list[str]:
    own = [getattr(dependant.call, "scope", None)]
    return [one for one in own if isinstance(one, str)] + [one for inner in dependant.dependencies for one in scopes(inner)]


def names(found: RouteContext) -> str:
    return f"{'/'.join(sorted(found.methods or ()))} {found.path}"


@pytest.mark.parametrize("route", routes(), ids=names)
def test_every_route_demands_exactly_one_scope_or_is_on_the_short_public_list(route: RouteContext) -> None:
    demanded = scopes(route.dependant)
    if route.path in PUBLIC:
        assert demanded == []
        return
    assert len(demanded) == 1
    (scope,) = demanded
    assert scope in SCOPES
    door = str(route.path)
    fitting = [name for name, paths in SCOPE_OF.items() for path in paths if door.startswith(path)]
    assert scope == max(fitting, key=lambda name: max(len(p) for p in SCOPE_OF[name] if door.startswith(p)))


@pytest.mark.parametrize("route", routes(), ids=names)
def test_the_token_is_looked_at_before_anything_else_of_the_call(route: RouteContext) -> None:
    calls = [inner.call for inner in route.dependant.dependencies]
    gated = [getattr(call, "scope", None) for call in calls]
    if route.path not in PUBLIC:
        assert gated[0] is not None, "somebody without a token would learn what is wrong with his body"


@pytest.mark.parametrize("route", routes(), ids=names)
def test_no_route_depends_on_a_generator_whose_end_comes_after_the_answer(route: RouteContext) -> None:
    waiting, generators = [route.dependant], []
    while waiting:
        one = waiting.pop()
        waiting += one.dependencies
        if inspect.isgeneratorfunction(one.call) or inspect.isasyncgenfunction(one.call):
            generators.append(one.call)
    assert generators == []


@pytest.mark.parametrize("route", [r for r in routes() if "POST" in (r.methods or ())], ids=names)
def test_every_post_that_does_something_takes_an_idempotency_key(route: RouteContext) -> None:
    if route.path in {"/v1/verzoeken/_toets", "/v1/overleggen/_lijst", "/access/v1/evaluation", "/access/v1/evaluations"}:
        return  # they decide, and do nothing
    headers = [param.alias for inner in route.dependant.dependencies for param in inner.header_params]
    assert headers == ["Idempotency-Key"]


@pytest.mark.parametrize("route", routes(), ids=names)
def test_routes_run_in_a_thread_because_they_reach_databases(route: RouteContext) -> None:
    assert not inspect.iscoroutinefunction(route.endpoint)


def test_every_error_of_the_tree_has_its_problem() -> None:
    def leaves(root: type[SluisError]) -> set[type[SluisError]]:
        return {
            leaf for child in root.__subclasses__() for leaf in {child, *leaves(child)} if leaf.__module__ == "sluis.core.errors"
        }

    assert set(PROBLEMS) == leaves(SluisError)


def test_every_problem_is_a_4xx_or_503_with_words_of_its_own() -> None:
    found = [*PROBLEMS.values(), *BY_STATUS.values()]
    assert all(400 <= p.status < 500 or p.status in {500, 503} for p in found)
    assert all(p.title and p.detail and not p.detail.endswith(".") for p in found)
    slugs = {p.slug: p for p in found}
    assert all(slugs[p.slug] == p for p in found), "two problems share a slug"


@pytest.mark.parametrize("topic", TOPICS)
def test_every_command_exists_and_explains_itself(topic: str, checkout: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sluis", topic, "--help"], cwd=checkout, capture_output=True, check=False, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "Usage" in done.stdout
    assert "Traceback" not in done.stderr


def test_the_command_names_all_its_topics(checkout: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "sluis", "--help"], cwd=checkout, capture_output=True, check=True, text=True)
    assert all(topic in done.stdout for topic in TOPICS)
