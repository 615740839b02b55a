"""A model through transformers."""

from pathlib import Path
from threading import Lock
from typing import Any

from index.errors import BadConfiguration, GenerationFailed, PromptTooLong
from rag.generators.generator import Message, Prompt, require_context
from rag.generators.pieces import Pieces, Put, pieces_of


class Transformers:
    """A causal language model from a local folder: for machines with a GPU; on a processor it is slow."""

    def __init__(self, folder: Path, *, name: str = "", context: int = 2048) -> None:
        """Load the model, on the GPU if there is one; `context` as for LlamaCpp, `name` if not the folder's.

        Only safetensors are read, and no code of the folder is run. Raises BadConfiguration when the folder
        holds no such model, one that cannot chat, or one that takes fewer tokens.
        """
        from transformers import AutoModelForCausalLM, AutoTokenizer

        device, kind = _place()
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
            model = AutoModelForCausalLM.from_pretrained(
                folder, local_files_only=True, use_safetensors=True, dtype=kind
            )
        except (OSError, ValueError) as error:
            raise BadConfiguration(f"{folder} is not a transformers model: {error}") from error
        if not self._tokenizer.chat_template:
            raise BadConfiguration(f"{folder} has no chat template: give a model that was made for chat.")
        taken = getattr(model.config.get_text_config(), "max_position_embeddings", None)
        require_context(str(folder), taken, context)
        self._model = model.to(device)
        self._context = context
        self._turn = Lock()
        self.name = name or folder.name

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

            read = self._read(prompt).to(self._model.device)
            length = read["input_ids"].shape[1]
            if length + max_tokens > self._context:
                raise PromptTooLong(
                    f"A prompt of {length} tokens and {max_tokens} for the answer exceed the "
                    f"{self._context} that {self.name} was given."
                )
            try:
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

    def _read(self, prompt: Prompt) -> Any:
        from jinja2 import TemplateError

        def templated(messages: list[Message]) -> Any:
            return self._tokenizer.apply_chat_template(
                messages,
                add_generation_prompt=True,
                return_tensors="pt",
                return_dict=True,
                enable_thinking=False,  # a variable that only templates of thinking models look at
            )

        try:
            return templated(prompt.messages)
        except TemplateError:  # some, Gemma 2 for one, refuse a system turn
            return templated(prompt.messages_without_system)


def _place() -> tuple[str, Any]:
    """Return where to compute, and in which numbers: bfloat16 where the hardware multiplies them."""
    import torch

    if torch.cuda.is_available():
        return "cuda", torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    features = torch.cpu.get_capabilities()
    fast = features.get("avx512_bf16") or features.get("amx_bf16")
    return "cpu", torch.bfloat16 if fast else torch.float32
