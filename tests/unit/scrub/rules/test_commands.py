"""Credentials in commands and calls, and commands without any."""

import random

import pytest

from otel_bridge.scrub.rules.commands import RULES
from tests.benchmarks.scrub_samples import make
from tests.unit.scrub.rules.examples import found, is_seen

KEY = make("{A:24}", random.Random(1))
SIGNATURE = make("{B:27}=", random.Random(2))
ROBOT = make("{C:64}", random.Random(3))
BY_ID = {rule.id: rule for rule in RULES}

FOUND = [
    ("curl-user", "curl -s -u app:s3cr3t! https://api", "s3cr3t!"),
    ("curl-user", "curl --user=app:s3cr3t https://api", "s3cr3t"),
    ("curl-user", "curl -uapp:s3cr3t https://api", "s3cr3t"),
    ("curl-user", "curl -sSu 'app:s3cr3t' https://api", "s3cr3t"),
    ("curl-user", "curl -x http://proxy -U app:s3cr3t https://api", "s3cr3t"),
    ("command-password", "sshpass -p 's3cr3t' ssh -p 2222 h", "s3cr3t"),
    ("command-password", "sshpass -ps3cr3t ssh h", "s3cr3t"),
    ("command-password", "redis-cli -h cache -a s3cr3t ping", "s3cr3t"),
    ("command-password", "zip -P s3cr3t a.zip b", "s3cr3t"),
    ("command-password", "7z x -ps3cr3t a.7z", "s3cr3t"),
    ("command-password", "bcp t out f -U sa -P s3cr3t", "s3cr3t"),
    ("command-password", "az login -u app -p s3cr3t", "s3cr3t"),
    ("command-password", "useradd -m -p s3cr3t bob", "s3cr3t"),
    ("command-password", "plink -pw s3cr3t bob@h", "s3cr3t"),
    ("positional-password", "htpasswd -cb f bob s3cr3t", "s3cr3t"),
    ("positional-password", "echo 'bob:s3cr3t' | chpasswd", "s3cr3t"),
    ("positional-password", "openssl enc -aes-256-cbc -k s3cr3t -in f", "s3cr3t"),
    ("positional-password", "rabbitmqctl add_user bob s3cr3t", "s3cr3t"),
    ("positional-password", r"net use x: \\h\s s3cr3t /user:bob", "s3cr3t"),
    ("positional-password", r"net use \\h\s /user:bob s3cr3t", "s3cr3t"),
    ("positional-password", "mc alias set m http://h ak s3cr3t22", "s3cr3t22"),
    ("positional-password", "mysqladmin -u root password s3cr3t", "s3cr3t"),
    ("positional-password", "wpa_passphrase home s3cr3t22", "s3cr3t22"),
    ("positional-password", "ConvertTo-SecureString 's3cr3t' -AsPlainText", "s3cr3t"),
    ("command-password", "ipmitool -H h -U admin -P s3cr3t power on", "s3cr3t"),
    ("sqlplus-password", "sqlplus -s scott/s3cr3t@db @run.sql", "s3cr3t"),
    ("sqlplus-password", "impdp userid=scott/s3cr3t dumpfile=x", "s3cr3t"),
    ("command-password", "mysql -h db -u app -ps3cr3t shop", "s3cr3t"),
    ("command-password", r"psexec \\10.0.0.9 -u Admin -p dev_admin cmd", "dev_admin"),
    ("told-password", 'the password is "centipede" today', "centipede"),
    ("told-password", "password for user 'app' is 'pyne1'", "pyne1"),
    ("network-device-password", "enable password level 15 MyS3cret", "MyS3cret"),
    ("network-device-password", "username admin privilege 15 secret 5 hunter22", "hunter22"),
    ("network-device-password", "pac key 0 MyS3cret", "MyS3cret"),
    ("snmp-community", "snmp-server community pr1vate RW 99", "pr1vate"),
    ("database-call-password", 'mysqli_connect("db", "root", "P@ss1234", "shop")', "P@ss1234"),
    ("database-call-password", "DBI->connect('dbi:Pg:x', 'app', 's3cr3t')", "s3cr3t"),
    ("network-credential", 'new NetworkCredential("app", "vzihlaqu")', "vzihlaqu"),
    ("network-credential", 'new UsernamePasswordCredentials("app", "s3cr3t22")', "s3cr3t22"),
    ("auth-pair", "requests.get(url, auth=('app', 's3cr3t'))", "s3cr3t"),
    ("curl-user-key", f"curl https://api/v1 -u {KEY}:", KEY),
    ("curl-user-key", f"curl -su '{KEY}:x' https://api/v1", KEY),
    ("curl-user-key", f"curl --user {KEY}:unused https://api/v1", KEY),
    ("curl-cookies", "curl -b 'sid=hunter22; a=b' https://api", "sid=hunter22; a=b"),
    ("curl-cookies", 'curl -sb "sid=hunter22" https://api', "sid=hunter22"),
    ("aws-signature", f"Authorization: AWS bob22222:{SIGNATURE}", SIGNATURE),
    ("aws-signature", f"AWS [Filtered:aws-access-key-id]:{SIGNATURE}", SIGNATURE),
    ("command-password", "['mysqldump', '-ps3cr3t', 'shop']", "s3cr3t"),
    ("command-password", "['mysql', '-u', 'root', '-p', 's3cr3t']", "s3cr3t"),
    ("robot-credential", f"docker login -u team+robot:{ROBOT}", ROBOT),
    ("pgpass-line", "db.internal:5432:shop:app:s3cr3t", "s3cr3t"),
    ("pgpass-line", "*:5433:*:app:s3cr3t\n", "s3cr3t"),
    ("nickserv-password", "PRIVMSG NickServ :IDENTIFY bob s3cr3t", "s3cr3t"),
    ("nickserv-password", "/msg nickserv identify s3cr3t", "s3cr3t"),
    ("snmp-reader", "snmp-server community s3cr3t RO 99", "s3cr3t"),
    ("client-argument", f'const mail = new SendGrid("{KEY}");', KEY),
    ("client-argument", f"client = shop.Client('{KEY}')", KEY),
    ("client-argument", f"const pay = require('stripe')('{KEY}');", KEY),
    ("client-argument", f'new TwilioRestClient("bob", "{KEY}")', KEY),
]


