"""What was kept before is still read: a payload of an earlier version says less, never something else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fakes.samples import a_case
from sluis.store.case_payload import case_from, case_plain
from sluis.store.payloads import dumped, loaded


@pytest.mark.parametrize("later", [("actions",), ()])
def test_a_case_of_before_a_field_existed_comes_back_without_it(later: tuple[str, ...]) -> None:
    case = a_case(partners=("ggz",))
    plain = loaded(dumped(case_plain(case)))
    for name in later:
        del plain[name]
    back = case_from(plain, case_id=case.id, state=case.state.value, first_processed=case.first_processed, version=case.version)
    assert back == (replace(case, actions=()) if "actions" in later else case)
