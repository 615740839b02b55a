"""Drawing a page of a PDF, for the child process."""

# mypy: disable-error-code="no-untyped-call"

from pathlib import Path

import pypdfium2

from index.reading.pdf.glyphs import PDFIUM


def draw(path: Path, page: int, scale: float) -> tuple[tuple[int, int], bytes]:
    """Return the size of a page in pixels, `scale` of them to the point, and its pixels as RGB by rows."""
    data = path.read_bytes()
    with PDFIUM, pypdfium2.PdfDocument(data[max(0, data[:1024].find(b"%PDF-")) :]) as pdf:
        image = pdf[page - 1].render(scale=scale).to_pil().convert("RGB")
        return image.size, image.tobytes()
