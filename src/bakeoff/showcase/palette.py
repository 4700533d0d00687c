"""The colours of the report and its figures, on light paper and on dark."""

# name: (light, dark). The page declares these as CSS variables; a chart is drawn in the light ones.
PALETTE = {
    "paper": ("#fdfdfc", "#16191c"),
    "ink": ("#1f2428", "#e3e6e8"),
    "muted": ("#646c74", "#9aa3ab"),
    "line": ("#e5e6e3", "#2e343a"),
    "neutral": ("#8d959d", "#78828b"),
    "accent": ("#176b8c", "#63b6d6"),
    "warm": ("#b57a25", "#d9a658"),
    "bad": ("#b33d2c", "#e8836f"),
}
INK, MUTED, LINE, PAPER = (PALETTE[name][0] for name in ("ink", "muted", "line", "paper"))
NEUTRAL, ACCENT, WARM, BAD = (PALETTE[name][0] for name in ("neutral", "accent", "warm", "bad"))
