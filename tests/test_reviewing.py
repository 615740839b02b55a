"""`vraagbaak questions`: from what people asked to known questions, as an editor goes about it."""

import json
import os
import re
import shlex
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from api.app import create_app
from eval.questions import read_questions
from index.errors import BadConfiguration
from rag.review.kept import Asked
from rag.review.store import QuestionStore
from tests.server import running, until
from tests.tiny_embedder import save_embedder
from vraagbaak.assembly import make_assistant, make_feedback
from vraagbaak.main import app
from vraagbaak.serving import forgetting
from vraagbaak.settings import read_settings

ROOT = Path(__file__).parent.parent

PATHS = "De gemeente legt dit jaar 12 kilometer fietspad aan. Dat kost 3 miljoen euro."
TREES = "De gemeente plant dit jaar 400 bomen langs het kanaal. Elke boom krijgt een naam."
BIKES = "Hoeveel kilometer fietspad legt de gemeente aan?"
POOL = "Wanneer opent zwembad Zonneweelde?"


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_embedder(tmp_path_factory.mktemp("models") / "tiny", [BIKES, PATHS, TREES])


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory, embedder: Path) -> Path:
    """A folder with two papers and their index."""
    folder = tmp_path_factory.mktemp("indexed")
    papers = folder / "papers"
    papers.mkdir()
    (papers / "Fietspaden 2024.md").write_text(f"# Fietspaden\n\n{PATHS}\n", encoding="utf-8")
    (papers / "bomen.md").write_text(f"# Bomen\n\n{TREES}\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VRAAGBAAK_EMBEDDER", str(embedder))
        for offline in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
            patch.setenv(offline, "1")
        assert run("index", papers, "--data", folder / "data").exit_code == 0
    return folder


