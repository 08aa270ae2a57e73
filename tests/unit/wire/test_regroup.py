from otel_bridge.wire.groups import LogRecord, ResourceGroup, ScopeGroup
from otel_bridge.wire.regroup import GroupIndex, by_trace, joined, kept, parts_within


def log(number, trace=b""):
    return LogRecord(trace, b"", 0, 0, 0, bytes([number]))


def groups(*records, resource=b"r", scope=b"s"):
    return [ResourceGroup(resource, [ScopeGroup(scope, list(records))])]


def shape(resources):
    return [
        (group.resource, [(scope.scope, [record.raw[0] for record in scope.records])
                          for scope in group.scopes])
        for group in resources
    ]  # fmt: skip


def test_equal_groups_are_opened_once():
    index = GroupIndex()
    first, again, other = (groups(resource=name)[0] for name in (b"r", b"r", b"q"))

    scopes = [index.scope(group, group.scopes[0]) for group in (first, again, other)]

    assert scopes[0] is scopes[1]
    assert scopes[0] is not scopes[2]
    assert [group.resource for group in index.resources] == [b"r", b"q"]


def test_groups_that_differ_in_unknown_fields_alone_stay_apart():
    pieces = [[ResourceGroup(b"r", [ScopeGroup(b"s", [log(1)], "", u)])] for u in (b"", b"x", b"")]

    assert shape(joined(pieces)) == [(b"r", [(b"s", [1, 1]), (b"s", [1])])]


def test_a_resource_without_scopes_is_not_lost():
    assert shape(joined([[ResourceGroup(b"r", [], "", b"x")]])) == [(b"r", [])]


def test_groups_left_empty_are_left_out():
    pieces = groups(log(1), log(2)) + groups(log(3), resource=b"q")

    assert shape(kept(pieces, lambda record: record.raw != b"\x03")) == [(b"r", [(b"s", [1, 2])])]


def test_records_without_a_trace_are_a_group_of_their_own():
    traces = by_trace(groups(log(1, b"t"), log(2), log(3, b"t")))

    assert {trace: shape(part) for trace, part in traces.items()} == {
        b"t": [(b"r", [(b"s", [1, 3])])],
        b"": [(b"r", [(b"s", [2])])],
    }


def test_parts_respect_both_limits():
    pieces = groups(*(log(n) for n in range(1, 6))) + groups(log(6), resource=b"q")

    by_count = [shape(part) for part in parts_within(pieces, 10**6, 4)]
    by_size = [shape(part) for part in parts_within(pieces, 26 + 3 * 2, 100)]

    assert by_count == [
        [(b"r", [(b"s", [1, 2, 3, 4])])],
        [(b"r", [(b"s", [5])]), (b"q", [(b"s", [6])])],
    ]
    numbers = [[n for _, scopes in part for _, ns in scopes for n in ns] for part in by_size]
    assert numbers == [[1, 2], [3, 4], [5], [6]]
