"""A real cross-encoder, of random weights: none of the trained ones can be had here."""

from pathlib import Path

import pytest
from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

from index.errors import BadConfiguration
from rag.rerank import RERANKED, CrossEncoderReranker, reranked
from tests.texts import document, hits

WORDS = ["de", "bond", "haven", "leden", "telt", "omzet", "kade", "schip", "##en", "."]


@pytest.fixture(scope="module")
def reranker(tmp_path_factory: pytest.TempPathFactory) -> CrossEncoderReranker:
    folder = tmp_path_factory.mktemp("models") / "cross-encoder"
    folder.mkdir()
    (folder / "vocab.txt").write_text(
        "\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]), "utf-8"
    )
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    small = BertConfig(
        vocab_size=len(WORDS) + 5,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        num_labels=1,
        initializer_range=1.0,
    )
    BertForSequenceClassification(small).save_pretrained(folder)
    return CrossEncoderReranker(folder)


def test_hits_come_in_the_order_of_the_cross_encoder(reranker: CrossEncoderReranker) -> None:
    pages = [document(" ".join([word] * 3) + " telt de leden.", name=word) for word in WORDS[:8]]
    found = hits(*pages)
    judged = reranked(reranker, "de omzet", found)
    scores = reranker.scores(
        "de omzet", [f"{hit.document.title} ({hit.document.date})\n{hit.text}" for hit in judged]
    )
    assert scores == sorted(scores, reverse=True) and len(set(scores)) > 1
    assert {hit.passage.id for hit in judged} == {hit.passage.id for hit in found}
    assert [hit.score for hit in judged] == [hit.score for hit in found]
    assert [hit.rank for hit in judged] == list(range(1, len(found) + 1))


def test_what_comes_after_the_first_is_left_where_it_was(reranker: CrossEncoderReranker) -> None:
    found = hits(document("\n".join(f"De haven telt {number} schepen." for number in range(RERANKED + 5))))
    judged = reranked(reranker, "haven", found)
    assert judged[RERANKED:] == found[RERANKED:]
    assert reranked(reranker, "haven", ()) == ()


def test_a_folder_that_is_no_cross_encoder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match="no"):
        CrossEncoderReranker(tmp_path / "nowhere")
