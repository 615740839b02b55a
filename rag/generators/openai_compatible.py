"""A server elsewhere that speaks OpenAI's chat completions."""

import json
import logging
import re
import time
from contextlib import nullcontext
from typing import Any

import httpx

from index.errors import BadConfiguration, GenerationFailed, PromptTooLong
from rag.generators.chunks import content_of, context_of
from rag.generators.generator import Prompt, require_context
from rag.generators.pieces import Pieces, Put, pieces_of

logger = logging.getLogger(__name__)

ATTEMPTS = 3
PAUSE = 0.5
"""Seconds before the second attempt; before each next one twice as long."""
LONGEST_PAUSE = 5.0
"""Seconds. Who is told to come back later than this is better helped by quotes now."""
CONNECTING = 5.0
"""Seconds for a connection, and for the list of models."""

_TOO_LONG = re.compile(r"context.{0,20}(?:length|size|window)|too many tokens|too long", re.IGNORECASE)


class OpenAICompatible:
    """Any server that speaks OpenAI's chat completions: vLLM, Ollama, llama.cpp's server, a gateway."""

    def __init__(
        self,
        base_url: str,
        model: str,
        *,
        api_key: str | None = None,
        timeout: float = 60.0,
        context: int | None = None,
    ) -> None:
        """Remember the server; `timeout` is in seconds, for the first and for each next piece.

        With `context`, the server is asked how many tokens its model takes. Raises BadConfiguration when
        `base_url` is no address, or when the model takes fewer. A server that is away may come back.
        """
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        if not re.match(r"https?://[^/\s\[]|https?://\[[\da-fA-F:.]+\]", base_url):
            raise BadConfiguration(
                f"{base_url!r} is no address of a server: give one like http://name:8080/v1."
            )
        self._client = httpx.Client(
            base_url=base_url.rstrip("/") + "/",
            headers=headers,
            timeout=httpx.Timeout(timeout, connect=min(timeout, CONNECTING)),
            limits=httpx.Limits(max_keepalive_connections=0),  # nobody closes a generator: no socket is left
        )
        self._optional: dict[str, Any] = {
            "temperature": 0,
            "chat_template_kwargs": {"enable_thinking": False},
        }
        self.name = model
        if context:
            require_context(f"{model} at {base_url}", self._context(), context)

    def generate(self, prompt: Prompt, max_tokens: int) -> Pieces:
        """Yield pieces; when it is closed, the connection closes at the server's next piece.

        A server that cannot be reached, or has no time (429, 503), is asked again, as long as nothing came.
        """

        def write(put: Put) -> None:
            pause = PAUSE
            for attempt in range(1, ATTEMPTS + 1):
                try:
                    return self._ask(prompt, max_tokens, put)
                except _NotNow as error:
                    pause = max(pause, error.later)
                    if attempt == ATTEMPTS or pause > LONGEST_PAUSE or not _waited(pause, put):
                        raise GenerationFailed(f"{self._client.base_url} gave no answer: {error}") from error
                    pause *= 2
                except (httpx.HTTPError, ValueError) as error:
                    raise GenerationFailed(f"{self._client.base_url} gave no answer: {error}") from error

        return pieces_of(write, nullcontext(), daemon=True)

    def _ask(self, prompt: Prompt, max_tokens: int, put: Put) -> None:
        """Put what the server writes. Raises _NotNow, GenerationFailed, and what httpx raises."""
        # All that is ever sent: nothing of a request that came in is passed on.
        request = {
            "model": self.name,
            "messages": prompt.messages,
            "max_tokens": max_tokens,
            "stream": True,
            **self._optional,
        }
        try:
            with self._client.stream("POST", "chat/completions", json=request) as response:
                if response.is_error:
                    response.read()
                    refused = self._refused(response)
                else:
                    return self._pass_on(response, put)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise _NotNow(str(error)) from error
        for field in refused:
            logger.info("%s does not know %s: it is left out from now on", self._client.base_url, field)
            self._optional.pop(field, None)
        return self._ask(prompt, max_tokens, put)

    def _refused(self, response: httpx.Response) -> list[str]:
        """Return the optional fields for which a request was refused; raise when it was for anything else."""
        status = f"{response.status_code} {response.reason_phrase}"
        logger.debug("%s answered %s: %s", self._client.base_url, status, response.text)
        if response.status_code in (429, 503):
            told = response.headers.get("Retry-After", "")
            raise _NotNow(status, float(told) if told.isdecimal() else 0.0)
        if response.status_code in (400, 422):
            if unknown := [field for field in self._optional if field in response.text]:
                return unknown
            if _TOO_LONG.search(response.text):
                raise PromptTooLong(f"The prompt is too long for {self.name} at {self._client.base_url}.")
        raise GenerationFailed(f"{self._client.base_url} gave no answer: {status}")

    def _pass_on(self, response: httpx.Response, put: Put) -> None:
        for line in response.iter_lines():
            data = line.removeprefix("data:").strip()
            if not line.startswith("data:") or data == "[DONE]":
                continue
            chunk = json.loads(data)
            if not isinstance(chunk, dict):
                raise ValueError(f"{data[:80]!r} is no chunk of a chat completion")
            if "error" in chunk:
                raise GenerationFailed(f"{self._client.base_url} broke off: {chunk['error']}")
            if not put(content_of(chunk)):
                return

    def _context(self) -> int | None:
        try:
            response = self._client.get("models", timeout=CONNECTING).raise_for_status()
            return context_of(response.json(), self.name)
        except (httpx.HTTPError, ValueError) as error:
            logger.warning("%s does not say which models it has: %s", self._client.base_url, error)
            return None


class _NotNow(Exception):
    """The server has no time, or is not there; it may be asked again, `later` seconds from now or more."""

    def __init__(self, message: str, later: float = 0.0) -> None:
        super().__init__(message)
        self.later = later


def _waited(seconds: float, put: Put) -> bool:
    """Wait, unless who asked leaves meanwhile; say whether to go on."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not put(""):
            return False
        time.sleep(0.05)
    return True
