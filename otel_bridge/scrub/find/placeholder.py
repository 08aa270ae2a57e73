"""Values that stand where a secret would: templates, samples, types, expressions, markers."""

from otel_bridge.scrub.replacement import REPLACEMENT
from otel_bridge.scrub.search import compile_bytes

_WORDS = frozenset(
    b"""true false none null nil undefined nan string str int bool boolean bytes text any object
    number float optional required default changeme change_me change-me example sample test testing
    dummy fake placeholder redacted filtered hidden masked password passwd passphrase token key
    apikey api_key yes no on off self this void todo tbd empty unset env vault basic bearer digest
    negotiate username foobar foo bar baz value pass pwd pw user auth secretkey secret_key
    accesskey access_key your_password mypassword my_password yourpassword not-set not_set notset
    unknown disabled enabled missing invalid incorrect wrong expired failed denied ok error warning
    authentication authorization authenticated oauth oauth2 saml ldap jwt""".split()
)
_THING = (
    rb"(?:pass|pwd|secret|token|key|api|access|client|auth|app|account|user|name|value|here|id\b|"
    rb"cred|host|code|login|string|salt|cookie|session)"
)
_NAMED = rb"[A-Za-z][A-Za-z _.:/|\-]*[0-9]?"
"""What people write into brackets: words, and not what a generator made."""
_TEMPLATES = (
    # ${VAR}, $(command), $VAR, %VAR%, {{ var }}, {0}, <token>, [token], #{var}, @{var}, :name
    rb"\$\{[^}]*\}|\$\([^)]*\)|(?-i:\$[A-Z_][A-Z0-9_]*)|\$\$?|%[A-Za-z_][\w.]*%|\{+[^{}\"]*\}+|"
    rb"<" + _NAMED + rb">|\[" + _NAMED + rb"\]|(?:&lt;|%3C)" + _NAMED + rb"(?:&gt;|%3E)?|"
    rb"[#@]\w*\{[^}]*\}|:[A-Za-z_]+|<%[^%]*%>|\*+|[xX]{3,}|\?"
)
_UNFILLED = compile_bytes(rb"^(?:" + _TEMPLATES + rb")$")
_TEMPLATE = compile_bytes(
    rb"(?i)^(?:" + _TEMPLATES + rb"|[*#x.?\-_=]{3,}|%\(?\w*\)?[sdrv]|%%|"
    # $dbPassword, <your, [your, !vault, {0}
    rb"\$\w*?" + _THING + rb"[a-z_]*|[<\[{][a-z_ \-]*|!(?:vault|secret|ref|sub|env|getatt)\b.*|"
    # abc..., sk-xxxx, ****1234
    rb".{0,8}\.\.\..{0,8}|.{0,12}(?:xxxx|\*\*\*).{0,12}|"
    # what a reader is to put there
    rb"(?:enter|insert|put|paste|add|set|use|replace|change|my|your|the|an?|some|any|new|old)"
    rb"[_\- ][a-z _.\-]*?" + _THING + rb"[a-z _.\-]*[0-9]{0,3}|"
    rb"(?:[a-z _.\-]*your|(?:[a-z _.\-]*[ _.\-])?my)[_\-]?" + _THING + rb"[a-z _.\-]*[0-9]{0,3}|"
    rb"[a-z _.\-]*(?:dummy|redacted|filtered|goes[_\- ]here|[_\-]here|insert[_\-]|replace[_\-])"
    rb"[a-z _.\-]*[0-9]{0,3}|"
    rb".*(?:example|placeholder|change[_\-]?me).*|(?:0x)?[0-9a-f]*deadbeef[0-9a-f]*"
    rb")$"
)
_PART = compile_bytes(
    rb"\$\{[^}]*\}|\$\([^)]*\)|\{\{[^}]*\}\}|#\{[^}]*\}|<%[^%]*%>|%\(\w*\)s|\{\d*\}|\[\[.*?\]\]"
)
"""A template within a longer value."""
_OPEN_PART = compile_bytes(rb"(?:\$\{|\$\(|\{\{|#\{|<%)[A-Za-z_.\[\]' ]*$")
"""One whose end the reader of the value did not see."""
_MAX_BESIDE_BYTES = 4
"""Beside a template this much is no secret of its own."""
_EXPRESSION = compile_bytes(
    rb"^(?:(?:os|process|env|System|config|settings|self|this|request|req|params|args|options|opts|"
    rb"var|local|data|module|aws_\w+|azurerm_\w+|google_\w+|each|values|secrets|context|ctx|conf|"
    rb"cfg|props|input|form|event|response|res|session|user|credentials|kwargs|app|inputs|github)"
    rb"[.\[>\-].*|[A-Za-z_$][\w$]*(?:(?:\.|->|::)[A-Za-z_$][\w$]*)+;?|[\w.$>:\-]+[(\[{].*|"
    rb"(?:lambda|func|function|new|await|async|return|if|not|and|or|in|is|None|True|False)\b.*)$"
)
_SAMPLE = compile_bytes(rb"(?i)example|xxxxxx|placeholder|redacted|\byour[_-]|changeme|\.\.\.")
_MIN_DISTINCT = 3
_MIN_DISTINCT_IN_TOKEN = 5


def is_placeholder(value: bytes) -> bool:
    """Tell whether a value is only the place of a secret: ``${VAR}``, ``<token>``, ``xxxx``."""
    bare = value.strip(b" \t\"'`,;\\")
    low = bare.lower()
    if len(set(low)) < _MIN_DISTINCT or low in _WORDS:
        return True
    return is_template(value) or _TEMPLATE.match(bare) is not None or _has_template(bare)


def is_template(value: bytes) -> bool:
    """Tell whether a value comes later, or was taken out before: ``${VAR}``, ``<token>``."""
    return _UNFILLED.match(value) is not None or REPLACEMENT.fullmatch(value) is not None


def _has_template(value: bytes) -> bool:
    """Tell whether a value is put together from others, and what it has itself is no secret."""
    rest = _OPEN_PART.sub(b"", _PART.sub(b"", value))
    if rest == value:
        return False
    return len(rest) <= _MAX_BESIDE_BYTES or rest.translate(None, b"0123456789") == rest


def is_expression(value: bytes) -> bool:
    """Tell whether an unquoted value is code: ``config.password``, ``getpass()``."""
    return _EXPRESSION.match(value) is not None


def is_sample(token: bytes) -> bool:
    """Tell whether a vendor token is one that documentation shows."""
    return len(set(token)) < _MIN_DISTINCT_IN_TOKEN or _SAMPLE.search(token) is not None
