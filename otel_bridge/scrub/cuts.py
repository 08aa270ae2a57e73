"""Arithmetic of cuts: where they are when texts are shortened, joined or counted otherwise."""

from otel_bridge.scrub.rewrite import Cut


def up_to(cap: int, data: bytes, cuts: list[Cut]) -> tuple[int, int, list[Cut]]:
    """Return the cuts that begin before a place, and where input and output end with them."""
    while cap and data[cap] & 0xC0 == 0x80:  # noqa: PLR2004 (10xxxxxx: not a first byte)
        cap -= 1
    kept = [cut for cut in cuts if cut.start < cap]
    if not kept:
        return cap, cap, kept
    last = kept[-1]
    if last.end >= cap:
        return last.end, last.out_end, kept
    return cap, last.out_end + cap - last.end, kept


def in_characters(cuts: list[Cut], data: bytes, out: bytes) -> list[Cut]:
    """Return cuts in order with their ranges counted in characters instead of bytes."""
    if data.isascii() and out.isascii():
        return cuts
    before, after = _Characters(data), _Characters(out)
    return [
        Cut(
            cut.rule,
            before.at(cut.start),
            before.at(cut.end),
            after.at(cut.out_start),
            after.at(cut.out_end),
            cut.how,
        )
        for cut in cuts
    ]


class _Characters:
    """Counts the characters before a place in UTF-8; the places come in order."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = self._count = 0

    def at(self, place: int) -> int:
        self._count += len(self._data[self._place : place].decode("utf-8", "surrogatepass"))
        self._place = place
        return self._count


def one_back(cut: Cut) -> Cut:
    """Return a cut in the text without its first character."""
    return cut._replace(
        start=max(0, cut.start - 1),
        end=max(0, cut.end - 1),
        out_start=max(0, cut.out_start - 1),
        out_end=max(0, cut.out_end - 1),
    )
