from otel_bridge.instrument.exception_text import messages_of

TEXT = """Traceback (most recent call last):
  File "/a.py", line 1, in f
shop.Refused: cause says

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/a.py", line 2, in g
shop.Failed: last says
"""


def test_messages_are_found_in_the_order_of_an_event():
    recorded = {"exception.stacktrace": TEXT}

    assert messages_of(recorded, ["Failed", "Refused"]) == ["last says", "cause says"]


def test_where_text_and_exceptions_do_not_agree_nothing_is_said():
    recorded = {"exception.stacktrace": TEXT}

    assert messages_of(recorded, ["Failed", "Other"]) == ["last says", ""]
    assert messages_of(recorded, ["Failed"]) == [""]
    assert messages_of({}, ["Failed"]) == [""]
