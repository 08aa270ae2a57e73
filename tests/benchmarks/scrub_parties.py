"""Scrubs the corpus and ordinary spans with three scrubbers, and prints JSON.

To be run in the environment of the peers. Every text stands under the neutral key ``note``.
"""

import json
import re
import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

from logfire._internal.scrubbing import Scrubber as LogfireScrubber
from sentry_sdk.scrubber import EventScrubber

from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.wire.batch import SpanRecord
from otel_bridge.wire.messages import Span
from tests.benchmarks.scrub_corpus import look_alikes, planted
from tests.benchmarks.scrub_spans import make_batch, make_records

ROUNDS = 7
WARM_UP = 5
"""Rounds before any counts: a service that has run for a while."""
SPANS = 2_000
_MIN_LEFT = 8
"""So many last characters of a secret that are left count as a leak, if half of it is less."""
_MARKERS = re.compile(r"\[Filtered:[^\]]*\]|\[Scrubbed due to [^\]]*\]")

_BRIDGE = Scrubber()
_LOGFIRE = LogfireScrubber(None)
_SENTRY = EventScrubber(recursive=True)


def by_bridge(note: str) -> str:
    return str(_BRIDGE.value({"note": note})[0]["note"])


def by_logfire(note: str) -> str:
    return str(_LOGFIRE.scrub_value(("attributes",), {"note": note})[0]["note"])


def by_sentry(note: str) -> str:
    event: dict[str, Any] = {"extra": {"note": note}}
    _SENTRY.scrub_event(event)
    return str(event["extra"]["note"])


PARTIES: dict[str, Callable[[str], str]] = {
    "otel_bridge": by_bridge,
    "Logfire": by_logfire,
    "sentry-sdk": by_sentry,
}


def is_gone(secret: str, out: str) -> bool:
    """Tell whether neither a secret nor its second half is left; the first may be a marker."""
    bare = _MARKERS.sub("", out)
    size = min(len(secret), max(_MIN_LEFT, len(secret) // 2))
    return secret[-size:] not in bare


def kept(text: str, secret: str, out: str) -> float:
    """Return the share of the text around a secret that is still around its replacement."""
    before, _, after = text.partition(secret)
    if not before and not after:
        return 1.0
    return (_common(before, out) + _common(after[::-1], out[::-1])) / len(before + after)


def _common(wanted: str, found: str) -> int:
    for place, (one, other) in enumerate(zip(wanted, found, strict=False)):
        if one != other:
            return place
    return min(len(wanted), len(found))


def judge(scrub: Callable[[str], str]) -> dict[str, Any]:
    """Return recall and context kept by family, and false alarms by kind."""
    families: dict[str, list[tuple[bool, float]]] = {}
    for item in planted():
        out = scrub(item.text)
        result = (is_gone(item.secret, out), kept(item.text, item.secret, out))
        families.setdefault(item.family, []).append(result)
    alarms: dict[str, list[bool]] = {}
    for alike in look_alikes():
        alarms.setdefault(alike.kind, []).append(scrub(alike.text) != alike.text)
    return {
        "families": {
            name: {
                "texts": len(results),
                "recall": sum(gone for gone, _ in results) / len(results),
                "kept": sum(share for _, share in results) / len(results),
            }
            for name, results in families.items()
        },
        "alarms": {kind: [sum(found), len(found)] for kind, found in alarms.items()},
    }


def cost() -> dict[str, Any]:
    """Return what a clean span costs each party, turn by turn, in µs of CPU."""
    stock = [make_records(SPANS, seed=seed) for seed in range(WARM_UP + ROUNDS)]
    new = _medians(stock)
    again = _medians([stock[0]] * (1 + ROUNDS))
    size = sum(len(record.raw) for record in stock[0]) / SPANS
    return {"new": new, "again": again, "bytes": size}


def _medians(stock: Sequence[list[SpanRecord]]) -> dict[str, float]:
    times: dict[str, list[float]] = {}
    for records in stock:
        batch = make_batch(records)
        spans = [
            {pair.key: pair.value.string_value for pair in Span.FromString(record.raw).attributes}
            for record in records
        ]
        runs: dict[str, Callable[[], object]] = {
            "otel_bridge": lambda batch=batch: _BRIDGE.batch(batch),
            "Logfire": lambda spans=spans: [
                _LOGFIRE.scrub_value(("attributes",), span) for span in spans
            ],
            "sentry-sdk": lambda spans=spans: [_SENTRY.scrub_dict(span) for span in spans],
        }
        for name, run in runs.items():
            began = time.process_time()
            run()
            times.setdefault(name, []).append((time.process_time() - began) / SPANS * 1e6)
    return {name: median(taken[-ROUNDS:]) for name, taken in times.items()}


if __name__ == "__main__":
    judged = {name: judge(scrub) for name, scrub in PARTIES.items()}
    print(json.dumps({"judged": judged, "cost": cost()}))
