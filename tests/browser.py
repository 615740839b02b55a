"""A visit with Debian's Chromium, which sees every request and hears every complaint."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from playwright.sync_api import Browser, Page, Request

QUESTION = "Waarom is de coronacrisis zwaar voor de technologische industrie?"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STICKING_OUT = """chat => [...chat.shadowRoot.querySelectorAll("*")]
    .filter((one) => !one.closest(".sheet, .unseen") && one.getBoundingClientRect().right > innerWidth + 1)
    .map((one) => `${one.tagName}.${one.className}`)"""


class Visit:
    """A visit to a page with the chat, which remembers every request and what the browser complains about."""

    def __init__(self, browser: Browser, address: str, *, server: str = "", **options: object) -> None:
        self.allowed: tuple[str, ...] = (address + "/", (server or address) + "/")
        self.context = browser.new_context(**options)  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.requests: list[Request] = []
        self.complaints: list[str] = []
        self.context.on("request", lambda request: self.requests.append(request))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        self.page.goto(address)
        self.page.wait_for_selector("#question", state="attached")

    def ask(self, question: str) -> None:
        """Type a question and send it."""
        self.page.fill("#question", question)
        self.page.keyboard.press("Enter")

    def focused(self, name: str) -> object:
        """Return a property of the element that has the focus."""
        return self.page.evaluate("name => document.activeElement.shadowRoot?.activeElement?.[name]", name)

    def sticking_out(self) -> list[str]:
        """Return the parts of the chat that reach past the right side of the window."""
        found: list[str] = self.page.locator("vraagbaak-chat").evaluate(STICKING_OUT)
        return found

    def finish(self) -> None:
        """Close the page; nothing may have gone to another place, and the browser must be content."""
        elsewhere = [request.url for request in self.requests if not request.url.startswith(self.allowed)]
        self.context.close()
        assert not elsewhere
        assert not self.complaints


class Intranet:
    """A site of the organisation, at an origin of its own: one page, and its content security policy."""

    def __init__(self) -> None:
        self.html = ""
        self.policy = ""
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Security-Policy", site.policy)
                self.end_headers()
                self.wfile.write(site.html.encode())

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def __enter__(self) -> "Intranet":
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def embed(self, server: str, body: str) -> None:
        """Make the page one with this body and the chat's script, under a policy as strict as can be."""
        self.html = (
            '<!doctype html><html lang="nl"><head><title>Intranet</title>'
            f'<script type="module" src="{server}/widget.js"></script></head>'
            f"<body><main><h1>Intranet</h1>{body}</main></body></html>"
        )
        self.policy = (
            f"default-src 'none'; script-src {server}; connect-src {server}; img-src {server}; "
            "require-trusted-types-for 'script'; trusted-types 'none'"
        )
