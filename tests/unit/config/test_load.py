import pytest

from otel_bridge.config.load import load
from otel_bridge.config.options import OptionArguments, Options
from otel_bridge.errors import ConfigError
from otel_bridge.scrub.options import ScrubOptions

DSN = "http://0123456789abcdef0123456789abcdef@127.0.0.1:8000/1"


def problems_of(arguments=None, environ=None):
    with pytest.raises(ConfigError) as caught:
        load(arguments or {}, environ or {})
    return caught.value.problems


def test_without_any_source_all_options_have_their_defaults():
    assert load({}, {}) == (Options(), {})


def test_a_keyword_wins_over_the_environment_and_the_environment_over_the_file(tmp_path):
    file = tmp_path / "bridge.toml"
    file.write_text('release = "file"\nenvironment = "file"\nserver_name = "file"\n')
    environ = {
        "OTEL_BRIDGE_CONFIG": str(file),
        "OTEL_BRIDGE_RELEASE": "environment",
        "SENTRY_ENVIRONMENT": "environment",
    }

    options, origins = load({"release": "keyword"}, environ)

    assert (options.release, options.environment, options.server_name) == (
        "keyword",
        "environment",
        "file",
    )
    assert origins == {
        "release": "argument",
        "environment": "SENTRY_ENVIRONMENT",
        "server_name": str(file),
    }


def test_our_own_variable_wins_over_the_standard_one():
    environ = {"OTEL_BRIDGE_RELEASE": "ours", "SENTRY_RELEASE": "theirs"}

    assert load({}, environ).options.release == "ours"


def test_an_empty_variable_counts_as_not_set():
    assert load({}, {"SENTRY_DSN": " ", "OTEL_BRIDGE_DEBUG": ""}) == (Options(), {})


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("debug", "on", True),
        ("debug", "0", False),
        ("max_breadcrumbs", "7", 7),
        ("shutdown_timeout", "0.5", 0.5),
        ("ignore_errors", "KeyError, shop.Expected", ["KeyError", "shop.Expected"]),
        ("otlp_headers", "a=1, b=x=y", {"a": "1", "b": "x=y"}),
        ("otlp_headers", "authorization=Basic%20a%2Cb", {"authorization": "Basic a,b"}),
        ("scrub", "strict", "strict"),
    ],
)
def test_text_from_the_environment_becomes_the_options_type(name, text, value):
    options = load({}, {f"OTEL_BRIDGE_{name.upper()}": text}).options

    assert getattr(options, name) == value


def test_every_problem_is_reported_at_once_with_place_found_and_wanted():
    problems = problems_of(
        {"max_breadcrumbs": -1, "relase": "x"},
        {"OTEL_BRIDGE_DEBUG": "maybe", "OTEL_BRIDGE_SAMPLE": "1", "OTEL_BRIDGE_OTLP_HEADERS": "x"},
    )

    assert problems == (
        "debug (from OTEL_BRIDGE_DEBUG): found 'maybe'; wanted true or false",
        "OTEL_BRIDGE_SAMPLE: no such option; did you mean OTEL_BRIDGE_SAMPLING?",
        "otlp_headers: wanted name=value,name=value (from OTEL_BRIDGE_OTLP_HEADERS)",
        "max_breadcrumbs: found -1; Expected `int` >= 0",
        "relase: unknown option; did you mean release?",
    )


def test_a_wrong_dsn_is_one_line_that_does_not_echo_it():
    (problem,) = problems_of({"dsn": "http://topsecretkey@127.0.0.1:8000/"})

    assert problem.startswith("dsn: ")
    assert "topsecretkey" not in problem
    assert "\n" not in problem


@pytest.mark.parametrize("endpoint", ["localhost:4317", "ftp://x"])
def test_an_otlp_endpoint_must_be_an_http_url(endpoint):
    (problem,) = problems_of({"otlp_endpoint": endpoint})

    assert problem == "otlp_endpoint: not a URL; wanted http(s)://HOST:PORT"


