"""matplotlib's SVG document as an element of the page: text stays text, colours are its CSS variables."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree

from bakeoff.showcase.palette import PALETTE

VARIABLES = {light: f"var(--{name})" for name, (light, _) in PALETTE.items()}
SVG, XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"


def inline(document: str, label: str, tips: Sequence[str]) -> str:
    """Turn matplotlib's SVG document into an `<svg>` for the page; `label` tells what it shows.

    Without a fixed size or font, so that it scales and reads like the text around it, and with ids
    that no other chart on the page has. An element with the id `tip-N` shows `tips[N]` on pointing
    at it.
    """
    root = ElementTree.fromstring(document)
    for child in list(root):
        # Its style sheet would apply to the whole page.
        if child.tag == f"{SVG}metadata" or child.find(f"{SVG}style") is not None:
            root.remove(child)
    view_box = root.attrib["viewBox"]
    # Ids are named by content, so that two charts may share one: a prefix keeps them apart.
    content = (label + document).encode(errors="replace")
    prefix = f"c{hashlib.sha256(content).hexdigest()[:8]}-"
    used = set(re.findall(r'(?:url\(#|href="#)([^")]+)', document))
    for element in root.iter():
        element.tag = element.tag.removeprefix(SVG)
        element.text, element.tail = (element.text or "").strip(), None
        tip = re.fullmatch(r"tip-(\d+)", element.attrib.get("id", ""))
        attributes = dict(_attributes(element.attrib, used, prefix))
        element.attrib.clear()
        element.attrib.update(attributes)
        if tip:
            element.insert(0, title := ElementTree.Element(f"{SVG}title"))
            title.text = tips[int(tip[1])]
    root.attrib.clear()
    root.attrib.update({"class": "chart", "role": "img", "aria-label": label, "viewBox": view_box})
    root.attrib["style"] = f"max-width: {1.25 * float(view_box.split()[2]):.0f}px"
    return ElementTree.tostring(root, encoding="unicode")


def _attributes(given: dict[str, str], used: set[str], prefix: str) -> Iterator[tuple[str, str]]:
    """Yield an element's attributes as the page needs them: its colours, its font, unique ids."""
    for name, value in given.items():
        match name.removeprefix(XLINK):
            case "id" if value in used:
                yield "id", prefix + value
            case "href":
                yield "href", f"#{prefix}{value.removeprefix('#')}"
            case "clip-path":
                yield name, value.replace("url(#", f"url(#{prefix}")
            case "style":
                value = re.sub(r"font-family: [^;]*(; |$)", "", value)
                yield name, re.sub("#[0-9a-f]{6}", lambda m: VARIABLES.get(m[0], m[0]), value)
            case "d" | "x" | "y":
                # Hundredths of a pixel are enough, and halve the file.
                value = re.sub(r"-?\d+\.\d+", lambda m: f"{float(m[0]):.2f}", value)
                yield name, " ".join(value.split())
            case "width" | "height":
                yield name, value
