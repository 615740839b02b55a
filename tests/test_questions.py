import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from eval.questions import KnownQuestion, read_questions, sample, split
from index.errors import BadConfiguration
from rag.answers import Turn

OWN = Path(__file__).parent.parent / "eval" / "questions"
LINE = {
    "id": "q-1",
    "question": "Hoeveel leden zijn er?",
    "kind": "factoid",
    "style": "chat",
    "answerable": True,
    "gold": [{"doc": "jaarverslag", "page": 3}],
    "facts": [[r"2[.\s]?200", "tweeëntwintighonderd"], ["leden"]],
    "answer": "Er zijn 2.200 leden.",
}


def read(folder: Path, *lines: object) -> tuple[KnownQuestion, ...]:
    path = folder / "vragen.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))
    return read_questions([path])


def test_a_line_becomes_a_question(tmp_path: Path) -> None:
    turn = {"role": "user", "content": "Wie is lid?"}
    (question,) = read(tmp_path, LINE | {"wrong": ["1900"], "history": [turn], "note": "ignored"}, "", "  ")
    assert question.gold == (("jaarverslag", 3),)
    assert question.history == (Turn("user", "Wie is lid?"),)
    assert question.reference == "Er zijn 2.200 leden."
    assert question.stated("In 2020: 2\u202f200\nLeden") == (True, True)
    assert question.stated("In 2020: 2200 bedrijven") == (True, False)
    assert question.contradicted("Er waren er 1900.")
    assert not question.contradicted("Er waren er 2.200.")


def test_the_half_of_a_question_hangs_on_its_id_alone(tmp_path: Path) -> None:
    (question,) = read(tmp_path, LINE)
    halves = [split(replace(question, id=f"q-{number}")) for number in range(1000)]
    assert 450 < halves.count("test") < 550
    assert halves[:8] == ["test", "fit", "test", "test", "test", "test", "test", "fit"]
    assert split(replace(question, question="Anders gevraagd?", answerable=False)) == split(question)


def test_the_project_s_own_questions_can_be_read() -> None:
    folder = Path(__file__).parent.parent / "eval" / "questions"
    paths = sorted(folder.glob("*.jsonl"))
    assert len(read_questions(paths)) == sum(len(read_questions([path])) for path in paths)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"kind": "quiz"}, "`kind` is 'quiz'; it must be one of compare, crosslingual, definition, factoid"),
        ({"style": "rude"}, "`style` is 'rude'; it must be one of chat, formal, keywords, long, typo"),
        ({"question": " "}, "`question` must be text, not ' '"),
        ({"id": 7}, "`id` must be text, not 7"),
        ({"answerable": "yes"}, "`answerable` must be true with pages in `gold`"),
        ({"answerable": False}, "`answerable` must be true with pages in `gold`, and false without"),
        ({"gold": []}, "`answerable` must be true with pages in `gold`"),
        ({"gold": "jaarverslag"}, "`gold` must be a list, not 'jaarverslag'"),
        ({"gold": ["jaarverslag"]}, "a page of `gold` must be an object, not 'jaarverslag'"),
        ({"gold": [{"page": 1}]}, "`doc` must be text, not None"),
        ({"gold": [{"doc": "a", "page": 0}]}, "`page` must be a whole number from 1, not 0"),
        ({"gold": [{"doc": "a", "page": True}]}, "`page` must be a whole number from 1, not True"),
        ({"facts": None}, "`facts` must be a list, not None"),
        ({"facts": ["leden"]}, "a fact must be a list of one or more patterns, not 'leden'"),
        ({"facts": [[]]}, "a fact must be a list of one or more patterns, not []"),
        ({"facts": [[""]]}, "a pattern must be text, not ''"),
        ({"facts": [["(leden"]]}, "'(leden' is no regular expression: missing ), unterminated subpattern"),
        ({"wrong": ["["]}, "'[' is no regular expression"),
        (
            {"history": [{"role": "system", "content": "x"}]},
            "`role` is 'system'; it must be one of user",
        ),
        ({"history": [{"role": "user"}]}, "`content` must be text, not None"),
    ],
)
def test_a_bad_line_is_named_with_its_reason(tmp_path: Path, change: dict[str, object], reason: str) -> None:
    with pytest.raises(BadConfiguration) as caught:
        read(tmp_path, LINE, "", LINE | {"id": "q-2"} | change)
    assert str(caught.value).startswith(f"{tmp_path / 'vragen.jsonl'}, line 3: {reason}")


@pytest.mark.parametrize("line", ["{", "[1]", "7"])
def test_a_line_that_is_no_object_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(BadConfiguration, match=r"line 1: "):
        read(tmp_path, line)


def test_an_id_twice_is_named_with_both_places(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match=r"line 2: the id 'q-1' is taken by .*, line 1\."):
        read(tmp_path, LINE, LINE)


def test_files_that_hold_no_questions(tmp_path: Path) -> None:
    (tmp_path / "latin.jsonl").write_bytes("é".encode("latin-1"))
    with pytest.raises(BadConfiguration, match=r"latin\.jsonl cannot be read as questions"):
        read_questions([tmp_path / "latin.jsonl"])
    with pytest.raises(BadConfiguration, match="cannot be read as questions"):
        read_questions([tmp_path / "absent.jsonl"])
    with pytest.raises(BadConfiguration, match="There is no question in"):
        read(tmp_path, "", "")


def test_a_sample_is_the_same_however_the_questions_are_ordered() -> None:
    asked = read_questions(sorted(OWN.glob("*.jsonl")))
    taken = sample(asked, 100)
    assert len(taken) == 100
    assert set(sample(asked[::-1], 100)) == set(taken)
    assert [one for one in asked if one in taken] == list(taken)


def test_a_sample_holds_of_each_kind_its_share_and_at_least_one() -> None:
    asked = read_questions(sorted(OWN.glob("*.jsonl")))
    kinds, taken = (Counter(one.kind for one in some) for some in (asked, sample(asked, 100)))
    assert set(taken) == set(kinds)
    for kind, count in kinds.items():
        assert abs(taken[kind] - count * 100 / len(asked)) <= 2, kind
    assert {one.kind for one in sample(asked, 1)} == set(kinds)
    assert sample(asked, 10_000) == asked


def test_a_new_question_takes_the_place_of_few() -> None:
    asked = read_questions(sorted(OWN.glob("*.jsonl")))
    more = (*asked, replace(asked[0], id="new-1"))
    assert len(set(sample(asked, 100)) - set(sample(more, 100))) <= 1
