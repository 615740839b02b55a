"""Generators: a prompt in, text out, piece by piece."""

import json
from collections.abc import Generator as Generating
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any, Protocol

import httpx

from index.errors import BadConfiguration, GenerationFailed

Pieces = Generating[str, None, None]
"""Pieces of text as they are written. Closing it stops the writing."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a generator reads. `system` is the same for every question, so that its reading can be cached."""

    system: str
    user: str

    @property
    def messages(self) -> list[dict[str, str]]:
        """The prompt as chat messages."""
        return [{"role": "system", "content": self.system}, {"role": "user", "content": self.user}]


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
    """A GGUF model through llama.cpp in this process."""

    def __init__(self, file: Path, *, context: int = 2048, threads: int = 2) -> None:
        """Load the model; `context` is in tokens. Raises BadConfiguration when the file is no such model."""
        import xllamacpp

        if file.suffix != ".gguf" or not file.is_file():
            raise BadConfiguration(f"{file} is no GGUF file.")
        parameters = xllamacpp.CommonParams()
        parameters.model.path = str(file)
        parameters.n_ctx = context
        parameters.n_parallel = 1
        parameters.cpuparams.n_threads = threads
        parameters.cpuparams_batch.n_threads = threads
        parameters.verbosity = -1
        parameters.ui = False
        try:
            self._server = xllamacpp.Server(parameters)
        except RuntimeError as error:
            raise BadConfiguration(f"llama.cpp cannot load {file}: {error}") from error
        self.name = file.stem

    def generate(self, prompt: Prompt, max_tokens: int) -> Pieces:
        """Yield pieces; llama.cpp keeps the reading of the part that the last prompt began with."""
        request = {
            "messages": prompt.messages,
            "max_tokens": max_tokens,
            "temperature": 0,
            "stream": True,
            "cache_prompt": True,
        }
        pieces: SimpleQueue[str | BaseException | None] = SimpleQueue()
        stopped = Event()

        def take(chunk: dict[str, Any]) -> bool:
            """Pass a chunk on; True asks llama.cpp to stop."""
            if "error" in chunk:
                pieces.put(GenerationFailed(f"llama.cpp: {chunk['error']}"))
                return True
            for choice in chunk.get("choices", ()):
                pieces.put(choice.get("delta", {}).get("content") or "")
            return stopped.is_set()

        def write() -> None:
            try:
                self._server.handle_chat_completions(request, take)
            except RuntimeError as error:
                pieces.put(GenerationFailed(f"llama.cpp: {error}"))
            finally:
                pieces.put(None)

        writer = Thread(target=write, daemon=True)
        writer.start()
        try:
            while (piece := pieces.get()) is not None:
                if isinstance(piece, BaseException):
                    raise piece
                if piece:
                    yield piece
        finally:
            stopped.set()
            writer.join()


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
        self.name = folder.name

    def generate(self, prompt: Prompt, max_tokens: int) -> Pieces:
        """Yield pieces as the model writes them in a thread of its own."""
        from transformers import StoppingCriteria, StoppingCriteriaList, TextIteratorStreamer

        stopped = Event()

        class Stopped(StoppingCriteria):  # type: ignore[misc]
            def __call__(self, input_ids: Any, scores: Any, **_: Any) -> Any:
                return input_ids.new_full((input_ids.shape[0],), stopped.is_set(), dtype=bool)

        read = self._tokenizer.apply_chat_template(
            prompt.messages, add_generation_prompt=True, return_tensors="pt", return_dict=True
        ).to(self._model.device)
        streamer = TextIteratorStreamer(self._tokenizer, skip_prompt=True, skip_special_tokens=True)
        failures: list[RuntimeError | ValueError] = []

        def write() -> None:
            try:
                self._model.generate(
                    **read,
                    max_new_tokens=max_tokens,
                    do_sample=False,
                    streamer=streamer,
                    stopping_criteria=StoppingCriteriaList([Stopped()]),
                )
            except (RuntimeError, ValueError) as error:
                failures.append(error)
                streamer.end()

        writer = Thread(target=write, daemon=True)
        writer.start()
        try:
            yield from (piece for piece in streamer if piece)
        finally:
            stopped.set()
            writer.join()
        if failures:
            raise GenerationFailed(f"transformers: {failures[0]}") from failures[0]


class OpenAICompatible:
    """Any server that speaks OpenAI's chat completions: vLLM, Ollama, llama.cpp's server, a gateway."""

    def __init__(
        self, base_url: str, model: str, *, api_key: str | None = None, timeout: float = 60.0
    ) -> None:
        """Remember the server; `timeout` is in seconds, for the first and for each next piece."""
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._client = httpx.Client(base_url=base_url.rstrip("/") + "/", headers=headers, timeout=timeout)
        self.name = model

    def generate(self, prompt: Prompt, max_tokens: int) -> Pieces:
        """Yield pieces; closing the iterator closes the connection, at which servers stop writing."""
        request = {
            "model": self.name,
            "messages": prompt.messages,
            "max_tokens": max_tokens,
            "temperature": 0,
            "stream": True,
        }
        try:
            with self._client.stream("POST", "chat/completions", json=request) as response:
                response.raise_for_status()
                for line in response.iter_lines():
                    data = line.removeprefix("data:").strip()
                    if not line.startswith("data:") or data == "[DONE]":
                        continue
                    for choice in json.loads(data).get("choices", ()):
                        if piece := choice.get("delta", {}).get("content"):
                            yield piece
        except (httpx.HTTPError, ValueError) as error:
            raise GenerationFailed(f"{self._client.base_url} gave no answer: {error}") from error
