"""The table of foreign stacks: direction, stranger, case."""

from attrs import define, field

HEAD = """# Foreign stacks

Our client and our sandbox are written from one description, so each could be wrong in the same way. Therefore clients
and servers on the SOAP stacks of others are tested against them, on every change, by `make test-interop`. That run
wrote this page: `make test-interop ARGS="--write-interop docs/interop.md"`.

A case is *ok* if what was sent arrived unchanged, and what was answered was read as it was meant. A number stands for a
stack that falls short of it: the list below says how, and the test insists that it is in no other way. Their clients
read `?wsdl` and `?singleWsdl`; those for Mono and Go are written by hand, after it. Ours runs over requests, curl and
aiohttp, and with the engine zeep.

Not here is Go's `gowsdl`: neither Debian nor PyPI nor npm has it, and CI reaches no Go module proxy.

No SignalR 2 server of others runs here. The strict hub is ours too, and so no independent oracle: a program for Node
that shares nothing with the client or the sandbox, keeps to what was seen on the wire of the original server, and
refuses whatever the original client would not do. The original clients, `signalr` 2.2.1 and 2.4.3 in Chromium, keep
all of its rules. Ours follows one call and twenty, blocking and on asyncio.
"""


@define
class Direction:
    """What came of one direction."""

    cases: list[str] = field(factory=list)
    versions: dict[str, str] = field(factory=dict)
    outcomes: dict[tuple[str, str], str] = field(factory=dict)
    """By stranger and case: ok, FAILED, or why it falls short."""


@define
class Table:
    """What came of all tests that noted what they are of."""

    directions: dict[str, Direction] = field(factory=dict)

    def add(self, row: tuple[str, str, str, str, str | None], *, passed: bool) -> None:
        """Add a test; where several are of one case, the worst counts."""
        name, stranger, version, case, short = row
        direction = self.directions.setdefault(name, Direction())
        direction.versions[stranger] = version
        if case not in direction.cases:
            direction.cases.append(case)
        outcome = (short or "ok") if passed else "FAILED"
        if direction.outcomes.get((stranger, case)) != "FAILED":
            direction.outcomes[stranger, case] = outcome

    def text(self) -> str:
        """As Markdown, which reads in a terminal too."""
        reasons: dict[tuple[str, str], int] = {}
        parts = []
        for name, direction in self.directions.items():
            groups: dict[tuple[str, ...], list[str]] = {}
            for stranger in direction.versions:
                cases = tuple(case for case in direction.cases if (stranger, case) in direction.outcomes)
                groups.setdefault(cases, []).append(stranger)
            parts.append(f"## {name}\n")
            for cases, strangers in groups.items():
                rows = [["", *strangers], ["version"] + [direction.versions[one] for one in strangers]]
                for case in cases:
                    cells = []
                    for stranger in strangers:
                        outcome = direction.outcomes[stranger, case]
                        if outcome not in ("ok", "FAILED"):
                            outcome = str(reasons.setdefault((stranger, outcome), len(reasons) + 1))
                        cells.append(outcome)
                    rows.append([case, *cells])
                rows.insert(1, ["---"] * len(rows[0]))
                parts.append("".join(f"| {' | '.join(row)} |\n" for row in rows))
        if reasons:
            parts.append("## What falls short\n")
            parts.append("".join(f"{number}. {who}: {why}\n" for (who, why), number in reasons.items()))
        return "\n".join(parts)

    def page(self) -> str:
        """As the documentation has it."""
        return f"{HEAD}\n{self.text()}"
