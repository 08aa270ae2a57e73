"""Credentials in shell commands, device configurations, prose, and calls that take positions."""

from otel_bridge.scrub.find.placeholder import is_placeholder
from otel_bridge.scrub.randomness import is_random
from otel_bridge.scrub.rule import Rule

_QUOTED = r"(?:\"[^\"\n]{0,200}\"|'[^'\n]{0,200}')"
_POSITION = r"[\"'](?P<s>[^\"'\n]{2,200})[\"']"
_CONNECT = (
    r"(?i:mysqli?_p?connect|new (?:mysqli|Sequelize|PDO)|DBI(?:->|\.)connect|DirectoryEntry|"
    r"getConnection)"
)
_CLIENT = (
    "client|api|sdk|twilio|stripe|algolia|sendgrid|mailgun|openai|postmark|segment|analytics|"
    "mixpanel|"
    "bugsnag|rollbar|airtable|plivo|nexmo|vonage|pusher|braintree|mandrill|mailchimp|intercom|"
    "cohere|anthropic|replicate|pinecone|clarifai|giphy|trello|asana|shippo|easypost|lob|telnyx"
)
_COMMANDS = (
    "psexec", "mysql", "mariadb", "sshpass", "docker", "podman", "helm", "oc login", "mongo",
    "sqlcmd", "osql", "isql", "bcp", "zip", "ldap", "smbclient", "redis-cli", "cqlsh", "7z",
    "useradd", "usermod", "rabbitmqadmin", "az login", "ipmitool", "plink", "pscp", "psftp",
    "putty",
)  # fmt: skip
_REAL_ALTHOUGH_PLAIN = (b"secret", b"password", b"pass")


def _is_real(secret: bytes) -> bool:
    return not is_placeholder(secret) or secret.lower() in _REAL_ALTHOUGH_PLAIN


def _is_key(secret: bytes) -> bool:
    return not is_placeholder(secret) and is_random(secret)


