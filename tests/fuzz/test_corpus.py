"""Every input that fuzzing found worth keeping, once more: `make fuzz` looks for new ones."""

from pathlib import Path

import pytest

from fuzz.targets import TARGETS

CORPUS = Path(__file__).parent / "corpus"
INPUTS = [
    pytest.param(target, path, id=f"{target}-{path.name[:24]}")
    for target in TARGETS
    for path in sorted((CORPUS / target).iterdir())
]


@pytest.mark.parametrize("target", TARGETS)
def test_each_target_has_a_corpus(target) -> None:
    files = list((CORPUS / target).iterdir())
    assert 10 <= len(files) <= 200
    assert sum(path.stat().st_size for path in files) < 200_000


@pytest.mark.parametrize(("target", "path"), INPUTS)
def test_no_input_gets_further_than_a_refusal(target, path) -> None:
    TARGETS[target](path.read_bytes())
