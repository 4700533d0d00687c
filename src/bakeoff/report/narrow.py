"""Tables on a narrow screen, where a row is shown as a list: each cell says what it is of."""

import re
from itertools import count

from markupsafe import Markup

MOST_COLUMNS = 3  # that a narrow screen shows side by side


def labelled(table: str) -> Markup:
    """A `<table>` of the report with the heading of its column in each cell, as `data-label`, and the class
    `wide`; one of MOST_COLUMNS or fewer as it is.
    """
    headings = [_text(found) for found in re.findall(r"<th\b[^>]*>(.*?)</th>", table, re.DOTALL)]
    if len(headings) <= MOST_COLUMNS:
        return Markup(table)

    def row(found: re.Match[str]) -> str:
        numbers = count()
        return re.sub(r"<td\b", lambda _: f'<td data-label="{headings[next(numbers)]}"', found[0])

    rows = re.sub(r"<tr\b.*?</tr>", row, table, flags=re.DOTALL)
    return Markup(rows.replace("<table", '<table class="wide"', 1))


def _text(heading: str) -> str:
    return re.sub(r"<[^>]*>", "", heading).strip().replace('"', "&quot;")
