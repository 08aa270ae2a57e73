"""Values behind names in running text, in the forms that files and programs write."""

import random

import pytest

from otel_bridge.scrub.scrubber import Scrubber
from tests.benchmarks.scrub_samples import make

SCRUBBER = Scrubber()
KEY = make("{A:24}", random.Random(1))
UUID = make("{G}", random.Random(2))
SOUP = "HmKbZJxRyiZRxDnhd"


@pytest.mark.parametrize(
    "text",
    [
        "shop_token ?= '{}'",
        "shop_token ::= '{}'",
        "shop_token += '{}'",
        "$shopToken .= '{}'",
        "@shop_token ||= '{}'",
        'var shopSecretKey string = "{}"',
        'const SHOP_TOKEN: &str = "{}";',
        'let shop_secret = String::from("{}");',
        'token = SecretStr("{}")',
        'password = base64.b64decode("{}")',
        "const key = process.env.SHOP_API_KEY || '{}';",
        "const key = env['SHOP_API_KEY'] ?? '{}';",
        '<meta name="shop-token" content="{}">',
        '<string name="shop_token">{}</string>',
        "curl --cookie 'sid={}' https://api",
        "shop write_key: {}",
    ],
)
@pytest.mark.parametrize("secret", [KEY, UUID])
def test_a_value_goes_and_all_else_stays(text, secret):
    clean = SCRUBBER.text(text.format(secret))

    before, after = text.split("{}")
    assert secret not in clean
    assert clean.startswith(before)
    assert clean.endswith(after)


def test_a_key_of_the_environment_may_be_a_uuid():
    assert UUID not in SCRUBBER.text(f"SHOP_KEY={UUID}")


def test_a_key_of_anything_else_is_an_id_when_it_is_a_uuid():
    text = f"order_key={UUID}"

    assert SCRUBBER.text(text) == text


def test_letters_in_no_order_are_a_key_although_they_are_few():
    assert SOUP not in SCRUBBER.text(f"shop_api_key = '{SOUP}'")


def test_a_short_key_is_one_where_a_log_says_whose_it_is():
    text = "[INFO] Sending a request to the shop API\n[DEBUG] Using Key=9xk2Lq0ZrW"

    assert "9xk2Lq0ZrW7b" not in SCRUBBER.text(f"{text}7b\n")


@pytest.mark.parametrize(
    "text",
    [
        "token ?= $(shell get-token)",
        "token ||= fetch_token",
        "token += 1",
        "if (!token || token === other) return",
        "const key = process.env.API_KEY || '';",
        "let token = String::from(name);",
        '<meta name="viewport" content="width=device-width1">',
        "Using Key=partition for the API of the queue",
        "[INFO] cache of the API\nkey=user:17:page:12345",
        "api_key = getApiKeyFromVault",
        f"thumb_key = images/{make('{H:32}', random.Random(4))}.png",
        f"pubkey = {make('{H:64}', random.Random(5))}",
        f"apt-key adv --recv-keys {make('{H:40}', random.Random(6)).upper()}",
        f"subjectKeyIdentifier={make('{H:40}', random.Random(7))}",
        "api_key = 'GetTokenFromStore'",
        "db_key = 'AbstractFactoryBean'",
    ],
)
def test_what_is_no_value_stays(text):
    assert SCRUBBER.text(text) == text


def test_parameters_of_statements_go_like_the_literals_of_statements():
    clean, _ = SCRUBBER.value({"db.query.parameter.0": "bob", "db.query.parameter.user_id": "x17"})

    assert clean == {
        "db.query.parameter.0": "[Filtered:sql-literals]",
        "db.query.parameter.user_id": "[Filtered:sql-literals]",
    }
