"""What an addition promises: a client of the old contract and a service of the new one go on."""

import os
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from buzzeasy_soap.description.diff import Severity
from buzzeasy_soap.wire.shapes import BY_NAME, IN_ORDER
from buzzeasy_soap.wire.xsd import InvalidValue
from tests.contracts.generated import encoded, generated_module
from tests.contracts.mutations import MOVED, MUTATIONS, Mutation
from tests.support.records import Values

HARMLESS = [
    mutation
    for mutation in MUTATIONS
    if mutation.severity is not Severity.BREAKING and not mutation.refused and mutation.name not in MOVED
]


@pytest.fixture(scope="module", params=HARMLESS, ids=lambda mutation: mutation.name)
def sides(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[ModuleType, ModuleType]:
    mutation: Mutation = request.param
    folder: Path = tmp_path_factory.mktemp("contracts")
    return generated_module(mutation.before(), folder), generated_module(mutation.after(), folder)


@given(data=st.data())
@settings(
    max_examples=int(os.environ.get("BUZZEASY_EXAMPLES", "120")) // 10,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
def test_an_old_client_and_a_new_service_understand_each_other(
    sides: tuple[ModuleType, ModuleType], data: st.DataObject
) -> None:
    client, service = sides
    name = data.draw(st.sampled_from(sorted(client.SERVICE.operations)))
    known, changed = client.SERVICE.operations[name], service.SERVICE.operations[name]
    assert known.soap_action == changed.soap_action

    request = data.draw(Values().records(known.request.shape))
    understood = IN_ORDER.read(changed.request.shape, encoded(known.request, request))
    assert as_known_to(request, understood) == request

    response = data.draw(Values().records(changed.response.shape))
    try:
        read = BY_NAME.read(known.response.shape, encoded(changed.response, response))
    except InvalidValue:  # a record that holds what is new and nothing else is not an empty one
        assume(False)
    assert as_known_to(read, response) == read


def as_known_to(pattern: Any, record: Any) -> Any:
    """A record as one of another contract's class, whose members it has and perhaps more."""
    if isinstance(pattern, tuple):
        assert len(pattern) == len(record)
        return tuple(as_known_to(one, other) for one, other in zip(pattern, record, strict=True))
    if not attrs.has(type(pattern)):
        return record
    return type(pattern)(
        **{
            field.name: as_known_to(getattr(pattern, field.name), getattr(record, field.name))
            for field in attrs.fields(type(pattern))
        }
    )
