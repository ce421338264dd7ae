"""What was acknowledged outlives SIGKILL. `tools/kill_test.py` does this a hundred times."""

from pathlib import Path

import pytest

from tools.kill_test import run


@pytest.mark.posix
def test_acknowledged_callbacks_outlive_kills(tmp_path: Path) -> None:
    tally = run(tmp_path / "sandbox.db", kills=3, seed=1, longest=0.8)
    assert tally.kills == 3
    assert tally.acknowledged
    assert (tally.found, tally.lost) == (len(tally.acknowledged), 0)
    assert tally.given_twice == 0
