"""AuthZEN 1.0 on the wire. Unknown members are ignored here, as that standard asks; everywhere else they are refused."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Facts = dict[str, Literal["waar", "onwaar"] | list[str]]


class Lenient(BaseModel):
    """A part of an AuthZEN message: exact types, unknown members ignored."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True, hide_input_in_errors=True)


class SubjectProperties(Lenient):
    """Wie vraagt, nader."""

    rol: Name | None = None


class Subject(Lenient):
    """De vrager: `type` is `soort`, `id` een soort partner."""

    type: Name
    id: Name
    properties: SubjectProperties = SubjectProperties()


class ActionProperties(Lenient):
    """Waarvoor: de verwerkingsactiviteit, het laatste deel is het doel."""

    processing_activity_id: Name | None = None


class Action(Lenient):
    """De richting: `opvraag` of `aanbod`."""

    name: Name
    properties: ActionProperties = ActionProperties()


class ResourceProperties(Lenient):
    """Van wie, over wie, in welke casusstatus; en bij een verstrekking welke gegevens."""

    verstrekker: Name | None = None
    persoon: Name = "betrokkene"
    casus: Name = "geen"
    gegevens: list[Name] = Field(default_factory=list, max_length=60)


class Resource(Lenient):
    """Een gegeven (`type: gegeven`, `id` het gegeven) of een verstrekking (`type: verstrekking`, met `gegevens`)."""

    type: Name
    id: Name
    properties: ResourceProperties = ResourceProperties()


class Context(Lenient):
    """Wat vaststaat, wanneer, en in welk spoor."""

    feiten: Facts = Field(default_factory=dict)
    time: Name | None = None
    traceparent: Name | None = None


class Evaluation(Lenient):
    """Een vraag."""

    subject: Subject
    action: Action
    resource: Resource
    context: Context = Context()


class PartialEvaluation(Lenient):
    """Een vraag in een reeks: wat ontbreekt komt uit de gedeelde vraag."""

    subject: Subject | None = None
    action: Action | None = None
    resource: Resource | None = None
    context: Context | None = None


class Options(Lenient):
    """Hoe een reeks wordt afgewerkt."""

    evaluations_semantic: Literal["execute_all", "deny_on_first_deny", "permit_on_first_permit"] = "execute_all"


class Evaluations(PartialEvaluation):
    """Een reeks vragen, met gedeelde onderdelen."""

    evaluations: list[PartialEvaluation] = Field(default_factory=list, max_length=100)
    options: Options = Options()
