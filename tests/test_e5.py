"""The packed e5 model: unpacked weights by hand, a tiny packed model, and the real one."""

import json
import os
import struct
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer

from index.errors import ModelAltered
from vraagbaak.models.catalogue import hash_of
from vraagbaak.models.e5 import convert
from vraagbaak.models.e5_packed import Weights, unpack_q4
from vraagbaak.models.store import ModelStore, default_models_folder

HIDDEN, FEED_FORWARD, POSITIONS = 32, 64, 16
PIECES = ("<s>", "<pad>", "</s>", "<unk>", "▁", "▁fiets", "en", "é", "1⁄2", "<mask>")


def pack(weights: Weights) -> bytes:
    """Pack weights as q4_0 blocks with a scale of 1/32."""
    nibbles = np.clip(np.rint(weights.reshape(-1, 32) * 32) + 8, 0, 15).astype(np.uint8)
    scale = np.float16(1 / 32).tobytes()
    return b"".join(scale + (block[:16] | block[16:] << 4).tobytes() for block in nibbles)


def write_packed(path: Path) -> dict[str, Weights]:
    """Write a packed model of one layer, and return its weights."""
    random = np.random.default_rng(5)

    def weights(*shape: int) -> Weights:
        return (random.integers(-8, 8, shape) / 32).astype(np.float32)

    linear = {"q": (32, 32), "k": (32, 32), "v": (32, 32), "ao": (32, 32), "fi": (64, 32), "fo": (32, 64)}
    tensors = {
        "emb.word": weights(len(PIECES), 32),
        "emb.pos": weights(POSITIONS, 32),
        "emb.type": weights(2, 32),
    }
    tensors |= {"emb.ln.w": weights(32), "emb.ln.b": weights(32)}
    for name, shape in linear.items():
        tensors |= {f"l0.{name}.w": weights(*shape), f"l0.{name}.b": weights(shape[0])}
    for name in ("aln", "oln"):
        tensors |= {f"l0.{name}.w": weights(32), f"l0.{name}.b": weights(32)}
    blob = [piece.encode() for piece in PIECES]
    offsets = [sum(map(len, blob[:number])) for number in range(len(blob) + 1)]
    scores = [-float(number) if number > 3 else 0.0 for number in range(len(PIECES))]
    head = b"E5S1" + struct.pack("<I7i", 1, HIDDEN, 1, 2, FEED_FORWARD, len(PIECES), POSITIONS, 2)
    head += struct.pack("<fi5iQ", 1e-12, 32, len(PIECES), 0, 2, 1, 3, offsets[-1])
    head += struct.pack(f"<{len(offsets)}I", *offsets) + struct.pack(f"<{len(scores)}f", *scores)
    head += b"".join(blob) + struct.pack("<iIIBI", 1, 9, ord("a"), 1, ord("b"))
    packed = {
        name: pack(tensor) if tensor.ndim == 2 else tensor.tobytes() for name, tensor in tensors.items()
    }
    start = len(head) + 4 + sum(2 + len(name) + 21 for name in packed)
    table, content = struct.pack("<i", len(packed)), b""
    for name, stored in packed.items():
        table += struct.pack("<H", len(name)) + name.encode()
        table += struct.pack(
            "<BIQQ", tensors[name].ndim == 2, tensors[name].size, start + len(content), len(stored)
        )
        content += stored
    path.write_bytes(head + table + content)
    return tensors


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    write_packed(tmp_path / "e5.bin")
    return tmp_path / "e5.bin"


def test_a_block_by_hand() -> None:
    # Scale 0.5; byte k holds weight k in its low half and weight 16 + k in its high half, both raised by 8.
    block = np.float16(0.5).tobytes() + bytes([0x80, 0xF1] + [0x88] * 14)
    assert unpack_q4(block).tolist() == [-4.0, -3.5] + [0.0] * 14 + [0.0, 3.5] + [0.0] * 14


