"""The folder in which the models lie: fetched once, each file checked against its published SHA-256."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from index.errors import ModelAltered, ModelUnavailable
from vraagbaak.models.catalogue import Catalogue, LocalSource, Model, ModelFile, Source, load_catalogue
from vraagbaak.models.progress import Progress, Silence
from vraagbaak.models.transports import STAGED, fetch_from

State = Literal["present", "missing", "altered", "given"]

Seen = dict[str, tuple[int, int, str]]
"""Path of a file, and its size (bytes), time of change (nanoseconds) and SHA-256 when it was last checked."""


def default_models_folder() -> Path:
    """Return the folder for models under the user's cache (XDG base directories)."""
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "vraagbaak" / "models"


def stay_offline() -> None:
    """Forbid the libraries to fetch anything. Call before transformers or huggingface_hub is imported."""
    os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1")


class ModelStore:
    """Models in the folder `root`, each in a folder of its own name.

    Wherever a name is asked for, the path of an own folder or file does as well, and the name of a model that
    somebody put into the hub's cache (`hf download NAME`): they are taken as they are.
    """

    def __init__(self, root: Path, catalogue: Catalogue | None = None) -> None:
        self.root = root
        self.catalogue = catalogue or load_catalogue()

    def path(self, name: str) -> Path:
        """Return where a model lies: its one file if it has only one, otherwise its folder.

        Looks at sizes and times, and hashes only what changed since it was last checked.
        Raises ModelUnavailable (missing) or ModelAltered.
        """
        return self._given(name) or self._checked(self.catalogue[name], self._seen(name))

    def verify(self, name: str) -> Path:
        """Hash every file of a model and return where it lies. Raises ModelUnavailable or ModelAltered."""
        return self._given(name) or self._checked(self.catalogue[name], {})

    def state(self, name: str) -> State:
        """Return how it stands with a model, as `path` finds it. Raises ModelUnavailable if it is unknown."""
        if self._given(name):
            return "given"
        model = self.catalogue[name]
        try:
            self._checked(model, self._seen(name))
        except ModelUnavailable:
            return "missing"
        except ModelAltered:
            return "altered"
        return "present"

    def fetch(self, name: str, *, local: Path | None = None, progress: Progress | None = None) -> Path:
        """Fetch a model unless it is here whole, and return where it lies.

        Tries the folder `local`, then the sources of the catalogue in order. The model appears in the store
        when all of it is here and checked, at once; what an interrupted fetch leaves is used by the next.
        Raises ModelAltered if a source gave other bytes than published and no other source the right ones,
        ModelUnavailable if none could be reached.
        """
        progress = progress or Silence()
        if self.state(name) in ("given", "present"):
            return self.path(name)
        model = self.catalogue[name]
        progress.notice(f"{model.name} ({model.licence}). {model.notice}")
        sources: tuple[Source, ...] = (LocalSource(local), *model.sources) if local else model.sources
        with self._alone(model) as partial:
            # All that was missing to an interrupted fetch may be its last step.
            with suppress(ModelUnavailable, ModelAltered):
                return self._place(model, partial)
            return self._try(sources, model, partial, progress)

    def _try(self, sources: Sequence[Source], model: Model, partial: Path, progress: Progress) -> Path:
        refused: ModelAltered | None = None
        failures = []
        for source in sources:
            try:
                fetch_from(source, model, partial, progress)
                return self._place(model, partial)
            except ModelUnavailable as error:
                failures.append(f"{source}: {error}")
            except ModelAltered as error:
                refused = error
                failures.append(f"{source}: refused, {error}")
                shutil.rmtree(partial)
                partial.mkdir()
            progress.notice(f"{model.name} does not come from {failures[-1]}")
        if refused:
            raise ModelAltered(f"{refused}. It was thrown away: fetch it again, or from another source")
        raise ModelUnavailable(
            f"{model.name} came from none of its sources. {'. '.join(failures)}. "
            "Check the network, or give a folder that holds its files"
        )

    def _place(self, model: Model, partial: Path) -> Path:
        """Check what was staged and move it to its place, at once."""
        seen = {file.path: _look(file, partial / STAGED) for file in model.files}
        folder, replaced = self._folder(model), partial / "replaced"
        if folder.exists():
            shutil.rmtree(replaced, ignore_errors=True)
            folder.rename(replaced)
        (partial / STAGED).rename(folder)
        self._remember(model, seen)
        shutil.rmtree(partial)
        return self._checked(model, seen)

    def _checked(self, model: Model, seen: Seen) -> Path:
        folder = self._folder(model)
        advice = f"run `vraagbaak models fetch {model.name}`"
        try:
            now = {file.path: _look(file, folder, seen.get(file.path)) for file in model.files}
        except (ModelUnavailable, ModelAltered) as error:
            raise type(error)(f"{error}: {advice}") from error
        # A file more can change a model as well: adapter_config.json, for one, is loaded without being asked.
        known = {folder / file.path for file in model.files}
        for found in folder.rglob("*"):
            if found not in known and not found.is_dir() and not found.name.startswith("."):
                raise ModelAltered(f"{found} is no file of {model.name}: remove it, or {advice}")
        if now != seen:
            self._remember(model, now)
        return folder / model.files[0].path if len(model.files) == 1 else folder

    def _given(self, name: str) -> Path | None:
        if name in self.catalogue.models:
            return None
        return Path(name) if Path(name).exists() else _cached(name)

    def _folder(self, model: Model) -> Path:
        return self.root / model.name

    def _seen(self, name: str) -> Seen:
        try:
            remembered = json.loads((self.root / f"{name}.json").read_text(encoding="utf-8"))
            return {path: (size, changed, sha256) for path, (size, changed, sha256) in remembered.items()}
        except (OSError, ValueError, AttributeError, TypeError):
            return {}

    def _remember(self, model: Model, seen: Seen) -> None:
        place = self.root / f"{model.name}.json"
        try:
            place.with_suffix(".new").write_text(json.dumps(seen, indent=1), encoding="utf-8")
            place.with_suffix(".new").rename(place)
        except OSError:
            # A store that cannot be written to, such as a mounted image: it is hashed each time.
            return

    @contextmanager
    def _alone(self, model: Model) -> Iterator[Path]:
        """Give the folder for unfinished work on a model to one process at a time."""
        partial = self.root / ".partial" / model.name
        partial.mkdir(parents=True, exist_ok=True)
        with (self.root / ".partial" / f"{model.name}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise ModelUnavailable(
                    f"{model.name} is being fetched by another process: wait for it"
                ) from error
            yield partial


def _cached(name: str) -> Path | None:
    """Return the folder of a model in the hub's cache on this machine, if it is there."""
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (OSError, ValueError):  # it is not there, or can be no name of the hub
        return None


def _look(file: ModelFile, folder: Path, seen: tuple[int, int, str] | None = None) -> tuple[int, int, str]:
    """Return size, time and hash of a file, and hash it unless it is as it was seen.

    Raises ModelUnavailable (missing) or ModelAltered.
    """
    place = folder / file.path
    if not place.is_file():
        raise ModelUnavailable(f"{place} is missing")
    status = place.stat()
    now = (status.st_size, status.st_mtime_ns, file.sha256)
    if now != seen:
        file.check(place)
    return now
