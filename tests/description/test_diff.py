"""Each change of the contract gets its class."""

import pytest

from buzzeasy_soap.description.diff import Severity, compare, worst
from buzzeasy_soap.description.fetch import Fetched, compare_fetched
from buzzeasy_soap.description.load import describe
from tests.contracts.drafts import REAL
from tests.contracts.mutations import MUTATIONS, Mutation
from tests.contracts.shapes import SHAPES, shape


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_each_mutation_gets_its_class(mutation: Mutation) -> None:
    changes = compare_fetched(mutation.before(), Fetched(mutation.after(), ()))
    if mutation.severity is None:
        assert changes == ()
        return
    assert worst(changes) is mutation.severity, [str(change) for change in changes]
    worst_places = [change.place for change in changes if change.severity is mutation.severity]
    assert any(mutation.place in place for place in worst_places), worst_places


def test_the_corpus_is_large_and_of_every_class() -> None:
    assert len({mutation.name for mutation in MUTATIONS}) == len(MUTATIONS) >= 40
    for severity in (*Severity, None):
        assert sum(mutation.severity is severity for mutation in MUTATIONS) >= 5


@pytest.mark.parametrize("key", SHAPES)
def test_a_contract_does_not_differ_from_itself(key: str) -> None:
    service = describe(shape(key).documents)
    assert compare(service, service) == ()


def test_what_may_be_read_back_the_other_way() -> None:
    """What is optional for the sender is a surprise for the reader, and the other way round."""
    mutation = next(each for each in MUTATIONS if each.name == "member_is_always_answered")
    [change] = compare_fetched(mutation.after(), Fetched(mutation.before(), ()))
    assert change.severity is Severity.BREAKING
    assert change.text == "it may now be left out"


def test_the_most_severe_comes_first_and_each_once() -> None:
    renamed = next(each for each in MUTATIONS if each.name == "operation_renamed")
    changes = compare_fetched(REAL, Fetched(renamed.after(), ()))
    assert [change.severity for change in changes] == [Severity.BREAKING, Severity.ADDITION]
    assert str(changes[0]) == "breaking: RequestCallbackService.GetAvailableTimes: the operation is gone"
    assert worst(()) is Severity.NEUTRAL
