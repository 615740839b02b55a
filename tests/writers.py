"""Generators for tests, small and real; those with a real model are made once and kept."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from rag.generators import Generator, LlamaCpp, Prompt
from vraagbaak.models.store import default_models_folder

kept: list[TemporaryDirectory[str]] = []


def written(generator: Generator, prompt: Prompt, tokens: int = 30) -> str:
    return "".join(generator.generate(prompt, tokens))


@cache
def model_file() -> Path:
    """A real model as GGUF, the smallest that is there."""
    names = ("qwen2.5-coder-0.5b-instruct-q4_k_m", "qwen2.5-coder-1.5b-instruct-q4_k_m")
    files = [default_models_folder() / name / f"{name}.gguf" for name in names]
    found = [file for file in files if file.is_file()]
    if not found:
        pytest.skip(f"{files[-1]} is not there: vraagbaak models fetch {names[-1]}")
    return found[0]


@cache
def llama() -> LlamaCpp:
    return LlamaCpp(model_file())


@cache
def _server() -> Any:
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(model_file())
    parameters.n_ctx = 2048
    parameters.n_parallel = 1
    parameters.api_keys = ["sleutel"]
    parameters.verbosity = -1
    return xllamacpp.Server(parameters)


def llama_server() -> str:
    """The address of llama.cpp's own server, one answer at a time, with the key `sleutel`."""
    return f"{_server().listening_address}/v1"


@cache
def _folders() -> Path:
    """A folder that goes when the tests end."""
    kept.append(TemporaryDirectory(prefix="vraagbaak-tests-"))
    return Path(kept[-1].name)


@cache
def model_folder() -> Path:
    """The same real model as transformers reads it."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    file, folder = model_file(), _folders() / "real"
    model = AutoModelForCausalLM.from_pretrained(
        file.parent,
        gguf_file=file.name,
        quantization_config=GgufConfig(dequantize=True),
        dtype=torch.bfloat16,
    )
    model.save_pretrained(folder)
    AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name).save_pretrained(folder)
    return folder


@cache
def tiny_folder() -> Path:
    """A Llama of one layer with random weights, and a tokenizer of a few words."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    folder = _folders() / "tiny"
    words = ["<unk>", "<s>", "</s>", *(f"woord{number}" for number in range(61))]
    tokenizer = Tokenizer(models.WordLevel({word: at for at, word in enumerate(words)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>", bos_token="<s>")
    fast.chat_template = "{% for message in messages %}{{ message.content }} {% endfor %}"
    fast.save_pretrained(folder)
    torch.manual_seed(1)
    config = LlamaConfig(
        vocab_size=64, hidden_size=32, intermediate_size=64, num_hidden_layers=1, num_attention_heads=2,
        max_position_embeddings=4096, bos_token_id=1, eos_token_id=None, pad_token_id=0,
    )  # fmt: skip
    model = LlamaForCausalLM(config)
    model.generation_config.suppress_tokens = [0, 1, 2]  # no words: nothing would be seen of them
    model.save_pretrained(folder, safe_serialization=True)
    return folder
