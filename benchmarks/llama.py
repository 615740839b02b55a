"""What settings of llama.cpp bring: the same prompts, every variant in turn, each compared with what is used.

    python -m benchmarks.llama [--questions N] [--variants flash,ngram,...] > llama.json

Makes the prompts of the project's own questions with the index that the settings name, and has the generator
of the settings write an answer to each, once in each variant before the next prompt, so that what else the
machine does falls on all of them alike. A table goes to stderr, one JSON object to stdout.
"""

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from eval.questions import read_questions
from rag.generators import LlamaCpp, Prompt
from rag.generators.pieces import Pieces
from vraagbaak.assembly import context_of, make_assistant
from vraagbaak.models.store import ModelStore
from vraagbaak.settings import read_settings

ROOT = Path(__file__).parent.parent
USED = "as used"
TIMES = ("first_token", "whole")


def batch(size: int) -> Callable[[Any], None]:
    def change(parameters: Any) -> None:
        parameters.n_batch = parameters.n_ubatch = size

    return change


def flash(state: str) -> Callable[[Any], None]:
    def change(parameters: Any) -> None:
        import xllamacpp

        parameters.flash_attn_type = getattr(
            xllamacpp.llama_flash_attn_type, f"LLAMA_FLASH_ATTN_TYPE_{state}"
        )

    return change


def cache_of_8_bits(parameters: Any) -> None:
    parameters.cache_type_k = parameters.cache_type_v = 8  # GGML_TYPE_Q8_0


def speculative(kind: str, length: int = 0) -> Callable[[Any], None]:
    """Guess the next tokens from what stands in the prompt, and check them all at once."""

    def change(parameters: Any) -> None:
        import xllamacpp

        kinds = xllamacpp.common_speculative_type
        parameters.speculative.types = [getattr(kinds, f"COMMON_SPECULATIVE_TYPE_{kind.upper()}")]
        if length:
            map_of = getattr(parameters.speculative, kind)
            map_of.size_n, map_of.size_m = 3, length

    return change


VARIANTS: Mapping[str, Callable[[Any], None]] = {
    USED: lambda parameters: None,
    "batch-16": batch(16),
    "batch-48": batch(48),
    "batch-64": batch(64),
    "batch-128": batch(128),
    "batch-512": batch(512),
    "flash-on": flash("ENABLED"),
    "flash-off": flash("DISABLED"),
    "cache-q8": cache_of_8_bits,
    "ngram-simple": speculative("ngram_simple"),
    "ngram-simple-short": speculative("ngram_simple", 8),
    "ngram-map": speculative("ngram_map_k", 8),
}
"""Not here: ngram_mod and ngram_cache; with both loaded, llama.cpp ended the process (xllamacpp 2026.10)."""


class Collector:
    """Writes nothing, and keeps the prompts."""

    name = "collector"

    def __init__(self) -> None:
        self.prompts: list[Prompt] = []

    def generate(self, prompt: Prompt, max_tokens: int) -> Pieces:
        self.prompts.append(prompt)
        yield from ()


class Variant(LlamaCpp):
    """llama.cpp with something set otherwise."""

    def __init__(self, change: Callable[[Any], None], file: Path, context: int, threads: int) -> None:
        self._change = change
        super().__init__(file, context=context, threads=threads)

    def parameters(self, file: Path, context: int, threads: int) -> Any:
        parameters = super().parameters(file, context, threads)
        self._change(parameters)
        return parameters


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--questions", type=int, default=8, help="how many prompts (8)")
    parser.add_argument("--variants", default=",".join(VARIANTS), help="which, besides what is used (all)")
    given = parser.parse_args()
    names = list(dict.fromkeys([USED, *given.variants.split(",")]))
    settings = read_settings()
    prompts = prompts_of(given.questions)
    context = context_of(settings)
    file = ModelStore(settings.models).path(settings.generator)
    variants = {name: Variant(VARIANTS[name], file, context, settings.threads) for name in names}
    for variant in variants.values():  # the beginning that all prompts share is read once
        list(variant.generate(prompts[0], 1))
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    written: dict[str, list[str]] = {name: [] for name in names}
    for at, prompt in enumerate(prompts[1:]):
        for name in names[at % len(names) :] + names[: at % len(names)]:
            text, times = measured(variants[name], prompt, settings.answer_tokens)
            written[name].append(text)
            taken[name].append(times)
    figures = {name: row(taken[name], taken[USED]) for name in names}
    for name in names:
        figures[name]["same_text"] = statistics.mean(
            one == other for one, other in zip(written[name], written[USED], strict=True)
        )
    show(figures, len(prompts) - 1)
    about = {"model": file.stem, "threads": settings.threads, "load": round(os.getloadavg()[0], 1)}
    json.dump({"about": about, "figures": figures}, sys.stdout, indent=1)


def prompts_of(count: int) -> list[Prompt]:
    """Return the prompts of so many questions and of one more to begin with, spread over all of them."""
    collector = Collector()
    assistant = make_assistant(read_settings(generator="extractive"), collector)
    known = [
        question
        for question in read_questions(sorted((ROOT / "eval" / "questions").glob("*.jsonl")))
        if question.answerable and not question.history
    ]
    for question in known[:: len(known) // (count * 2)]:
        assistant.ask(question.question)
        if len(collector.prompts) > count:
            break
    return collector.prompts


def measured(variant: Variant, prompt: Prompt, tokens: int) -> tuple[str, tuple[float, float]]:
    """Return what was written, and the seconds until the first piece and until the last."""
    began = time.perf_counter()
    first, text = 0.0, ""
    for piece in variant.generate(prompt, tokens):
        if piece and not text:
            first = time.perf_counter() - began
        text += piece
    return text, (first, time.perf_counter() - began)


def row(taken: list[tuple[float, float]], used: list[tuple[float, float]]) -> dict[str, float]:
    """Return the median of each time, and the median of its ratio to that of what is used."""
    found = {}
    for at, name in enumerate(TIMES):
        found[f"{name}_s"] = round(statistics.median(times[at] for times in taken), 2)
        ratios = [times[at] / other[at] for times, other in zip(taken, used, strict=True)]
        found[f"{name}_ratio"] = round(statistics.median(ratios), 3)
    return found


def show(figures: Mapping[str, Mapping[str, float]], count: int) -> None:
    """Print the table."""
    table = Table(box=box.SIMPLE_HEAD, title=f"{count} prompts, medians; ratio to what is used")
    for column in ("variant", "first token s", "ratio", "whole s", "ratio", "same text"):
        table.add_column(column, justify="left" if column == "variant" else "right")
    for name, values in figures.items():
        table.add_row(name, *(f"{value:.2f}" for value in values.values()))
    Console(stderr=True).print(table)


if __name__ == "__main__":
    main()
