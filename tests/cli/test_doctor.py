"""`buzzeasy doctor`: what is set up here, and what cannot work and why."""

import json
import subprocess
import sys

import pytest

from buzzeasy_soap.clients.environment import VARIABLES
from tests.cli.conftest import Type
from tests.cli.test_command import environment


def findings(out: str) -> dict[str, tuple[str, str]]:
    return {each["name"]: (each["result"], each["detail"]) for each in json.loads(out)}


def test_a_sound_machine_shows_what_it_has_and_no_secret(typed: Type, endpoints) -> None:
    status, out, err = typed("doctor", "--json")
    found = findings(out)
    assert (status, err) == (0, "")
    assert found["BUZZEASY_CALLBACK_URL"] == ("ok", endpoints.callback_url)
    assert found["BUZZEASY_PASSWORD"] == ("ok", "set, not shown")
    assert found["BUZZEASY_PROTOCOL"] == ("off", "not set, default: soap")
    assert {name for name in found if name.startswith("BUZZEASY_")} == set(VARIABLES)
    for name in ("python", "buzzeasy-soap", "lxml", "zeep", "requests", "attrs"):
        assert found[name][0] == "ok" and found[name][1][0].isdigit()
    assert all(
        found[name][0] == "ok" for name in ("[sandbox]", "[events]", "calls", "watch", "sandbox", "demo")
    )
    table = typed("doctor").out
    assert "set, not shown" in table and "P@ssword" not in table + out


@pytest.mark.parametrize(
    ("changes", "name", "result", "detail"),
    [
        ({"BUZZEASY_COMPANY": None}, "BUZZEASY_COMPANY", "failed", "not set: number of the company"),
        ({"BUZZEASY_COMPANY": "one"}, "calls", "failed", "BUZZEASY_COMPANY must be a number"),
        ({"BUZZEASY_CALLBACK_URL": "https://h/Service"}, "calls", "failed", "BUZZEASY_CALLBACK_URL must end in .svc"),
        ({"BUZZEASY_CA_BUNDLE": "/none"}, "certificate authorities", "failed", "BUZZEASY_CA_BUNDLE: no such file: /none"),
        ({"BUZZEASY_CALLBACK_URL": "https://h/a.svc", "https_proxy": "http://me:wr0ng@proxy.example:3128"},
         "proxy for BUZZEASY_CALLBACK_URL", "ok", "http://proxy.example:3128"),
        ({"BUZZEASY_CALLBACK_URL": "https://h/a.svc", "https_proxy": "socks5://me:wr0ng@p.example:1080"},
         "proxy for BUZZEASY_CALLBACK_URL", "failed", "socks5://p.example:1080: the command cannot use SOCKS"),
        ({"BUZZEASY_CALLBACK_URL": "https://h/a.svc", "https_proxy": "x:wr0ng"},
         "proxy for BUZZEASY_CALLBACK_URL", "failed",
         "HTTP_PROXY, HTTPS_PROXY or ALL_PROXY must be an address such as http://proxy.example:3128, with %XX for special characters"),
        ({"BUZZEASY_CALLBACK_URL": "https://me:wr0ng@h/a.svc"}, "BUZZEASY_CALLBACK_URL", "ok", "set, not shown"),
        ({"BUZZEASY_CALLBACK_URL": "https://h/a.svc?password=wr0ng"}, "BUZZEASY_CALLBACK_URL", "ok", "https://h/…"),
        ({"BUZZEASY_EVENTS_URL": "https://h#wr0ng"}, "BUZZEASY_EVENTS_URL", "ok", "https://h/…"),
        ({"BUZZEASY_INFO_URL": "h?wr0ng"}, "BUZZEASY_INFO_URL", "ok", "set, not shown"),
        ({"BUZZEASY_INFO_URL": "https://[?wr0ng"}, "proxy for BUZZEASY_INFO_URL", "failed", "not an address"),
        ({"BUZZEASY_COMPNY": "1"}, "BUZZEASY_COMPNY", "off",
         "not a setting of this package; did you mean BUZZEASY_COMPANY?"),
        ({"BUZZEASY_EVENTS_URL": None}, "watch", "off", "BUZZEASY_EVENTS_URL is not set"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_why(typed: Type, changes, name, result, detail) -> None:
    status, out, _ = typed("doctor", "--json", **{"NO_PROXY": "", "no_proxy": "", **changes})
    found = findings(out)
    assert found[name] == (result, detail)
    assert status == any(each[0] == "failed" for each in found.values())
    assert "wr0ng" not in out


def test_an_extra_that_is_missing_says_how_to_install_it(endpoints) -> None:
    hidden = (
        "import importlib.metadata as m\nv = m.version\n"
        "def version(name):\n"
        "    if name in ('aiohttp', 'pycurl'): raise m.PackageNotFoundError(name)\n"
        "    return v(name)\n"
        "m.version = version\n"
        "from buzzeasy_soap.cli import main\nmain(['doctor', '--json'])\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", hidden], capture_output=True, text=True, timeout=60, env=environment(endpoints)
    )
    found = findings(ran.stdout)
    assert found["[curl]"] == ("off", 'pycurl is not installed: pip install "buzzeasy-soap[curl]"')
    # What the settings ask for cannot work; what they do not is merely not there.
    assert found["watch"] == ("failed", 'pip install "buzzeasy-soap[events]"')
    assert found["demo"] == ("off", 'pip install "buzzeasy-soap[events]"')
    assert ran.returncode == 1
