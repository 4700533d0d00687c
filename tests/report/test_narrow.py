"""Cells that say what they are of, where a narrow screen shows a row as a list."""

from bakeoff.report.narrow import labelled

HEAD = '<thead><tr><th>Rank</th><th class="right">95&nbsp;% <i>of "x"</i></th><th>C</th>{}</tr></thead>'


def test_each_cell_has_the_heading_of_its_column():
    first = '<tr class="s"><td>1</td>\n<td class="right">2</td><td></td><td>4</td></tr>'
    body = f"<tbody>{first}<tr><td>5</td></tr></tbody>"
    found = labelled(f"<table>{HEAD.format('<th>D</th>')}{body}</table>")
    assert found.startswith('<table class="wide">')
    for cell in (
        '<td data-label="Rank">1',
        '<td data-label="95&nbsp;% of &quot;x&quot;" class="right">2',
        '<td data-label="C"></td>',
        '<td data-label="D">4',
        '<td data-label="Rank">5',
    ):
        assert cell in found, cell


def test_a_table_of_few_columns_stays_one():
    table = f"<table>{HEAD.format('')}<tr><td>1</td><td>2</td><td>3</td></tr></table>"
    assert labelled(table) == table
