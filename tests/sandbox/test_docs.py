"""What docs/sandbox.md says is what the sandbox does."""

import re
from pathlib import Path

from buzzeasy_soap.enums import ResultCode
from buzzeasy_soap.sandbox import SandboxConfig, phone
from buzzeasy_soap.sandbox.faults import Kind
from buzzeasy_soap.sandbox.lifecycle import Course
from tests.sandbox.test_life import life

DOCS = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its head."""
    table = re.search(r"(?:^\|.*\n)+", DOCS.partition(f"\n## {heading}\n")[2], re.MULTILINE)
    assert table is not None
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[0].splitlines()[2:]]


def test_magic_numbers() -> None:
    documented = {cells[0].strip("`"): cells[1] for cells in rows("Numbers")}
    assert documented.keys() == {*phone.REJECTED, phone.CRASHING, *phone.COURSES}
    for number, code in phone.REJECTED.items():
        assert documented[number].startswith(f"result code {int(code)},")
        assert ResultCode(code)


def test_the_lives_of_calls() -> None:
    columns = (Course.SUCCEEDS, Course.USER_NEVER_ANSWERS, Course.AGENT_NEVER_ACCEPTS)
    lives = [{status: seconds for status, seconds, _ in reversed(life(course))} for course in columns]
    documented: list[dict[str, float]] = [{}, {}, {}]
    for event, *cells in rows("A call's life"):
        for column, cell in zip(documented, cells, strict=True):
            if cell:
                column[event.strip("`")] = float(re.match(r"\d+", cell)[0])
    assert documented == lives


def test_fault_kinds() -> None:
    assert {cells[0].strip("`") for cells in rows("Faults")} == set(Kind)


def test_credentials() -> None:
    for company, passwords, queues in rows("Credentials"):
        known = SandboxConfig().companies[int(company)]
        assert re.findall(r"`(.+?)`", passwords) == [
            p.reveal() for p in (known.password, *known.also_accepts)
        ]
        assert queues == ", ".join(f"{id} ({name})" for id, name in known.queues.items())


def test_the_config_file(tmp_path: Path) -> None:
    text = DOCS.partition("```toml\n")[2].partition("```")[0]
    (tmp_path / "sandbox.toml").write_text(text, encoding="utf-8")
    config = SandboxConfig.from_toml(tmp_path / "sandbox.toml")
    assert config.companies[1].field_names == {1: "Order", 10: "Agent"}