def test_weights_come_through_unchanged(tmp_path: Path) -> None:
    tensors = write_packed(tmp_path / "e5.bin")
    convert(tmp_path / "e5.bin", tmp_path / "model")
    state = SentenceTransformer(str(tmp_path / "model"), device="cpu", local_files_only=True)[0].state_dict()
    for mine, theirs in (
        ("emb.word", "embeddings.word_embeddings.weight"),
        ("emb.ln.b", "embeddings.LayerNorm.bias"),
        ("l0.q.w", "encoder.layer.0.attention.self.query.weight"),
        ("l0.fi.w", "encoder.layer.0.intermediate.dense.weight"),
        ("l0.fo.w", "encoder.layer.0.output.dense.weight"),
        ("l0.aln.w", "encoder.layer.0.attention.output.LayerNorm.weight"),
    ):
        assert np.array_equal(state[f"model.{theirs}"].numpy(), tensors[mine]), mine


def test_the_folder_is_a_model_with_prompts(packed: Path, tmp_path: Path) -> None:
    convert(packed, tmp_path / "model")
    model = SentenceTransformer(str(tmp_path / "model"), device="cpu", local_files_only=True)
    vectors = model.encode(["fietsen", "fiets"])
    assert vectors.shape == (2, HIDDEN)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1)
    assert model.prompts["query"] == "query: "
    assert model.prompts["document"] == "passage: "
    assert not list((tmp_path / "model").rglob("*.bin"))


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("fietsen", ["▁fiets", "en"]),
        ("fiets xy", ["▁fiets", "▁", "<unk>"]),
        ("ﬁets", ["▁fiets"]),
        ("  ｆｉｅｔｓ\u200b\n", ["▁fiets"]),
        ("\x07fi\x1fets", ["▁fiets"]),
        ("fietse\u0301", ["▁fiets", "é"]),
        ("½", ["▁", "1⁄2"]),
    ],
)
def test_text_is_normalised_as_xlm_r_does(packed: Path, tmp_path: Path, text: str, pieces: list[str]) -> None:
    convert(packed, tmp_path / "model")
    tokenizer = Tokenizer.from_file(str(tmp_path / "model" / "tokenizer.json"))
    known = [piece if piece in PIECES else "<unk>" for piece in tokenizer.encode(text).tokens]
    assert known == ["<s>", *pieces, "</s>"]


def test_conversion_gives_the_same_bytes_each_time(packed: Path, tmp_path: Path) -> None:
    convert(packed, tmp_path / "one")
    convert(packed, tmp_path / "two")
    for file in (tmp_path / "one").rglob("*.*"):
        assert hash_of(file) == hash_of(tmp_path / "two" / file.relative_to(tmp_path / "one")), file


@pytest.mark.parametrize("keep", [0, 3, 30, 300, 5000])
def test_a_cut_file_is_refused(packed: Path, tmp_path: Path, keep: int) -> None:
    packed.write_bytes(packed.read_bytes()[:keep])
    with pytest.raises(ModelAltered, match=r"e5\.bin is no packed e5 model"):
        convert(packed, tmp_path / "model")


@pytest.mark.slow
def test_the_real_model_tells_dutch_sentences_apart() -> None:
    store = ModelStore(Path(os.environ.get("VRAAGBAAK_MODELS") or default_models_folder()))
    folder = store.fetch("multilingual-e5-small")
    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    # As the published tokenizer of XLM-R numbers them.
    assert model.tokenizer("Hello world")["input_ids"] == [0, 35378, 8999, 2]
    assert model.max_seq_length == 512
    assert json.loads((folder / "config.json").read_text())["num_hidden_layers"] == 12
    question = model.encode_query("Hoe vaak moet ik mijn wachtwoord wijzigen?")
    same, other = model.encode_document(
        [
            "Het wachtwoord moet elke drie maanden worden vernieuwd.",
            "De kantine is op vrijdag tot drie uur open.",
        ]
    )
    assert question @ same > question @ other + 0.05
