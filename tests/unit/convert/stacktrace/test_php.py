import pytest

from otel_bridge.convert.event import Frame
from otel_bridge.convert.stacktrace.parsed import CodeRules
from otel_bridge.convert.stacktrace.php import finish, parse, recognizes
from tests.unit.convert.stacktrace.stacks import told

OTEL = """App.Errors.PaymentError: card refused
 at App.Shop.charge(Shop.php:7)
 at App.Shop.run(Shop.php:12)
 at {main}(index.php:3)
Caused by: InvalidArgumentException: no number
 at App.Shop.parse(Shop.php:5)
 ... 2 more"""
NATIVE = """PHP Fatal error:  Uncaught InvalidArgumentException: no number in /srv/shop/Shop.php:5
Stack trace:
#0 /srv/shop/Shop.php(9): App\\Shop->parse('x')
#1 {main}

Next App\\Errors\\PaymentError: card refused in /srv/shop/Shop.php:7
Stack trace:
#0 [internal function]: App\\Shop->charge(1)
#1 /srv/shop/Shop.php(12): array_map(Object(Closure), Array)
#2 /srv/shop/index.php(3): App\\Shop::run()
#3 {main}
  thrown in /srv/shop/Shop.php on line 7"""


def test_the_format_of_opentelemetry():
    assert told(parse(OTEL)) == [
        "InvalidArgumentException: no number | {main} > App\\Shop::run > App\\Shop::parse <cause>",
        "App\\Errors\\PaymentError: card refused | {main} > App\\Shop::run > App\\Shop::charge",
    ]


def test_the_format_of_the_language():
    assert recognizes(NATIVE)
    assert told(parse(NATIVE)) == [
        "InvalidArgumentException: no number | {main} > App\\Shop::parse",
        "App\\Errors\\PaymentError: card refused | "
        "{main} > App\\Shop::run > array_map > App\\Shop::charge",
    ]
    last = parse(NATIVE)[-1].frames
    assert [(frame.abs_path, frame.lineno) for frame in last] == [
        ("/srv/shop/index.php", 3),
        ("/srv/shop/Shop.php", 12),
        ("[internal function]", None),
        ("/srv/shop/Shop.php", 7),
    ]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/srv/shop/Shop.php", True),
        ("/srv/shop/vendor/x/y.php", False),
        ("[internal function]", False),
    ],
)
def test_vendors_are_not_the_application(path, expected):
    frame = Frame(abs_path=path)
    finish(frame, CodeRules())

    assert frame.in_app is expected


@pytest.mark.parametrize("text", ["", "#0", "#0 {main", "#0 x.php", " at a(b)"])
def test_what_is_no_stack_gives_nothing(text):
    assert parse(text) == []


def test_what_the_language_logs_when_nobody_catches():
    text = """PHP Fatal error:  Uncaught App\\Error: no order, twice in /srv/app/Orders.php:44
Stack trace:
#0 /srv/vendor/composer/ClassLoader.php(346): Composer\\Autoload\\includeFile('/srv/app/...')
#1 [internal function]: Composer\\Autoload\\ClassLoader->loadClass('App\\\\Orders')
#2 /srv/app/index.php(7): App\\Kernel->App\\{closure}(Object(App\\Request))
#3 {main}
  thrown in /srv/app/Orders.php on line 44"""
    (error,) = parse(text)
    for frame in error.frames:
        finish(frame, CodeRules())

    assert (error.type, error.message) == ("App\\Error", "no order, twice")
    assert [(frame.abs_path, frame.lineno, frame.in_app) for frame in error.frames] == [
        ("/srv/app/index.php", 7, True),
        ("[internal function]", None, False),
        ("/srv/vendor/composer/ClassLoader.php", 346, False),
        ("/srv/app/Orders.php", 44, True),
    ]


def test_vendors_on_windows():
    frame = Frame(abs_path=r"C:\shop\vendor\laravel\a.php")
    finish(frame, CodeRules())

    assert frame.in_app is False
