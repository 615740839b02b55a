import pytest

from rag.generators.pieces import Said


@pytest.mark.parametrize(
    ("pieces", "said"),
    [
        (["De ", "haven."], "De haven."),
        (["\n\n", "De haven."], "De haven."),
        (["<think>hm</think>De haven."], "De haven."),
        (["<", "think", ">", "hm </th", "ink>", "\n", "De", " haven."], "De haven."),
        (["<think>\n\n</think>\n\n", "De haven."], "De haven."),
        (["<think>nooit klaar"], ""),
        (["<", "b> is vet"], "<b> is vet"),
        (["De <think>haven</think>."], "De <think>haven</think>."),
        (["", "De", "", " haven."], "De haven."),
    ],
)
def test_what_is_thought_aloud_first_is_left_out(pieces: list[str], said: str) -> None:
    of_answer = Said()
    assert "".join(of_answer(piece) for piece in pieces) == said
