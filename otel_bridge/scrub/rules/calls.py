"""Credentials that only their place tells: in a call, in a script of keystrokes, in a document."""

from otel_bridge.scrub.find.placeholder import is_expression, is_placeholder
from otel_bridge.scrub.randomness import is_letter_soup, is_random
from otel_bridge.scrub.rule import Rule

_QUOTE = r"\\*[\"'`]"
_TEXT = rf"{_QUOTE}[^\"'`\n]{{1,200}}{_QUOTE}"
_FIELD = r"(?i:pass(?:word|wd|phrase|code)|pwd)"
_HOST = r"[\w.-]{1,100}"
_MIN_MIXED_BYTES = 6
_PHRASE_WORDS = (12, 15, 18, 21, 24)
"""A wallet's phrase has one of these (BIP-39)."""


def _is_real(secret: bytes) -> bool:
    return not is_placeholder(secret) and not is_expression(secret)


def _is_mixed(secret: bytes) -> bool:
    """Tell whether a text is no plain word: it has a digit, or letters in no order."""
    if len(secret) < _MIN_MIXED_BYTES or not _is_real(secret):
        return False
    has_digit = secret.translate(None, b"0123456789") != secret
    return (has_digit and not secret.isdigit()) or is_letter_soup(secret)


def _is_key(secret: bytes) -> bool:
    return is_random(secret) and not is_placeholder(secret)


def _is_phrase(secret: bytes) -> bool:
    words = secret.split()
    return len(words) in _PHRASE_WORDS and all(word.isalpha() for word in words)


