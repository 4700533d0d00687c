"""Which addresses are asked for files: https ones, and http ones of this machine."""

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

EXPECTED = "expected https, or http of this machine alone (127.0.0.1)"


def is_allowed(url: str, redirected_from: str | None = None) -> bool:
    """Whether `url` may be asked. Only a server of this machine may redirect to one of this machine."""
    try:
        parts = urlsplit(url)
        if parts.scheme != "http":
            return parts.scheme == "https" and bool(parts.hostname)
        froms = () if redirected_from is None else (urlsplit(redirected_from),)
    except ValueError:  # brackets that hold no address
        return False
    return all(map(_is_here, (parts, *froms)))


def _is_here(address: SplitResult) -> bool:
    if address.hostname == "localhost":
        return True
    try:
        return ip_address(address.hostname or "").is_loopback
    except ValueError:
        return False
