import pytest

from otel_bridge.convert.event import Frame
from otel_bridge.convert.stacktrace.parsed import CodeRules
from otel_bridge.convert.stacktrace.ruby import finish, parse, recognizes, split_type
from tests.unit.convert.stacktrace.stacks import places, told

OLD = """/srv/shop/orders.rb:7:in `charge': card refused (Shop::PaymentError)
\tfrom /srv/shop/orders.rb:12:in `block in run'
\tfrom /usr/lib/ruby/3.2.0/set.rb:501:in `each'
\tfrom app.rb:3:in `<main>'
/srv/shop/orders.rb:5:in `Integer': invalid value for Integer(): "x" (ArgumentError)
\tfrom /srv/shop/orders.rb:5:in `parse'
"""
NEW = """/srv/shop/orders.rb:7:in 'Shop::Orders#charge': card refused (Shop::PaymentError)
\tfrom /srv/shop/orders.rb:2:in 'Shop::Orders.open'
\tfrom app.rb:3:in '<main>'
"""
REVERSED = """Traceback (most recent call last):
\t2: from app.rb:3:in `<main>'
\t1: from /srv/shop/orders.rb:12:in `run'
/srv/shop/orders.rb:7:in `charge': card refused (PaymentError)
"""
PLAIN = "/srv/shop/orders.rb:7:in `charge'\napp.rb:3:in `<main>'"
LINES = "app.rb:1:in `f': first\nsecond (PaymentError)\n\tfrom app.rb:3:in `<main>'\n"


def test_a_message_with_its_cause():
    assert recognizes(OLD)
    assert told(parse(OLD)) == [
        'ArgumentError: invalid value for Integer(): "x" | parse > Integer',
        "Shop::PaymentError: card refused | <main> > each > block in run > charge",
    ]


def test_names_with_their_class_since_3_4():
    (error,) = parse(NEW)

    assert told([error]) == ["Shop::PaymentError: card refused | <main> > open > charge"]
    assert places(error) == ["app.rb:3", "Shop::Orders:2", "Shop::Orders:7"]


def test_the_order_of_old_terminals():
    assert told(parse(REVERSED)) == ["PaymentError: card refused | <main> > run > charge"]


def test_a_plain_backtrace():
    (error,) = parse(PLAIN)

    assert not error.is_complete
    assert told([error]) == [":  | <main> > charge"]


def test_a_message_of_several_lines():
    assert told(parse(LINES)) == ["PaymentError: first\nsecond | <main> > f"]


def test_types_and_code():
    gem = Frame(abs_path="/usr/local/bundle/gems/rack-3.0/lib/rack.rb")
    own = Frame(abs_path="/srv/shop/orders.rb")
    for frame in (gem, own):
        finish(frame, CodeRules())

    assert split_type("Shop::PaymentError") == ("Shop", "Shop::PaymentError")
    assert (gem.filename, gem.in_app, own.in_app) == ("lib/rack.rb", False, True)


@pytest.mark.parametrize("text", ["", "x", "\tfrom", "a: b (C)", "1:in `"])
def test_what_is_no_stack_gives_nothing(text):
    assert parse(text) == []


def test_what_a_gem_and_the_runtime_call():
    text = """/app/shop.rb:8:in `rescue in pay': wrapped (RuntimeError)
\tfrom <internal:trace_point>:196:in `enable'
\tfrom /usr/lib/ruby/gems/2.7.0/gems/rack-2.2.3/lib/rack/handler.rb:66:in `block in collect'
\tfrom /app/shop.rb:11:in `<main>'
/app/shop.rb:2:in `root': no order (RuntimeError)
\tfrom /app/shop.rb:6:in `pay'
"""
    errors = parse(text)
    for error in errors:
        for frame in error.frames:
            finish(frame, CodeRules())

    assert [error.message for error in errors] == ["no order", "wrapped"]
    assert [(frame.filename, frame.in_app) for frame in errors[-1].frames] == [
        ("/app/shop.rb", True),
        ("lib/rack/handler.rb", False),
        ("<internal:trace_point>", False),
        ("/app/shop.rb", True),
    ]
