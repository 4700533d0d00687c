"""Typographic marks, read as the ones that a keyboard types: “what” becomes the word of "what".

| in the text | read as |
|---|---|
| “ ” „ ‟ « » | `"`, which the rules of basic English remove |
| ‘ ’ ‚ ‛ ‹ › | `'`, a token of its own |
| … | `...`, three tokens |
| ‒ – — ―, two hyphens or more, a hyphen between white space | a space, as `;` and `:` |
| the hyphens U+2010 and U+2011 | `-`, which is a part of its word |
| the soft hyphen U+00AD | nothing |

So a dash ends a word, whether it was printed (what—he), or typed (what--he, what - he).
"""

from tokenizers import Regex, Tokenizer, normalizers

BEFORE = {
    "[“”„‟«»]": '"',
    "[‘’‚‛‹›]": "'",
    "…": "...",
    "[\N{HYPHEN}\N{NON-BREAKING HYPHEN}]": "-",
    "\N{SOFT HYPHEN}": "",
}
# After the other rules: they remove the marks around a hyphen, which then stands alone.
DASHES = r"[-‒–—―]{2,}|[‒–—―]|(?<!\S)-(?!\S)"


def straightened(tokenizer: Tokenizer) -> Tokenizer:
    """`tokenizer`, changed in place: it replaces typographic marks around its own rules."""
    replaced = [normalizers.Replace(Regex(marks), typed) for marks, typed in BEFORE.items()]
    dashes = normalizers.Replace(Regex(DASHES), " ")
    tokenizer.normalizer = normalizers.Sequence([*replaced, tokenizer.normalizer, dashes])
    return tokenizer
