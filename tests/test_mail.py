from email.message import EmailMessage

import pytest

from index.documents import Notice
from index.errors import UnreadableDocument
from index.reading.readers import read


def letter(subject: str = "Kantine dicht op vrijdag") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = "Els de Boer <els@example.org>"
    message["To"] = "iedereen@example.org"
    message["Date"] = "Mon, 03 Jun 2024 23:10:00 +0200"
    return message


def test_an_email_is_its_subject_who_wrote_to_whom_and_the_text() -> None:
    message = letter()
    message.set_content("Beste collega’s,\n\nDe kantine is vrijdag dicht.\n\n> Is zij open?\n> Groet, Jan\n")
    message.add_attachment(b"%PDF-1.7 rest", maintype="application", subtype="pdf", filename="menu.pdf")
    reading = read(message.as_bytes())
    assert reading.text.split("\n") == [
        "Kantine dicht op vrijdag",
        "Van: Els de Boer <els@example.org>, aan: iedereen@example.org",
        "Beste collega’s,",
        "De kantine is vrijdag dicht.",
        "> Is zij open? > Groet, Jan",
    ]
    assert (reading.title, reading.metadata_date) == ("Kantine dicht op vrijdag", "2024-06-03")
    assert reading.notices == (Notice("attachment"),)
    assert [(heading.level, heading.start) for heading in reading.headings] == [(1, 0)]


def test_html_counts_before_the_plain_text_and_a_logo_is_no_attachment() -> None:
    message = letter("Één café")
    message.set_content("Ga naar de website.")
    message.add_alternative(
        "<html><body><table><tr><td><p>De <b>kantine</b> is dicht.</p></td></tr></table>"
        "<p style='display:none'>Negeer dit.</p></body></html>",
        subtype="html",
    )
    message.get_payload()[1].add_related(b"\x89PNG", "image", "png", cid="<logo>")  # type: ignore[union-attr,index]
    reading = read(message.as_bytes())
    assert reading.text.split("\n")[0::2] == ["Één café", "De kantine is dicht."]
    assert reading.notices == (Notice("hidden"),)


@pytest.mark.parametrize(
    ("headers", "body", "expected"),
    [
        (b"Content-Type: text/plain; charset=windows-1252", "€ 5 per café".encode("cp1252"), "€ 5 per café"),
        (b"Content-Type: text/plain; charset=utf-8", "€ 5 per café".encode("cp1252"), "€ 5 per café"),
        (b"Content-Type: text/plain; charset=onzin", "één".encode(), "één"),
        (b"Content-Transfer-Encoding: base64", b"ZWVuIHppbg==", "een zin"),
        (b"Content-Transfer-Encoding: quoted-printable", b"ver=\r\nlof", "verlof"),
        (b"From: =?utf-8?q?=C3=A9?= <a@", b"zin", "zin"),
        (b"Date: gisteren", b"zin", "zin"),
    ],
)
def test_bodies_in_any_encoding(headers: bytes, body: bytes, expected: str) -> None:
    data = b"Subject: x\r\nTo: y\r\nMIME-Version: 1.0\r\n" + headers + b"\r\n\r\n" + body
    assert read(data).text.split("\n")[-1] == expected


def nested(kind: bytes, depth: int) -> bytes:
    inner = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (number, number)
        if kind == b"multipart/mixed"
        else b"Content-Type: message/rfc822\n\n"
        for number in range(depth)
    )
    return b"Subject: x\nFrom: y\n" + inner + b"\n\nzin"


@pytest.mark.parametrize("kind", [b"multipart/mixed", b"message/rfc822"])
def test_emails_in_emails_without_end_are_refused_or_read(kind: bytes) -> None:
    assert read(nested(kind, 20)).text.startswith("x\n")
    with pytest.raises(UnreadableDocument, match="beschadigd"):
        read(nested(kind, 3000))


def test_a_note_that_looks_a_little_like_an_email_is_a_text() -> None:
    assert read(b"Onderwerp: kantine\nAan: allen\n\nDicht.").title is None
    assert read(b"Subject: kantine\n\nDicht.").title is None