RULES = (
    Rule(
        id="curl-user",
        probes=(
            r"\s-[A-Za-z]{0,6}u\s*[\"']?[^\s:]+:",
            r"\s(?:--user|--proxy-user|-U|-a|--auth)[ =][^\s:]+:",
        ),
        # `-u app:x`, `-uapp:x`, `-su app:x`
        pattern=r"(?i:\b(?:curl|wget|https?)\b)[^\n]*?\s(?:-[A-Za-z]{0,6}u\s*|"
        r"(?:--user|--proxy-user|-U|-a|--auth)(?:\s+|=))[\"']?[^\s:\"'/]{1,100}:"
        r"(?P<s>[^\s\"']{2,200})",
        accepts=_is_real,
    ),
    Rule(
        # `-u key:`: the key is the user, and there is no password.
        id="curl-user-key",
        probes=(r"\s-[A-Za-z]{0,6}u\s*[\"']?[^\s:]+:", r"\s--user[ =][^\s:]+:"),
        also=r"(?i:curl|https? |wget)",
        pattern=r"(?i:\b(?:curl|wget|https?)\b)[^\n]*?\s(?:-[A-Za-z]{0,6}u\s*|--user(?:\s+|=))[\"']?"
        r"(?P<s>[^\s:\"'/]{12,400}):(?:[xX]{0,3}|api_token|unused)(?:[\"'\s\\]|$)",
        accepts=_is_key,
    ),
    Rule(
        # `-b` names a file too; what has an equals sign is cookies.
        id="curl-cookies",
        probes=(r"\s-[A-Za-z]{0,6}b\s*[\"'][^\"'=\s]+=",),
        also="(?i:curl)",
        pattern=r"(?i:\bcurl\b)[^\n]*?\s-[A-Za-z]{0,6}b\s*[\"']"
        r"(?P<s>[^\"'=\s]{1,80}=[^\"'\n]{1,1000})"
        r"[\"']",
        accepts=_is_real,
    ),
    Rule(
        # Signatures of version 2, as S3 and its imitations take them.
        id="aws-signature",
        probes=(r"AWS [A-Za-z0-9]{8,}:", r"AWS \[Filtered[^\]]*\]:"),
        pattern=r"\bAWS (?:[A-Za-z0-9]{8,128}|\[Filtered[^\]\n]{0,64}\]):"
        r"(?P<s>[A-Za-z0-9+/]{26,28}={0,2})",
        accepts=lambda secret: _is_real(secret) and secret not in (secret.lower(), secret.upper()),
    ),
    Rule(
        # The robots of container registries: `team+robot:KEY`.
        id="robot-credential",
        probes=(r"\+[a-z0-9._-]+:[A-Z0-9]{32}",),
        pattern=r"[a-z0-9._-]\+[a-z0-9._-]{1,64}:(?P<s>[A-Z0-9]{32,80})(?:[^A-Za-z0-9]|$)",
        accepts=_is_key,
    ),
    Rule(
        id="pgpass-line",
        probes=(r":(?:54[0-9][0-9]|6432):",),
        # `host:port:database:user:x`, a line of ~/.pgpass
        pattern=r"(?m:^)[\w.*-]{1,128}:(?:54[0-9][0-9]|6432):[\w*-]{1,64}:[\w.*-]{1,64}:"
        r"(?P<s>[^\s]{3,128})(?m:$)",
        accepts=_is_real,
    ),
    Rule(
        id="nickserv-password",
        probes=(r"(?i:nickserv)[ :]",),
        pattern=r"(?i:nickserv)[ :]+(?i:identify|register) (?:\S{1,32} )?(?P<s>\S{4,128})(?:\s|$)",
        accepts=_is_real,
    ),
    Rule(
        # What a client of a known service, or anything that calls itself a client, is made with.
        id="client-argument",
        probes=(
            rf"(?i:{_CLIENT})[\w.]*\(\s*[\"']",
            r"(?i:require)\([\"'][\w./@-]+[\"']\)\(\s*[\"']",
        ),
        pattern=rf"(?:(?i:{_CLIENT})[\w.]{{0,40}}|(?i:require)\([\"'][\w./@-]{{1,40}}[\"']\))"
        r"\(\s*(?:[\"'][\w.@:/-]{1,200}[\"'],\s*)?"
        r"[\"'](?P<s>[A-Za-z0-9_.+/=-]{16,400})[\"']",
        accepts=_is_key,
    ),
    Rule(
        id="command-password",
        probes=(r"[\s\"']-(?:[pPwa]|pw)(?:\s|[\"'],\s*)?[^\s-]",),
        also=f"(?i:{'|'.join(_COMMANDS)})",
        # `-P` is a port in some and a password in others, `-p` of ssh is a port.
        pattern=r"(?i:\b(?:sshpass\s+-p\s?|(?:psexec(?:\.exe)?|mysql|mysqldump|mysqladmin|mysqlimport|"
        r"mariadb|mongo|mongosh|mongodump|mongorestore|mongoexport|mongoimport|cqlsh|7za?|useradd|"
        r"usermod|rabbitmqadmin|az login|(?:docker|podman|oc|helm registry) login)\b"
        r"[^\n]*?[\s\"'](?-i:-p)(?:\s|[\"'],\s*)?|"
        r"(?:sqlcmd|osql|isql|bcp|zip|unzip|ipmitool)\b[^\n]*?\s(?-i:-P)\s?|"
        r"(?:ldap(?:search|modify|add|delete|passwd|whoami)|smbclient)\b[^\n]*?\s-w\s?|"
        r"redis-cli\b[^\n]*?\s-a\s?|(?:plink|pscp|psftp|putty)(?:\.exe)?\b[^\n]*?\s-pw\s))"
        r"[\"']?(?P<s>[^\s\"'-][^\s\"']{2,100})",
        accepts=_is_real,
    ),
    Rule(
        id="positional-password",
        probes=(
            r"(?i:htpasswd\s+-|chpasswd|echo\s+[\"']?[\w.-]{1,64}:|openssl\s+enc|rabbitmqctl\s|net\s+use\s|mc\s+alias\s+set\s|"
            r"mysqladmin\s|wpa_passphrase\s|ConvertTo-SecureString\s)",
        ),
        pattern=r"(?i:\b(?:htpasswd\s+-[a-z]*b[a-z]*\s+\S{1,200}\s+\S{1,64}\s+|"
        r"echo\s+[\"']?[\w.-]{1,64}:|openssl\s+enc\b[^\n]{0,200}?\s-k\s+|"
        r"rabbitmqctl\s+(?:add_user|change_password|authenticate_user)\s+\S{1,64}\s+|"
        r"net\s+use\s+\S{1,200}\s+(?:\S{1,200}\s+)?/user:\S{1,64}\s+|"
        r"net\s+use\s+\S{1,200}\s+\\\\\S{1,200}\s+|mc\s+alias\s+set\s+\S{1,64}\s+\S{1,200}\s+\S{1,64}\s+|"
        r"mysqladmin\s[^\n]{0,100}?\spassword\s+|wpa_passphrase\s+\S{1,64}\s+|"
        r"ConvertTo-SecureString\s+(?:-String\s+)?))"
        r"[\"']?(?P<s>[^\s\"'|/*$-][^\s\"'|]{1,100})",
        accepts=_is_real,
    ),
    Rule(
        id="sqlplus-password",
        probes=(r"(?i:(?:sqlplus|sqlldr|expdp|impdp)[^\n]*\n?[^\n]*/)",),
        pattern=r"(?i:\b(?:sqlplus|sqlldr|expdp|impdp)\b)[^\n]{0,100}?[\s=][\"']?[\w$#.]{1,64}/"
        r"(?P<s>[^\s\"'/*-][^\s\"'/]{1,100}?)(?:@[\w.:/-]{1,200})?(?:[\s\"']|$)",
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
            r"(?i:pac +key )",
        ),
        pattern=r"(?im:^\s*(?:enable +(?:password|secret)|pac +key|"
        r"username +\S+ +(?:privilege +\d+ +)?(?:password|secret)))"
        r" +(?:level +\d+ +)?(?:[0-9] +)?(?P<s>[^\s<]{2,128})",
        accepts=_is_real,
    ),
    Rule(
        id="snmp-community",
        probes=(r"(?i:snmp-server +community +\S+ +RW)",),
        pattern=r"(?im:^\s*snmp-server +community) +(?P<s>[^\s<]{2,64}) +(?i:RW)",
        accepts=_is_real,
    ),
    Rule(
        # To read is less than to write, and `public` is what everybody has.
        id="snmp-reader",
        probes=(r"(?i:snmp-server +community +\S+ +RO)",),
        pattern=r"(?im:^\s*snmp-server +community) +(?P<s>[^\s<]{4,64}) +(?i:RO)",
        accepts=lambda secret: _is_real(secret) and not secret.isalpha(),
    ),
    Rule(
        id="database-call-password",
        probes=(rf"{_CONNECT}\s*\(",),
        pattern=rf"{_CONNECT}\s*\(\s*{_QUOTED}\s*,\s*{_QUOTED}\s*,\s*{_POSITION}",
        accepts=_is_real,
    ),
    Rule(
        id="network-credential",
        probes=(r"(?i:Credentials?|BasicAuth)\s*\(",),
        pattern=r"(?i:Credentials?|BasicAuth)"
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
