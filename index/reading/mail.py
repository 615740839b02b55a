"""E-mail: the subject, who wrote to whom, and what was written; attachments are told, not read."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart

from selectolax.lexbor import LexborHTMLParser

from index.documents import Notice
from index.errors import UnreadableDocument
from index.reading.characters import clean_text
from index.reading.encodings import decode
from index.reading.flow import Part, reading_of
from index.reading.html import parts_of
from index.reading.plain import plain_parts
from index.reading.reading import Options, Reading
from index.texts import text

_HEADERS = re.compile(r"(?:[!-9;-~]+:(?:[ \t].*)?\r?\n(?:[ \t]+\S.*\r?\n)*)+(?:\r?\n|\Z)")
_USUAL = re.compile(
    r"^(from|to|subject|date|received|message-id|mime-version):", re.MULTILINE | re.IGNORECASE
)
_LEAKS = (ValueError, KeyError, IndexError, TypeError, AttributeError, AssertionError, LookupError)
"""What the email package is known to let through on headers that break the rules."""


class MailReader:
    """Reads e-mails (.eml)."""

    def read(self, data: bytes, options: Options) -> Reading:
        """Return an e-mail as a reading of one page under its subject. Raises UnreadableDocument."""
        try:
            message = message_from_bytes(data, policy=policy.default)
            body = message.get_body(("html", "plain"))
            attached = any(not _is_picture(part) for part in message.iter_attachments())
        except (RecursionError, *_LEAKS) as error:  # E-mails in e-mails without end, or no rule kept.
            raise UnreadableDocument(text("read.damaged")) from error
        subject, sender, receivers = (_header(message, name) for name in ("subject", "from", "to"))
        parts = [Part(subject, 1)] if subject else []
        if sender or receivers:
            parts.append(Part(text("mail.parties", sender=sender or "?", receivers=receivers or "?")))
        notices: tuple[Notice, ...] = (Notice("attachment"),) if attached else ()
        if body is not None:
            written = _written(body)
            if body.get_content_subtype() == "html":
                found, hidden = parts_of(LexborHTMLParser(written))
                notices = (*hidden, *notices)
            else:
                found = list(plain_parts(written))
            parts += found
        return reading_of(
            [parts], options, title=subject or None, metadata_date=_date(message), notices=notices
        )


def is_mail(source: str) -> bool:
    """Tell whether a text begins with the headers of an e-mail."""
    found = _HEADERS.match(source)
    return found is not None and len({name.lower() for name in _USUAL.findall(found[0])}) >= 2


def _header(message: EmailMessage, name: str) -> str:
    try:
        return clean_text(str(message[name] or ""))
    except _LEAKS:
        return ""


def _date(message: EmailMessage) -> str | None:
    try:
        sent = message["date"].datetime
    except _LEAKS:
        return None
    return f"{sent:%Y-%m-%d}" if sent else None


def _written(part: MIMEPart) -> str:
    """Return the text of a part: in the charset it names, or else in the one that makes the best words."""
    data = part.get_payload(decode=True)
    data = data if isinstance(data, bytes) else b""
    try:
        return data.decode(part.get_content_charset() or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return decode(data)


def _is_picture(part: MIMEPart) -> bool:
    """Tell whether a part is a picture in the text, such as a logo below a signature."""
    return part.get_content_maintype() == "image" and part.get("content-id") is not None