@pytest.fixture(autouse=True)
def here(tmp_path: Path, embedder: Path, indexed: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with an index of two papers, as a service that keeps what has no answer."""
    shutil.copytree(indexed, tmp_path, dirs_exist_ok=True)
    for name in [name for name in os.environ if name.startswith("VRAAGBAAK_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VRAAGBAAK_EMBEDDER", str(embedder))
    monkeypatch.setenv("VRAAGBAAK_GENERATOR", "extractive")
    monkeypatch.setenv("VRAAGBAAK_KEEP_QUESTIONS", "unanswered")
    for offline in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        monkeypatch.setenv(offline, "1")
    return tmp_path


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    settings = read_settings()
    app = create_app(make_assistant(settings), feedback=make_feedback(settings))
    with running(app) as address, httpx.Client(base_url=address, timeout=20) as client:
        yield client


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], prog_name="vraagbaak")


def body(*words: object) -> Any:
    result = run(*words, "--json")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return json.loads(result.stdout)


def ask(client: httpx.Client, question: str, **verdict: object) -> dict[str, Any]:
    """Ask over HTTP and, if there is a verdict, give it."""
    answer: dict[str, Any] = client.post("/api/v1/ask", json={"question": question}).json()
    if verdict:
        given = client.post("/api/v1/feedback", json={"answer": answer["id"], **verdict})
        assert given.status_code == 204, given.text
    return answer


def number_of(question: str) -> int:
    return next(
        int(one["id"])
        for one in body("questions", "list", "--all")["questions"]
        if one["question"] == question
    )


def test_from_use_to_test(client: httpx.Client, here: Path) -> None:
    """The whole way: asked, judged or not answered, reviewed, exported, measured."""
    assert (
        ask(client, BIKES, helpful=False, reason="incomplete", comment="En wat kost het?")["status"]
        == "answered"
    )
    for _ in range(3):
        assert ask(client, POOL)["status"] == "not_found"
    ask(client, "Wie snoeit de ligusterhaag?")

    listed = run("questions", "list").stdout
    assert listed.index(POOL) < listed.index(BIKES)  # what most people met comes first
    assert "3 times without an answer" in listed and "1 thumb down (incomplete)" in listed
    assert "fietspaden-2024 p. 1" in listed and "3 open, 0 reviewed." in listed
    assert "En wat kost het?" in run("questions", "show", number_of(BIKES)).stdout

    attached = run("questions", "attach", number_of(BIKES), "fietspaden-2024", 1, "--fact", "12 kilometer",
                   "--fact", "3 miljoen", "--answer", "12 kilometer, voor 3 miljoen euro.")  # fmt: skip
    assert attached.exit_code == 0, attached.output
    assert "fietspaden-2024 p. 1 (factoid)" in attached.stdout
    assert run("questions", "attach", number_of(POOL), "--unanswerable").exit_code == 0

    exported = run("questions", "export", "use.jsonl")
    assert "2 questions in use.jsonl." in exported.stdout
    assert "Still open, and not in it: " in exported.stderr
    bikes, pool = read_questions([here / "use.jsonl"])
    assert (bikes.question, bikes.gold, bikes.answerable) == (BIKES, (("Fietspaden 2024", 1),), True)
    assert bikes.stated("Het zijn 12 kilometer") == (True, False)
    assert (pool.question, pool.kind, pool.gold, pool.answerable) == (POOL, "unanswerable", (), False)

    measured = body("eval", "use.jsonl")
    assert measured["metrics"]["page_recall@1"] == {"mean": 1.0, "low": 1.0, "high": 1.0, "n": 1}
    assert measured["metrics"]["facts_stated"]["n"] == 1 and measured["metrics"]["abstention"]["mean"] == 1


def test_kept_questions_outlive_every_update_of_the_index(client: httpx.Client, here: Path) -> None:
    ask(client, POOL)
    (here / "papers" / "bomen.md").unlink()
    for options in (["--prune"], ["--rebuild"], ["--only"]):
        assert run("index", here / "papers", *options).exit_code == 0
    assert run("documents", "remove", "fietspaden-2024").exit_code == 0
    (kept,) = body("questions")["questions"]
    assert kept["question"] == POOL
    assert {place["file"] for place in kept["nearest"]} == {"Fietspaden 2024.md", "bomen.md"}


def test_open_questions_can_be_filled_in_by_hand(client: httpx.Client, here: Path) -> None:
    ask(client, BIKES, helpful=False, reason="unclear", comment="Welk jaar?")
    assert "1 question in open.jsonl." in run("questions", "export", "open.jsonl", "--open").stdout
    line = json.loads((here / "open.jsonl").read_text(encoding="utf-8"))
    assert {"doc": "Fietspaden 2024", "page": 1} in line["nearest"] and line["said"] == [
        "unclear",
        "Welk jaar?",
    ]
    with pytest.raises(BadConfiguration, match="line 1: `answerable` must be true with pages"):
        read_questions([here / "open.jsonl"])
    line |= {"kind": "factoid", "answerable": True, "gold": line["nearest"][:1], "facts": [["12"]]}
    (here / "open.jsonl").write_text(json.dumps(line), encoding="utf-8")
    assert read_questions([here / "open.jsonl"])[0].question == BIKES


def test_pages_and_facts_are_added_and_a_review_can_be_taken_back(client: httpx.Client) -> None:
    ask(client, POOL)
    number = number_of(POOL)
    assert body("questions", "attach", number, "--unanswerable")["review"]["kind"] == "unanswerable"
    first = body(
        "questions", "attach", number, "bomen", 1, "--fact", "400", "--kind", "list", "--style", "typo"
    )
    again = body("questions", "attach", number, "fietspaden-2024", 1, "--fact", "12", "--wording", "Anders?")
    assert (first["review"]["kind"], first["review"]["style"]) == ("list", "typo")
    assert [place["document"] for place in again["review"]["pages"]] == ["bomen", "fietspaden-2024"]
    assert (again["review"]["facts"], again["review"]["kind"]) == (["400", "12"], "list")
    assert again["question"] == "Anders?"
    assert body("questions")["questions"] == [] and len(body("questions", "list", "--all")["questions"]) == 1
    assert body("questions", "reopen", number)["review"] is None
    assert body("questions")["open"] == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["attach", 99, "--unanswerable"], "There is no question 99: see `vraagbaak questions list`."),
        (["attach", 1], "Give a document and a page, or --unanswerable."),
        (["attach", 1, "bomen"], "Give a document and a page, or --unanswerable."),
        (["attach", 1, "bomen", 1, "--unanswerable"], "Give a document and a page, or --unanswerable."),
        (["attach", 1, "weg", 1], "There is no document 'weg': see `vraagbaak documents list`."),
        (["attach", 1, "bomen", 2], "heeft geen pagina 2"),
        (["attach", 1, "bomen", 1, "--fact", "500"], "The fact '500' does not stand on bomen p. 1."),
        (["attach", 1, "bomen", 1, "--fact", "("], "'(' is no regular expression"),
        (["attach", 1, "--unanswerable", "--fact", "400"], "The fact '400' does not stand on any page."),
        (["attach", 1, "bomen", 1, "--kind", "quiz"], "'quiz' must be one of compare"),
        (["attach", 1, "bomen", 1, "--style", "grof"], "'grof' must be one of chat"),
        (["show", 99], "There is no question 99"),
        (["reopen", 99], "There is no question 99"),
        (["delete", 1, 99], "There is no question 99"),
        (["export", "use.jsonl"], "No question was reviewed yet"),
        (["export", "taken.jsonl"], "taken.jsonl exists: choose another name, or add --overwrite."),
    ],
)
def test_what_goes_wrong_changes_nothing(
    client: httpx.Client, here: Path, words: list[object], message: str
) -> None:
    ask(client, POOL)
    (here / "taken.jsonl").write_text("own work")
    before = body("questions", "list", "--all")
    result = run("questions", *words)
    assert (result.exit_code, "Traceback" in result.output) == (2, False)
    assert message in result.output
    assert body("questions", "list", "--all") == before
    assert (here / "taken.jsonl").read_text() == "own work" and not (here / "use.jsonl").exists()


def test_an_export_takes_the_place_of_an_earlier_one_when_that_is_asked_for(
    client: httpx.Client, here: Path
) -> None:
    ask(client, POOL)
    run("questions", "attach", number_of(POOL), "--unanswerable")
    assert body("questions", "export", "use.jsonl") == {"file": "use.jsonl", "written": 1, "open": []}
    assert run("questions", "export", "use.jsonl").exit_code == 2
    assert run("questions", "export", "use.jsonl", "--overwrite").exit_code == 0
    assert [path.name for path in here.glob("*use.jsonl*")] == ["use.jsonl"]
    assert run("questions", "export", "open.jsonl", "--open").exit_code == 2


def test_deleted_questions_are_gone(client: httpx.Client, here: Path) -> None:
    ask(client, POOL)
    ask(client, BIKES, helpful=False, comment="Dat zei Jan de Vries ook")
    assert body("questions", "delete", number_of(POOL), number_of(BIKES))["deleted"]
    assert run("questions").stdout.startswith("0 open, 0 reviewed.")
    stored = (here / "data" / "questions.sqlite").read_bytes()
    assert b"Zonneweelde" not in stored and b"Vries" not in stored


def test_a_list_of_nothing_is_no_failure(here: Path) -> None:
    assert run("questions").stdout == "0 open, 0 reviewed. In the last 30 days 0 thumbs up, 0 down.\n"
    assert not (here / "data" / "questions.sqlite").exists()


def test_nothing_is_kept_where_the_administrator_wants_nothing(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VRAAGBAAK_KEEP_QUESTIONS", "never")
    assert make_feedback(read_settings()) is None
    monkeypatch.delenv("VRAAGBAAK_KEEP_QUESTIONS")
    feedback = make_feedback(read_settings())
    assert feedback is not None and feedback.keep == "feedback"


def test_a_service_forgets_what_has_had_its_days_also_where_nothing_is_kept_any_more(here: Path) -> None:
    settings = read_settings(keep_questions="never", keep_days=7)
    store = QuestionStore(settings.data)
    for days, question in ((8, "Oud?"), (7, "Net niet oud?")):
        asked = Asked(question, question, "not_found", (), "e", "g", "generation-000001")
        store.keep(asked, date.today() - timedelta(days=days))
    with forgetting(settings, every=0.05):
        until(lambda: [one.asked.question for one in store.questions()] == ["Net niet oud?"])


def test_a_service_goes_on_where_the_questions_cannot_be_read(
    here: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (here / "data" / "questions.sqlite").write_text("no database")
    with forgetting(read_settings(), every=0.05):
        until(lambda: "could not be deleted" in caplog.text)
    result = run("questions")
    assert (result.exit_code, "Traceback" in result.output) == (1, False)


ROWS = re.findall(
    r"`\.venv/bin/vraagbaak questions ([^`]+)`", (ROOT / "docs" / "redactie.md").read_text("utf-8")
)


def test_every_command_of_the_guide_for_editors_works(client: httpx.Client, here: Path) -> None:
    assert len(ROWS) >= 9
    ask(client, BIKES, helpful=False)
    run("questions", "attach", number_of(BIKES), "--unanswerable")
    ask(client, POOL)
    number = str(number_of(POOL))
    for row in sorted(ROWS, key=lambda row: "delete" in row):
        # The guide's own example, on the papers of these tests.
        words = [
            "bomen" if word == "jaarplan" else number if word == "12" else word for word in shlex.split(row)
        ]
        words = [{"4": "1", "12 kilometer": "400 bomen"}.get(word, word) for word in words]
        result = run("questions", *words)
        assert result.exit_code == 0, f"{row}: {result.output}"
