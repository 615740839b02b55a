"""Small PDFs for tests: typeset with Typst, or put together by hand where a real program would not do it."""

from collections.abc import Sequence
from io import BytesIO

import pypdfium2
import typst
from pypdf import PdfReader as PypdfReader
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
    objects: list[str | bytes] = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    kids = []
    for page in pages:
        drawn = "\n".join(
            f"BT /F1 {size} Tf {left} {baseline} Td ({_escaped(text)}) Tj ET"
            for left, baseline, size, text in page
        )
        objects.append(stream(drawn.encode("latin-1")))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents {len(objects)} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    return assembled(objects)


def assembled(objects: Sequence[str | bytes], trailer: str = "") -> bytes:
    """Return a PDF of `objects`, numbered from 1, the catalog first; `trailer` has further entries."""
    body, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        written = content if isinstance(content, bytes) else content.encode("latin-1")
        body += b"%d 0 obj\n%b\nendobj\n" % (number, written)
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    count = len(objects) + 1
    end = f"trailer << /Size {count} /Root 1 0 R {trailer} >>\nstartxref\n{len(body)}\n%%EOF\n"
    return bytes(body) + f"xref\n0 {count}\n0000000000 65535 f \n{table}{end}".encode()


def stream(data: bytes, entries: str = "") -> bytes:
    """Return a stream object that holds `data`."""
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(data), entries.encode(), data)


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


def scanned(pdf: bytes, dots: int = 200) -> bytes:
    """Return a PDF of pictures of the pages of `pdf`, as a scanner makes it, `dots` to the inch."""
    with pypdfium2.PdfDocument(pdf) as document:
        pictures = [page.render(scale=dots / 72, grayscale=True).to_pil() for page in document]
    made = BytesIO()
    pictures[0].save(made, "PDF", resolution=dots, save_all=True, append_images=pictures[1:])
    return made.getvalue()


def invisible(pdf: bytes, foot: str = "") -> bytes:
    """Return the words of a PDF of one page where they stand, but drawn invisibly, and `foot` at its foot."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0]
        width, height = page.get_size()
        text = page.get_textpage()
        words = [
            (text.get_rect(index), text.get_text_bounded(*text.get_rect(index)))
            for index in range(text.count_rects())
        ]
    drawn = [
        f"BT 3 Tr /F1 {top - bottom} Tf {left} {bottom} Td ({_escaped(line.strip())}) Tj ET"
        for (left, bottom, _, top), line in words
    ]
    drawn.append(f"BT 3 Tr /F1 8 Tf 20 5 Td ({foot}) Tj ET")
    return assembled(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [5 0 R] /Count 1 >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            stream("\n".join(drawn).encode("latin-1")),
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents 4 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>",
        ]
    )


def together(*pdfs: bytes) -> bytes:
    """Return one PDF with the pages of all of `pdfs`."""
    writer = PdfWriter()
    for pdf in pdfs:
        writer.append(BytesIO(pdf))
    return _bytes(writer)


def laid_over(pdf: bytes, other: bytes) -> bytes:
    """Return `pdf` with the pages of `other` drawn over its own."""
    writer = PdfWriter(clone_from=BytesIO(pdf))
    for page, over in zip(writer.pages, PypdfReader(BytesIO(other)).pages, strict=True):
        page.merge_page(over)
    return _bytes(writer)


def blank(pages: int) -> bytes:
    """Return a PDF of empty pages."""
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
