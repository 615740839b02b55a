"""`/beheer`: where editors bring documents and read what people asked in vain. Behind a token of its own."""

import asyncio
import hmac
import os
import re
import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.editors_page import documents_page, login_page, no_report_page, questions_page
from api.feedback import TooMany
from api.intake import Intake
from index.editions import standings
from index.store import Store
from index.texts import text
from rag.review.kept import KeptQuestion
from rag.review.store import QuestionStore

COOKIE = "vraagbaak_editor"
HOURS = 8
"""How long an editor stays in."""
TRIES = 10
"""Wrong tokens a minute, of all people together."""
FILES = 20
"""Files in one upload."""

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
}
# The report brings its own style and script, and may do nothing else: it counts as a page of nobody.
_REPORT_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-scripts",
}
_NAME = re.compile(r"[^\x00-\x1f/\\.][^\x00-\x1f/\\]{0,180}")


@dataclass(frozen=True, slots=True)
class Editors:
    """What the editors' pages need: their token, the folder with everything, how questions are written.

    `report` is where the last evaluation stands as a page, if there was one.
    """

    token: str
    folder: Path
    export: Callable[[Sequence[KeptQuestion]], str]
    report: Path


class Sessions:
    """Who is in. In memory: a restart asks everybody for the token again."""

    def __init__(self, token: str) -> None:
        self._token = token.encode()
        self._until: dict[str, float] = {}
        self._wrong: list[float] = []

    def enter(self, token: str) -> str | None:
        """Return the value of the cookie, or None for a wrong token. Raises TooMany."""
        now = time.monotonic()
        self._wrong = [when for when in self._wrong if now - when < 60]
        if len(self._wrong) >= TRIES:
            raise TooMany(f"{TRIES} wrong tokens within a minute.")
        if not hmac.compare_digest(token.encode(), self._token):
            self._wrong.append(now)
            return None
        self._until = {key: until for key, until in self._until.items() if until > now}
        key = secrets.token_urlsafe(32)
        self._until[key] = now + HOURS * 3600
        return key

    def known(self, key: str | None) -> bool:
        """Say whether this cookie was given and still counts."""
        return key is not None and self._until.get(key, 0) > time.monotonic()

    def leave(self, key: str | None) -> None:
        """Forget a cookie."""
        self._until.pop(key or "", None)


def own_page(request: Request) -> None:
    """Refuse what a page of another site has a browser send, with the cookie or without.

    Origin counts only where a browser says nothing better: under our policy on referrers it is "null".
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    own = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    if request.method == "POST" and not (own if site is None else site in ("same-origin", "none")):
        raise HTTPException(403)


def editor_routes(editors: Editors, intake: Intake) -> APIRouter:
    """Return the routes of the editors' pages."""
    routes = APIRouter(prefix="/beheer", include_in_schema=False, dependencies=[Depends(own_page)])
    sessions = Sessions(editors.token)

    def known(request: Request) -> bool:
        return sessions.known(request.cookies.get(COOKIE))

    @routes.get("")
    def documents(request: Request) -> Response:
        if not known(request):
            return HTMLResponse(login_page(), 401, _HEADERS)
        with closing(Store(editors.folder)) as store:
            found = sorted((store.document(entry) for entry in store.entries()), key=lambda one: one.title)
            refused = store.refusals()
        stand = standings(found, date.today())
        page = documents_page(found, stand, refused, at_hand=intake.at_hand, trouble=intake.trouble)
        return HTMLResponse(page, headers=_HEADERS)

    @routes.post("/aanmelden")
    async def enter(request: Request) -> Response:
        form = await request.form(max_files=0, max_fields=2)
        key = sessions.enter(str(form.get("token", "")))
        if key is None:
            return HTMLResponse(login_page(text("editors.wrong")), 401, _HEADERS)
        response = _back()
        secure = request.url.scheme == "https"
        response.set_cookie(
            COOKIE, key, HOURS * 3600, path="/beheer", secure=secure, httponly=True, samesite="strict"
        )
        return response

    @routes.post("/afmelden")
    def leave(request: Request) -> Response:
        sessions.leave(request.cookies.get(COOKIE))
        response = _back()
        response.delete_cookie(COOKIE, path="/beheer")
        return response

    @routes.post("/documenten")
    async def bring(request: Request) -> Response:
        if not known(request):  # before the body is read: it may be large
            return _back()
        async with request.form(max_files=FILES, max_fields=0) as form:
            brought = [file for file in form.getlist("file") if isinstance(file, UploadFile)]
            for file in brought:
                name = file.filename or ""
                if not _NAME.fullmatch(name) or name == "manifest.json":
                    intake.trouble = text("editors.wrong_name", file=name[:80])
                    continue
                intake.add(await asyncio.to_thread(_kept, file, intake.uploads, name))
        return _back()

    @routes.post("/documenten/{document_id}/weg")
    def take_away(request: Request, document_id: str) -> Response:
        if known(request):
            intake.remove(document_id)
        return _back()

    @routes.get("/beheer.css")
    def style() -> Response:
        return Response(files("api").joinpath("editors.css").read_bytes(), media_type="text/css")

    @routes.get("/beheer.js")
    def script() -> Response:
        return Response(files("api").joinpath("editors.js").read_bytes(), media_type="text/javascript")

    def waiting() -> list[KeptQuestion]:
        return [question for question in QuestionStore(editors.folder).questions() if not question.review]

    @routes.get("/vragen")
    def questions(request: Request) -> Response:
        return HTMLResponse(questions_page(waiting()), headers=_HEADERS) if known(request) else _back()

    @routes.get("/vragen.jsonl")
    def exported(request: Request) -> Response:
        if not known(request):
            return _back()
        headers = _HEADERS | {"Content-Disposition": 'attachment; filename="vragen.jsonl"'}
        return Response(editors.export(waiting()), headers=headers, media_type="application/jsonl")

    @routes.get("/evaluatie")
    def evaluation(request: Request) -> Response:
        if not known(request):
            return _back()
        if editors.report.is_file():
            return HTMLResponse(editors.report.read_bytes(), headers=_REPORT_HEADERS)
        return HTMLResponse(no_report_page(), headers=_HEADERS)

    return routes


def _back() -> RedirectResponse:
    return RedirectResponse("/beheer", 303, _HEADERS)


def _kept(file: UploadFile, folder: Path, name: str) -> Path:
    """Write an upload and return where it is; it appears whole, or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=folder, prefix=".", delete=False) as draft:
        while piece := file.file.read(1 << 20):
            draft.write(piece)
        draft.flush()
        os.fsync(draft.fileno())
    return Path(draft.name).replace(folder / name)
