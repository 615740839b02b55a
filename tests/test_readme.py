"""Every command of the README is run, as it stands there."""

import os
import re
import shlex
import signal
import subprocess
import time
from pathlib import Path

import httpx
import pytest

from tests.server import free_port

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
COMMANDS = [
    line.removeprefix("$ ")
    for block in BLOCKS
    for line in block.splitlines()
    if re.match(r"(?:\$ )?(?:make|CORPUS=|\.venv/bin/vraagbaak) ?", line)
]
# The sample documents last: what comes after asks them.
SERVING = sorted((command for command in COMMANDS if command.endswith("make serve")), key=len, reverse=True)
OTHERS = [command for command in COMMANDS if command not in (*SERVING, "make test")]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The index of these tests is not the one of who runs them."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    data = str(tmp_path_factory.mktemp("readme") / "data")
    return {**os.environ, "XDG_CACHE_HOME": cache, "VRAAGBAAK_DATA": data}


def test_the_two_commands_stand_in_the_readme() -> None:
    assert "make serve" in SERVING and "make test" in COMMANDS and len(OTHERS) >= 5


def test_make_test_runs_this_suite() -> None:
    planned = subprocess.run(["make", "-n", "test"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "pytest" in planned.stdout and "models fetch" in planned.stdout


@pytest.mark.slow
@pytest.mark.parametrize("command", SERVING)
def test_serving_ends_with_a_page_that_answers(
    command: str, environment: dict[str, str], tmp_path: Path
) -> None:
    port = free_port()
    corpus = tmp_path / "documenten"
    corpus.mkdir()
    (corpus / "nota.html").write_text((ROOT / "corpus/begroting-2019.html").read_text("utf-8"), "utf-8")
    serving = {**environment, "HOME": str(tmp_path), "PORT": str(port)}
    with subprocess.Popen(
        ["bash", "-c", command], cwd=ROOT, env=serving, start_new_session=True, stderr=subprocess.PIPE
    ) as served:
        try:
            _wait_until_ready(f"http://127.0.0.1:{port}/readyz", served)
            asked = {"question": "Naar welk percentage gaat het tarief van de Innovatiebox?"}
            answer = httpx.post(f"http://127.0.0.1:{port}/api/v1/ask", json=asked, timeout=120).json()
            assert answer["status"] == "answered" and "9 procent" in answer["text"]
            assert "Vraagbaak" in httpx.get(f"http://127.0.0.1:{port}/").text
        finally:
            os.killpg(served.pid, signal.SIGTERM)


@pytest.mark.slow
@pytest.mark.parametrize("command", OTHERS)
def test_a_command_does_what_the_readme_says(command: str, environment: dict[str, str]) -> None:
    done = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.slow
def test_the_example_is_its_true_output(environment: dict[str, str]) -> None:
    """The sources must be the same; the wording of what a model writes may differ between processors."""
    block = next(block for block in BLOCKS if block.startswith("$ make ask"))
    command, _, expected = block.removeprefix("$ ").partition("\n")
    done = subprocess.run(
        shlex.split(command), cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    sources = [line for line in expected.splitlines() if line.startswith("[")]
    assert sources and set(sources) <= set(done.stdout.splitlines())
    assert all(figure in done.stdout and figure in expected for figure in ("2.200", "139 miljard", "2023"))


def _wait_until_ready(address: str, served: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        assert served.poll() is None, served.stderr and served.stderr.read().decode()
        try:
            if httpx.get(address, timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.5)
    raise AssertionError(f"{address} did not answer within ten minutes")
