"""Generators: a prompt in, text out, piece by piece. All of them pass tests/test_generators.py alike."""

from rag.generators.extractive import Extractive
from rag.generators.generator import Generator, Prompt
from rag.generators.guarded import Guarded
from rag.generators.llama import LlamaCpp
from rag.generators.openai_compatible import OpenAICompatible
from rag.generators.transformer import Transformers

__all__ = [
    "Extractive",
    "Generator",
    "Guarded",
    "LlamaCpp",
    "OpenAICompatible",
    "Prompt",
    "Transformers",
]
