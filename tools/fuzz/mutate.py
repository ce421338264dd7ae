"""A mutator that knows XML: changed bytes alone seldom get past the parser."""

import copy
import random
from collections.abc import Callable
from typing import Final

from lxml import etree

NIL: Final = "{http://www.w3.org/2001/XMLSchema-instance}nil"
TEXTS: Final = (
    "", " ", "0", "-1", "5", "2147483648", "9" * 60, "true", "maybe", "BZ1", "2017-04-11 09-00-00", "2017-02-30 09:00:00",
    "0000-00-00 00-00-00", "2017-04-11T09:00:00", "2017-04-11T24:00:00+14:00", "0001-01-01T00:00:00-14:00",
    "9999-12-31T23:59:59Z", "x | y", "x,y", "|", ",", "\u0661", "\ufeff", "\U0001f600", "]]>", "a:Client",
)  # fmt: skip


def mutate_xml(data: bytes, max_size: int, seed: int, mutate_bytes: Callable[[bytes, int], bytes]) -> bytes:
    """The input with one thing changed: in its elements, or where it has none, or now and then, in its bytes."""
    rng = random.Random(seed)  # noqa: S311 - libFuzzer's seed, to come by the same input again
    head, _, body = data.partition(b"\n")
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None or rng.random() < 0.3:
        return mutate_bytes(data, max_size)
    try:
        _change(root, rng)
    except (
        ValueError
    ):  # a prefix that nothing declares: lxml reads it as part of a name, and takes no such name
        return mutate_bytes(data, max_size)
    encoding: str = rng.choice(["utf-8", "utf-8", "utf-16", "iso-8859-1"])
    written = etree.tostring(root, encoding=encoding)
    assert isinstance(written, bytes)
    changed = head + b"\n" + written
    return changed if len(changed) <= max_size else mutate_bytes(data, max_size)


def _change(root: etree._Element, rng: random.Random) -> None:
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    chosen, other = rng.choice(elements), rng.choice(elements)
    parent = chosen.getparent()
    match rng.randrange(8):
        case 0 | 1:
            chosen.text = rng.choice(TEXTS)
        case 2 if parent is not None:
            parent.remove(chosen)
        case 3:
            chosen.append(copy.deepcopy(other))
        case 4 if parent is not None:
            chosen.addnext(copy.deepcopy(other))
        case 5:
            chosen.tag = other.tag
        case 6:
            chosen.set(NIL, rng.choice(["true", "1", "false", "x"]))
        case _:
            name = etree.QName(chosen).localname
            chosen.tag = rng.choice([name, f"{{urn:other}}{name}"])
