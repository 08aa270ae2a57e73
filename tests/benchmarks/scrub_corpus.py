"""A corpus of secrets in context, and of what only looks like one. Made when it is needed."""

import random
from collections.abc import Callable, Iterator
from typing import NamedTuple

from otel_bridge.scrub.names.vendors import VENDORS
from tests.benchmarks.scrub_forms import COMMAND_FORMS, FORMS, PASSWORD_FORMS, PASSWORDS, SHAPES
from tests.benchmarks.scrub_samples import ALPHABETS, CONTEXT, FAMILIES, make


class Planted(NamedTuple):
    """A text with a secret in it."""

    family: str
    kind: str
    text: str
    secret: str


class LookAlike(NamedTuple):
    """A text in which nothing is secret."""

    kind: str
    text: str


_NAMES = ("item", "order", "user", "page", "index", "report", "layout", "widget", "cart", "price")


def _fill(form: str, vendor: str, secret: str) -> str:
    parts = {
        "{N}": vendor.upper(),
        "{n}": vendor,
        "{V}": vendor.capitalize(),
        "{s}": secret,
    }
    for mark, text in parts.items():
        form = form.replace(mark, text)
    return form


def planted(seed: int = 1) -> Iterator[Planted]:
    """Yield secrets in context: every token format, keys without a mark, passwords."""
    rng = random.Random(seed)
    vendors = sorted(VENDORS)
    for family, recipes in FAMILIES.items():
        for rule, recipe in recipes.items():
            token = make(recipe, rng)
            form, template = rng.choice(FORMS)
            text = _fill(template, rng.choice(vendors), token)
            yield Planted(family, f"token in {form}", text, token)
            bare = f"{CONTEXT.get(rule, 'found ')}{token} in the log"
            yield Planted(family, "token alone", bare, token)
    for form, template in FORMS:
        for shape in SHAPES:
            secret = make(shape, rng)
            text = _fill(template, rng.choice(vendors), secret)
            yield Planted("keys without a mark", f"key in {form}", text, secret)
    for form, template in PASSWORD_FORMS:
        for shape in PASSWORDS:
            secret = make(shape, rng)
            text = _fill(template, "app", secret)
            yield Planted("passwords", f"password in {form}", text, secret)
    for form, template in COMMAND_FORMS:
        for shape in PASSWORDS:
            secret = make(shape, rng)
            text = _fill(template, "app", secret)
            yield Planted("commands and statements", form, text, secret)


def _hex(size: int) -> Callable[[random.Random], str]:
    return lambda rng: "".join(rng.choice(ALPHABETS["H"]) for _ in range(size))


def _templates(rng: random.Random) -> Iterator[LookAlike]:
    places = (
        "${API_KEY}", "$API_KEY", "{{ api_key }}", "<your-api-key>", "<API_KEY>", "%API_KEY%",
        "xxxxxxxxxxxxxxxx", "YOUR_API_KEY_HERE", "changeme", "...", "****************", "null",
        "#{ENV['API_KEY']}", "process.env.API_KEY", "os.environ['API_KEY']", "vault('app/key')",
        "settings.API_KEY", "config.get('api_key')", "example-api-key", "my-secret-token", "None",
        "!vault", "[REDACTED]", "$(cat /run/secrets/key)", "secretKeyRef", "undefined", "true",
    )  # fmt: skip
    forms = ("api_key = {}", 'apiKey: "{}"', "API_KEY={}", '"token": "{}"', "password: {}")
    for place in places:
        yield LookAlike("placeholder", rng.choice(forms).format(place))
        yield LookAlike("placeholder", rng.choice(forms).format(place))


