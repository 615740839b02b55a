"""llama.cpp in this process; what it does as every generator does stands in test_generators."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import enumerate as enumerate_threads

import httpx
import pytest

from api.app import create_app
from index.errors import BadConfiguration
from rag.generators import LlamaCpp, Prompt
from rag.generators.prompt_cache import PromptCache
from tests.server import DOCUMENTS, build_assistant, running, until
from tests.writers import llama, model_file, written

SYSTEM = "Je bent een hulp. Antwoord kort, in één Nederlandse zin, met alleen wat in de bron staat."
LONG_SYSTEM = SYSTEM + " Let goed op de getallen en op de namen." * 40
PROMPT = Prompt(
    SYSTEM, (), "Bron: De haven telt 12 kranen.\nSchrijf in een hele zin hoeveel kranen de haven heeft."
)
LONG = Prompt(SYSTEM, (), "Bron: " + "De haven telt twaalf kranen en een kade. " * 120 + "\nVraag: Hoeveel?")


def waited(pieces: Iterator[str]) -> tuple[str, float]:
    """The next piece, and how long it took to come in seconds."""
    began = time.monotonic()
    return next(pieces), time.monotonic() - began


@pytest.mark.slow
@pytest.mark.parametrize("after", [1, 5])
def test_closing_while_llama_reads_costs_nobody_a_second(after: int) -> None:
    written(llama(), PROMPT, 1)
    pieces = llama().generate(LONG, 50)
    for _ in range(after):
        piece, seconds = waited(pieces)
        assert piece == "" and seconds < 1
    began = time.monotonic()
    pieces.close()
    assert time.monotonic() - began < 0.1
    # Who comes next waits for a batch at most, never for the whole prompt; and gets signs of life meanwhile.
    with closing(llama().generate(PROMPT, 5)) as next_ones:
        assert next(next_ones) == ""
        assert "".join(next_ones)


def first_piece(generator: LlamaCpp, system: str, user: str) -> float:
    """How long the first piece took to come, in seconds."""
    began = time.monotonic()
    with closing(generator.generate(Prompt(system, (), user), 1)) as pieces:
        next((piece for piece in pieces if piece), None)
    return time.monotonic() - began


@pytest.mark.slow
def test_llama_keeps_the_beginning_that_two_prompts_share() -> None:
    """The reading of the shared beginning is not done again: the second prompt costs far less."""
    written(llama(), PROMPT, 1)
    slow = first_piece(llama(), LONG_SYSTEM, "Hoeveel kranen?")
    assert first_piece(llama(), LONG_SYSTEM, "Hoeveel kades?") < slow / 2


@pytest.mark.slow
def test_a_second_start_takes_up_what_the_first_one_read(tmp_path: Path) -> None:
    """The answer stays right; where the file was damaged, the beginning is read and kept anew.

    Not to the letter: what is read in other portions differs in the last digits of its figures.
    """
    cache = PromptCache(Prompt(LONG_SYSTEM, (), "Bron"), tmp_path / "model.prompt-cache")
    first = LlamaCpp(model_file(), cache=cache)
    assert "12 kranen" in written(first, Prompt(LONG_SYSTEM, (), PROMPT.user))
    stored, kept = cache.file.stat().st_mtime_ns, cache.file.read_bytes()

    second = LlamaCpp(model_file(), cache=cache)
    assert cache.file.stat().st_mtime_ns == stored
    written(llama(), PROMPT, 1)
    assert first_piece(second, LONG_SYSTEM, "Hoeveel?") < first_piece(llama(), LONG_SYSTEM, "Hoeveel?") / 2
    assert "12 kranen" in written(second, Prompt(LONG_SYSTEM, (), PROMPT.user))

    cache.file.write_bytes(kept[: len(kept) // 2])  # half a state makes llama.cpp end the process
    third = LlamaCpp(model_file(), cache=cache)
    assert cache.file.read_bytes() == kept
    assert "12 kranen" in written(third, Prompt(LONG_SYSTEM, (), PROMPT.user))


@pytest.mark.slow
def test_llama_is_silent_and_cannot_be_reached_from_elsewhere() -> None:
    """In a process of its own: nothing on its outputs, no port open, and it ends in the midst of writing."""
    script = """
import os, sys
from pathlib import Path
from threading import enumerate as enumerate_threads
from rag.generators import LlamaCpp, Prompt

def lines(name):
    return [line.split() for line in Path("/proc/net", name).read_text().splitlines()]

llama = LlamaCpp(Path(sys.argv[1]))
mine = {os.readlink(path) for path in Path("/proc/self/fd").iterdir() if path.is_symlink()}
ports = [line[1] for name in ("tcp", "tcp6") for line in lines(name) if f"socket:[{line[9]}]" in mine]
assert not ports, f"open ports: {ports}"
names = [line[-1] for line in lines("unix") if f"socket:[{line[6]}]" in mine and len(line) > 7]
assert names and not any(map(os.path.exists, names)), f"sockets that can be found: {names}"
pieces = llama.generate(Prompt("Wees kort.", (), "Tel tot honderd."), 400)
next(piece for piece in pieces if piece)
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(model_file())],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("name", ["none.gguf", "text.txt"])
def test_what_is_no_gguf_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "text.txt").write_text("GGUF", encoding="utf-8")
    with pytest.raises(BadConfiguration, match=f"{name} is no GGUF file"):
        LlamaCpp(tmp_path / name)


def test_a_damaged_gguf_file_is_refused_without_noise(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "damaged.gguf").write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(BadConfiguration, match=r"cannot load .*damaged\.gguf"):
        LlamaCpp(tmp_path / "damaged.gguf")
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
@pytest.mark.parametrize("after", ["sources", "token"])
def test_a_disconnect_frees_the_model_within_a_second(tmp_path: Path, after: str) -> None:
    """While it reads the prompt, and while it writes: its threads end, not only the place in the line."""
    assistant = build_assistant(tmp_path, DOCUMENTS, llama())
    assistant.warm_up()
    question = {"question": "Hoeveel leden had FME in 2020 en hoeveel miljard was de omzet van de leden?"}
    with running(create_app(assistant)) as address:
        with httpx.stream(
            "POST",
            f"{address}/api/v1/ask",
            json=question,
            headers={"Accept": "text/event-stream"},
            timeout=120,
        ) as response:
            assert next(line for line in response.iter_lines() if line == f"event: {after}")
        until(lambda: not {"asking", "generator"} & {thread.name for thread in enumerate_threads()}, 1.0)
