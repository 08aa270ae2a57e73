"""What stands where a secret would, and what only begins like that."""

import pytest

from otel_bridge.scrub.find.placeholder import is_placeholder, is_template
from tests.properties.scrub_data import SCRUBBERS

TEMPLATES = [
    "${VAR}", "$(cat key)", "$API_KEY", "%API_KEY%", "{{ token }}", "{0}", "<password>", "[token]",
    "<your-api-key>", "#{token}", ":password", "****", "xxx", "XXXXXXXX", "[Filtered:password]",
    "hmac:k1:0123456789abcdef01234567", "[Filtered]", "[REDACTED]", "&lt;token&gt;",
]  # fmt: skip
PLACEHOLDERS = [
    "changeme", "password", "my-secret-token", "your_api_key", "YOUR_API_KEY_HERE", "the_password",
    "enter your password", "sk-xxxxxxxx", "****1234", "abc...xyz", "$dbPassword", "!vault",
    "example-api-key", "AKIAIOSFODNN7EXAMPLE", "Bearer ${TOKEN}", "${A}-${B}", "%(password)s",
    "...",
]  # fmt: skip
SECRETS = [
    "hmac:x9Tk2", "hmac:hunter22", "Filtered:x", "[Filtered:x]hunter22", "$x99kd",
    "$ecret1", "the_x", "my-x99", "new_hunter22", "a-b39fk2", "!hunter22", ":hunter22",
    "{hunter22",
    "<hunter22", "[hunter22!]", "abcdefghijk12...", "${A}hunter2222", "hunter22${",
    "a8_filtered_9zZ",
    "set-4f9aK2mPq7", "old 4f9aK2mPq7", "%hunter22", "<4f9aK2mPq7>",
]  # fmt: skip


@pytest.mark.parametrize("value", [*TEMPLATES, *PLACEHOLDERS])
def test_the_place_of_a_secret_is_none(value):
    assert is_placeholder(value.encode())


@pytest.mark.parametrize("value", TEMPLATES)
def test_a_template_is_one_where_the_name_alone_decides(value):
    assert is_template(value.encode())


@pytest.mark.parametrize("value", SECRETS)
def test_what_only_begins_like_one_is_a_secret(value):
    assert not is_placeholder(value.encode())
    assert not is_template(value.encode())


@pytest.mark.parametrize("value", SECRETS)
@pytest.mark.parametrize("form", ['{{"password": "{}"}}', "https://a.example/?password={}&n=1"])
def test_such_a_secret_goes_from_json_and_query_strings(form, value):
    if "?" in form and set(value) & set(" <[{"):
        return
    text = form.format(value)

    assert value not in SCRUBBERS["default"].text(text)
