// Tables of many candidates: a click on a heading sorts by its column, words typed above the first filter by name.
"use strict";
for (const [at, table] of document.querySelectorAll("table[data-sortable]").entries()) {
  const body = table.tBodies[0], rows = [...body.rows], headings = [...table.tHead.rows[0].cells];
  const value = (row, column) => {
    const cell = row.cells[column], data = cell.querySelector("data");
    const text = cell.dataset.sort ?? (data ? data.value : cell.textContent.trim());
    if (text === "" || text === "–") return null;
    return isNaN(text) ? text : Number(text);
  };
  const sort = (column, down) => {
    for (const heading of headings) heading.removeAttribute("aria-sort");
    headings[column].setAttribute("aria-sort", down ? "descending" : "ascending");
    const keyed = rows.map(row => [value(row, column), row]);
    keyed.sort(([a], [b]) => {
      if (a === null || b === null) return (a === null) - (b === null);  // what is missing comes last
      const order = typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(b);
      return down ? -order : order;
    });
    body.append(...keyed.map(([, row]) => row));
  };
  for (const [column, heading] of headings.entries()) {
    const button = document.createElement("button");
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sort(column, heading.ariaSort === "ascending"));
    heading.append(button);
  }
  const tools = document.createElement("p"), select = document.createElement("select");
  tools.className = "tools";
  // On a narrow screen there are no headings to click.
  select.className = "on-narrow";
  select.ariaLabel = "Sort by";
  for (const [column, heading] of headings.entries())
    for (const [down, arrow] of [[0, "↑"], [1, "↓"]])
      select.add(new Option(`${heading.textContent} ${arrow}`, `${column} ${down}`));
  select.addEventListener("change", () => sort(...select.value.split(" ").map(Number)));
  if (at === 0) {
    const filter = document.createElement("input"), shown = document.createElement("output");
    filter.type = "search";
    filter.placeholder = filter.ariaLabel = "Filter by name";
    filter.addEventListener("input", () => {
      const words = filter.value.toLowerCase().split(/\s+/);
      for (const row of rows) {
        const name = row.querySelector(".name").textContent.toLowerCase();
        row.hidden = !words.every(word => name.includes(word));
      }
      const left = rows.filter(row => !row.hidden).length;
      shown.textContent = left < rows.length ? `${left} of ${rows.length}` : "";
    });
    tools.append(filter, shown);
  }
  tools.append(select);
  table.parentElement.before(tools);
}
