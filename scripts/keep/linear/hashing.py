"""Hashes that src/compress/score/linear/hashing.ts repeats: of words (FNV-1a over UTF-16 code units) and of features."""

import functools

import numpy as np

LONGEST = 24
"""Code units of a word that count."""


@functools.lru_cache(1 << 20)
def units_of(word: str) -> tuple[int, ...]:
    data = word.encode("utf-16-le", "surrogatepass")
    return tuple(int.from_bytes(data[at : at + 2], "little") for at in range(0, len(data), 2))


def hash_units(units: tuple[int, ...]) -> int:
    value = 0x811C9DC5
    for unit in units:
        value = ((value ^ unit) * 0x01000193) & 0xFFFFFFFF
    return value


def mix(salt: int, left, right=0) -> np.ndarray:
    """One feature from its template's number and two values: 32 bits, vectorised."""
    with np.errstate(over="ignore"):
        value = (np.asarray(left, np.uint32) ^ np.uint32((salt * 0x9E3779B1) & 0xFFFFFFFF)) * np.uint32(0x85EBCA6B)
        value ^= value >> np.uint32(13)
        value = (value ^ np.asarray(right, np.uint32)) * np.uint32(0xC2B2AE35)
        return value ^ (value >> np.uint32(16))
