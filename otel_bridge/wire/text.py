"""Text to UTF-8 that a receiver accepts, whatever a Python string can hold."""


def utf8(text: str) -> bytes:
    """Encode text. A lone surrogate becomes U+FFFD, a surrogate pair what it stands for."""
    try:
        return str.encode(text)
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()
