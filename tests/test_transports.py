"""The model hub as a source: a small server that answers as the hub does, and no server at all."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.tiny_model import CONTENT, sha256

REVISION = "0" * 39 + "1"
FETCH = """
import sys
from pathlib import Path
from vraagbaak.models.catalogue import load_catalogue
from vraagbaak.models.store import ModelStore, stay_offline
class Printer:
    def advance(self, done, total, description): print("done", done, total)
    def notice(self, message): print(message)
if "--offline" in sys.argv:
    stay_offline()
store = ModelStore(Path(sys.argv[2]), load_catalogue(Path(sys.argv[1])))
print(store.fetch("tiny", progress=Printer()))
"""
"""Runs in a process of its own, because the client of the hub reads its address when it is imported."""


class Hub(BaseHTTPRequestHandler):
    """Answers with `content` for every file of every repository."""

    content = CONTENT

    def do_HEAD(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.content)))
        self.send_header("ETag", f'"{sha256(self.content)}"')
        self.send_header("X-Repo-Commit", REVISION)
        self.end_headers()

    def do_GET(self) -> None:
        self.do_HEAD()
        self.wfile.write(self.content)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - its name in the library
        pass


class AlteredHub(Hub):
    content = CONTENT[:-1] + b"!"


@pytest.fixture
def hub(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a hub that answers with the handler in `request.param`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), request.param)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def fetch(folder: Path, address: str, *options: str) -> subprocess.CompletedProcess[str]:
    catalogue = folder / "hub.toml"
    catalogue.write_text(
        f"""[models.tiny]
        role = "answers"
        licence = "CC0-1.0"
        notice = "Free for all."
        files = [
            {{ path = "in/tiny.gguf", size = {len(CONTENT)}, sha256 = "{sha256(CONTENT)}" }},
        ]
        [[models.tiny.sources]]
        kind = "hub"
        repository = "someone/tiny"
        revision = "{REVISION}"
        """,
        encoding="utf-8",
    )
    environment = {
        **os.environ,
        "HF_ENDPOINT": address,
        "HF_HOME": str(folder / "home"),
        "NO_PROXY": "127.0.0.1",
    }
    for offline in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):  # what other tests in this process have set
        environment.pop(offline, None)
    return subprocess.run(
        [sys.executable, "-c", FETCH, str(catalogue), str(folder / "models"), *options],
        capture_output=True,
        text=True,
        env=environment,
        cwd=Path(__file__).parent.parent,
        check=False,
    )


@pytest.mark.parametrize("hub", [Hub], indirect=True)
def test_files_come_from_the_hub(hub: str, tmp_path: Path) -> None:
    ran = fetch(tmp_path, hub)
    assert ran.returncode == 0, ran.stderr
    folder = tmp_path / "models" / "tiny"
    assert [file for file in folder.rglob("*") if file.is_file()] == [folder / "in" / "tiny.gguf"]
    assert (folder / "in" / "tiny.gguf").read_bytes() == CONTENT
    assert f"done {len(CONTENT)} {len(CONTENT)}" in ran.stdout


@pytest.mark.parametrize("hub", [AlteredHub], indirect=True)
def test_another_file_from_the_hub_is_refused(hub: str, tmp_path: Path) -> None:
    ran = fetch(tmp_path, hub)
    assert ran.returncode == 1
    assert "ModelAltered" in ran.stderr
    assert sha256(AlteredHub.content) in ran.stderr
    assert not (tmp_path / "models" / "tiny").exists()


def test_a_hub_that_is_not_there_costs_little_time(tmp_path: Path) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{reserved.getsockname()[1]}"
        began = time.monotonic()
        ran = fetch(tmp_path, address)
    assert time.monotonic() - began < 15
    assert f"{address} cannot be reached" in ran.stdout
    assert "ModelUnavailable" in ran.stderr


@pytest.mark.parametrize("hub", [Hub], indirect=True)
def test_offline_means_that_nothing_is_asked(hub: str, tmp_path: Path) -> None:
    ran = fetch(tmp_path, hub, "--offline")
    assert ran.returncode == 1
    assert "HF_HUB_OFFLINE is set" in ran.stdout
