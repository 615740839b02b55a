"""The styles of a DOCX: which paragraphs are headings, lists of contents or hidden."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

_HEADING = re.compile(r"(?:heading|kop|koptekst|überschrift|titre) ?([1-9])$")
_CONTENTS = re.compile(r"(?:toc|inhopg|inhoudsopgave|table of figures|lijst met afbeeldingen)\b")


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says, or the nearest of those that it is based on. `level` is 0 where it is no heading."""

    name: str = ""
    level: int = 0
    hidden: bool = False
    bold: bool = False
    shaded: bool = False
    names_columns: bool = False  # A table style that sets the first row apart.

    @property
    def is_title(self) -> bool:
        """Tell whether paragraphs of this style are the title of the document."""
        return self.name in ("title", "titel")

    @property
    def is_contents(self) -> bool:
        """Tell whether paragraphs of this style list what stands elsewhere, with page numbers."""
        return _CONTENTS.match(self.name) is not None


def read_styles(root: Element) -> Mapping[str, Style]:
    """Return the styles of a DOCX by id, from the root of its part styles.xml."""
    found = {style.get("w.styleId", ""): style for style in root.iter("w.style")}
    return {name: _style(style, found) for name, style in found.items()}


def value_of(element: Element | None, path: str) -> str | None:
    """Return the value that a property has, such as "w.pPr/w.outlineLvl"; None where it is not set."""
    found = element.find(path) if element is not None else None
    return found.get("w.val", "") if found is not None else None


def is_on(element: Element | None, path: str) -> bool:
    """Tell whether a property that is on or off is there, and on."""
    return value_of(element, path) not in (None, "0", "false", "off", "none")


def outline_level(value: str | None) -> int | None:
    """Return the level of a heading from its outline level, which counts from 0; None where none is told."""
    return None if value is None or not value.isdecimal() else (int(value) + 1 if int(value) < 9 else 0)


def _style(style: Element, known: Mapping[str, Element]) -> Style:
    chain = [style]
    while (above := known.get(value_of(chain[-1], "w.basedOn") or "")) is not None and above not in chain:
        chain.append(above)
    return Style(
        _name(style),
        next((level for each in chain if (level := _level(each)) is not None), 0),
        _nearest(chain, "w.rPr/w.vanish"),
        _nearest(chain, "w.rPr/w.b"),
        any(each.find(f"{place}/w.shd") is not None for each in chain for place in ("w.pPr", "w.rPr")),
        any(part.get("w.type") == "firstRow" for each in chain for part in each.iter("w.tblStylePr")),
    )


def _name(style: Element) -> str:
    return (value_of(style, "w.name") or "").strip().lower()


def _nearest(chain: Sequence[Element], path: str) -> bool:
    """Tell whether a property is on in the first of these styles that sets it."""
    return next((is_on(each, path) for each in chain if each.find(path) is not None), False)


def _level(style: Element) -> int | None:
    """Return the level of a heading that a style itself tells: 1 for a title, 0 for body text."""
    if _name(style) in ("title", "titel"):
        return 1
    found = _HEADING.match(_name(style))
    return int(found[1]) if found else outline_level(value_of(style, "w.pPr/w.outlineLvl"))
