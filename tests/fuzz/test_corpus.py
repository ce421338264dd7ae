"""Every input that reached a branch first or found a fault, once more: `make fuzz` looks for new ones."""

import pytest

from fuzz.corpus import cases, parse, written
from fuzz.targets import TARGETS

CASES = {f"{target}: {title}": (target, data) for target in TARGETS for title, data in cases(target).items()}


@pytest.mark.parametrize(("target", "data"), CASES.values(), ids=CASES.keys())
def test_no_input_gets_further_than_a_refusal(target, data) -> None:
    TARGETS[target](data)


def test_a_case_reads_back_as_it_was_written() -> None:
    hard = [
        b"",
        b"\n",
        b"a\n",
        b"a\n\nb\r\n\n",
        b"\\n\n\\",
        b"# a\n# b",
        b"\n# ",
        bytes(range(256)),
        b"\\\\\n",
    ]
    given = {f"hard {number}": data for number, data in enumerate(hard)}
    assert parse("\n".join(written(title, data) for title, data in given.items())) == given
