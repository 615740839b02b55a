"""Small PDFs for tests: typeset with Typst, or put together by hand where a real program would not do it."""

from collections.abc import Sequence
from io import BytesIO

import typst
from pypdf import PdfWriter

Placed = tuple[float, float, float, str]
"""Left and baseline in points from the bottom left corner, size in points, text."""


def typeset(source: str) -> bytes:
    """Return the PDF that Typst makes of `source`, in Dutch, without the fonts of this machine."""
    page = "#set page(width: 300pt, height: 400pt, margin: 40pt)\n#set text(lang: 'nl', size: 10pt)\n"
    made = typst.compile((page.replace("'", '"') + source).encode(), ignore_system_fonts=True)
    assert isinstance(made, bytes)
    return made


def handmade(*pages: Sequence[Placed], width: int = 300, height: int = 400) -> bytes:
    """Return a PDF with exactly these texts at these places, drawn in this order, in Helvetica."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    kids = []
    for page in pages:
        stream = "\n".join(
            f"BT /F1 {size} Tf {left} {baseline} Td ({_escaped(text)}) Tj ET"
            for left, baseline, size, text in page
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents {len(objects)} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    count = len(objects) + 1
    trailer = f"trailer << /Size {count} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + f"xref\n0 {count}\n0000000000 65535 f \n{table}{trailer}".encode()


def paragraph(
    *lines: str, left: float = 40, top: float = 350, size: float = 10, step: float = 12
) -> list[Placed]:
    """Return `lines` set under each other."""
    return [(left, top - step * index, size, line) for index, line in enumerate(lines)]


def rewritten(pdf: bytes, *, turn: int = 0, password: str | None = None, owner: str = "beheer") -> bytes:
    """Return `pdf` with its pages turned, or encrypted with a password to open it ("" for none)."""
    writer = PdfWriter(clone_from=BytesIO(pdf))
    for page in writer.pages:
        page.rotate(turn)
    if password is not None:
        writer.encrypt(password, owner, algorithm="AES-256")
    return _bytes(writer)


def blank(pages: int) -> bytes:
    """Return a PDF of empty pages, as a scan without text is."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(300, 400)
    return _bytes(writer)


def _bytes(writer: PdfWriter) -> bytes:
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
