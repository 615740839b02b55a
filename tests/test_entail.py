"""A real cross-encoder with three labels, of random weights: none of the trained ones can be had here."""

from pathlib import Path

import pytest
import torch
from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

from index.errors import BadConfiguration
from rag.entail import CrossEncoderEntailment
from rag.verify import supporting_quotes
from rag.write import Source
from tests.texts import document

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
    assert judge.name == "nli" and judge.holds("De bond telt veel leden.", "De bond telt leden.") is holds
    page = document("De bond telt veel leden.")
    sources = [Source(page, 0, len(page.text))]
    assert bool(supporting_quotes("De bond telt veel leden.", sources, judge)) is holds
    assert supporting_quotes("De bond telt veel leden.", sources)


def test_a_model_without_entailment_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match="entailment"):
        CrossEncoderEntailment(model(tmp_path / "sentiment", ("good", "bad"), 0))
    with pytest.raises(BadConfiguration, match="nowhere"):
        CrossEncoderEntailment(tmp_path / "nowhere")
