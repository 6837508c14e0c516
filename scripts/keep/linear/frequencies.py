"""How surprising a word is, in eighths of a bit: a hashed table that answers for any word in a byte or two."""

import math
from collections import Counter
from pathlib import Path

import numpy as np

from .hashing import hash_units, mix, units_of, LONGEST

ROW_BITS = 16
UNSEEN = 21 * 8
"""Of a word outside the table."""
VOCABULARY = 24_000
"""More would fill the table: a word outside it is taken for one inside with the square of the share of cells in use."""
ENGLISH = Path(__file__).with_name("english-frequencies.txt")
ENGLISH_WEIGHT = 2_000_000
"""Words of running text that the English list counts as."""


def count_words(records: list[dict]) -> Counter:
    """Words of English and of code: whether a text's words are in the table tells whether the weights speak its language."""
    counts: Counter = Counter()
    seen = set()
    for record in records:
        if record["text"] not in seen and record["source"] != "synthetic" and record.get("language", "en") == "en":
            seen.add(record["text"])
            counts.update(record["text"][start:end].lower() for start, end in record["words"])
    return counts


def build_table(counts: Counter) -> np.ndarray:
    """Two rows of cells; a word's bits are the greater of its two cells, so that a collision in one does no harm."""
    merged = Counter(counts)
    for line in ENGLISH.read_text().splitlines():
        if line.startswith("#"):
            continue
        half_bits, *words = line.split(" ")
        for word in words:
            merged[word] += ENGLISH_WEIGHT * 2 ** (-int(half_bits) / 2)
    total = sum(merged.values())
    table = np.full((2, 1 << ROW_BITS), UNSEEN, np.uint8)
    for word, count in sorted(merged.items(), key=lambda item: (-item[1], item[0]))[:VOCABULARY]:
        if count < 2:
            break
        bits = min(UNSEEN, round(8 * math.log2(total / count)))
        for row, cell in enumerate(cells_of(word)):
            table[row, cell] = min(table[row, cell], bits)
    return table


def cells_of(word: str) -> tuple[int, int]:
    value = hash_units(units_of(word)[:LONGEST])
    return tuple(int(mix(100 + row, value)) >> (32 - ROW_BITS) for row in (0, 1))


def look_up(table: np.ndarray, word: str) -> int:
    first, second = cells_of(word)
    return max(int(table[0, first]), int(table[1, second]))
