"""A real sentence-transformers model that loads at once: one vector for each word, no network of layers."""

import warnings
from pathlib import Path

import numpy as np

DIMENSION = 256


def save_embedder(folder: Path, texts: list[str]) -> Path:
    """Save a model that knows the words of `texts`, with random vectors from a fixed seed, and return it."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.WordLevel(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.train_from_iterator(texts, trainers.WordLevelTrainer(special_tokens=["[UNK]"]))
    vectors = np.random.default_rng(20).standard_normal((tokenizer.get_vocab_size(), DIMENSION))
    static = StaticEmbedding(tokenizer, embedding_weights=vectors.astype(np.float32))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about a model card that nobody needs
        SentenceTransformer(modules=[static, Normalize()], device="cpu").save(str(folder))
    return folder
