"""Passwords in quoted statements, and statements without any."""

from otel_bridge.scrub.rules.statements import RULES
from tests.unit.scrub.rules.examples import TableTests

FOUND = [
    ("redis-auth", "AUTH hunter22", "hunter22"),
    ("redis-auth", "AUTH default hunter22", "hunter22"),
    ("redis-auth", "> AUTH 'hunter22'", "hunter22"),
    ("redis-auth", "SELECT 0\nAUTH hunter22\nGET a", "hunter22"),
    ("redis-login", "HELLO 3 AUTH bob hunter22 SETNAME x", "hunter22"),
    ("redis-login", "MIGRATE h 6379 k 0 5000 AUTH hunter22", "hunter22"),
    ("redis-login", "MIGRATE h 6379 k 0 5000 AUTH2 bob hunter22", "hunter22"),
    ("redis-password", "CONFIG SET requirepass hunter22", "hunter22"),
    ("redis-password", 'masterauth "hunter22"', "hunter22"),
    ("redis-password", "ACL SETUSER bob on >hunter22 ~* +@all", "hunter22"),
    ("identified-by", "CREATE USER bob IDENTIFIED BY 'correct horse'", "correct horse"),
    ("identified-by", 'alter user bob identified by "hunter22"', "hunter22"),
    ("identified-by", "IDENTIFIED WITH caching_sha2_password BY 'hunter22'", "hunter22"),
    ("identified-by", "IDENTIFIED BY PASSWORD '*94BDCEBE19083CE2'", "*94BDCEBE19083CE2"),
    ("identified-by-bare", "CREATE USER scott IDENTIFIED BY tiger1 QUOTA 1", "tiger1"),
    ("set-password", "SET PASSWORD FOR 'bob'@'h' = 'hunter22'", "hunter22"),
    ("set-password", "SET PASSWORD='hunter22'", "hunter22"),
    ("set-password", "SET PASSWORD = PASSWORD('hunter22')", "hunter22"),
    (
        "sql-values",
        "INSERT INTO users (name, password) VALUES ('bob', 'hunter22')",
        "'bob', 'hunter22'",
    ),
    ("sql-duplicate", "Duplicate entry 'bob-17' for key 'users.name'", "bob-17"),
    ("password-call", "UPDATE u SET p = PASSWORD('hunter22')", "hunter22"),
    ("password-call", 'builder.password("hunter22").build()', "hunter22"),
]

LOOK_ALIKES = [
    ("redis-auth", "AUTH failed"),
    ("redis-auth", "AUTH LOGIN"),
    ("redis-auth", "AUTH ?"),
    ("redis-auth", "AUTH is required before any other command"),
    ("redis-auth", "auth check"),
    ("redis-login", "HELLO 3"),
    ("redis-login", "migrate the database to version 3"),
    ("redis-password", "requirepass ${REDIS_PASSWORD}"),
    ("redis-password", "ACL SETUSER bob on ~* +@all"),
    ("identified-by", "the row is identified by 'id'"[:22]),
    ("identified-by", "IDENTIFIED BY '?'"),
    ("identified-by-bare", "CREATE USER bob IDENTIFIED BY ?"),
    ("identified-by-bare", "CREATE USER bob IDENTIFIED BY :password"),
    ("identified-by-bare", "identified by user"),
    ("set-password", "SET PASSWORD FOR bob = ?"),
    ("set-password", "SET PASSWORD FOR bob = '${PASSWORD}'"),
    ("redis-login", "HELLO 3 AUTH bob ?"),
    ("set-password", "please set password to continue"),
    ("sql-values", "INSERT INTO users (name, password) VALUES (?, ?)"),
    ("sql-values", "INSERT INTO users (name, password) VALUES ('%s', '%s')"),
    ("sql-values", "INSERT INTO items (name, price) VALUES ('cup', 'hunter22')"),
    ("sql-duplicate", "Duplicate entry '[Filtered:email]' for key 'users.name'"),
    ("password-call", "password('Enter your password')"),
    ("password-call", "password('password')"),
    ("password-call", "password(user, 'x1')"),
]


class TestStatements(TableTests):
    RULES, FOUND, LOOK_ALIKES = RULES, FOUND, LOOK_ALIKES