def test_a_config_file_that_cannot_be_read_or_parsed_is_named(tmp_path):
    broken = tmp_path / "broken.toml"
    broken.write_text("release = ")

    (missing,) = problems_of(environ={"OTEL_BRIDGE_CONFIG": str(tmp_path / "no.toml")})
    (unparsable,) = problems_of(environ={"OTEL_BRIDGE_CONFIG": str(broken)})

    assert "no.toml: No such file" in missing
    assert unparsable.startswith(f"{broken}: not a TOML file")


def test_ignored_errors_are_exception_classes_or_names():
    assert load({"ignore_errors": [KeyError, "x.Y"]}, {}).options.ignore_errors == [
        KeyError,
        "x.Y",
    ]
    (problem,) = problems_of({"ignore_errors": [int]})
    assert problem.endswith("wanted exception classes or their names, <class 'int'> is neither")


def test_before_send_must_be_callable_and_has_no_variable():
    (problem,) = problems_of({"before_send": "print"})
    assert problem == "before_send: found 'print'; wanted something to call"
    assert problems_of(environ={"OTEL_BRIDGE_BEFORE_SEND": "print"}) == (
        "OTEL_BRIDGE_BEFORE_SEND: no such option",
    )


def test_scrub_takes_a_preset_or_options():
    options = ScrubOptions(preset="strict")

    assert load({"scrub": options}, {}).options.scrub is options
    (problem,) = problems_of({"scrub": "everything"})
    assert problem.startswith("scrub: found 'everything'; ")


def test_the_keyword_arguments_for_type_checkers_are_the_options():
    assert tuple(OptionArguments.__annotations__) == Options.__struct_fields__


def test_what_is_wrong_with_the_standard_variables_is_reported_with_the_rest():
    problems = problems_of(
        {"max_breadcrumbs": -1},
        {
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318",
            "OTEL_EXPORTER_OTLP_PROTOCOL": "x",
        },
    )

    assert problems[0].startswith("max_breadcrumbs: ")
    assert any("OTEL_EXPORTER_OTLP_PROTOCOL" in problem for problem in problems[1:])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("bridge.toml", 'release = "shop@1"\nscrub = "strict"\n[sampling.head]\nrate = 0.5\n'),
        ("bridge.yaml", "release: shop@1\nscrub: strict\nsampling: {head: {rate: 0.5}}\n"),
    ],
)
def test_a_file_in_either_language_says_the_same(name, text, tmp_path):
    (tmp_path / name).write_text(text)
    options, origins = load({}, {"OTEL_BRIDGE_CONFIG": str(tmp_path / name)})

    assert (options.release, options.scrub, options.sampling.head.rate) == (
        "shop@1",
        "strict",
        0.5,
    )
    assert set(origins.values()) == {str(tmp_path / name)}


@pytest.mark.parametrize(
    ("arguments", "environ", "problem"),
    [
        (
            {"otlp_headers": {"x": "a\r\nb: hunter2"}},
            {},
            "otlp_headers: the value of x has a line break or another character that is not "
            "printable ASCII",
        ),
        ({"otlp_headers": {"x": 7}}, {}, "otlp_headers: wanted texts as names and values"),
        ({"otlp_headers": 7}, {}, "otlp_headers: wanted a table of names and texts"),
        (
            {},
            {
                "OTEL_EXPORTER_OTLP_ENDPOINT": "http://h:1",
                "OTEL_EXPORTER_OTLP_HEADERS": "x=a%0d%0ahunter2",
            },
            "OTEL_EXPORTER_OTLP_HEADERS: the value of x has a line break or another character "
            "that is not printable ASCII",
        ),
    ],
    ids=["line break", "no text", "no table", "encoded"],
)
def test_headers_that_cannot_be_sent_are_told_at_the_start(arguments, environ, problem):
    with pytest.raises(ConfigError) as caught:
        load(arguments, environ)

    assert caught.value.problems == (problem,)
