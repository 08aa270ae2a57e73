"""Free ports on loopback."""

import random
import socket

# Below the range from which Linux and macOS take the ports of outgoing connections, so that
# nobody gets a port between our look and the server's bind.
_CANDIDATES = range(20_000, 32_000)
_given: set[int] = set()
_random = random.SystemRandom()  # pytest-randomly seeds the shared generator alike in every run


def free_port() -> int:
    """A port nobody listens on, different from every other one this process was given."""
    for _ in range(200):
        port = _random.choice(_CANDIDATES)
        if port in _given:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        _given.add(port)
        return port
    raise RuntimeError(f"no free port in {_CANDIDATES}")
