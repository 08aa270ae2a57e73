"""Texts that may hold anything, and telemetry with a secret planted somewhere."""

import os
import random

from hypothesis import settings, strategies as st

from otel_bridge.scrub.options import ScrubOptions
from otel_bridge.scrub.scrubber import Scrubber
from otel_bridge.wire.batch import (
    Batch,
    LogRecord as LogItem,
    ResourceGroup,
    ScopeGroup,
    Signal,
    SpanRecord,
)
from otel_bridge.wire.messages import AnyValue, KeyValue, Span
from tests.benchmarks.scrub_corpus import look_alikes, planted
from tests.benchmarks.scrub_samples import CONTEXT, FAMILIES, make

EXAMPLES = settings(max_examples=int(os.environ.get("SCRUB_EXAMPLES", "25")), deadline=None)
"""Few in a unit run; ``make fuzz`` asks for thousands."""

HMAC = {"hmac_key": "a key that is as long as a digest is", "hmac_key_id": "k1"}
SCRUBBERS = {
    "default": Scrubber(),
    "hmac": Scrubber(ScrubOptions(style="hmac", **HMAC)),
    "mask": Scrubber(ScrubOptions(style="mask")),
    "drop": Scrubber(ScrubOptions(style="drop")),
    "strict": Scrubber(ScrubOptions(preset="strict")),
    "keys": Scrubber(ScrubOptions(preset="keys")),
    "pii": Scrubber(ScrubOptions(send_default_pii=True, deny_rules=("phone",))),
}
scrubbers = st.sampled_from(sorted(SCRUBBERS)).map(SCRUBBERS.__getitem__)


def _one_of(items):
    """Choose from a list that is too long for the reports of ``sampled_from``."""
    return st.integers(0, len(items) - 1).map(lambda place: items[place])


_PIECES = (  # noqa: SIM905 (one a line would be a hundred lines)
    "password passwd api_key apiKey token secret Authorization cookie set-cookie key session "
    "client_id login auth bearer basic mnemonic value default is was stripe datadog user.email "
    '= : => := == %3D ; , & ? | < > </ /> { } [ ] ( ) " \' ` \\" \\\\ \\n \\u0022 &quot; %22 %20 '
    "-- -p -u curl mysql https:// postgres:// a:b@c @ . / // - _ $ ${X} <token> xxxx example "
    "[Filtered:password] [Filtered: hmac:k1: **** a1 hunter22 4f9aK2mPq7Zt1xWv8Lb3 é ☃ \U0001d518 "
    "4111111111111111 4111 GB82WEST12345698765432 123-45-6789 1.2.3.4 8.8.8.8 2001:db8::1 a@b.co "
    "-----BEGIN PRIVATE KEY----- -----END PRIVATE KEY----- eyJhbGciOiJIUzI1NiJ9. AKIA ghp_ sk-"
).split(" ")
_BLANKS = (" ", "\n", "\t", "\r\n", "\x00", "\x7f", "  ")
pieces = st.one_of(
    _one_of(_PIECES),
    st.sampled_from(_BLANKS),
    _one_of([item.text for item in planted(seed=2)]),
    _one_of([item.text for item in look_alikes()]),
    st.text(max_size=6),
)
texts = st.one_of(st.lists(pieces, max_size=12).map("".join), st.deferred(lambda: _assignments))

names = st.sampled_from(
    [
        "note", "http.route", "db.statement", "url.full", "url.query", "exception.message",
        "exception.stacktrace", "http.request.header.x", "messaging.destination.name", "a.b",
        "process.command_line", "code.function", "rpc.service", "k",
    ]
)  # fmt: skip

