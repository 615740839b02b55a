"""OpenAI's JSON, as llama.cpp, vLLM, Ollama and others speak it."""

from typing import Any


def content_of(chunk: dict[str, Any]) -> str:
    """Return the text of a chunk of a stream of chat completions."""
    choices = chunk.get("choices") or [{}]
    return (choices[0].get("delta") or {}).get("content") or ""


def context_of(models: object, name: str) -> int | None:
    """Return how many tokens a model takes at once by a list of models; None where that is not told.

    vLLM tells it as `max_model_len`, llama.cpp as `meta.n_ctx`. A list of one is about that one, whatever
    it is called there.
    """
    listed = models.get("data") if isinstance(models, dict) else None
    entries = [entry for entry in listed or () if isinstance(entry, dict)]
    for entry in entries:
        if entry.get("id") == name or len(entries) == 1:
            told = entry.get("max_model_len") or (entry.get("meta") or {}).get("n_ctx")
            return told if isinstance(told, int) else None
    return None
