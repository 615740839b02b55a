"""Typeset the sample reports: every .typ file here except the house style becomes a PDF one folder up.

Run: python corpus/src/build.py [TARGET_DIR]. Same sources and same typst version give the same bytes:
system fonts are left out, and each report fixes its own date.
"""

import sys
from pathlib import Path

import typst

SOURCES = Path(__file__).parent
HOUSE_STYLE = "rapport.typ"


def typeset(source: Path) -> bytes:
    """Return the PDF of one Typst file; raise typst.TypstError where it does not compile."""
    pdf = typst.compile(source, root=SOURCES, ignore_system_fonts=True, format="pdf", pdf_standards=["ua-1"])
    if not isinstance(pdf, bytes):
        raise TypeError(f"typst returned {type(pdf).__name__} for {source.name}, not the bytes of one PDF")
    return pdf


def build(target: Path) -> tuple[Path, ...]:
    """Write one PDF for each report into `target` and return their paths, sorted by name."""
    reports = sorted(path for path in SOURCES.glob("*.typ") if path.name != HOUSE_STYLE)
    written = []
    for source in reports:
        pdf = target / f"{source.stem}.pdf"
        pdf.write_bytes(typeset(source))
        written.append(pdf)
    return tuple(written)


if __name__ == "__main__":
    for pdf in build(Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCES.parent):
        print(f"{pdf} ({pdf.stat().st_size / 1024:.0f} KiB)")
