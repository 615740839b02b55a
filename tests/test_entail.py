"""A real cross-encoder with three labels, of random weights: none of the trained ones can be had here."""

from pathlib import Path

import pytest
import torch
from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

from index.errors import BadConfiguration
from rag.entail import CrossEncoderEntailment, Likeness
from rag.language import language
from rag.verify import Verifier
from rag.write import Source
from tests.fakes import HashingEmbedder
from tests.texts import document

DUTCH = language("nl")
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "de", "bond", "telt", "leden", "haven", "veel"]
LABELS = ("contradiction", "entailment", "neutral")


def model(folder: Path, labels: tuple[str, ...], favoured: int) -> Path:
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(WORDS), "utf-8")
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    small = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        id2label=dict(enumerate(labels)),
        label2id={label: at for at, label in enumerate(labels)},
    )
    judge = BertForSequenceClassification(small)
    with torch.no_grad():
        judge.classifier.bias[favoured] = 9.0
    judge.save_pretrained(folder)
    return folder


@pytest.mark.parametrize(("favoured", "holds"), [(1, True), (0, False), (2, False)])
def test_only_entailment_holds_and_has_the_last_word(tmp_path: Path, favoured: int, holds: bool) -> None:
    judge = CrossEncoderEntailment(model(tmp_path / "nli", LABELS, favoured))
    told = "De bond telt veel leden."
    score, again = judge.scores([told, told], "De bond telt leden.")
    assert judge.name == "nli" and score == pytest.approx(again) and (score >= judge.least) is holds
    page = document(told)
    sources = [Source(page, 0, len(page.text))]
    assert bool(Verifier(DUTCH, judge).supporting_quotes(told, sources)) is holds
    assert Verifier(DUTCH).supporting_quotes(told, sources)


def test_what_is_near_in_words_but_not_in_meaning_does_not_hold() -> None:
    page = document("De bond van werkgevers en de bond van werknemers praten over de lonen in de techniek.")
    sources = [Source(page, 0, len(page.text))]
    judge = Likeness(HashingEmbedder())
    for sentence, holds in ((page.text, True), ("De lonen van de bond.", False)):
        assert Verifier(DUTCH).supporting_quotes(sentence, sources)
        assert bool(Verifier(DUTCH, judge).supporting_quotes(sentence, sources)) is holds
        assert (judge.scores([page.text], sentence)[0] >= judge.least) is holds


def test_a_model_without_entailment_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match="entailment"):
        CrossEncoderEntailment(model(tmp_path / "sentiment", ("good", "bad"), 0))
    with pytest.raises(BadConfiguration, match="nowhere"):
        CrossEncoderEntailment(tmp_path / "nowhere")
