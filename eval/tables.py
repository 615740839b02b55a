"""Tables of the report."""

from collections.abc import Iterable, Sequence
from html import escape


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of cells that are HTML; a column whose head ends in "#" is of numbers."""
    kinds = [' class="n"' if name.endswith("#") else "" for name in head]
    titles = "".join(
        f"<th{kind}>{escape(name.removesuffix('#'))}</th>" for kind, name in zip(kinds, head, strict=True)
    )
    lines = "".join(
        f"<tr>{''.join(f'<td{kind}>{cell}</td>' for kind, cell in zip(kinds, row, strict=True))}</tr>"
        for row in rows
    )
    return f'<div class="wide"><table><tr>{titles}</tr>{lines}</table></div>'
