"""The features of a word: numbers of weights, hashed from its facts and its neighbours'. word-features.ts writes the same, in order."""

import numpy as np

from .hashing import mix
from .word_facts import MOST_GRAMS

WORD_BITS = 17
"""Weights of a task: 2 to this."""
CODE_FEATURES = 6
"""Features that only the words of code have."""


def read_features(facts: dict[str, np.ndarray], is_code: bool, rate: float) -> np.ndarray:
    """`[words, features]`: indices of weights; -1 where a word lacks a feature."""
    count = len(facts["hash"])
    kind = 2 if is_code else 1
    columns: list[np.ndarray] = []

    def see(salt: int, left, right=0) -> None:
        value = mix(salt, np.broadcast_to(np.asarray(left, np.uint32), (count,)), right)
        columns.append((value >> np.uint32(32 - WORD_BITS)).astype(np.int32))

    word, shape, bits = facts["hash"], facts["shape"], facts["bits"] // 8
    coarse = bits // 3
    rate_bucket = max(1, min(9, int(rate * 10 + 1e-6)))
    mentions = facts["earlier"] * 8 + facts["occurrences"]
    looks = shape * 32 + bits
    see(1, kind, rate_bucket)
    see(2, word)
    see(3, word, kind)
    see(4, shape, kind)
    see(5, bits, kind)
    see(6, looks)
    see(7, mentions, kind)
    see(8, bits, facts["earlier"])
    see(9, facts["length"], kind)
    see(10, facts["suffix3"])
    see(11, facts["prefix3"])
    see(12, facts["prefix5"])
    see(13, facts["after"], kind)
    see(14, facts["before"], kind)
    see(15, facts["after"], shape)
    see(16, facts["before"], shape)
    see(17, facts["break_before"] * 4 + facts["break_after"], looks)
    see(18, facts["sentence_word"] * 4 + facts["sentence"], kind)
    see(19, facts["place"], kind * 8 + facts["size"])
    see(20, rate_bucket, looks)
    see(21, rate_bucket, coarse * 4 + facts["sentence_word"] // 2)
    if is_code:
        see(22, facts["state"], looks)
        see(23, facts["state"], facts["earlier"] * 8 + facts["indent"])
        see(24, facts["head"], facts["line_word"])
        see(25, facts["head"], shape)
        see(26, facts["head"], word)
        see(27, facts["state"], word)
    for offset in (-2, -1, 1, 2):
        salt = 40 + 8 * (offset + 2)
        see(salt, shift(word, offset), kind)
        see(salt + 1, shift(shape, offset), shape)
        see(salt + 2, shift(coarse, offset), coarse)
    see(90, shift(word, -1), word)
    see(91, shift(word, 1), word)
    see(92, shift(looks, -1), looks)
    see(93, shift(looks, 1), looks)
    see(94, shift(shape, -1) * 8 + shift(shape, 1), shape * 8 + coarse)
    missing = np.full((count, 0 if is_code else CODE_FEATURES), -1, np.int32)
    grams = (mix(95, facts["grams"]) >> np.uint32(32 - WORD_BITS)).astype(np.int32)
    absent = np.arange(MOST_GRAMS)[None, :] >= facts["gram_count"][:, None]
    return np.concatenate([np.stack(columns, 1), missing, np.where(absent, -1, grams)], 1)


def shift(values: np.ndarray, offset: int) -> np.ndarray:
    """The neighbour's value, 0 past either end."""
    shifted = np.zeros_like(values)
    if offset < 0:
        shifted[-offset:] = values[:offset]
    elif offset < len(values):
        shifted[:-offset] = values[offset:]
    return shifted
