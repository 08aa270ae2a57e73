"""Values that stand where a secret would: templates, samples, types, expressions, markers."""

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
_TEMPLATE = compile_bytes(
    rb"(?i)^(?:"
    # ${VAR}, $VAR, %VAR%, %(name)s, {{ var }}, <token>, [token], #{var}, @{var}
    rb"\$[{(A-Za-z_].*|\$\$?$|%[\w.]*%$|%\(?\w*\)?[sdrv]$|%\w+$|\{+.*|<.*|\[.*|#\{.*|@\w*\{.*|"
    # &lt;token&gt;, ****, xxxx, :name, !vault
    rb"&lt;.*|\*+$|[*#x.?\-_=]{3,}$|:\w+$|!\w+.*|"
    # something with a template inside
    rb".*(?:\$\{|\$\(|\{\{|#\{|<%|%\(|\{\d*\}|\[\[).*|"
    # what a reader is to put there
    rb"(?:enter|insert|put|paste|add|set|use|replace|change|my|your|the|an?|some|any|new|old)"
    rb"[_\- ].*|"
    rb".*your[_\-]?(?:secret|password|token|key|api|access|client|auth|app|account).*|"
    rb"(?:.*[_\-])?my[_\-]?(?:secret|password|token|key|api|access|client|auth|app|account)"
    rb"[a-z_\-]*|"
    rb".*(?:example|placeholder|changeme|change_me|change-me|redacted|filtered|dummy|xxxxx|"
    rb"\*\*\*\*|\.\.\.|insert[_\-]|replace[_\-]|goes[_\- ]here|[_\-]here$|deadbeef).*"
    rb")$"
)
_UNFILLED = compile_bytes(
    rb"^(?:\$[{(A-Za-z_].*|%[\w.]*%|\{+[^\"]*\}+|<[^<>]*>|%3C.*|&lt;.*|#\{.*|\*+|[xX]{3,}|"
    rb"\[[^\[\]]*\]|:\w+|\?)$"
)
_EXPRESSION = compile_bytes(
    rb"^(?:(?:os|process|env|System|config|settings|self|this|request|req|params|args|options|opts|"
    rb"var|local|data|module|aws_\w+|azurerm_\w+|google_\w+|each|values|secrets|context|ctx|conf|"
    rb"cfg|props|input|form|event|response|res|session|user|credentials|kwargs|app|inputs|github)"
    rb"[.\[>\-].*|[A-Za-z_$][\w$]*(?:(?:\.|->|::)[A-Za-z_$][\w$]*)+;?|[\w.$>:\-]+[(\[{].*|"
    rb"(?:lambda|func|function|new|await|async|return|if|not|and|or|in|is|None|True|False)\b.*)$"
)
_MARKERS = (b"[Filtered", b"Filtered:", b"Filtered]", b"[hmac:", b"hmac:")
_SAMPLE = compile_bytes(rb"(?i)example|xxxxxx|placeholder|redacted|\byour[_-]|changeme|\.\.\.")
_MIN_DISTINCT = 3
_MIN_DISTINCT_IN_TOKEN = 5


def is_placeholder(value: bytes) -> bool:
    """Tell whether a value is only the place of a secret: ``${VAR}``, ``<token>``, ``xxxx``."""
    bare = value.strip(b" \t\"'`,;\\")
    low = bare.lower()
    if len(set(low)) < _MIN_DISTINCT or low in _WORDS:
        return True
    return _TEMPLATE.match(bare) is not None or bare.startswith(_MARKERS)


def is_template(value: bytes) -> bool:
    """Tell whether a value comes later, or was taken out before: ``${VAR}``, ``<token>``."""
    return _UNFILLED.match(value) is not None or value.startswith(_MARKERS)


def is_expression(value: bytes) -> bool:
    """Tell whether an unquoted value is code: ``config.password``, ``getpass()``."""
    return _EXPRESSION.match(value) is not None


def is_sample(token: bytes) -> bool:
    """Tell whether a vendor token is one that documentation shows."""
    return len(set(token)) < _MIN_DISTINCT_IN_TOKEN or _SAMPLE.search(token) is not None
