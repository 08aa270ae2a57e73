"""Credentials in shell commands, device configurations, prose, and calls that take positions."""

from otel_bridge.scrub.placeholder import is_placeholder
from otel_bridge.scrub.rule import Rule

_QUOTED = r"(?:\"[^\"\n]{0,200}\"|'[^'\n]{0,200}')"
_POSITION = r"[\"'](?P<s>[^\"'\n]{2,200})[\"']"
_CONNECT = r"(?i:mysqli?_p?connect|DBI(?:->|\.)connect|new PDO|DirectoryEntry|getConnection)"
_REAL_ALTHOUGH_PLAIN = (b"secret", b"password", b"pass")


def _is_real(secret: bytes) -> bool:
    return not is_placeholder(secret) or secret.lower() in _REAL_ALTHOUGH_PLAIN


RULES = (
    Rule(
        id="curl-user",
        probes=(r"\s(?:-u|--user|--proxy-user|-a|--auth)[ =][^\s:]+:",),
        pattern=r"(?i:\b(?:curl|wget|https?)\b)[^\n]*?\s(?:-u|--user|--proxy-user|-a|--auth)"
        r"(?:\s+|=)[\"']?[^\s:\"']{1,100}:(?P<s>[^\s\"']{2,200})",
        accepts=_is_real,
    ),
    Rule(
        id="command-password",
        probes=(r"\s-[pPwa]\s?[^\s-]",),
        also="(?i:psexec|mysql|sshpass|docker|mongo|sqlcmd|ldapsearch|smbclient)",
        pattern=r"(?i:\b(?:psexec(?:\.exe)?|mysql|mysqldump|mysqladmin|sshpass|docker login|mongo|"
        r"mongosh|mongodump|mongorestore|sqlcmd|ldapsearch|smbclient)\b)"
        r"[^\n]*?\s(?:-p|-P|-w|-a)\s?(?P<s>[^\s\"'-][^\s\"']{2,100})",
        accepts=_is_real,
    ),
    Rule(
        id="told-password",
        probes=(r" is:? [\"'`]",),
        also="(?i:pass)",
        pattern=r"(?i:pass(?:word|phrase|wd|code)?)(?: for (?:the )?(?:user(?:name)? |account )?"
        r"[\"']?[^\"'\s]{1,60}[\"']?)? is:? [\"'`](?P<s>[^\"'`\n]{3,60})[\"'`]",
        accepts=_is_real,
    ),
    Rule(
        id="network-device-password",
        probes=(
            r"(?i:(?:enable|username +\S+(?: +privilege +\d+)?) +(?:password|secret) )",
            r"(?i:pac +key +[0-7] )",
        ),
        pattern=r"(?im:^\s*(?:enable +(?:password|secret)|pac +key|"
        r"username +\S+ +(?:privilege +\d+ +)?(?:password|secret)))"
        r" +(?:level +\d+ +)?(?:[0-9] +)?(?P<s>[^\s<]{2,128})",
        accepts=_is_real,
    ),
    Rule(
        id="snmp-community",
        probes=(r"(?i:snmp-server +community \S+ +RW)",),
        pattern=r"(?im:^\s*snmp-server +community) +(?P<s>[^\s<]{2,64}) +(?i:RW)",
        accepts=_is_real,
    ),
    Rule(
        id="database-call-password",
        probes=(rf"{_CONNECT}\s*\(",),
        pattern=rf"{_CONNECT}\s*\(\s*{_QUOTED}\s*,\s*{_QUOTED}\s*,\s*{_POSITION}",
        accepts=_is_real,
    ),
    Rule(
        id="network-credential",
        probes=(r"(?i:NetworkCredential|PSCredential|PasswordCredentials|BasicAuth)\s*\(",),
        pattern=r"(?i:NetworkCredential|PSCredential|PasswordCredentials|BasicAuth)"
        rf"\s*\(\s*{_QUOTED}\s*,\s*{_POSITION}",
        accepts=_is_real,
    ),
    Rule(
        id="auth-pair",
        probes=(r"(?i:auth)\s*=\s*\(",),
        pattern=rf"(?i:auth)\s*=\s*\(\s*{_QUOTED}\s*,\s*{_POSITION}\s*\)",
        accepts=_is_real,
    ),
)
