"""The command in this process: much quicker than one of its own, where that shows the same."""

import os
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from buzzeasy_soap import Endpoints
from buzzeasy_soap.cli import main


class Typed(NamedTuple):
    status: Any
    out: str
    err: str


Type = Callable[..., Typed]


@pytest.fixture
def typed(endpoints: Endpoints, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Type:
    """Runs the command against the sandbox; a variable that is None is not set."""

    def typed(*arguments: str, **changes: str | None) -> Typed:
        settings: dict[str, str | None] = {
            **{name: None for name in os.environ if name.startswith("BUZZEASY_")},
            "BUZZEASY_CALLBACK_URL": endpoints.callback_url,
            "BUZZEASY_INFO_URL": endpoints.info_url,
            "BUZZEASY_EVENTS_URL": endpoints.events_url,
            "BUZZEASY_COMPANY": "1",
            "BUZZEASY_PASSWORD": "P@ssword",
            "BUZZEASY_SERVICE_QUEUE": "1",
            **changes,
        }
        with monkeypatch.context() as patch:
            for name, value in settings.items():
                patch.delenv(name, raising=False) if value is None else patch.setenv(name, value)
            with pytest.raises(SystemExit) as exit:
                main(arguments)
        return Typed(exit.value.code, *capfd.readouterr())

    return typed
