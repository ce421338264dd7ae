r"""The corpus: inputs of each target that between them reach every branch that fuzzing has reached.

`tests/fuzz/corpus/<target>.txt` is a text of cases. `# ` begins a case and says what it is. The lines
below are its bytes, with escapes as in a Python bytes literal: `\x00`, `\r`, `\\`. Blank lines before
the next case do not count: a line break at the end of the bytes is written `\n`.
"""

import re
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent.parent.parent / "tests" / "fuzz" / "corpus"


def cases(target: str) -> dict[str, bytes]:
    """Each case of a target: what it is, and its bytes."""
    return parse((FOLDER / f"{target}.txt").read_text("ascii"))


def parse(text: str) -> dict[str, bytes]:
    """The cases of a text."""
    found = (block.partition("\n") for block in re.split(r"^# ", text, flags=re.MULTILINE)[1:])
    return {
        title: lines.rstrip("\n").encode().decode("unicode_escape").encode("latin-1")
        for title, _, lines in found
    }


def written(title: str, data: bytes) -> str:
    """A case as `parse` reads it."""
    body = data.rstrip(b"\n")
    lines = [line.decode("latin-1").encode("unicode_escape").decode() for line in body.split(b"\n")]
    text = "\n".join(re.sub("^# ", r"\\x23 ", line) for line in lines)
    return f"# {title}\n{text}" + r"\n" * (len(data) - len(body)) + "\n"