personal_names = st.sampled_from(
    [
        "client.address", "user.email", "user.name", "Client.Address", "x.client.address",
        "network.peer.address", "http.request.body", "user_name", "server.address", "first_name",
    ]
)  # fmt: skip
_ODD = (  # noqa: SIM905 (one a line would be forty lines)
    "api key token password secret client id auth session sig stripe datadog seed cookie set "
    "csrf mnemonic passphrase dsn pat type count name max public max_tokens input_tokens "
    "http.request.header. / . _ - : [ ] é foo x 2"
).split(" ")
odd_names = st.lists(
    st.sampled_from(_ODD).flatmap(
        lambda word: st.sampled_from([word, word, word.capitalize(), word.upper()])
    ),
    min_size=1,
    max_size=5,
).flatmap(
    lambda words: st.sampled_from([" ", "", "_", ".", "-", "/"]).map(lambda j: j.join(words))
)
values_behind_names = st.one_of(
    st.sampled_from(
        [
            "abcdefabcdefabcdefabcdefabcdef12", "a" * 30 + "b1", "hunter22", "Zt1xWv8Lb3Kd", "x",
            "Q7f-aa--bb--cc--dd--1", "Bearer abcdefgh", "a1:b2:c3:d4:e5:f6:g7", "1234567890123",
            "4f9aK2mPq7Zt1xWv8Lb3", "3f2504e0-4f89-41d3-9a0c-0305e82c3301", "abcdefghijklmnop",
            "a3f2504e0-4f89-41d3-9a0c-0305e82c3301z", "a" * 600 + "4f9aK2mPq7Zt1xWv8Lb3" * 10,
        ]
    ),
    st.text(alphabet="abAB12-_/.", min_size=10, max_size=40),
)  # fmt: skip
_assignments = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["", "", "{", "see ", ";", "?a=1&", "--", "x "]),
    odd_names,
    st.sampled_from(["=", ": ", " = ", '": "', "='", '="', " ", "%3D", '", "', ">", " is ", "\n"]),
    values_behind_names,
    st.sampled_from(["", '"', "'", ";", " ", "&", '"}', "J", "\n"]),
)


@st.composite
def secrets(draw):
    """A text with a secret that stands where every scrubber of texts finds it."""
    rng = random.Random(draw(st.integers(0, 2**32)))
    family = draw(st.sampled_from(sorted(FAMILIES)))
    rule = draw(st.sampled_from(sorted(FAMILIES[family])))
    token = make(FAMILIES[family][rule], rng)
    return f"saw {CONTEXT.get(rule, '')}{token} here", token


def wrapped(value, shapes):
    """Put a JSON value deeper: into lists, objects and JSON inside of text."""
    for shape, name in shapes:
        value = {"list": [1, value], "object": {name: value, "n": None}, "pair": [value, 2.5]}[
            shape
        ]
    return value


shapes = st.lists(
    st.tuples(st.sampled_from(["list", "object", "pair"]), names), min_size=0, max_size=6
)


def any_value(value):
    """Turn a JSON value into an ``AnyValue``."""
    if isinstance(value, str):
        return AnyValue(string_value=value)
    if isinstance(value, bytes):
        return AnyValue(bytes_value=value)
    if isinstance(value, int):
        return AnyValue(int_value=value)
    if isinstance(value, float):
        return AnyValue(double_value=value)
    out = AnyValue()
    if isinstance(value, list):
        out.array_value.values.extend(map(any_value, value))
    elif isinstance(value, dict):
        out.kvlist_value.values.extend(pair(name, inner) for name, inner in value.items())
    return out


def pair(name, value):
    """Make a ``KeyValue``."""
    return KeyValue(key=name, value=any_value(value))


def plain_span():
    """Make a span with something everywhere."""
    span = Span(name="GET /items", trace_state="a=1")
    span.attributes.extend([pair("http.route", "/items"), pair("n", 7)])
    span.events.add(name="retry").attributes.append(pair("attempt", 2))
    span.links.add(trace_state="b=2").attributes.append(pair("kind", "child"))
    span.status.message = "fine"
    return span


def span_batch(*raws, resource=b"", scope=b"", kind=2):
    """Make a batch of spans."""
    records = [SpanRecord(b"t" * 16, b"s" * 8, b"", 0, kind, 0, 1, 2, raw) for raw in raws]
    return Batch(Signal.TRACES, [ResourceGroup(resource, [ScopeGroup(scope, list(records))])])


def log_batch(raw):
    """Make a batch of one log record."""
    record = LogItem(b"", b"", 0, 1, 9, raw)
    return Batch(Signal.LOGS, [ResourceGroup(b"", [ScopeGroup(b"", [record])])])
