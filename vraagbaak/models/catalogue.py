"""The catalogue of models: their licences, each file with size and SHA-256, and where the bytes come from."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, get_args

from index.errors import BadConfiguration, ModelAltered, ModelUnavailable

Role = Literal["embedding", "answers"]
Combine = Literal["file", "zip", "e5"]


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file of a model: its path in the model's folder, with slashes, its size in bytes, its SHA-256."""

    path: str
    size: int
    sha256: str

    def check(self, place: Path) -> None:
        """Check that `place` holds this very file. Raises ModelAltered."""
        found = hash_of(place)
        if found != self.sha256:
            raise ModelAltered(
                f"{place} is not the published file: expected SHA-256 {self.sha256}, found {found}"
            )


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a model: a pinned package, the member of its wheel that it is, its size and SHA-256."""

    package: str
    member: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class LocalSource:
    """A folder of this machine that holds the files, or that holds them in a folder named after the model."""

    folder: Path

    def __str__(self) -> str:
        return f"the folder {self.folder}"


@dataclass(frozen=True, slots=True)
class HubSource:
    """A repository of the model hub."""

    repository: str
    revision: str

    def __str__(self) -> str:
        return f"the model hub ({self.repository})"


@dataclass(frozen=True, slots=True)
class PackageSource:
    """Packages of the Python package index whose wheels carry the model in pieces.

    `combine` says what the joined pieces are: the one `file`, a `zip` with the files in the folder `inner`,
    or a packed `e5` model that is converted.
    """

    combine: Combine
    pieces: tuple[Piece, ...]
    inner: str = ""

    def __str__(self) -> str:
        return f"the package index ({self.pieces[0].package}, {len(self.pieces)} in all)"

    @property
    def size(self) -> int:
        """The size of all pieces together, in bytes."""
        return sum(piece.size for piece in self.pieces)


Source = LocalSource | HubSource | PackageSource


@dataclass(frozen=True, slots=True)
class Model:
    """A model: all files of its folder, and its sources in the order in which they are tried."""

    name: str
    role: Role
    licence: str
    notice: str
    files: tuple[ModelFile, ...]
    sources: tuple[Source, ...]

    @property
    def size(self) -> int:
        """The size of all files together, in bytes."""
        return sum(file.size for file in self.files)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Models by their names."""

    models: Mapping[str, Model]

    def __getitem__(self, name: str) -> Model:
        """Return the model. Raises ModelUnavailable with the names that there are."""
        if name not in self.models:
            known = ", ".join(self.models)
            raise ModelUnavailable(
                f"{name!r} is no model of the catalogue ({known}), no folder or file here, "
                "and not in the hub's cache"
            )
        return self.models[name]


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file, as hexadecimal digits."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def load_catalogue(path: Path | None = None) -> Catalogue:
    """Read a catalogue, by default the one of Vraagbaak. Raises BadConfiguration."""
    content = (path or files("vraagbaak.models").joinpath("catalogue.toml")).read_text(encoding="utf-8")
    try:
        models = tomllib.loads(content)["models"]
        return Catalogue({name: _model(name, entry) for name, entry in models.items()})
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise BadConfiguration(f"{path or 'catalogue.toml'} is no catalogue of models: {error!r}") from error


def _model(name: str, entry: Mapping[str, Any]) -> Model:
    if entry["role"] not in get_args(Role):
        raise ValueError(f"role {entry['role']!r} of {name}")
    return Model(
        name=name,
        role=entry["role"],
        licence=entry["licence"],
        notice=entry["notice"],
        files=tuple(ModelFile(**file) for file in entry["files"]),
        sources=tuple(_source(**source) for source in entry["sources"]),
    )


def _source(kind: str, **entry: Any) -> Source:
    if kind == "hub":
        return HubSource(**entry)
    if kind == "packages" and entry["combine"] in get_args(Combine):
        pieces = tuple(Piece(**piece) for piece in entry.pop("pieces"))
        return PackageSource(pieces=pieces, **entry)
    raise ValueError(f"source {kind!r}")
