"""What was learned about texts, so that the same ones are not looked at again."""

from typing import Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """A set with a bound on its number and on its characters; when it is full, it forgets all.

    It belongs to one engine, and so to one set of options.
    """

    def __init__(self, most: int, most_chars: int, longest: int) -> None:
        self.items: set[T] = set()
        """To be asked directly: a call for each text would cost more than the answer."""
        self._most = most
        self._most_chars = most_chars
        self._longest = longest
        self._chars = 0

    def add(self, item: T, chars: int) -> None:
        """Remember an item that holds so many characters, unless that is too many for one."""
        if chars > self._longest:
            return
        if len(self.items) >= self._most or self._chars + chars > self._most_chars:
            self.items.clear()
            self._chars = 0
        self.items.add(item)
        self._chars += chars
