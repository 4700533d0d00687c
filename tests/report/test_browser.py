"""The report as a browser lays it out, on a phone and on a wide screen, light and dark."""

import shutil

import pytest
from tests.chromium import Page, chromium
from tests.report.localization import change, spread_out, write_sweep

from bakeoff.report.comparison import read_sweeps
from bakeoff.report.comparison_page import write_comparison
from bakeoff.report.evidence import read_evidence
from bakeoff.report.page import write_report
from bakeoff.store import record

pytestmark = pytest.mark.xdist_group("browser")

LONG = "language_model/transformer_of_many_heads data.corpus.source.min_count=12"
# Whatever reaches beyond the screen or is cut off by a box that hides its overflow.
CUT = """all('body *').filter(e => {
  const box = e.getBoundingClientRect();
  return box.width && (box.right > innerWidth + 1 || box.left < -1);
}).map(e => e.tagName + '.' + e.className + ': ' + e.textContent.trim().slice(0, 40))"""
SCROLLS = """all('.scroll, pre').filter(e => e.scrollWidth > e.clientWidth + 1)
  .map(e => e.tagName + ': ' + e.textContent.trim().slice(0, 40))"""
# The parts of names that stand on two lines: between the places where a line may break.
BROKEN = """all('.name, h1 em, figcaption, b').flatMap(e => {
  const walk = document.createTreeWalker(e, NodeFilter.SHOW_TEXT), broken = [];
  for (let node; node = walk.nextNode();)
    for (const word of node.data.matchAll(/[^\\s]+/g)) {
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const lines = new Set([...range.getClientRects()].map(box => Math.round(box.top)));
      if (lines.size > 1) broken.push(word[0]);
    }
  return broken;
})"""


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("localization") / "2026-11-03_10-00-00"
    folder.mkdir()
    write_sweep(folder)

    def rename(board):
        board["candidates"][1]["name"] = LONG
        board["candidates"][0]["verdict"] = f"observed only; add seeds with `bakeoff run e {LONG}`"

    change(folder, rename)
    return write_report(read_evidence(folder))


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with chromium(tmp_path_factory.mktemp("browser")) as opened:
        yield opened


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 768, 1280])
def test_no_name_breaks_inside_a_word(page: Page, report, width):
    page.open(report.as_uri(), width, 900)
    assert page.ask("all('.name').length") > 8
    assert page.ask(BROKEN) == []


@pytest.mark.slow
@pytest.mark.parametrize("dark", [False, True])
def test_on_a_phone_nothing_is_cut(page: Page, report, dark):
    page.open(report.as_uri(), 390, 900, dark)
    page.ask("all('details').forEach(e => { e.open = true; })")
    assert page.ask("innerWidth") == 390
    assert page.ask(SCROLLS) == []
    assert page.ask(CUT) == []
    # Each cell of a row says what it is of.
    labels = page.ask(
        "all('#leaderboard td').map(e => getComputedStyle(e, '::before').content).join(' ')"
    )
    for heading in ("Mean", "Parameters", "Training", "Prediction"):
        assert heading in labels


@pytest.mark.slow
def test_in_the_dark_text_is_light_and_paper_dark(page: Page, report):
    levels = []
    for dark in (False, True):
        page.open(report.as_uri(), 1280, 900, dark)
        colours = "[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
        levels.append([sum(map(int, colour[4:-1].split(","))) for colour in page.ask(colours)])
    (ink, paper), (dark_ink, dark_paper) = levels
    assert ink < 200 < 600 < paper
    assert dark_paper < 200 < 600 < dark_ink


@pytest.mark.slow
def test_the_table_of_many_candidates_is_sorted_and_filtered(page: Page, tmp_path):
    folder = tmp_path / "localization" / "2026-11-03_10-00-00"
    folder.mkdir(parents=True)
    write_sweep(folder)
    change(folder, spread_out)
    page.open(write_report(read_evidence(folder)).as_uri(), 1280, 900)
    names = (
        "all('#leaderboard tbody tr:not([hidden]) .name').map(e => e.firstChild.textContent.trim())"
    )
    assert page.ask(names + "[0]") == "deep lr=0.1 act=relu"
    means = "all('#leaderboard tbody tr').map(e => Number(e.cells[2].querySelector('data').value))"
    for order in (sorted, lambda values: sorted(values, reverse=True)):
        page.ask("all('#leaderboard th button')[2].click()")
        assert (found := page.ask(means)) == order(found)
    filtered = "(() => { const e = all('.tools input')[0]; e.value = 'WIDE tanh'; "
    page.ask(filtered + "e.dispatchEvent(new Event('input')); })()")
    found = page.ask(names)
    assert len(found) == 5 and all("wide" in name and "tanh" in name for name in found)
    assert page.ask("all('.tools output')[0].textContent") == "5 of 16"
    page.open(page.ask("location.href"), 390, 900)
    assert page.ask(CUT) == []


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_of_a_comparison_is_cut(page: Page, report, tmp_path, width):
    folders = [tmp_path / "localization" / f"2026-11-0{day}_10-00-00" for day in (4, 5)]
    for folder in folders:
        shutil.copytree(report.parent, folder)
        for run_dir in (path.parent for path in folder.glob("*/run.json")):
            run = record.read(run_dir)
            run.candidate_id = run.candidate
            run.write(run_dir)
    path = tmp_path / "compare.html"
    write_comparison(path, read_sweeps(folders))
    page.open(path.as_uri(), width, 900)
    assert page.ask("all('.name').length") > 5
    assert page.ask(CUT) == []
    assert page.ask(SCROLLS) == []
