"""Changes of a contract: what one is, and how many are told as few."""

from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final

from attrs import evolve, frozen

from buzzeasy_soap.description.model import local_name, namespace


class Severity(StrEnum):
    """What a change of the contract means for a client that knows the old one."""

    BREAKING = "breaking"
    """What it sends or reads is no longer what the service takes or answers."""
    ADDITION = "addition"
    """It goes on working, and more is possible."""
    NEUTRAL = "neutral"
    """Nothing that its code sends or reads has changed; at most the names on the wire."""


ORDER: Final = tuple(Severity)


class Subject(StrEnum):
    """What a change is about, as far as a reader of many changes groups them."""

    MEANING = "meaning"
    ELEMENT = "element"
    """The qualified name of an element."""
    SOAP_ACTION = "SOAPAction"
    MEMBER_ORDER = "order of members"


@frozen
class Change:
    """One difference, in the contract's words."""

    severity: Severity
    place: str
    """Service, operation or type, member: `RequestCallbackService.TimeSlot.Available`."""
    text: str
    subject: Subject = Subject.MEANING
    new: str = ""
    """The new name on the wire, if the subject is one and it has one."""
    old: str = ""

    def __str__(self) -> str:
        return f"{self.severity}: {self.place}: {self.text}"


def worst(changes: Iterable[Change]) -> Severity:
    """The most severe of the changes, NEUTRAL where there are none."""
    return min((change.severity for change in changes), key=ORDER.index, default=Severity.NEUTRAL)


def grouped(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes, with those that belong together as one: a namespace, or the start of all SOAPActions."""
    counts = Counter(_group(change) for change in changes)
    return tuple(
        group if count == 1 else evolve(group, text=f"{group.text} ({count} places)")
        for group, count in counts.items()
    )


def _group(change: Change) -> Change:
    """The change that this one is a case of, or else the change itself."""
    if change.subject is Subject.ELEMENT and change.old and change.new:
        old, new = namespace(change.old), namespace(change.new)
        if old != new and local_name(change.old) == local_name(change.new):
            return _as_one(change, f"the namespace {old} is {new}", old, new)
    elif change.subject is Subject.SOAP_ACTION and (starts := _different_starts(change.old, change.new)):
        old, new = starts
        return _as_one(change, f"SOAPActions begin with {new}, not {old}", old, new)
    return change


def _as_one(change: Change, text: str, old: str, new: str) -> Change:
    return evolve(change, place=change.place.partition(".")[0], text=text, old=old, new=new)


def _different_starts(old: str, new: str) -> tuple[str, str] | None:
    """What two SOAPActions begin with that end alike, from the last slash on."""
    was, _, was_end = old.rpartition("/")
    start, slash, end = new.rpartition("/")
    return (f"{was}{slash}", f"{start}{slash}") if slash and end == was_end else None


def breaking(place: str, text: str) -> Change:
    """A change that breaks a client."""
    return Change(Severity.BREAKING, place, text)


def addition(place: str, text: str) -> Change:
    """A change that adds something."""
    return Change(Severity.ADDITION, place, text)


def neutral(place: str, text: str) -> Change:
    """A change that means nothing to a client."""
    return Change(Severity.NEUTRAL, place, text)


def documentation(place: str, old: str, new: str) -> Iterator[Change]:
    """The change of a text, if it has changed."""
    if old != new:
        yield neutral(place, f'documented as "{new}"' if new else "no longer documented")
