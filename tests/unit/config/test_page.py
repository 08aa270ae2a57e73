from pathlib import Path

from otel_bridge.config.page import configuration_page

PAGE = Path(__file__).parents[3] / "docs" / "configuration.md"


def test_the_configuration_page_is_the_one_the_options_make():
    assert PAGE.read_text(encoding="utf-8") == configuration_page(), "run `make docs`"
