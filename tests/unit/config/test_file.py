import sys

import pytest

from otel_bridge.config.file import MAX_BYTES, Unreadable, read_file


def reading(path):
    with pytest.raises(Unreadable) as caught:
        read_file(str(path), "OTEL_BRIDGE_CONFIG")
    return str(caught.value)


@pytest.mark.parametrize("name", ["x.toml", "x", "x.conf"])
def test_anything_that_is_not_called_yaml_is_toml(name, tmp_path):
    (tmp_path / name).write_text('release = "1"')

    assert read_file(str(tmp_path / name), "V") == {"release": "1"}


@pytest.mark.parametrize("name", ["x.yaml", "x.yml", "X.YAML"])
def test_yaml_is_known_by_its_ending(name, tmp_path):
    (tmp_path / name).write_text("release: '1'")

    assert read_file(str(tmp_path / name), "V") == {"release": "1"}


def test_an_empty_file_sets_nothing(tmp_path):
    for name in ("x.toml", "x.yaml"):
        (tmp_path / name).write_text("")
        assert read_file(str(tmp_path / name), "V") == {}


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("x.toml", b"release = ", "not a TOML file"),
        ("x.yaml", b"a: [1", "not a YAML file"),
        ("x.yaml", b"!!python/object/apply:os.getcwd []", "not a YAML file"),
        ("x.yaml", b"- a list", "wanted names and values"),
        ("x.yaml", b"1: one", "wanted names and values"),
        ("x.toml", b"a = '\xff'", "not UTF-8 text, at byte 5"),
        ("x.toml", b"#" * (MAX_BYTES + 1), "wanted at most"),
    ],
    ids=["toml", "yaml", "object", "list", "number", "encoding", "size"],
)
def test_what_is_no_configuration_is_told_in_one_line_with_the_file(name, data, said, tmp_path):
    (tmp_path / name).write_bytes(data)
    message = reading(tmp_path / name)

    assert message.startswith(f"{tmp_path / name}: {said}")
    assert "\n" not in message


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.yaml", 'otlp_headers:\n  authorization: "Bearer hidden\n'),
        ("x.yaml", "otlp_headers: {authorization: Bearer hidden, x: [hidden}\n"),
        ("x.yaml", "hmac_key: *hidden"),
        ("x.yaml", "hmac_key: !hidden x"),
        ("x.yaml", "hmac_key: !!int hidden"),
        ("x.yaml", "hmac_key: !!bool hidden"),
        ("x.yaml", "hmac_key: !!timestamp hidden"),
        ("x.yaml", "release: 2001-99-99 # hidden"),
        ("x.yaml", "[" * 5000 + "hidden"),
        ("x.toml", 'hmac_key = "hidden\n'),
        ("x.toml", "hmac_key = hidden"),
        ("x.toml", "a = " + "[" * 5000 + "hidden"),
    ],
)
def test_a_mistake_in_the_file_is_told_without_what_the_file_holds(name, text, tmp_path):
    (tmp_path / name).write_text(text)
    message = reading(tmp_path / name)

    assert message.startswith(f"{tmp_path / name}: not a ")
    assert "hidden" not in message


def test_a_mistake_in_yaml_is_told_with_its_place(tmp_path):
    (tmp_path / "x.yaml").write_text("release: 1\na: [1}\n")

    assert reading(tmp_path / "x.yaml").endswith("got '}' (at line 2, column 6)")


def test_a_file_that_is_not_there_is_told_with_the_variable(tmp_path):
    assert reading(tmp_path / "no.toml").startswith("OTEL_BRIDGE_CONFIG: cannot read ")


def test_without_the_extra_yaml_says_what_to_install(tmp_path):
    (tmp_path / "x.yaml").write_text("a: 1")
    known = sys.modules.get("yaml")
    sys.modules["yaml"] = (
        None  # what the import system itself does for a package that is not there
    )
    try:
        message = reading(tmp_path / "x.yaml")
    finally:
        if known is None:
            del sys.modules["yaml"]
        else:
            sys.modules["yaml"] = known

    assert message == "reading YAML needs one more package: pip install 'otel-bridge[yaml]'"
