"""The document says of each fault what the tests have seen."""

from tests.faults.document import DOCUMENT, written


def test_the_outcomes_in_the_document_are_those_of_the_tests() -> None:
    assert written() in DOCUMENT.read_text("utf-8"), "python -m tests.faults.document writes them"
