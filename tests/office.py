"""Office files made by hand, for what no library writes: packages with these very bytes in them."""

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP file of these parts, in this order."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()


def relations(**targets: str) -> str:
    """Return a part with relations: each role and the part that has it."""
    entries = "".join(
        f'<Relationship Id="{role}" Type="{_OFFICE}/{role}" Target="{target}"/>'
        for role, target in targets.items()
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{entries}</Relationships>'


def docx(body: str, parts: Mapping[str, str] | None = None, kind: str = _WORD) -> bytes:
    """Return a DOCX with this body; `parts` are word/styles.xml, word/footnotes.xml and so on, by role."""
    others = parts or {}
    return zipped(
        {
            "[Content_Types].xml": f'<Types><Override PartName="/word/document.xml" ContentType="{kind}"/>'
            "</Types>",
            "_rels/.rels": relations(officeDocument="word/document.xml"),
            "word/document.xml": f"<w:document {NAMES}><w:body>{body}</w:body></w:document>",
            "word/_rels/document.xml.rels": relations(**{role: f"{role}.xml" for role in others}),
            **{
                f"word/{role}.xml": f"<w:{role} {NAMES}>{content}</w:{role}>"
                for role, content in others.items()
            },
        }
    )


def odt(body: str, parts: Mapping[str, str] | None = None, styles: str = "") -> bytes:
    """Return an ODT with this text, and these automatic styles."""
    names = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{kind}:1.0"'
        for prefix, kind in (
            ("office", "office"),
            ("text", "text"),
            ("table", "table"),
            ("style", "style"),
            ("draw", "drawing"),
        )
    )
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {names}><office:automatic-styles>{styles}"
            f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
            "</office:document-content>",
            **(parts or {}),
        }
    )
