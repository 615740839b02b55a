"""Search against the definition, computed the long way; filters, pages and limits."""

import random
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from index.errors import IndexMismatch, IndexUnavailable, UnknownDocument
from index.index import CANDIDATES, Index
from index.lexical import Bm25, TokenRows, four_grams
from index.lexicon import LexiconWriter
from index.passages import passages_of
from index.ranking import DEFAULT, read_weights
from index.store import Store
from index.terms import terms
from index.windows import with_windows
from tests.fakes import HashingEmbedder
from tests.pdfs import handmade, paragraph
from tests.reading import update

EMBEDDER = HashingEmbedder()
WORDS = re.findall(
    r"\w+",
    """haven kade schip lading kraan loods sleepboot container werkgever scholing subsidie belasting energie
    netwerk fabriek robot onderzoek export uitstoot waterstof personeel cao loon krapte regeling minister""",
)
QUERIES = ("Wat kost de lading van een schip?", "subsidie scholing", "krapt personeel", "niets hiervan", "")


def report(seed: int, sentences: int) -> str:
    source = random.Random(seed)
    lines = ["De " + " ".join(source.choices(WORDS, k=source.randint(4, 9))) + "." for _ in range(sentences)]
    return "\n\n".join(" ".join(lines[at : at + 3]) for at in range(0, sentences, 3))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    given, data = tmp_path_factory.mktemp("given"), tmp_path_factory.mktemp("data")
    for number, sentences in enumerate((200, 250, 30, 1)):
        (given / f"verslag-{number}.txt").write_text(report(number, sentences), encoding="utf-8")
    (given / "jaarplan-2021.txt").write_text(report(9, 40), encoding="utf-8")
    pages = [
        paragraph(f"Haven {name} telt veel schepen.", f"Op de kade van {name} staat een loods.")
        for name in ("Delfzijl", "Moerdijk", "Vlissingen")
    ]
    (given / "pagina.pdf").write_bytes(handmade(*pages))
    with closing(Store(data, create=True)) as store:
        update(store, [given], EMBEDDER)
    return data


@pytest.fixture(scope="module")
def index(folder: Path) -> Index:
    return Index.open(folder, EMBEDDER)


def by_definition(
    index: Index, query: str, documents: set[str] | None, years: set[str]
) -> list[tuple[str, float]]:
    """Rank passages without an index: weighed z-scores of passages and pages, over what legs propose."""
    passages = [passage for document in index.documents for passage in passages_of(document)]
    texts = {document.id: document.text for document in index.documents}
    own = EMBEDDER.embed_passages([texts[p.document_id][slice(*p.focus)] for p in passages])
    own = own.astype(np.float16).astype(np.float32)  # as the store keeps them
    read = ["\n".join([*p.headings, texts[p.document_id][p.start : p.end]]) for p in passages]
    lexicon = LexiconWriter()
    for document in index.documents:
        lexicon.add(document.text)
    words = lexicon.lexicon()
    legs = [with_windows(own, passages) @ EMBEDDER.embed_query(query)]
    legs += [
        Bm25.build(TokenRows(indexed(text) for text in read)).scores(asked(query))
        for indexed, asked in ((terms, lambda text: terms(words.spelled(text))), (four_grams, four_grams))
    ]
    rows = [row for row, p in enumerate(passages) if documents is None or p.document_id in documents]
    proposed: set[int] = set()
    for at, leg in enumerate(legs):
        best = sorted(rows, key=lambda row: (-leg[row], row))[:CANDIDATES]
        proposed.update(row for row in best if at == 0 or leg[row] > 0)
        if at == 0:
            legs[0] = np.maximum(leg, leg[best[-1]])
    candidates = sorted(proposed)
    documents_by_id = {document.id: document for document in index.documents}
    pages = [(p.document_id, documents_by_id[p.document_id].page_at(p.focus[0])) for p in passages]
    order = list(dict.fromkeys(pages))
    mixed = with_windows(own, passages)
    sums = np.stack(
        [mixed[[at for at, page in enumerate(pages) if page == one]].sum(axis=0) for one in order]
    )
    on_pages = [sums / np.linalg.norm(sums, axis=1, keepdims=True) @ EMBEDDER.embed_query(query)]
    rows_of_grams = TokenRows(four_grams(texts[owner][page.start : page.end]) for owner, page in order)
    on_pages.append(Bm25.build(rows_of_grams).scores(four_grams(query)))
    seen = sorted({order.index(pages[row]) for row in candidates})
    signals = [leg[candidates] for leg in legs]
    signals = [(values - values.mean()) / (values.std() or 1) for values in signals]
    for leg in on_pages:
        values = dict(zip(seen, (leg[seen] - leg[seen].mean()) / (leg[seen].std() or 1), strict=True))
        signals.append(np.array([values[order.index(pages[row])] for row in candidates]))
    signals.append(
        np.array([documents_by_id[passages[row].document_id].years >= years for row in candidates])
    )
    total = sum(weight * values for weight, values in zip(read_weights(DEFAULT), signals, strict=True))
    ranked = [(passages[row].id, float(score)) for row, score in zip(candidates, total, strict=True)]
    return sorted(ranked, key=lambda found: (-found[1], found[0]))


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("documents", [None, {"verslag-1"}, {"verslag-2", "verslag-3"}])
def test_search_is_what_its_formula_says(index: Index, query: str, documents: set[str] | None) -> None:
    hits = index.search(query, 1000, documents, years={"2021"}, per_page=False)
    expected = by_definition(index, query, documents, {"2021"})
    scores = dict(expected)
    assert len(hits) == len(expected) and {hit.passage.id for hit in hits} == set(scores)
    assert [hit.score for hit in hits] == pytest.approx([score for _, score in expected], abs=1e-3)
    for hit in hits:
        assert hit.score == pytest.approx(scores[hit.passage.id], abs=1e-3)