def _code(_rng: random.Random) -> Iterator[LookAlike]:
    for line in (
        "password = get_password()",
        "token = request.headers['X-Token']",
        "const token = await getAccessToken(user);",
        "def login(username: str, password: str) -> Session:",
        "if password == confirm_password:",
        "self.api_key = api_key",
        "return jwt.decode(token, key, algorithms)",
        "String password = passwordField.getText();",
        "for key, value in items.items():",
        "token_type = TokenType.BEARER",
        "max_tokens = 4096",
        "tokenizer = AutoTokenizer.from_pretrained(model_name)",
        "secret_name = 'app/production/database'",
        "password_hash_algorithm = 'argon2id'",
        "auth: { type: 'oauth2', scopes: ['read', 'write'] }",
        "author = 'Jane Doe'",
        '<input type="password" name="password" placeholder="Password">',
        "label: 'Forgot your password?'",
        "PRIMARY KEY (id), FOREIGN KEY (user_id) REFERENCES users(id)",
        "public_key_path: /etc/ssl/certs/app.pem",
        "import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'",
        "keyboard.press('Enter'); monkeyPatch(keyMap)",
        "session_count=5 auth_types=oauth2,saml",
        "key = f'{prefix}:{user_id}:{page}'",
        "cache_key = 'catalog:items:page:12'",
        "api_url = 'https://api.example.com/v2/items'",
        "TokenFile=/var/run/secrets/token",
        "ssh-keygen -t ed25519 -C deploy -f ~/.ssh/id_ed25519",
        "- uses: actions/checkout@v4\n  with:\n    token: ${{ secrets.GITHUB_TOKEN }}",
        "password: { type: string, minLength: 12, format: password }",
        "the password must have at least 12 characters",
        "invalid token: unexpected end of input at line 17",
        "Authorization header is missing",
        "basic authentication is disabled",
        '"password": "Mot de passe",',
        'log.append("Password: " + mask(password) + ",")',
        "password_hint: 'At least 8 characters'",
        "token = data.external.token.result['token']",
        "SECRET_KEY = config('SECRET_KEY')",
        "api_key = ENV.fetch('SHOP_API_KEY')",
        "const secret = crypto.randomBytes(64).toString('hex')",
        "@Column(name = 'password', nullable = false)",
        "token ||= fetch_token(user)",
        "expect(page).to have_field('Password')",
        "cy.get('#search').type('red shoes')",
        "server.login(user, password)",
        "the secret of the user was rotated 17 days ago",
        "| password | varchar(255) | not null |",
        "<label for='password'>Password</label>",
        "net user /domain",
        "snmp-server community public RO",
        "access_key_last_used: 2026-01-01",
        "Usage: login [-u user] [-p password]",
        "new Client('https://api.internal/v1')",
        "POST /reset-password/instructions 200",
        "AbstractOAuth2TokenAuthenticationFilterFactoryBean token",
    ):
        yield LookAlike("code and prose", line)


def _numbers(rng: random.Random) -> Iterator[LookAlike]:
    digest, sha1, md5 = _hex(64), _hex(40), _hex(32)
    b64 = lambda size: "".join(rng.choice(ALPHABETS["B"]) for _ in range(size))  # noqa: E731
    for _ in range(6):
        name = rng.choice(_NAMES)
        yield LookAlike("commit", f"commit {sha1(rng)}\nAuthor: Jane Doe")
        yield LookAlike("commit", f"Merge branch 'main' ({sha1(rng)[:12]}) into release")
        yield LookAlike("commit", f"https://git.internal/shop/app/commit/{sha1(rng)}")
        yield LookAlike("digest", f"image: registry.internal/shop@sha256:{digest(rng)}")
        yield LookAlike("digest", f"{digest(rng)}  app-1.4.2.tar.gz")
        yield LookAlike("digest", f'md5={md5(rng)} size=17 etag: "{md5(rng)}"')
        yield LookAlike("lock file", f'"integrity": "sha512-{b64(86)}=="')
        yield LookAlike("lock file", f"golang.org/x/text v0.3.7 h1:{b64(43)}=")
        yield LookAlike("lock file", f'checksum = "{digest(rng)}"')
        yield LookAlike("uuid", make(f"{name}_id: {{G}}", rng))
        yield LookAlike("uuid", make(f"GET /{name}s/{{G}} 200 in 12 ms", rng))
        yield LookAlike("trace", make("traceparent: 00-{H:32}-{H:16}-01", rng))
        yield LookAlike("version", f"{name}-service 1.{rng.randrange(99)}.{rng.randrange(99)}-rc1")
        yield LookAlike("time", f"2026-11-22T14:{rng.randrange(10, 60)}:07.123456Z {name} saved")
        yield LookAlike("number", f"order {rng.randrange(10**12, 10**13)} weighs 12.5 kg")
        yield LookAlike("number", f"timestamp_ns={rng.randrange(10**18, 2 * 10**18)}")
        yield LookAlike("asset", make(f"/static/js/{name}.{{H:20}}.chunk.js", rng))
        yield LookAlike(
            "public key", make("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{B:43} jane@laptop", rng)
        )
        yield LookAlike("public key", make("public_key: {B:43}=", rng))
        yield LookAlike("identifier", make(f"{name}_key_id = {{G}}", rng))
        yield LookAlike("identifier", make(f"{name}_key={{G}}", rng))
        yield LookAlike("identifier", make("gpg: using RSA key {C:40}", rng))
        yield LookAlike(
            "public key",
            make("-----BEGIN PUBLIC KEY-----\n{B:64}\n{B:64}\n-----END PUBLIC KEY-----", rng),
        )
        yield LookAlike(
            "public key",
            make("-----BEGIN CERTIFICATE-----\n{B:64}\n{B:64}\n-----END CERTIFICATE-----", rng),
        )
        yield LookAlike("identifier", f"com.shop.{name}.{name.capitalize()}RepositoryFactoryBean2")
        yield LookAlike("identifier", f"arn:aws:s3:::shop-{name}s/2026/11/22/part-00017.parquet")
        yield LookAlike("pod", make(f"{name}-service-7c9d8b6f5-{{L:5}}", rng))


def look_alikes(seed: int = 1) -> Iterator[LookAlike]:
    """Yield what must stay as it is."""
    rng = random.Random(seed)
    yield from _templates(rng)
    yield from _code(rng)
    yield from _numbers(rng)
