"""Values that stand a little further from their name: blocks of YAML, phrases in quotes."""

import re2

from otel_bridge.scrub.find.placeholder import is_placeholder
from otel_bridge.scrub.randomness import is_digest, is_letter_soup, is_random
from otel_bridge.scrub.rule import Rule
from otel_bridge.scrub.rules.tokens import expand

_WORD = r"(?:pass(?:word|wd|phrase|code)?|pwd)[0-9]?"
_NAME = rf"(?:{_WORD}|secret|token|api[_-]?key|(?:secret|access|private)[_-]?key|credentials?)"
_SAID = (
    r"(?i:secret|token|(?:api|access|auth|app|write|license|private|service|signing|master|server|"
    r"integration)[ _.-]?key)"
)
_SAID_OR_PASSWORD = rf"(?:{_SAID}|(?i:pass(?:word|wd|phrase|code)|pwd))"
_ELEMENT = "secret|password|passphrase|apiToken|privateKey|token"
_FOREIGN = (
    "contrase(?:ñ|n)a|mot de passe|motdepasse|senha|wachtwoord|hasło|haslo|kennwort|lösenord|"
    "losenord|salasana|parola|adgangskode|passord|пароль|密码|密碼|パスワード"
)
"""Password in Spanish, French, Portuguese, Dutch, Polish, German, Swedish, Finnish, Italian and
Turkish, Danish, Norwegian, Russian, Chinese (two scripts) and Japanese."""
_LINE_END = r"(?:\r?\n|\\r\\n|\\n)"
_MIN_WORDS = 3
"""Fewer are judged where the assignment is."""
_MIN_MIXED_BYTES = 5
_MIN_CAPITALS = 3
_NUMBER = re2.compile(rb"[0-9]+")
_DIGIT = re2.compile(rb"[0-9]")
_SENTENCE = re2.compile(
    rb"(?i)\b(?:de|du|la|le|les|der|die|das|zum|mit|por|del|su|tu|uw|voor|votre|ihr|seu|"
    rb"must|should|cannot|can|may|is|are|was|were|be|has|have|not|please|enter|type|your|"
    rb"the|this|that|a|an|at|least|for|to|of|with|and|or|in|on|from|by|if|when|new|old|confirm|"
    rb"forgot|reset|wrong|invalid|incorrect|required|missing|expired|match|matches|characters|"
    rb"password|passwort|secret|token|username|user|login|account|field|value)\b"
)


def _is_value(secret: bytes) -> bool:
    return not is_placeholder(secret)


def _is_key(secret: bytes) -> bool:
    return is_random(secret) and not is_placeholder(secret)


def _is_cell(secret: bytes) -> bool:
    """Tell whether a word in a table is a password and not a column's type or title."""
    if is_placeholder(secret) or secret.isdigit():
        return False
    return _DIGIT.search(secret) is not None or is_letter_soup(secret)


