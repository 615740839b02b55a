"""Hidden text of web pages and e-mails: what is in the file, but not seen by whoever opens it."""

import re
from collections.abc import Mapping

from selectolax.lexbor import LexborHTMLParser, LexborNode

_SUSPECTS = "[hidden], [aria-hidden=true], [style], font[color]"
_OFF_PAGE = -500.0
"""Pixels: further than a layout needs to pull something into place."""
_SMALLEST = 2.0
"""Pixels: smaller letters cannot be read."""
_ALIKE = 16
"""Of 255: two colours that differ less in red, green and blue look the same."""
_PIXELS = {
    "px": 1.0,
    "": 1.0,
    "pt": 4 / 3,
    "em": 16.0,
    "rem": 16.0,
    "ex": 8.0,
    "%": 0.16,
    "vw": 12.0,
    "vh": 8.0,
}
_MOVES = ("left", "top", "right", "bottom", "text-indent", "margin-left", "margin-top")
_LENGTH = re.compile(rf"(-?\d*\.?\d+)\s*({'|'.join(filter(None, _PIXELS))}|)$")
_NO_SIZE = re.compile(r"scale\(0[,)]|rect\((?:[01](?:px)?[\s,]*){4}\)|inset\((?:50|100)%")
_HEX = re.compile(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\b")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})\s*(?:[,/]\s*([\d.]+%?)\s*)?\)")
_NAMES = {"white": (255, 255, 255), "black": (0, 0, 0)}
_WHITE = (255, 255, 255)

Colour = tuple[int, int, int]


def drop_hidden(tree: LexborHTMLParser) -> bool:
    """Take out the elements that nobody sees, and return whether there was text in one.

    Told by attributes and by the styles in attributes; style sheets are not read. Letters in the colour of
    what they stand on count as hidden; where no background is told it is white.
    """
    found = False
    for node in reversed(tree.css(_SUSPECTS)):  # The innermost first: nothing is looked at after it is gone.
        if node.tag not in ("html", "body", "main") and _is_hidden(node):
            found = found or any(character.isalnum() for character in node.text())
            node.decompose()
    return found


def _is_hidden(node: LexborNode) -> bool:
    if "hidden" in node.attributes or node.attributes.get("aria-hidden") == "true":
        return True
    style = _style(node)
    return (
        style.get("display") == "none"
        or style.get("visibility") in ("hidden", "collapse")
        or style.get("mso-hide") == "all"
        or any(_NO_SIZE.search(style.get(name, "")) for name in ("transform", "clip", "clip-path"))
        or _length(style.get("opacity"), 1) < 0.1
        or _length(style.get("font-size"), 16) < _SMALLEST
        or re.match(r"0\D", style.get("font", "")) is not None
        or any(_length(style.get(name), 0) <= _OFF_PAGE for name in _MOVES)
        or ("hidden" in style.get("overflow", "") and _is_flat(style))
        or _blends_in(node, style)
    )


def _style(node: LexborNode) -> Mapping[str, str]:
    found = {}
    for declaration in re.sub(r"/\*.*?\*/", "", node.attributes.get("style") or "").lower().split(";"):
        name, _, value = declaration.partition(":")
        found[name.strip()] = value.replace("!important", "").strip()
    return found


def _length(value: str | None, otherwise: float) -> float:
    """Return a length in pixels, as in a text of 16 pixels."""
    found = _LENGTH.match(value or "")
    return float(found[1]) * _PIXELS[found[2]] if found else otherwise


def _is_flat(style: Mapping[str, str]) -> bool:
    return any(_length(style.get(name), 9) <= 1 for name in ("height", "max-height", "width", "max-width"))


def _blends_in(node: LexborNode, style: Mapping[str, str]) -> bool:
    told = style.get("color") or (node.attributes.get("color") or "" if node.tag == "font" else "")
    if "transparent" in told:
        return True
    colour = _colour(told.lower())
    behind = _background(node) if colour else None
    return bool(colour and behind) and all(
        abs(one - other) < _ALIKE for one, other in zip(colour or (), behind or (), strict=True)
    )


def _background(node: LexborNode) -> Colour | None:
    """Return the colour behind an element; None for one that is not known, such as a picture."""
    above: LexborNode | None = node
    while above is not None:
        style = _style(above)
        told = style.get("background-color") or style.get("background") or above.attributes.get("bgcolor")
        if told and told not in ("transparent", "none", "inherit", "initial"):
            return _colour(told.lower())
        above = above.parent
    return _WHITE


def _colour(value: str) -> Colour | None:
    if found := _HEX.search(value):
        digits = found[1] if len(found[1]) > 4 else "".join(digit * 2 for digit in found[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)
    if found := _RGB.search(value):
        return int(found[1]), int(found[2]), int(found[3])
    return next((colour for name, colour in _NAMES.items() if re.search(rf"\b{name}\b", value)), None)
