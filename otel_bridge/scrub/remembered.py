"""What was learned about texts, so that the same ones are not looked at again."""

from collections.abc import Collection
from typing import Generic, TypeVar

T = TypeVar("T")

_FLOOD = 4


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


class Recent:
    """Bytes that were seen lately, in two generations: when the younger is full, the older goes.

    What comes again moves to the younger one, so that one-time values push out only each other.
    """

    def __init__(self, most: int, most_bytes: int, longest: int) -> None:
        """Make an empty memory.

        Args:
            most: How many items a generation holds.
            most_bytes: How many bytes they have together.
            longest: Longer ones are not remembered.
        """
        self._young: set[bytes] = set()
        self._old: set[bytes] = set()
        self._size = 0
        self._most = most
        self._most_bytes = most_bytes
        self._longest = longest

    def __len__(self) -> int:
        """Return how many items are held, those in both generations twice."""
        return len(self._young) + len(self._old)

    def missing(self, items: set[bytes]) -> set[bytes]:
        """Return those of the items that are not remembered."""
        missing = items - self._young
        again = missing & self._old
        if again:
            missing -= again
            self.add(again)
        return missing

    def add(self, items: Collection[bytes]) -> None:
        """Remember items, those that are not too long and do not come in a flood.

        A flood, which is a quarter of what a generation holds, does not come again and would push
        out what does.
        """
        if len(items) > self._most // _FLOOD:
            return
        sizes = list(map(len, items))
        if max(sizes, default=0) > self._longest:
            items = [item for item in items if len(item) <= self._longest]
            sizes = list(map(len, items))
        size = sum(sizes)
        if len(self._young) + len(items) > self._most or self._size + size > self._most_bytes:
            self._old, self._young, self._size = self._young, set(), 0
        if size <= self._most_bytes:
            self._young.update(items)
            self._size += size
