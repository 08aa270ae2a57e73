"""Recipes for samples of every rule: a marker and how the rest is made.

``{A:36}`` stands for 36 random letters and digits; see ``ALPHABETS`` for the other kinds, ``{G}``
for a UUID. Nothing here is a credential: the random part is made when a test or benchmark runs.
"""

import random
import re

from tests.benchmarks.scrub_recipes_platforms import CLOUD, SOURCE
from tests.benchmarks.scrub_recipes_services import MESSAGING, MESSAGING_URLS, PAYMENTS, SAAS
from tests.benchmarks.scrub_recipes_tools import AI, HASHES, IDENTITY, NEUTRAL, OBSERVABILITY

ALPHABETS = {
    "A": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
    "U": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-",
    "B": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
    "C": "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
    "L": "abcdefghijklmnopqrstuvwxyz0123456789",
    "H": "0123456789abcdef",
    "X": "0123456789abcdefABCDEF",
    "D": "0123456789",
    "a": "abcdefghijklmnopqrstuvwxyz",
    "b": "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
    "y": "cbdefghijklnrtuv",
    "z": "023456789acdefghjklmnpqrstuvwxyz",
}
_PART = re.compile(r"\{([A-Za-z]):(\d+)\}|\{G\}")


def make(recipe: str, rng: random.Random) -> str:
    """Fill a recipe with random characters."""
    return _PART.sub(lambda part: _fill(part, rng), recipe)


def _fill(part: "re.Match[str]", rng: random.Random) -> str:
    if part[1] is None:
        raw = rng.randbytes(16).hex()
        return f"{raw[:8]}-{raw[8:12]}-{raw[12:16]}-{raw[16:20]}-{raw[20:]}"
    alphabet = ALPHABETS[part[1]]
    size = int(part[2])
    text = "".join(rng.choice(alphabet) for _ in range(size))
    # What ends in a separator would not be read as part of the token.
    return text if text[-1:] not in "-_/+." else text[:-1] + "a"


FAMILIES = {
    "cloud": CLOUD,
    "source": SOURCE,
    "messaging": MESSAGING,
    "saas": SAAS,
    "payments": PAYMENTS,
    "ai": AI,
    "observability": OBSERVABILITY,
    "identity": IDENTITY,
    "messaging_urls": MESSAGING_URLS,
    "hashes": HASHES,
    "neutral": NEUTRAL,
}

CONTEXT = {
    "apple-app-password": "app specific password ",
    "baseten-key": "baseten ",
    "beamer-token": "beamer ",
    "kubernetes-bootstrap": "kubeadm join --token ",
    "okta-token": "okta ",
    "ripple-seed": "ripple seed ",
    "sumologic-access-id": "sumologic ",
    "uptimerobot-key": "uptimerobot ",
    "wif-private-key": "bitcoin wallet ",
    "zhipu-key": "zhipu ",
}
"""What must stand before a sample that has no mark of its own."""
