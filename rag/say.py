"""Say: an answer as one text, and what is said where there is none."""

from collections.abc import Sequence

from index.sentences import sentence_spans
from index.texts import text
from rag.answers import Sentence, Status
from rag.decide import Finding


def answer_text(
    status: Status, sentences: Sequence[Sentence], findings: Sequence[Finding], language: str
) -> str:
    """Return the text of an answer of this status: its sentences, and what of the question stays untold."""
    if status == "refused":
        return text("answer.refused", language)
    if status == "not_found":
        silence = dict.fromkeys(_silence(finding, language) for finding in findings)
        return " ".join([*silence, text("answer.nearest", language)])
    untold = [
        text("answer.partial", language, part=_last_sentence(finding.part))
        for finding in findings
        if not finding.told
    ]
    return "\n".join([with_markers(sentences), *untold])


def with_markers(sentences: Sequence[Sentence]) -> str:
    """Return the sentences as one text, each followed by the markers of its citations."""
    return " ".join(
        f"{sentence.text} {''.join(f'[{number}]' for number in sentence.citations)}" for sentence in sentences
    )


def _silence(finding: Finding, language: str) -> str:
    """Return why a part is not answered: what is missing where the documents are about it, or nothing."""
    return text(f"answer.lacks_{finding.missing}" if finding.missing else "answer.not_found", language)


def _last_sentence(part: str) -> str:
    """Return what is asked at the end of a part: people often tell first why they ask."""
    start, end = sentence_spans(part, 0, len(part))[-1]
    return part[start:end]
