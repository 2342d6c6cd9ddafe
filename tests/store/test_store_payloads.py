"""What was kept before is still read: a payload of an earlier version says less, never something else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fakes.ambient import NOON
from fakes.samples import a_case, a_task
from sluis.core.informing import Informed, Way
from sluis.store.case_payload import case_from, case_plain
from sluis.store.payloads import dumped, loaded, request_from, task_from, task_plain


@pytest.mark.parametrize("later", [("actions", "informing"), ()])
def test_a_case_of_before_a_field_existed_comes_back_without_it(later: tuple[str, ...]) -> None:
    case = a_case(partners=("ggz",))
    plain = loaded(dumped(case_plain(case)))
    for name in later:
        del plain[name]
    back = case_from(plain, case_id=case.id, state=case.state.value, first_processed=case.first_processed, version=case.version)
    assert back == (replace(case, actions=(), informing=None) if "actions" in later else case)


def test_an_action_and_a_handover_of_before_lateness_was_recorded_come_back_without_it() -> None:
    case, task = a_case(), a_task()
    plain = loaded(dumped(case_plain(case)))
    for one in plain["actions"]:
        del one["overdue"], one["assigned"]
    back = case_from(plain, case_id=case.id, state=case.state.value, first_processed=case.first_processed, version=case.version)
    assert back == replace(case, actions=tuple(replace(one, overdue=None, assigned=None) for one in case.actions))
    told = loaded(dumped(task_plain(task)))
    del told["handover"]["overdue"]
    asked = task.request
    request = request_from(told, request_id=asked.id, at=asked.at, requester=asked.requester, provider=asked.provider)
    assert task.handover is not None
    kept = task_from(told, request, status=task.status.value, version=task.version)
    assert kept == replace(task, handover=replace(task.handover, overdue=None))


def test_that_the_person_was_told_comes_back_as_it_was() -> None:
    told = Informed(on=NOON.date(), way=Way.GESPREK, by="ggz", recorded=NOON, words="met zijn zus erbij")
    case = replace(a_case(), informing=told)
    plain = loaded(dumped(case_plain(case)))
    back = case_from(plain, case_id=case.id, state=case.state.value, first_processed=case.first_processed, version=case.version)
    assert back == case


@pytest.mark.parametrize("later", [("escalated", "handover"), ()])
def test_a_task_of_before_a_field_existed_comes_back_without_it(later: tuple[str, ...]) -> None:
    task = a_task()
    plain = loaded(dumped(task_plain(task)))
    for name in later:
        del plain[name]
    asked = task.request
    request = request_from(plain, request_id=asked.id, at=asked.at, requester=asked.requester, provider=asked.provider)
    back = task_from(plain, request, status=task.status.value, version=task.version)
    assert back == (replace(task, handover=None) if later else task)
