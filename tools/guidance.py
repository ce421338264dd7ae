"""What a changed contract asks of a developer.

Which of our code uses what changed, what breaks for a user, and a CHANGELOG entry to start from.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attrs import frozen

from buzzeasy_soap.description.diff import Change, Severity
from buzzeasy_soap.description.documents import DocumentSet
from buzzeasy_soap.description.model import ComplexDescription, ServiceDescription
from naming import attribute_name, constant_name
from public import PUBLIC_MODULES

if TYPE_CHECKING:
    import griffe

_ERROR: Final = re.compile(r"(?P<path>[^:\n]+):(?P<line>\d+): error: (?P<text>.*?)(?:\s+\[[\w-]+\])?")
# mypy's words and the contract's: {0} and on are the quoted parts of the message.
_WORDS: Final = (
    (r'Unexpected keyword argument "(.+?)" for "(.+?)".*', "sends {0}, which {1} does not take"),
    (r'Missing named argument "(.+?)" for "(.+?)".*', "does not send {0}, which {1} requires"),
    (
        r'Argument "(.+?)" to "(.+?)" has incompatible type "(.+?)"; expected "(.+?)"',
        "sends {0} of {1} as {2}, where the contract has {3}",
    ),
    (
        r'Argument 1 to "(.+?)" has incompatible type "(.+?)"; expected "(.+?)"',
        "reads {1} where {0} expects {2}",
    ),
    (r'"(.+?)" has no attribute "(.+?)".*', "uses {1} of {0}, which is gone"),
    (r'Module has no attribute "(.+?)".*', "uses {0}, which is gone"),
    (r'Name "(?:\w+\.)*(.+?)" is not defined', "uses {0}, which is gone"),
)


@frozen
class TypeFault:
    """One error of mypy's."""

    path: str
    line: int
    text: str


def type_faults(root: Path) -> list[TypeFault]:
    """What mypy finds in the package. Raises RuntimeError where it cannot run."""
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--hide-error-context", "buzzeasy_soap"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if checked.returncode not in (0, 1):
        raise RuntimeError(f"mypy could not run: {checked.stderr.strip() or checked.stdout.strip()}")
    found = map(_ERROR.fullmatch, checked.stdout.splitlines())
    return [TypeFault(match["path"], int(match["line"]), match["text"]) for match in found if match]


def affected(root: Path, old: ServiceDescription, before: Iterable[TypeFault]) -> list[str]:
    """What no longer type-checks against the generated contract, in its words."""
    known = {(fault.path, fault.text) for fault in before}
    words = _wire_names(old)
    return [
        f"{fault.path}:{fault.line}: {_place(root, fault)}{_told(fault.text, words)}"
        for fault in type_faults(root)
        if (fault.path, fault.text) not in known
    ]


def _wire_names(service: ServiceDescription) -> dict[str, str]:
    """The contract's names by the names in Python."""
    names = {constant_name(operation.name): operation.name for operation in service.operations}
    for described in service.types.values():
        if isinstance(described, ComplexDescription):
            names |= {attribute_name(member.name): member.name for member in described.members}
    return names


def _place(root: Path, fault: TypeFault) -> str:
    """The function that a line stands in."""
    tree = ast.parse((root / fault.path).read_text(encoding="utf-8"))
    inside = [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and node.lineno <= fault.line <= (node.end_lineno or node.lineno)
    ]
    return f"{inside[-1]} " if inside else ""


def _told(text: str, words: dict[str, str]) -> str:
    for pattern, told in _WORDS:
        match = re.fullmatch(pattern, text)
        if match:
            return told.format(*(words.get(part, part) for part in match.groups()))
    return text


def last_tag(root: Path) -> str:
    """The last release's tag before HEAD; empty where there is none."""
    described = subprocess.run(
        ["git", "describe", "--tags", "--abbrev=0"],  # noqa: S607 - whichever git the developer has
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    return described.stdout.strip()


def public_changes(root: Path) -> list[str]:
    """What griffe sees break for a user of the package since the last tag, or HEAD where there is none."""
    try:
        import griffe
    except ImportError:
        return ["griffe is not installed: pip install griffe"]
    ref = last_tag(root) or "HEAD"
    try:
        before = griffe.load_git(
            "buzzeasy_soap", ref=ref, repo=root, allow_inspection=False, resolve_aliases=True
        )
    except (griffe.GitError, griffe.LoadingError, OSError, RuntimeError) as error:
        return [f"griffe could not read {ref}: {error}"]
    hide_private_modules(before)
    after = griffe.load(
        "buzzeasy_soap",
        search_paths=[root],
        try_relative_path=False,
        allow_inspection=False,
        resolve_aliases=True,
    )
    breakages = griffe.find_breaking_changes(before, after)
    told = (breakage.explain(style=griffe.ExplanationStyle.ONE_LINE) for breakage in breakages)
    return sorted({re.sub(r"\x1b\[[0-9;]*m|:0(?=: )", "", line) for line in told})


def hide_private_modules(module: "griffe.Object | griffe.Alias") -> None:
    """Mark what is public, for griffe takes every module to be whose name has no underscore."""
    for inner in module.modules.values():
        if not inner.is_alias:  # one that imports the package would lead back here for ever
            inner.public = inner.path in PUBLIC_MODULES
            hide_private_modules(inner)


def changelog_entry(documents: DocumentSet, changes: Iterable[Change]) -> str:
    """A CHANGELOG entry to edit: the contract's changes, the breaking ones marked."""
    breaking = [each for each in changes if each.severity is Severity.BREAKING]
    additions = [each for each in changes if each.severity is Severity.ADDITION]
    parts = [
        "## Unreleased",
        f"The contract of {documents.name}, fetched on {documents.retrieved} from {documents.origin}:",
    ]
    if breaking:
        parts += ["### Changed", "\n".join(f"- **Breaking:** {_line(documents, each)}" for each in breaking)]
    if additions:
        parts += ["### Added", "\n".join(f"- {_line(documents, each)}" for each in additions)]
    return "\n\n".join(parts)


def _line(documents: DocumentSet, change: Change) -> str:
    return f"`{change.place.removeprefix(f'{documents.name}.')}`: {change.text}."


def guide(
    root: Path,
    old: ServiceDescription | None,
    new: DocumentSet,
    changes: Sequence[Change],
    before: Iterable[TypeFault],
) -> Iterator[tuple[str, list[str]]]:
    """Each part of the guidance as it is found: a title and its lines."""
    if old is not None:
        yield "Our code that does not type-check against it:", affected(root, old, before)
        yield "What breaks for a user of the package:", public_changes(root)
    yield "For CHANGELOG.md:", changelog_entry(new, changes).splitlines()