def _is_no_word(secret: bytes) -> bool:
    """Tell whether letters and digits alternate as in no name: `base64encoded` has one number."""
    if is_digest(secret) or secret.isdigit() or secret.isalpha():
        return is_letter_soup(secret)
    capitals = sum(map(secret.count, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    is_mixed = _MIN_CAPITALS <= capitals <= len(secret) - _MIN_CAPITALS
    return len(_NUMBER.findall(secret)) >= (1 if is_mixed and is_letter_soup(secret) else 2)


def _is_field(secret: bytes) -> bool:
    return not secret.startswith((b"--", b"[Filtered", b"hmac:", b"${"))


def _is_phrase(secret: bytes) -> bool:
    """Tell whether words in quotes are a password and not a sentence about one."""
    words = secret.split()
    # `"name: " + value + ","`: what is between those quotes is code.
    if len(words) < _MIN_WORDS or is_placeholder(secret) or secret.strip()[:1] in (b"+", b"."):
        return False
    return _SENTENCE.search(secret) is None or any(map(_is_mixed, words))


def _is_mixed(word: bytes) -> bool:
    return (
        len(word) >= _MIN_MIXED_BYTES and word.isalnum() and not (word.isalpha() or word.isdigit())
    )


RULES = (
    Rule(
        id="yaml-block",
        probes=(rf"(?i:{_NAME})[\"']?:[ \t]*[|>]",),
        # Lines that go on the block have no colon: those that have one are the next entries.
        pattern=rf"(?i:{_NAME})[\"']?:[ \t]*[|>][+-]?[0-9]?[+-]?[ \t]*(?:#[^\n]*)?\r?\n[ \t\r\n]*"
        r"(?P<s>[^\s#:-][^\s:]*(?:[ \t]+[^\s:#][^\s:]*)*(?:\r?\n[ \t]+[^\s:#-][^\n:]*)*)(?:\s|$)",
        accepts=_is_value,
    ),
    Rule(
        id="yaml-block-key",
        probes=(r"[_-](?i:key):[ \t]*[|>]",),
        pattern=r"[_-](?i:key):[ \t]*[|>][+-]?[ \t]*\r?\n\s+(?P<s>\S{16,512})(?:\s|$)",
        accepts=_is_key,
    ),
    Rule(
        # A UUID names things; directly behind one of these words it opens one.
        id="uuid-secret",
        probes=(
            expand(
                rf"{_SAID}[^A-Za-z0-9/][^A-Za-z0-9\n/]*(?:is |for [\w.-]+[^\w])?"
                r"[^A-Za-z0-9\n/]*%X{8}-%X{4}-"
            ),
        ),
        pattern=expand(
            rf"{_SAID}[^A-Za-z0-9\n/]{{1,4}}(?:(?:is |for [\w.-]{{1,40}}[^\w\n])"
            r"[^A-Za-z0-9\n/]{0,3})?(?P<s>%G)(?:[^\w-]|$)"
        ),
    ),
    Rule(
        # Shorter than what a generator's strings are known by, but directly behind the word.
        id="told-key",
        probes=(rf"{_SAID}(?: is|:)?[ \t]+[\"'`(]?[A-Za-z0-9]{{12}}",),
        pattern=rf"{_SAID}(?: is|:)?[ \t]+[\"'`(]?(?P<s>[A-Za-z0-9]{{12,64}})"
        r"(?:[^\w/.-]|[.,]?(?:\s|$))",
        accepts=_is_no_word,
    ),
    Rule(
        # `<secret>{AQAAABAAAA...}</secret>`, as Jenkins keeps them.
        id="jenkins-secret",
        probes=(rf"(?i:<(?:{_ELEMENT})>)\{{",),
        pattern=rf"(?i:<(?:{_ELEMENT})>)\{{\s?(?:[^<>{{}}\s]{{1,40}} ){{0,3}}"
        r"(?P<s>[^<>{}\s]{8,})\}</",
        accepts=_is_cell,
    ),
    Rule(
        id="element-value",
        probes=(r"(?i:password)>\s*<(?i:value)>",),
        # `<Password><Value>`: the answer files of Windows.
        pattern=r"(?i:password)>\s*<(?i:value)>(?P<s>[^<>\s]{3,256})</",
        accepts=_is_value,
    ),
    Rule(
        # `<string name="api_token">`, `<property name="password">`
        id="named-element",
        probes=(rf"(?:name|key|id)=\\*[\"'][\w. -]*{_SAID_OR_PASSWORD}",),
        pattern=r"<(?:string|entry|property|param|parameter|setting|item|var|variable|env|constant|"
        r"value|field|option|init-param|prop|attribute|env-entry)\s+"
        r"(?:[\w:]{1,40}=\\*[\"'][^\"'<>]{0,80}\\*[\"']\s+){0,3}"
        rf"(?:name|key|id)=\\*[\"'][\w. -]{{0,80}}{_SAID_OR_PASSWORD}[\w. -]{{0,20}}\\*[\"']"
        r"[^<>]{0,80}>"
        r"\s*(?:<value>\s*)?(?P<s>[^<>\s]{6,400})\s*</",
        accepts=_is_cell,
    ),
    Rule(
        # `{"value": "x", "name": "api_key"}` within a text: JSON keeps no order.
        id="value-before-name",
        probes=(rf"(?i:name|key)\\*\"\s*:\s*\\*\"[^\"]*{_SAID_OR_PASSWORD}",),
        pattern=r"\"(?i:value)\\*\"\s*:\s*\\*\"(?P<s>[^\"\\\n]{4,400})\\*\"\s*,\s*\\*\""
        rf"(?i:name|key)\\*\"\s*:\s*\\*\"[^\"\\\n]{{0,60}}{_SAID_OR_PASSWORD}\\*\"",
        accepts=_is_cell,
    ),
    Rule(
        id="table-cell",
        probes=(rf"{_SAID_OR_PASSWORD}[ \t]*\|",),
        pattern=rf"\|[ \t]*(?:[\w.-]{{1,40}}[ _.-]){{0,4}}{_SAID_OR_PASSWORD}[ \t]*\|[ \t]*"
        r"(?P<s>[^\s|(]{6,400})[ \t]*(?:\||\n|$)",
        accepts=_is_cell,
    ),
    Rule(
        id="dashed-password",
        probes=(rf"{_SAID_OR_PASSWORD}[ \t]*(?:--|->|\.\.\.)",),
        pattern=rf"\b{_SAID_OR_PASSWORD}[ \t]*(?:-{{2,12}}>?|->|\.{{3,40}})[ \t]+"
        r"(?P<s>[^\s\"'`,;]{6,400})",
        accepts=_is_cell,
    ),
    Rule(
        id="foreign-password",
        probes=(rf"(?i:{_FOREIGN})[\"'`]?\s*(?:=|:|\xef\xbc\x9a)",),
        pattern=rf"(?i:{_FOREIGN})[\"'`]?\s*(?:=>?|:|\xef\xbc\x9a)\s*[\"'`]?(?P<s>[^\s\"'`<>,;]{{4,128}})",
        accepts=_is_cell,
    ),
    Rule(
        id="quoted-phrase",
        probes=(rf"(?i:{_WORD})\\*[\"']?\s*(?:=>|=|:)\s*\\*[\"']",),
        pattern=rf"(?i:{_WORD})\\*[\"']?\s*(?:=>|=|:)\s*\\*[\"'](?P<s>[^\"'\\\n]{{8,120}})\\*[\"']",
        accepts=_is_phrase,
    ),
    Rule(
        id="multipart-field",
        probes=(rf"name=\\*\"[^\"]*(?i:{_NAME}|pin|otp)",),
        # Headers, an empty line, and the value; also where the line ends are written out.
        pattern=rf"\bname=\\*\"[^\"]{{0,64}}(?i:{_NAME}|\bpin|\botp)[^\"]{{0,32}}\"[^\r\n\\]{{0,80}}"
        rf"{_LINE_END}(?:[A-Za-z-]{{1,32}}:[^\r\n\\]{{0,120}}{_LINE_END}){{0,3}}{_LINE_END}"
        r"(?P<s>[^\r\n\\]{1,400})",
        accepts=_is_field,
    ),
)
