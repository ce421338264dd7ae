"""The unit and the manifest that the docs offer."""

import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from tests.interop.conftest import missing

EXAMPLES = Path(__file__).parents[2] / "examples" / "campaign"


def test_systemd_has_nothing_to_say_about_the_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        missing("there is no systemd-analyze")
    # The command must exist where the unit is checked.
    unit = (EXAMPLES / "buzzeasy-campaign@.service").read_text()
    copy = tmp_path / "buzzeasy-campaign@outage.service"
    copy.write_text(unit.replace("/opt/buzzeasy/bin/buzzeasy", sys.executable))
    said = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True)
    assert (said.returncode, said.stdout, said.stderr) == (0, "", "")


def test_the_manifest_is_yaml_whose_pods_get_their_settings() -> None:
    secret, job = yaml.safe_load_all((EXAMPLES / "kubernetes.yaml").read_text())
    pod = job["spec"]["template"]["spec"]
    [container] = pod["containers"]
    assert container["command"] == ["buzzeasy", "campaign", "work", "outage"]
    assert container["envFrom"] == [{"secretRef": {"name": secret["metadata"]["name"]}}]
    assert pod["restartPolicy"] == "Never"  # as a podFailurePolicy requires
    assert pod["terminationGracePeriodSeconds"] > 60
