import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from api.app import create_app
from api.problems import KINDS
from eval.measures import METRICS
from eval.run import TROUBLES
from index.sandbox import Limits
from index.texts import all_texts, dutch_number, text
from rag.review.feedback import Feedback
from rag.review.store import QuestionStore
from tests.server import DOCUMENTS, build_assistant, running
from vraagbaak.settings import Settings

DOCS = Path(__file__).parent.parent / "docs"
PAGES = sorted(DOCS.glob("*.md"))
EXAMPLE = re.compile(r"```(bash|python|javascript)\n(.*?)```", re.DOTALL)
EXAMPLES = EXAMPLE.findall((DOCS / "api.md").read_text(encoding="utf-8"))
NAMED = re.compile(r"`((?:index|rag|api|eval|vraagbaak|tests|corpus|benchmarks|docs)/[\w./-]+)`")
RUNNERS = {
    "bash": ["bash", "-euo", "pipefail", "-c"],
    "python": [sys.executable, "-W", "error", "-c"],
}


def words(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("index")
    assistant = build_assistant(folder, DOCUMENTS)
    with running(create_app(assistant, feedback=Feedback(QuestionStore(folder)))) as opened:
        yield opened


@pytest.mark.parametrize(
    ("language", "code"), EXAMPLES, ids=[f"{at}-{language}" for at, (language, _) in enumerate(EXAMPLES)]
)
def test_examples_of_the_api_run(
    language: str, code: str, address: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    assert "http://127.0.0.1:8000" in code
    code = code.replace("http://127.0.0.1:8000", address)
    if language == "javascript":
        printed = in_browser(code, address, request.getfixturevalue("browser"))
    else:
        printed = in_shell(RUNNERS[language], code, tmp_path)
    assert printed.strip()
    if language != "bash" and "/ask" in code and '" "' not in code:
        assert "[1]" in printed, printed


def in_shell(runner: list[str], code: str, folder: Path) -> str:
    """Run a program and return what it prints."""
    done = subprocess.run([*runner, code], cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def in_browser(code: str, address: str, browser: Browser) -> str:
    """Run a script as a page of the service itself would, and return what it logs."""
    page = browser.new_page()
    logged: list[str] = []
    page.on("console", lambda message: logged.append(f"{message.text}\n"))
    page.goto(f"{address}/docs")
    page.evaluate(f"async () => {{ {code} }}")
    page.close()
    return "".join(logged)


def test_images_and_files_are_what_they_should_be(address: str, tmp_path: Path) -> None:
    code = next(code for _, code in EXAMPLES if "pagina.png" in code)
    code = code.replace("http://127.0.0.1:8000", address)
    subprocess.run([*RUNNERS["bash"], code], cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "pagina.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "herstel-2020.pdf").read_bytes() == DOCUMENTS[0].read_bytes()


def test_every_route_and_problem_stands_in_the_api(tmp_path: Path) -> None:
    page = words("api.md")
    assistant, feedback = build_assistant(tmp_path, DOCUMENTS[1:]), Feedback(QuestionStore(tmp_path))
    paths = create_app(assistant, feedback=feedback).openapi()["paths"]
    for path, methods in paths.items():
        for method in methods:
            assert f"{method.upper()} {path}" in page
    for status, kind in KINDS.values():
        assert f"| `{kind.replace('_', '-')}` | {status} |" in page


def test_every_setting_stands_in_operations() -> None:
    for name, field in Settings.model_fields.items():
        assert f"`VRAAGBAAK_{name.upper()}`" in words("operations.md"), field.description


def test_every_metric_and_trouble_stands_in_evaluation() -> None:
    page = words("evaluation.md")
    names = {metric.name for metric in METRICS if not metric.name.endswith("_p95")}
    assert {name for name in names if f"`{name}`" not in page} == set()
    assert {trouble for trouble in TROUBLES if trouble not in page} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        assert target.startswith("https://") or (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_code_that_is_named_exists(page: Path) -> None:
    for name in NAMED.findall(page.read_text(encoding="utf-8")):
        assert (DOCS.parent / name).exists(), name


def test_messages_that_are_explained_are_given_somewhere() -> None:
    sources = [path for name in ("index", "rag", "vraagbaak") for path in (DOCS.parent / name).rglob("*")]
    # A message may be cut over two lines of code, where quotes and an f stand between.
    code = "\n".join(path.read_text("utf-8") for path in sources if path.suffix in (".py", ".json"))
    code = re.sub(r'"\s*f?"', "", code)
    table = words("operations.md").partition("## When something goes wrong")[2]
    told = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    assert len(told) > 10
    for message in told:
        for piece in re.findall(r"[^`…,]{8,}", message):
            assert piece.strip() in code, piece


def test_reasons_of_refusal_are_explained_to_editors() -> None:
    limits = {"megabytes": Limits().size // 2**20, "most": dutch_number(Limits().pages)}
    for key in all_texts():
        if key.startswith("read.") and key != "read.missing":  # that one is for who runs the machine
            assert f"| {text(key, **limits)} |" in words("redactie.md"), key


def test_notices_are_explained_to_administrators() -> None:
    for key, notice in all_texts().items():
        if key.startswith("notice.") and key != "notice.on_pages":
            first = re.split(r"[.:] ", notice)[0].rstrip(".")
            assert f"| {first} |" in words("beheer.md"), key
