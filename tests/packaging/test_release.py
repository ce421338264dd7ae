"""`make release` in a copy of the project that has its own Git."""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.packaging.environments import run

pytestmark = [pytest.mark.slow, pytest.mark.checkout, pytest.mark.timeout(600)]
Git = Callable[..., str]


@pytest.fixture
def git(copy: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ada@example.org")

    def git(*arguments: str) -> str:
        return run("git", *arguments, cwd=copy)

    changelog = copy / "CHANGELOG.md"
    changelog.write_text("# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A thing that can be seen.\n")
    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "All of it")
    return git


def release(copy: Path, version: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "tools/release.py", version],
        cwd=copy, env={**os.environ, "PYTHONPATH": "tools"}, capture_output=True, text=True, timeout=540, check=False,
    )  # fmt: skip


def test_all_but_the_upload_is_done(copy: Path, git: Git) -> None:
    released = release(copy, "0.2.0")
    assert released.returncode == 0, released.stdout + released.stderr
    assert "no tag yet" in released.stdout
    assert tomllib.loads((copy / "pyproject.toml").read_text())["project"]["version"] == "0.2.0"
    before, _, section = (copy / "CHANGELOG.md").read_text().partition("## [0.2.0] - 20")
    assert before.endswith("## [Unreleased]\n\n")
    assert "- A thing that can be seen." in section
    assert git("status", "--porcelain") == ""
    assert git("show", "--format=%s", "--name-only", "HEAD").split() == [
        "Release", "0.2.0", "CHANGELOG.md", "pyproject.toml",
    ]  # fmt: skip
    message = git("tag", "--list", "--format=%(contents)", "v0.2.0")
    assert message.strip() == "buzzeasy-soap 0.2.0\n\n### Added\n\n- A thing that can be seen."
    names = {path.name for path in (copy / "dist").iterdir()}
    assert {"buzzeasy_soap-0.2.0-py3-none-any.whl", "buzzeasy_soap-0.2.0.tar.gz", "sbom.cdx.json"} <= names
    bill = json.loads((copy / "dist" / "sbom.cdx.json").read_text())
    assert (bill["bomFormat"], bill["metadata"]["component"]["version"]) == ("CycloneDX", "0.2.0")
    assert {"attrs", "lxml", "requests", "urllib3", "zeep"} <= {each["name"] for each in bill["components"]}


def test_what_breaks_since_the_last_tag_asks_for_a_version_that_says_so(copy: Path, git: Git) -> None:
    git("tag", "v0.1.0")
    enums = copy / "buzzeasy_soap" / "enums.py"
    enums.write_text(enums.read_text().replace('    RESCHEDULED = "Rescheduled"\n', ""))
    git("commit", "-qam", "A status is gone")
    refused = release(copy, "0.1.1")
    assert refused.returncode == 1
    assert "CallStatus.RESCHEDULED" in refused.stdout
    assert "must raise the second number of v0.1.0" in refused.stderr
    assert git("status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("version", "spoil", "why"),
    [
        ("1.2", lambda copy, git: None, "1.2 is no version"),
        ("0.2.0", lambda copy, git: (copy / "litter").touch(), "the tree is dirty"),
        ("0.2.0", lambda copy, git: git("tag", "v0.2.0"), "the tag v0.2.0 exists"),
        ("0.2.0", lambda copy, git: git("tag", "v0.3.0"), "0.2.0 is not after v0.3.0"),
    ],
)
def test_it_refuses(version: str, spoil: Callable, why: str, copy: Path, git: Git) -> None:
    spoil(copy, git)
    head = git("rev-parse", "HEAD")
    refused = release(copy, version)
    assert refused.returncode == 1
    assert why in refused.stderr
    assert git("rev-parse", "HEAD") == head


def test_it_refuses_a_changelog_without_an_entry(copy: Path, git: Git) -> None:
    (copy / "CHANGELOG.md").write_text(
        "# Changelog\n\n## [Unreleased]\n\n### Added\n\n## [0.1.0]\n\n- Old.\n"
    )
    git("commit", "-qam", "Empty")
    assert "no entry below" in release(copy, "0.2.0").stderr


def test_where_a_step_fails_all_is_as_it_was(copy: Path, git: Git) -> None:
    (copy / "hatch_build.py").write_text("raise RuntimeError('broken')\n")
    git("commit", "-qam", "Broken")
    failed = release(copy, "0.2.0")
    assert failed.returncode == 1
    assert "failed: " in failed.stderr
    assert git("status", "--porcelain") == ""
    assert git("tag") == ""