def test_every_rule_has_an_example():
    assert {rule for rule, _, _ in FOUND} == set(BY_ID)


@pytest.mark.parametrize(("rule", "text", "secret"), FOUND)
def test_a_secret_is_found(rule, text, secret):
    assert found(BY_ID[rule], text) == [secret]


@pytest.mark.parametrize(("rule", "text", "secret"), FOUND)
def test_the_first_pass_sees_it(rule, text, secret):
    assert is_seen(BY_ID[rule], text)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("curl-user", "curl -u $USER:$TOKEN https://api"),
        ("curl-user", "curl -s https://api:8443"),
        ("command-password", "mysql -h db -u app -p shop"[:-5]),
        ("curl-user", "curl -v --url http://api:8443/x"),
        ("curl-user", "curl -H 'User: bob' http://api"),
        ("command-password", "mysql -P 3306 -h db"),
        ("command-password", "sshpass -e ssh -p 2222 h"),
        ("command-password", "unzip -p a.zip b.txt"),
        ("command-password", "docker run -p 8080:80 web"),
        ("command-password", "psql -p 5432"),
        ("positional-password", "ConvertTo-SecureString $plain -AsPlainText"),
        ("sqlplus-password", "sqlplus / as sysdba"),
        ("positional-password", "echo bob: done"),
        ("positional-password", "rabbitmqctl add_user bob $PASSWORD"),
        ("positional-password", "rabbitmqctl add_user bob <password>"),
        ("positional-password", "htpasswd -c file bob"),
        ("command-password", "mysql -u app -p$PASSWORD"),
        ("sqlplus-password", "sqlplus scott/$PASSWORD@db"),
        ("database-call-password", 'mysqli_connect("db", "root", "<password>")'),
        ("network-credential", 'new NetworkCredential("app", "<password>")'),
        ("auth-pair", "requests.get(url, auth=('app', '<password>'))"),
        ("network-device-password", "enable password ********"),
        ("snmp-community", "snmp-server community xxxxxx RW"),
        ("told-password", "the password is wrong"),
        ("told-password", "password is '${PASSWORD}'"),
        ("network-device-password", "! enable password OldPass"),
        ("snmp-community", "snmp-server community public RO"),
        ("database-call-password", "mysqli_connect($host, $user, $pass)"),
        ("network-credential", "new NetworkCredential(user, password)"),
        ("auth-pair", "requests.get(url, auth=(user, password))"),
        ("curl-user-key", "curl -u get_the_user_first: https://api"),
        ("curl-user-key", f"curl -X POST https://api/{KEY}:"),
        ("curl-cookies", "curl -b 'sid=xxxxxxxx' https://api"),
        ("aws-signature", f"AWS account1:{'abc' * 9}"),
        ("curl-cookies", "curl -b 'cookies.txt' https://api"),
        ("curl-cookies", "curl -b cookies.txt -d 'a=b' https://api"),
        ("aws-signature", "AWS account: the-account-of-the-whole-team"),
        ("robot-credential", f"team+robot:{'ABCD' * 16}"),
        ("robot-credential", f"team+robot:{ROBOT}x"),
        ("robot-credential", f"team:{ROBOT}"),
        ("pgpass-line", "db.internal:5432:shop:app:<password>"),
        ("pgpass-line", "a.py:5432: in shop: app: s3cr3t"),
        ("pgpass-line", "db.internal:8080:shop:app:s3cr3t"),
        ("nickserv-password", "NickServ identify bob <password>"),
        ("nickserv-password", "NickServ said s3cr3t"),
        ("snmp-reader", "snmp-server community public RO"),
        ("snmp-reader", "snmp-server community xxxxxx RO"),
        ("client-argument", 'new Client("https://api.internal/v1/items")'),
        ("client-argument", 'httpClient("get_the_items_of_the_shop")'),
        ("client-argument", "new Stripe(process.env.STRIPE_KEY)"),
    ],
)
def test_a_look_alike_is_left_alone(rule, text):
    assert found(BY_ID[rule], text) == []
