import copy
import pickle

from otel_bridge.logs.known_errors import KnownError, KnownErrors, LateId, Mark, mark, mark_of

ERROR = KnownError("e" * 32, "ValueError", "no")
PLACE = Mark(1, 2, 1, "e" * 32)


class Slotted(Exception):
    __slots__ = ()


class Refusing(Exception):
    def __setattr__(self, name, value):
        raise AttributeError(name)


def test_a_failure_is_found_at_the_span_it_was_put_at():
    known = KnownErrors()
    assert not known

    known.put(1, 2, ERROR)

    assert known
    assert known.at(1, 2) == ERROR
    assert known.at(1, 3) is None


def test_only_so_many_places_are_remembered_the_newest():
    known = KnownErrors(max_count=2)
    for span_id in (1, 2, 3):
        known.put(1, span_id, ERROR)

    assert [known.at(1, span_id) for span_id in (1, 2, 3)] == [None, ERROR, ERROR]


def test_an_exception_carries_its_mark_also_through_a_pickle():
    exc = ValueError("no")
    assert mark_of(exc) is None

    mark(exc, PLACE)

    assert mark_of(exc) == PLACE
    assert mark_of(pickle.loads(pickle.dumps(exc))) == PLACE


def test_an_exception_that_takes_no_mark_stays_unknown():
    exc = Refusing("no")
    mark(exc, PLACE)

    assert mark_of(exc) is None


def test_an_exception_with_slots_can_be_marked():
    exc = Slotted()
    mark(exc, PLACE)

    assert mark_of(exc) == PLACE


def test_what_somebody_else_wrote_there_is_no_mark():
    exc = ValueError("no")
    exc.__otel_bridge__ = "something"

    assert mark_of(exc) is None
    assert mark_of(None) is None


def test_an_id_that_is_made_late_is_made_once_and_only_if_asked_for():
    asked = []
    late = LateId(lambda: asked.append(1) or "a" * 32)
    error, place = KnownError(late, "ValueError", "no"), Mark(1, 2, 1, late)
    assert asked == []

    assert error.error_id == place.error_id == "a" * 32
    assert asked == [1]


def test_an_exception_travels_with_the_id_itself():
    exc = ValueError("no")
    mark(exc, Mark(1, 2, 1, LateId(lambda: "a" * 32)))

    for other in (pickle.loads(pickle.dumps(exc)), copy.deepcopy(exc)):
        assert mark_of(other) == Mark(1, 2, 1, "a" * 32)
