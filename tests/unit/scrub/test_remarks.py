"""Sentry's ``_meta`` tree."""

from otel_bridge.scrub.engine import Engine
from otel_bridge.scrub.job import Job
from otel_bridge.scrub.options import ScrubOptions
from otel_bridge.scrub.remarks import to_meta


def job():
    return Job(Engine(ScrubOptions()))


def test_each_text_has_its_remarks_under_its_path():
    done = job()
    done.text("password=hunter22 and token=4f9aK2mPq7Zt1xWv8Lb3", "extra.note")
    done.left_out("body", "request.data")

    assert to_meta(done, None) == {
        "extra": {
            "note": {
                "": {
                    "rem": [
                        ["@password:filter", "s", 9, 28],
                        ["@token:filter", "s", 39, 55],
                    ],
                    "len": 48,
                }
            }
        },
        "request": {"data": {"": {"rem": [["@body:filter", "x", 0, 0]], "len": 0}}},
    }


def test_what_was_noted_before_stays_and_is_not_changed():
    known = {"extra": {"": {"len": 3}, "a": {"": {"len": 1}}}}
    done = job()
    done.left_out("x", "extra.b")

    meta = to_meta(done, known)

    assert meta["extra"][""] == {"len": 3}
    assert set(meta["extra"]) == {"", "a", "b"}
    assert set(known["extra"]) == {"", "a"}


def test_a_tree_of_another_shape_is_replaced():
    done = job()
    done.left_out("x", "a.b")

    assert set(to_meta(done, {"a": 5})) == {"a"}
    assert set(to_meta(done, 5)) == {"a"}
