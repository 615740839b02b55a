"""Generators: a prompt in, text out, piece by piece."""

import json
import re
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any, Protocol

import httpx

from index.errors import BadConfiguration, GenerationFailed
from rag.pieces import Pieces, Put, pieces_of


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a generator reads: instructions, examples as (question, answer), and what it is asked now.

    `system` and `examples` are the same for every question, so that their reading can be kept.
    """

    system: str
    examples: tuple[tuple[str, str], ...]
    user: str

    @property
    def messages(self) -> list[dict[str, str]]:
        """The prompt as chat messages."""
        turns = [("system", self.system)]
        for question, answer in self.examples:
            turns += [("user", question), ("assistant", answer)]
        return [{"role": role, "content": content} for role, content in (*turns, ("user", self.user))]


class Generator(Protocol):
    """Writes text."""

    @property
    def name(self) -> str:
        """Which model writes."""

    def generate(self, prompt: Prompt, max_tokens: int) -> Pieces:
        """Yield pieces of at most `max_tokens` tokens in all. Raises GenerationFailed."""


class Extractive:
    """No model: it writes nothing, so that the answer is made of quotes alone."""

    name = "extractive"

    def generate(self, prompt: Prompt, max_tokens: int) -> Pieces:
        """Yield nothing."""
        yield from ()


class LlamaCpp:
    """A GGUF model through llama.cpp in this process. It writes one answer at a time; others wait for it."""

    READ_AT_ONCE = 64
    """Tokens of a prompt between two moments at which reading can be stopped. 512, 256, 128 and 64 read
    equally fast: 43, 45, 40 and 42 tokens a second (median of six or seven, in turns, 0.5B, busy cores)."""

    def __init__(self, file: Path, *, context: int = 2048, threads: int = 2) -> None:
        """Load the model; `context` is in tokens. Raises BadConfiguration when the file is no such model."""
        import xllamacpp

        if file.suffix != ".gguf" or not file.is_file():
            raise BadConfiguration(f"{file} is no GGUF file.")
        parameters = xllamacpp.CommonParams()
        parameters.model.path = str(file)
        parameters.n_ctx = context
        parameters.n_parallel = 1
        parameters.n_batch = parameters.n_ubatch = self.READ_AT_ONCE
        parameters.cache_ram_mib = 0  # by default earlier prompts are kept, in up to 8 GiB of memory
        parameters.cpuparams.n_threads = threads
        parameters.cpuparams_batch.n_threads = threads
        parameters.verbosity = -1
        parameters.ui = False
        # llama.cpp always listens for HTTP. Here it does so on a socket of which the name is gone at once.
        with TemporaryDirectory(prefix="vraagbaak-") as folder:
            parameters.hostnames = [f"{folder}/llama.sock"]
            try:
                self._server = xllamacpp.Server(parameters)
            except RuntimeError as error:
                raise BadConfiguration(f"llama.cpp cannot load {file}: {error}") from error
        self._turn = Lock()
        self.name = file.stem

    def generate(self, prompt: Prompt, max_tokens: int) -> Pieces:
        """Yield pieces; llama.cpp keeps the reading of the part that the last prompt began with."""
        request = {
            "messages": prompt.messages,
            "max_tokens": max_tokens,
            "temperature": 0,
            "stream": True,
            "cache_prompt": True,
            "return_progress": True,  # a chunk for each READ_AT_ONCE tokens, so that `take` is asked
        }

        def write(put: Put) -> None:
            def take(chunk: dict[str, Any]) -> bool:
                """Pass a chunk on; True asks llama.cpp to stop."""
                if "error" in chunk:
                    errors.append(chunk["error"])
                return not put(_content(chunk)) or bool(errors)

            errors: list[Any] = []
            try:
                self._server.handle_chat_completions(request, take)
            except RuntimeError as error:
                raise GenerationFailed(f"llama.cpp: {error}") from error
            if errors:
                raise GenerationFailed(f"llama.cpp: {errors[0]}")

        # Not a daemon: a thread within llama.cpp must not outlive Python.
        return pieces_of(write, self._turn, daemon=False)


class Transformers:
    """A causal language model through transformers, from a local folder: for machines with a GPU."""

    def __init__(self, folder: Path, *, device: str = "cpu") -> None:
        """Load the model. Raises BadConfiguration when the folder holds no such model."""
        from transformers import AutoModelForCausalLM, AutoTokenizer

        try:
            self._tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
            model = AutoModelForCausalLM.from_pretrained(folder, local_files_only=True, use_safetensors=True)
        except (OSError, ValueError) as error:
            raise BadConfiguration(f"{folder} is not a transformers model: {error}") from error
        self._model = model.to(device)
        self._turn = Lock()
        self.name = folder.name

    def generate(self, prompt: Prompt, max_tokens: int) -> Pieces:
        """Yield pieces; when it is closed, the model still finishes the token that it is at."""
        from transformers import StoppingCriteria, StoppingCriteriaList, TextStreamer

        def write(put: Put) -> None:
            class Passed(TextStreamer):  # type: ignore[misc]
                def on_finalized_text(self, text: str, stream_end: bool = False) -> None:
                    put(text)

            class Stopped(StoppingCriteria):  # type: ignore[misc]
                def __call__(self, input_ids: Any, scores: Any, **_: Any) -> Any:
                    return input_ids.new_full((input_ids.shape[0],), not put(""), dtype=bool)

            try:
                read = self._tokenizer.apply_chat_template(
                    prompt.messages, add_generation_prompt=True, return_tensors="pt", return_dict=True
                ).to(self._model.device)
                self._model.generate(
                    **read,
                    max_new_tokens=max_tokens,
                    do_sample=False,
                    streamer=Passed(self._tokenizer, skip_prompt=True, skip_special_tokens=True),
                    stopping_criteria=StoppingCriteriaList([Stopped()]),
                )
            except (RuntimeError, ValueError) as error:
                raise GenerationFailed(f"transformers: {error}") from error

        return pieces_of(write, self._turn, daemon=False)


class OpenAICompatible:
    """Any server that speaks OpenAI's chat completions: vLLM, Ollama, llama.cpp's server, a gateway."""

    def __init__(
        self, base_url: str, model: str, *, api_key: str | None = None, timeout: float = 60.0
    ) -> None:
        """Remember the server; `timeout` is in seconds, for the first and for each next piece.

        Raises BadConfiguration when `base_url` is no address.
        """
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        if not re.match(r"https?://[^/\s\[]|https?://\[[\da-fA-F:.]+\]", base_url):
            raise BadConfiguration(
                f"{base_url!r} is no address of a server: give one like http://name:8080/v1."
            )
        self._client = httpx.Client(
            base_url=base_url.rstrip("/") + "/",
            headers=headers,
            timeout=timeout,
            limits=httpx.Limits(max_keepalive_connections=0),  # nobody closes a generator: no socket is left
        )
        self.name = model

    def generate(self, prompt: Prompt, max_tokens: int) -> Pieces:
        """Yield pieces; when it is closed, the connection closes at the server's next piece."""
        request = {
            "model": self.name,
            "messages": prompt.messages,
            "max_tokens": max_tokens,
            "temperature": 0,
            "stream": True,
        }

        def write(put: Put) -> None:
            try:
                with self._client.stream("POST", "chat/completions", json=request) as response:
                    response.raise_for_status()
                    for line in response.iter_lines():
                        data = line.removeprefix("data:").strip()
                        if not line.startswith("data:") or data == "[DONE]":
                            continue
                        chunk = json.loads(data)
                        if not isinstance(chunk, dict):
                            raise ValueError(f"{data[:80]!r} is no chunk of a chat completion")
                        if "error" in chunk:
                            raise GenerationFailed(f"{self._client.base_url} broke off: {chunk['error']}")
                        if not put(_content(chunk)):
                            return
            except (httpx.HTTPError, ValueError) as error:
                raise GenerationFailed(f"{self._client.base_url} gave no answer: {error}") from error

        return pieces_of(write, nullcontext(), daemon=True)


def _content(chunk: dict[str, Any]) -> str:
    """Return the text of a chunk of OpenAI's stream of chat completions."""
    choices = chunk.get("choices") or [{}]
    return (choices[0].get("delta") or {}).get("content") or ""
