"""Files that are damaged, by Hypothesis."""

from hypothesis import strategies as st

TOKENS = [
    b"\0", b"\xff", b"\x1b[31m", b'"', b"{", b"[", b"}", b"]", b"null", b"NaN", b"1e999", b"-1", b"${a}",
    b"*m", b"&m ", b"!!python/name:os.system", b"../..", b"/etc/passwd", b"\xef\xbb\xbf", b"\xff\xfe",
    b"9" * 400, b"_target_: os.system", b"\\ud800", b"\n", b"\r", b" ", b"<br ", b"[" * 300, b"\x80",
]  # fmt: skip


@st.composite
def damaged(draw, wholes):
    """One of `wholes` with up to four changes: bytes or tokens put in, parts cut out or doubled."""
    content = bytearray(draw(st.sampled_from(wholes)))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(content)))
        end = draw(st.integers(at, min(len(content), at + 64)))
        more = draw(
            st.one_of(
                st.sampled_from(TOKENS),
                st.binary(max_size=8),
                st.just(b""),
                st.just(bytes(content[at:end]) * 2),
            )
        )
        content[at:end] = more
    cut = draw(st.integers(0, len(content)))
    return bytes(content[:cut]) if draw(st.booleans()) and draw(st.booleans()) else bytes(content)


def contents(wholes):
    """Damaged files, and bytes of any kind."""
    return st.one_of(damaged(wholes), damaged(wholes), damaged(wholes), st.binary(max_size=200))
