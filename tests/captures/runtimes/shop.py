"""Fails in every way; prints the text of each failure."""

import json, sys, traceback


class PaymentError(Exception):
    pass


def charge(order):
    try:
        return {}[order]
    except KeyError as error:
        raise PaymentError(f"card refused for order {order}") from error


def during():
    try:
        charge(1)
    except PaymentError:
        int("not a number")


def recurse(n):
    return recurse(n - 1) if n else 1 / 0


def mutual(n):
    if n == 0:
        raise ValueError("deep")
    for _ in [0]:
        mutual(n - 1)


def noted():
    try:
        charge(2)
    except PaymentError as error:
        error.add_note("tried twice")
        error.add_note("second line\nof a note")
        raise


def group():
    errors = []
    for call in (lambda: charge(3), lambda: int("x"), lambda: inner_group()):
        try:
            call()
        except Exception as error:
            errors.append(error)
    raise ExceptionGroup("parts failed", errors)


def inner_group():
    raise ExceptionGroup("inner", [ValueError("one"), TypeError("two")])


def group_from():
    try:
        charge(4)
    except PaymentError as error:
        raise ExceptionGroup("wrapped", [OSError(2, "No such file or directory", "x")]) from error


def caused_by_group():
    try:
        inner_group()
    except ExceptionGroup as error:
        raise RuntimeError("gave up") from error


def syntax():
    compile("def broken(:\n    pass", "broken.py", "exec")


def multiline():
    raise ValueError('first\n\nTraceback of nothing\n  File "x", line 1, in y\nlast')


def silent():
    raise PaymentError


def long_expression():
    return sum(
        value
        for value in [
            1,
            2,
            charge(
                5,
            ),
        ]
    )


def generated():
    space = {}
    exec("def made():\n    raise LookupError('made')", space)
    space["made"]()


def comprehension():
    return [charge(n) for n in (6,)]


def hidden_context():
    try:
        charge(7)
    except PaymentError:
        raise LookupError("hidden") from None


def c_in_the_middle():
    return sorted([2, 1], key=lambda n: charge(n))


class Outer:
    class Inner(Exception):
        pass


def nested_class():
    raise Outer.Inner("nested")


def local_class():
    class Local(Exception):
        pass

    raise Local("local")


out = {}
for name in (
    "charge during noted group group_from caused_by_group syntax multiline silent long_expression generated comprehension hidden_context c_in_the_middle nested_class local_class"
).split():
    try:
        globals()[name](9) if name == "charge" else globals()[name]()
    except BaseException as error:
        out[name] = "".join(traceback.format_exception(error))
for name, call in {
    "recursion": lambda: recurse(60),
    "mutual": lambda: mutual(40),
    "overflow": lambda: recurse(100000),
}.items():
    try:
        call()
    except BaseException as error:
        out[name] = "".join(traceback.format_exception(error))
json.dump(out, sys.stdout, indent=1)
