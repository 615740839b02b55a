"""An embedder that is loaded at its first text: an update that finds nothing new never pays for it."""

import json
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

from index.embedders import Embedder, Progress, Vectors


class DeferredEmbedder:
    """Stands for the model in `folder` and loads it when it is needed; threads may share it once it is."""

    def __init__(self, folder: Path, load: Callable[[Path], Embedder]) -> None:
        self._folder = folder
        self._load = load
        self.name = folder.name

    @cached_property
    def loaded(self) -> Embedder:
        """The model itself. Raises BadConfiguration when the folder holds none."""
        return self._load(self._folder)

    @cached_property
    def dimension(self) -> int:
        """The length of a vector, from the model's configuration if that says it."""
        return dimension_of(self._folder) or self.loaded.dimension

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return float32 (n, dimension), rows of unit length, in the order of the texts."""
        return self.loaded.embed_passages(texts, progress)

    def embed_query(self, text: str) -> Vectors:
        """Return float32 (dimension,) of unit length."""
        return self.loaded.embed_query(text)


def dimension_of(folder: Path) -> int | None:
    """Return what the last layer of a sentence-transformers folder says it puts out; None if none says it."""
    try:
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        if json.loads((folder / "config_sentence_transformers.json").read_text()).get("truncate_dim"):
            return None
        for module in reversed(modules):
            configuration = folder / module["path"] / "config.json"
            layer = json.loads(configuration.read_text(encoding="utf-8")) if configuration.exists() else {}
            for key in ("out_features", "word_embedding_dimension", "embedding_dimension"):
                if isinstance(layer.get(key), int):
                    return int(layer[key])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return None
