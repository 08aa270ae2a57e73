import pytest

from otel_bridge.config.tables import tables_from
from otel_bridge.errors import ConfigError


@pytest.mark.parametrize("value", ['[{"a": 1}]', [{"a": 1}], ({"a": 1},)])
def test_a_list_may_come_from_code_from_a_file_or_from_the_environment(value):
    assert list(tables_from("routes", value)) == [{"a": 1}]


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("[{", "routes: wanted JSON, found: "),
        ('{"a": 1}', "routes: wanted a list of tables"),
        ({"a": 1}, "routes: wanted a list of tables"),
        (7, "routes: wanted a list of tables"),
    ],
)
def test_anything_else_is_an_error_that_names_the_option(value, problem):
    with pytest.raises(ConfigError) as caught:
        tables_from("routes", value)

    assert problem in str(caught.value)