RULES = (
    Rule(
        # `server.login("bob@shop.com", "x")`
        id="login-call",
        probes=(rf"\.(?i:login|authenticate|sign_?in)\(\s*{_QUOTE}",),
        pattern=rf"\.(?i:login|authenticate|sign_?in)\(\s*{_TEXT}\s*,\s*{_QUOTE}"
        rf"(?P<s>[^\"'`\\\n]{{4,200}}){_QUOTE}\s*\)",
        accepts=_is_mixed,
    ),
    Rule(
        # What the test of a page types: `fill_in "Password", with: "x"`, `("#password").type("x")`
        id="typed-password",
        probes=(
            rf"{_FIELD}[^\n\"'`]*{_QUOTE}(?:[)\]]*\.(?:send_keys|type|fill|sendKeys)\(|,\s+with)",
        ),
        pattern=rf"{_FIELD}[^\n\"'`]{{0,20}}{_QUOTE}(?:[)\]]{{0,3}}\.(?:send_keys|type|fill|sendKeys)"
        rf"\(\s*|,\s+with(?:\s*=>|:)\s*){_QUOTE}(?P<s>[^\"'`\\\n]{{4,100}}){_QUOTE}",
        accepts=_is_mixed,
    ),
    Rule(
        # `expect "assword:"` and what is sent then
        id="expect-password",
        probes=(r"assword[^\n]*\n?[^\n]*send(?: --)? \\*\"",),
        pattern=r"assword[^\n]{0,40}\n?[^\n]{0,40}send(?: --)? \\*\"(?P<s>[^\"\\\n]{3,100})\\",
        accepts=_is_real,
    ),
    Rule(
        # What tokens are signed and texts are encrypted with.
        id="signing-argument",
        probes=(
            r"(?i:jwt)\.(?:sign|verify|decode|encode)\(",
            r"(?:hmac\.new|AES\.new|Fernet)\(",
            r"(?:createHmac|createCipheriv|createDecipheriv)\(",
        ),
        pattern=r"(?:(?i:jwt)\.(?:sign|verify|decode|encode)\([^\n,\"'`]{1,200},\s*|"
        r"(?:hmac\.new|AES\.new|Fernet)\(\s*|"
        rf"(?:createHmac|createCipheriv|createDecipheriv)\(\s*{_QUOTE}[\w-]{{1,30}}{_QUOTE},\s*)"
        rf"[bru]?{_QUOTE}(?P<s>[^\"'`\\\n]{{6,400}}){_QUOTE}",
        accepts=_is_mixed,
    ),
    Rule(
        id="phrase-argument",
        probes=(rf"(?i:mnemonic\w*|HDWalletProvider|fromPhrase)\(\s*{_QUOTE}[a-z]",),
        pattern=rf"(?i:mnemonic\w{{0,20}}|HDWalletProvider|fromPhrase)\(\s*{_QUOTE}"
        rf"(?P<s>[a-z]{{3,8}}(?: [a-z]{{3,8}}){{11,23}}){_QUOTE}",
        accepts=_is_phrase,
    ),
    Rule(
        # `-U bob%x`, `/p:x`, `net user bob x /add`
        id="windows-password",
        probes=(
            r"-U\s*[\"']?[\w\\/.@-]+%",
            r"(?i:freerdp|rdesktop|mstsc)[^\n]*\s/p:",
            r"(?i:net)\s+(?i:user)\s",
        ),
        pattern=r"(?:(?i:smbclient|rpcclient|smbmap|net rpc|winexe|wmic)\b[^\n]{0,200}?\s-U\s*"
        r"[\"']?[\w\\/.@-]{1,64}%|(?i:freerdp|rdesktop|mstsc)[^\n]{0,200}?\s/p:[\"']?|"
        r"\b(?i:net\s+user)\s+[\w.-]{1,64}\s+)(?P<s>[^\s\"'/*][^\s\"'/]{2,100})",
        accepts=_is_mixed,
    ),
    Rule(
        id="lftp-password",
        probes=(r"(?i:lftp)\s[^\n]*-u",),
        pattern=r"(?i:\blftp)\s[^\n]{0,100}?-u\s*[\"']?[^\s,\"']{1,64},(?P<s>[^\s\"']{3,100})",
        accepts=_is_real,
    ),
    Rule(
        # Lines of a router: `neighbor 10.0.0.1 password 7 x`, `ppp chap password 0 x`
        id="router-password",
        probes=(
            r"(?i:neighbor \S+ password |ppp (?:chap|pap)[^\n]* password |"
            r"wpa-psk (?:ascii|hex) |message-digest-key [0-9]+ md5 |"
            r"(?:radius|tacacs)-server[^\n]* key )",
        ),
        pattern=rf"(?im:^\s*(?:neighbor {_HOST} password|ppp (?:chap|pap)[^\n]{{0,80}} password|"
        r"wpa-psk (?:ascii|hex)|ip ospf message-digest-key [0-9]{1,3} md5|"
        rf"(?:radius|tacacs)-server(?: host {_HOST})?[^\n]{{0,80}}? key)) (?:[0-9] )?"
        r"(?P<s>[^\s<]{4,128})",
        accepts=_is_real,
    ),
    Rule(
        # Composer's and Bundler's credentials, by host.
        id="package-host-token",
        probes=(r"(?:github|gitlab|bitbucket)-(?:oauth|token)", r"bundle config [^\n]*:", "choco"),
        pattern=rf"(?:(?:github-oauth|gitlab-oauth|gitlab-token){_QUOTE}\s*:\s*\{{\s*{_QUOTE}{_HOST}"
        rf"{_QUOTE}\s*:\s*{_QUOTE}|"
        rf"\bbundle config (?:set )?(?:--\w+ )?{_HOST} (?:[\w.-]{{1,64}}:)?|"
        r"\bchoco apikey\b[^\n]{0,100}?(?:-k|--key)[= ][\"']?)(?P<s>[A-Za-z0-9_.-]{6,200})",
        accepts=_is_mixed,
    ),
    Rule(
        # The private members of a JSON Web Key (RFC 7518, section 6).
        id="jwk-private",
        probes=(r"\"(?:d|k|p|q|dp|dq|qi)\\*\"\s*:\s*\\*\"[A-Za-z0-9_-]{16}",),
        also=r"\"kty\\*\"",
        pattern=r"\"(?:d|k|p|q|dp|dq|qi)\\*\"\s*:\s*\\*\"(?P<s>[A-Za-z0-9_-]{16,})\\*\"",
        accepts=_is_key,
    ),
    Rule(
        # Links that open an account: whoever has one is in.
        id="link-token",
        probes=(
            r"(?i:(?:reset|forgot|set|change)[-_/]?password|password[-_/]?reset|magic[-_]?link|"
            r"invit(?:e|ation)s?|verify(?:[-_]email)?|confirm(?:ation)?|activat(?:e|ion)|one-time-login)"
            r"/[A-Za-z0-9_.-]{16}",
        ),
        pattern=r"/(?i:(?:reset|forgot|set|change)[-_/]?password|password[-_/]?reset|magic[-_]?link|"
        r"invit(?:e|ation)s?|verify(?:[-_]email)?|confirm(?:ation)?|activat(?:e|ion)|one-time-login)"
        r"/(?P<s>[A-Za-z0-9_.-]{20,})",
        accepts=_is_key,
    ),
    Rule(
        id="routing-key",
        probes=(r"(?i:routing_key|integration_key|service_key)\\*[\"']?\s*[:=]",),
        # PagerDuty's; the keys of queues are words with dots.
        pattern=r"(?i:routing_key|integration_key|service_key)\\*[\"']?\s*[:=]\s*\\*[\"']?"
        r"(?P<s>[A-Za-z0-9]{32})(?:[^A-Za-z0-9]|$)",
        accepts=_is_key,
    ),
)
