"""Loading a sentence-transformers cross-encoder, for what reads two texts together."""

import os
from pathlib import Path
from typing import Any

from index.errors import BadConfiguration


def load_cross_encoder(folder: Path) -> Any:
    """Return the model in a local folder. Raises BadConfiguration when the folder holds no such model."""
    os.environ["HF_HUB_OFFLINE"] = "1"  # nothing is fetched while serving, whatever the folder asks for
    from sentence_transformers import CrossEncoder

    try:
        return CrossEncoder(str(folder), device="cpu", local_files_only=True)
    except (OSError, ValueError, KeyError) as error:
        raise BadConfiguration(f"{folder} is not a cross-encoder: {error}") from error
