"""Make a release of all but its upload: `make release VERSION=1.2.3`.

The version and the changelog's section are written, the distributions are built and checked, with the
list of what they are made of (CycloneDX) and the documentation beside them in dist/; then all is committed
and tagged. Where a step fails, the two files are as they were, and nothing is committed.
"""

import datetime as dt
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import guidance

ROOT = Path(__file__).resolve().parent.parent
PROJECT = ROOT / "pyproject.toml"
CHANGELOG = ROOT / "CHANGELOG.md"
DIST = ROOT / "dist"
UNRELEASED = "## [Unreleased]"
Version = tuple[int, ...]


def main(text: str) -> None:
    version = parsed(text)
    tag = f"v{text}"
    require_clean(tag)
    last = guidance.last_tag(ROOT)
    if last and version <= parsed(last.removeprefix("v")):
        sys.exit(f"{text} is not after {last}")
    compare_with(last, version)
    before = CHANGELOG.read_text(encoding="utf-8")
    section = unreleased(before)
    with restored_on_failure(PROJECT, CHANGELOG):
        set_version(text)
        CHANGELOG.write_text(cut(before, text, dt.datetime.now(dt.UTC).date()), encoding="utf-8")
        build()
        check()
        message = DIST / "tag-message.txt"
        message.write_text(f"buzzeasy-soap {text}\n\n{section}\n", encoding="utf-8")
        run("git", "commit", "-q", "-m", f"Release {text}", "--", str(PROJECT), str(CHANGELOG))
    # A changelog's headings begin with what git takes for a comment.
    run("git", "tag", "--annotate", "--cleanup=whitespace", "--file", str(message), tag)
    print(f"\n{tag} is tagged here and built in dist/. What is left:")
    print(f"    git push origin HEAD {tag}")
    print("    .venv/bin/twine upload dist/*.whl dist/*.tar.gz")


def parsed(text: str) -> Version:
    """Exits where it is no version of three numbers."""
    if not re.fullmatch(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", text):
        sys.exit(f"{text} is no version: three numbers, such as 1.2.3")
    return tuple(map(int, text.split(".")))


def require_clean(tag: str) -> None:
    if output("git", "status", "--porcelain"):
        sys.exit("the tree is dirty: commit or remove what `git status` shows")
    if output("git", "tag", "--list", tag):
        sys.exit(f"the tag {tag} exists")


def compare_with(last: str, version: Version) -> None:
    """What breaks for a user since the last tag is shown, and asks for a version that says so."""
    if not last:
        print("no tag yet: there is no earlier release to compare the API with")
        return
    breaking = guidance.public_changes(ROOT)
    print(f"what griffe sees break since {last}: {'nothing' if not breaking else ''}")
    print(*(f"  {line}" for line in breaking), sep="\n")
    old = parsed(last.removeprefix("v"))
    leading = 2 if old[0] == 0 else 1  # before 1.0.0 the second number says it
    if breaking and version[:leading] == old[:leading]:
        sys.exit(
            f"a release that breaks something must raise the {('first', 'second')[leading - 1]} number of {last}"
        )


def unreleased(changelog: str) -> str:
    """What is written below `Unreleased`. Exits where that is nothing."""
    _, found, rest = changelog.partition(f"\n{UNRELEASED}\n")
    section = re.split(r"^## ", rest, maxsplit=1, flags=re.MULTILINE)[0].strip()
    if not found or not re.search(r"^- ", section, re.MULTILINE):
        sys.exit(f"CHANGELOG.md has no entry below {UNRELEASED}")
    return section


def cut(changelog: str, version: str, date: dt.date) -> str:
    """The changelog with its unreleased part under the version, and an empty one above."""
    return changelog.replace(f"{UNRELEASED}\n", f"{UNRELEASED}\n\n## [{version}] - {date}\n", 1)


def set_version(version: str) -> None:
    text, count = re.subn(
        r'^version = ".*"$', f'version = "{version}"', PROJECT.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    assert count == 1, "pyproject.toml has one line for the version"
    PROJECT.write_text(text, encoding="utf-8")


def build() -> None:
    """Build the sdist, the wheel from it, what they are made of, and the documentation."""
    shutil.rmtree(DIST, ignore_errors=True)
    # The builder's own date for all files, so that anyone gets the same bytes.
    environment = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    run(sys.executable, "-m", "build", "--no-isolation", "-o", str(DIST), str(ROOT), env=environment)
    run(
        sys.executable, "-m", "cyclonedx_py", "requirements", "requirements/run.txt",
        "--pyproject", "pyproject.toml", "--output-reproducible", "--validate", "-o", str(DIST / "sbom.cdx.json"),
    )  # fmt: skip
    if re.search(r"^docs:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE):
        run("make", "docs")


def check() -> None:
    """Check what was built, and that a user could import it."""
    built = sorted(str(path) for pattern in ("*.whl", "*.tar.gz") for path in DIST.glob(pattern))
    run(sys.executable, "-m", "twine", "check", "--strict", *built)
    [wheel] = DIST.glob("*.whl")
    run(sys.executable, "-m", "check_wheel_contents", str(wheel))


@contextmanager
def restored_on_failure(*paths: Path) -> Iterator[None]:
    before = {path: path.read_bytes() for path in paths}
    try:
        yield
    except BaseException:
        for path, content in before.items():
            path.write_bytes(content)
        raise


def run(*command: str, env: dict[str, str] | None = None) -> None:
    """Run a step. Exits with its status where it fails."""
    ended = subprocess.run(command, cwd=ROOT, env=env, check=False)
    if ended.returncode:
        sys.exit(f"failed: {' '.join(command)}")


def output(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    main(*sys.argv[1:])
