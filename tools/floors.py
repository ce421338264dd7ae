"""Print the oldest versions that pyproject.toml allows of what a user installs, as constraints."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OF_DEVELOPERS = ("bench", "dev", "interop", "release")


def main() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    declared = {
        *project["dependencies"],
        *(each for name in extras if name not in OF_DEVELOPERS for each in extras[name]),
    }
    for requirement in sorted(declared):
        floor = re.match(r"([\w-]+)(?:\[\w+\])?>=([\d.]+)", requirement)
        if floor:  # tzdata's version is the time zones', and the newest is wanted
            print(f"{floor[1]}=={floor[2]}")


if __name__ == "__main__":
    main()
