"""llama.cpp in this process."""

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

import httpx

from index.errors import BadConfiguration, GenerationFailed, PromptTooLong
from rag.generators.chunks import content_of, context_of
from rag.generators.generator import Prompt, require_context
from rag.generators.pieces import Pieces, Put, pieces_of
from rag.generators.prompt_cache import PromptCache


class LlamaCpp:
    """A GGUF model through llama.cpp in this process. It writes one answer at a time; others wait for it."""

    READ_AT_ONCE = 32
    """Tokens of a prompt between two moments at which reading can be stopped: who leaves frees the model
    within a second, after one to two of them, as llama.cpp begins the next while it reports the last. With 64
    that takes up to 1.7 s, and 128 more; they read 14 and 20 % faster (benchmarks/llama.py)."""

    def __init__(
        self, file: Path, *, context: int = 2048, threads: int = 2, cache: PromptCache | None = None
    ) -> None:
        """Load the model; `context` is the tokens that a prompt and its answer may take together.

        With a `cache`, the beginning of all prompts is read here, and only where that was not done before.
        Raises BadConfiguration when the file is no such model, or one that takes fewer tokens.
        """
        import xllamacpp

        self._turn = Lock()
        self.name = file.stem
        if file.suffix != ".gguf" or not file.is_file():
            raise BadConfiguration(f"{file} is no GGUF file.")
        parameters = self.parameters(file, context, threads)
        # llama.cpp always listens for HTTP. Here it does so on a socket of which the name is gone at once.
        with TemporaryDirectory(prefix="vraagbaak-") as folder:
            socket = f"{folder}/llama.sock"
            parameters.hostnames = [socket]
            parameters.slot_save_path = f"{folder}/"
            try:
                self._server = xllamacpp.Server(parameters)
            except RuntimeError as error:
                raise BadConfiguration(f"llama.cpp cannot load {file}: {error}") from error
            with httpx.Client(transport=httpx.HTTPTransport(uds=socket)) as client:
                taken = context_of(client.get("http://llama/v1/models").json(), file.stem)
                require_context(str(file), taken, context)
                if cache:
                    status = file.stat()
                    made_by = (xllamacpp.__version__, self.READ_AT_ONCE, context, cache.beginning)
                    self._begin(cache, repr((status.st_size, status.st_mtime_ns, *made_by)), client, folder)

    def _begin(self, cache: PromptCache, key: str, client: httpx.Client, folder: str) -> None:
        """Take up the state after the beginning of all prompts; whatever fails costs reading it later on."""
        state = Path(folder, "state")

        def slot(action: str) -> bool:
            place = f"http://llama/slots/0?action={action}"
            return client.post(place, json={"filename": state.name}).is_success

        def read() -> bytes:
            for _ in self.generate(cache.beginning, 1):
                pass
            if not slot("save"):
                raise GenerationFailed("llama.cpp saves no state of this model.")
            return state.read_bytes()

        with suppress(OSError, GenerationFailed, httpx.HTTPError):
            if kept := cache.load(key):
                state.write_bytes(kept)
                if slot("restore"):
                    return
            cache.store(key, read)

    def parameters(self, file: Path, context: int, threads: int) -> Any:
        """Return the settings of llama.cpp; benchmarks/llama.py measures what others bring."""
        import xllamacpp

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
        return parameters

    def generate(self, prompt: Prompt, max_tokens: int) -> Pieces:
        """Yield pieces; llama.cpp keeps the reading of the part that the last prompt began with."""
        request = {
            "messages": prompt.messages,
            "max_tokens": max_tokens,
            "temperature": 0,
            "stream": True,
            "cache_prompt": True,
            "return_progress": True,  # a chunk for each READ_AT_ONCE tokens, so that `take` is asked
            "chat_template_kwargs": {"enable_thinking": False},
        }

        def write(put: Put) -> None:
            def take(chunk: dict[str, Any]) -> bool:
                """Pass a chunk on; True asks llama.cpp to stop."""
                if "error" in chunk:
                    errors.append(chunk["error"])
                return not put(content_of(chunk)) or bool(errors)

            errors: list[Any] = []
            try:
                self._server.handle_chat_completions(request, take)
            except RuntimeError as error:
                raise GenerationFailed(f"llama.cpp: {error}") from error
            if errors:
                long = "exceed_context_size" in str(errors[0])
                raise (PromptTooLong if long else GenerationFailed)(f"llama.cpp: {errors[0]}")

        # Not a daemon: a thread within llama.cpp must not outlive Python.
        return pieces_of(write, self._turn, daemon=False)
