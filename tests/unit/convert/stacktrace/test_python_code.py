import pytest

from otel_bridge.convert.event import Frame
from otel_bridge.convert.stacktrace.parsed import CodeRules
from otel_bridge.convert.stacktrace.python_code import finish, is_recorder, split_type

VENV = "/srv/venv/lib/python3.11/site-packages"


def finished(path, module=None, **rules):
    frame = Frame(abs_path=path, module=module)
    finish(frame, CodeRules(**rules))
    return frame.module, frame.filename, frame.in_app


@pytest.mark.parametrize(
    ("path", "module", "rules", "expected"),
    [
        (f"{VENV}/flask/app.py", None, {}, ("flask.app", "flask/app.py", False)),
        (f"{VENV}/flask/__init__.py", None, {}, ("flask", "__init__.py", False)),
        (
            "/usr/lib/python3.11/json/decoder.py",
            None,
            {},
            ("json.decoder", "json/decoder.py", False),
        ),
        ("/srv/shop/a/b.py", None, {}, (None, "/srv/shop/a/b.py", True)),
        ("/srv/shop/a/b.py", None, {"root": "/srv/shop"}, ("a.b", "a/b.py", True)),
        ("/srv/shop/a/b.py", "a.b", {}, ("a.b", "a/b.py", True)),
        ("/srv/shop/main.py", "__main__", {}, ("__main__", "main.py", True)),
        ("/srv/shop/a/__init__.py", "x.a", {}, ("x.a", "/srv/shop/a/__init__.py", True)),
        ("/srv/x/shop/a/__init__.py", "shop.a", {}, ("shop.a", "shop/a/__init__.py", True)),
        ("<string>", None, {}, (None, "<string>", False)),
        ("<string>", "shop.made", {"root": "/srv"}, ("shop.made", "<string>", True)),
        (
            "<frozen importlib._bootstrap>",
            None,
            {"root": "/srv"},
            (None, "<frozen importlib._bootstrap>", False),
        ),
        (
            r"C:\Python311\Lib\asyncio\runners.py",
            None,
            {},
            ("asyncio.runners", "asyncio/runners.py", False),
        ),
        (
            r"C:\hostedtoolcache\Python\3.12.1\x64\lib\json\decoder.py",
            None,
            {},
            ("json.decoder", "json/decoder.py", False),
        ),
        (
            r"D:\app\.venv\Lib\site-packages\httpx\_client.py",
            None,
            {"root": r"D:\app"},
            ("httpx._client", "httpx/_client.py", False),
        ),
        (r"D:\app\shop\pay.py", None, {"root": r"D:\app"}, ("shop.pay", "shop/pay.py", True)),
        (r"D:\app\lib\pay.py", None, {}, (None, r"D:\app\lib\pay.py", True)),
        (
            "/usr/lib/pypy3.10/json/decoder.py",
            None,
            {},
            ("json.decoder", "json/decoder.py", False),
        ),
        ("/opt/pypy/lib-python/3/json/x.py", None, {}, ("json.x", "json/x.py", False)),
        ("/usr/lib64/python3.12/ast.py", None, {}, ("ast", "ast.py", False)),
        (f"{VENV}/mine/a.py", "mine.a", {"include": ("mine",)}, ("mine.a", "mine/a.py", True)),
        ("/srv/shop/gen/a.py", "gen.a", {"exclude": ("gen",)}, ("gen.a", "gen/a.py", False)),
    ],
)
def test_a_frame_is_told_as_the_native_sdk_tells_it(path, module, rules, expected):
    assert finished(path, module, **rules) == expected


@pytest.mark.parametrize(
    ("qualified", "expected"),
    [
        ("ValueError", (None, "ValueError")),
        ("shop.errors.PaymentError", ("shop.errors", "PaymentError")),
        ("shop.Outer.Inner", ("shop", "Outer.Inner")),
        ("shop.f.<locals>.Local", ("shop", "f.<locals>.Local")),
        ("shop.errors.timeout", ("shop.errors", "timeout")),
    ],
)
def test_a_type_is_split_into_module_and_class(qualified, expected):
    assert split_type(qualified) == expected


@pytest.mark.parametrize(
    ("path", "module", "expected"),
    [
        (f"{VENV}/opentelemetry/trace/__init__.py", None, True),
        (f"{VENV}/opentelemetry/instrumentation/asgi/__init__.py", None, True),
        ("/x.py", "opentelemetry.instrumentation.flask", True),
        ("/srv/shop/opentelemetry_setup.py", None, False),
        ("/x.py", "opentelemetrical", False),
    ],
)
def test_frames_of_opentelemetry_are_known(path, module, expected):
    assert is_recorder(Frame(abs_path=path, module=module)) is expected
