"""Names that say that their value is a secret, and names that only sound so."""

import pytest

from otel_bridge.scrub.find.prefilter import name_probes
from otel_bridge.scrub.names.keys import MAX_CACHED_NAMES, KeyRules, Verdict, judge_name, to_tokens
from otel_bridge.scrub.options import ScrubOptions
from otel_bridge.scrub.search import compile_bytes

KEYS = KeyRules(ScrubOptions())

SENSITIVE = """
    password db_password dbPassword DB_PASSWORD x-api-key xApiKey api_key_2 Authorization
    com.example.db.password password1 password2 pwd1 token2 new_password2 old_password_1
    refresh_tokens access_tokens apiTokens bearer_tokens dbpass userpass mysql_pass root_pw rootpw
    password_input password_field password_hash user.password_digest auth_header api_key_header
    authorization_header cookie_header http.request.header.x-auth pin user_pin pin_code
    user[password] passwordConfirm encrypted_password private_keys secretKeys client_secret
    session_token seed_phrase verification_code security_answer connection_string ssn cvv2 otp_code jwt csrftoken spring.datasource.password
""".split()  # noqa: SIM905, E501 (words, not a column)

HARMLESS = """
    monkey author authority author_id keyboard turkey pinned pinning spin pinterest shipping
    compass bypass encompass trespass passenger pass_rate pass_count tokens tokens_used
    gen_ai.usage.input_tokens gen_ai.usage.output_tokens max_tokens token_count num_tokens
    cached_tokens tokens_per_second llm.token_count.total tokenizer token_type token_expires_at
    password_policy password_length password_reset_url password_changed_at auth_method auth_type
    secret_name cookie_policy session_count session_duration primary_key cache_key partition_key
    public_key example_password sample_token public.token_id messaging.kafka.message.key session.id
""".split()  # noqa: SIM905 (words, not a column)


@pytest.mark.parametrize("name", SENSITIVE)
def test_a_name_is_sensitive(name):
    verdict = KEYS.decide(name)

    assert verdict is not None
    assert not verdict.weak


@pytest.mark.parametrize("name", SENSITIVE)
def test_the_first_pass_sees_every_sensitive_name_as_the_key_of_an_attribute(name):
    raw = b"\x0a" + bytes((len(name),)) + name.encode() + b"\x12\x03\x0a\x01x"

    assert any(compile_bytes(probe).search(raw) for probe in name_probes())


@pytest.mark.parametrize("name", HARMLESS)
def test_a_name_is_harmless(name):
    verdict = KEYS.decide(name)

    assert verdict is None or verdict.weak


@pytest.mark.parametrize("name", ["client_id", "stripe_key", "request_signature", "salt"])
def test_a_weak_name_needs_a_value_that_looks_random(name):
    assert KEYS.decide(name).weak


def test_in_the_strict_preset_weak_names_are_enough():
    strict = KeyRules(ScrubOptions(preset="strict"))

    assert not strict.decide("client_id").weak


@pytest.mark.parametrize(
    ("name", "tokens"),
    [
        ("x-api-key", ("x", "api", "key")),
        ("xApiKey", ("x", "api", "key")),
        ("X_API_KEY", ("x", "api", "key")),
        ("XMLHttpToken", ("xml", "http", "token")),
        ("user[password]", ("user", "password")),
        ("ключ.Пароль", ("ключ", "пароль")),
        ("...", ()),
    ],
)
def test_names_are_split_at_punctuation_and_changes_of_case(name, tokens):
    assert to_tokens(name) == tokens


def test_where_a_name_belongs_takes_nothing_back():
    assert judge_name("com.example.db.password") == Verdict("password", weak=False)
    assert judge_name("com.shop.example_password") is None


def test_the_users_lists_win_and_denied_wins_over_allowed():
    keys = KeyRules(ScrubOptions(allow_keys=("*password", "a.*"), deny_keys=("a.b", "*.note")))

    assert keys.decide("db_password") is None
    assert keys.decide("a.b") == Verdict("denied-key", weak=False)
    assert keys.decide("x.NOTE") == Verdict("denied-key", weak=False)


def test_a_rule_that_is_switched_off_says_nothing_about_names():
    keys = KeyRules(ScrubOptions(allow_rules=("pass*",)))

    assert keys.decide("password") is None
    assert keys.decide("api_key") is not None


def test_personal_names_are_known_until_personal_data_may_pass():
    assert KEYS.decide("user.email") == Verdict("email", weak=False)
    assert KeyRules(ScrubOptions(send_default_pii=True)).decide("user.email") is None


def test_in_running_text_a_personal_name_is_no_evidence():
    assert KEYS.of_text("user.email") is None
    assert KEYS.of_text("db_password") == Verdict("password", weak=False)


def test_with_the_preset_off_nothing_is_sensitive():
    assert KeyRules(ScrubOptions(preset="off")).decide("password") is None


def test_what_is_remembered_is_bounded():
    keys = KeyRules(ScrubOptions())
    for number in range(MAX_CACHED_NAMES + 10):
        keys.decide(f"a{number}")
        keys.of_text(f"a{number}")

    assert len(keys._seen) <= MAX_CACHED_NAMES
    assert len(keys._in_text) <= MAX_CACHED_NAMES


def test_a_marker_in_a_name_says_nothing_about_its_value():
    assert KEYS.decide("[Filtered:password]") is None
