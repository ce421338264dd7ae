"""Secrets, and keeping them out of everything that is shown."""

from typing import NoReturn, final


@final
class Secret:
    """A string that shows nothing of itself: not in repr, str, format, pickle or JSON."""

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        self.__value = value

    def reveal(self) -> str:
        """The string itself. Called where it goes onto the wire, and nowhere else."""
        return self.__value

    def __repr__(self) -> str:
        return "Secret('***')"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.__value == self.__value

    def __hash__(self) -> int:
        return hash((Secret, self.__value))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret cannot be pickled or copied")
