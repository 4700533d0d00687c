"""A small file that no digest is known of."""

import os
from collections.abc import Sequence

from bakeoff.data.download.source import MIRROR, SourceError, bounded, open_source, read, sources
from bakeoff.errors import BakeoffError

USUAL = 1 << 22  # bytes of a long book: what the time is measured by
MOST = 1 << 26  # bytes of a file that is read without knowing its size


def read_any(path: str, urls: Sequence[str]) -> bytes:
    """The content of a small file that no digest is known of: from the mirror, or the first of `urls`
    that has it. Raises BakeoffError with the reason of each; the caller judges the content.
    """
    reasons = []
    for source in sources(path, urls):
        try:
            stream, _, length = open_source(source, 0)
            content = bytearray()
            with stream, bounded(stream, USUAL):
                while len(content) <= MOST and (block := read(stream)):
                    content += block
            if len(content) > MOST:
                raise SourceError(f"more than {MOST:,} bytes: not the small file it should be")
            if length is not None and len(content) < length:
                raise SourceError(
                    f"the connection ended after {len(content):,} of {length:,} bytes"
                )
            return bytes(content)
        except SourceError as error:
            reasons.append(f"  {source}: {error}")
    raise BakeoffError(
        f"cannot fetch {path}, tried:\n"
        + "\n".join(reasons)
        + f"\nConnect to the internet, or set {MIRROR} (now {os.environ.get(MIRROR) or 'not set'}) to "
        f"a folder or an http(s) address that holds {path}"
    )