def test_the_year_asked_about_comes_sooner(index: Index) -> None:
    """The document names its year in its file's name."""
    asked, other = (
        index.search("subsidie voor scholing", 200, years=years, per_page=False)
        for years in ({"2021"}, {"1999"})
    )
    places = [{hit.passage.id: hit.rank for hit in hits if hit.document.years} for hits in (asked, other)]
    assert places[1] and all(places[0][one] <= places[1][one] for one in places[1])
    assert places[0] != places[1]


def test_hits_are_ranked_from_one_and_ties_go_by_passage(index: Index) -> None:
    hits = index.search("lading van het schip", 60, per_page=False)
    assert [hit.rank for hit in hits] == list(range(1, 61))
    assert [(-hit.score, hit.passage.id) for hit in hits] == sorted(
        (-hit.score, hit.passage.id) for hit in hits
    )
    assert index.search("lading van het schip", 60, per_page=False) == hits


def test_similarity_is_the_inner_product_with_the_question(index: Index) -> None:
    sentence = index.document("verslag-3").text.strip()
    (hit,) = index.search(sentence, documents=["verslag-3"])
    assert hit.similarity == pytest.approx(1, abs=1e-3)
    assert all(-1.001 <= hit.similarity <= 1.001 for hit in index.search("kraan", 100, per_page=False))


def test_documents_are_filtered_before_ranking(index: Index) -> None:
    """The best of the chosen document are found, however many of others are better."""
    best = {hit.document.id for hit in index.search("haven kade schip", 10, per_page=False)}
    assert "verslag-3" not in best
    hits = index.search("haven kade schip", 10, ["verslag-3"])
    assert [hit.document.id for hit in hits] == ["verslag-3"] and hits[0].rank == 1
    assert index.search("haven", 10, []) == ()


def test_one_hit_a_page(index: Index) -> None:
    hits = index.search("loods op de kade", 50, ["pagina"])
    assert sorted(hit.document.page_at(hit.passage.focus[0]).number for hit in hits) == [1, 2, 3]
    assert len(index.search("loods op de kade", 50, ["pagina"], per_page=False)) > 3
    for query in QUERIES:
        hits = index.search(query, 50)
        pages = [(hit.document.id, hit.document.page_at(hit.passage.focus[0]).number) for hit in hits]
        assert len(set(pages)) == len(pages)
        best = index.search(query, 1000, per_page=False)
        assert hits[0].passage == best[0].passage


@pytest.mark.parametrize("k", [0, 1, 3, 10_000])
def test_k_is_a_limit(index: Index, k: int) -> None:
    assert len(index.search("haven", k, ["verslag-2"], per_page=False)) == min(k, 30)


def test_an_unknown_document_is_told_in_dutch(index: Index) -> None:
    for ask in (
        lambda: index.search("haven", 10, ["verslag-2", "weg"]),
        lambda: index.document("weg"),
        lambda: index.file("weg"),
    ):
        with pytest.raises(UnknownDocument, match="Er is geen document «weg»"):
            ask()


@pytest.mark.parametrize("query", ["", "   ", "?!", "de het een", "x" * 5000, "日本 \U0001f600 \x00"])
def test_any_query_is_answered(index: Index, query: str) -> None:
    assert len(index.search(query, 5, per_page=False)) == 5 and index.search(query, 5)


def test_threads_may_search_at_the_same_time(index: Index) -> None:
    alone = {query: index.search(query) for query in QUERIES}
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(index.search, QUERIES * 8))
    assert together == [alone[query] for query in QUERIES * 8]


def test_where_there_is_no_index(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailable, match="make one with"):
        Index.open(tmp_path, EMBEDDER)
    Store(tmp_path, create=True).close()
    with pytest.raises(IndexUnavailable, match="holds no index yet"):
        Index.open(tmp_path, EMBEDDER)


def test_only_the_embedder_that_made_it_opens_an_index(folder: Path) -> None:
    with pytest.raises(IndexMismatch, match="'hashing-512', but 'hashing-64'"):
        Index.open(folder, HashingEmbedder(name="hashing-64", dimension=64))


def test_a_document_of_contents_only_can_be_indexed_but_not_found(tmp_path: Path) -> None:
    (tmp_path / "inhoud.txt").write_text(
        "Inleiding over het verslag … 1\nSlot van het hele verslag … 2\n", encoding="utf-8"
    )
    with closing(Store(tmp_path / "data", create=True)) as store:
        update(store, [tmp_path / "inhoud.txt"], EMBEDDER)
    index = Index.open(tmp_path / "data", EMBEDDER)
    assert len(index.documents) == 1 and index.search("verslag") == ()
