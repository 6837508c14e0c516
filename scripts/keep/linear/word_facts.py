"""What stands in a text about each of its words, as small integers. src/compress/score/linear/read-facts.ts reads the same."""

from collections import Counter

import numpy as np
import regex

from .frequencies import look_up
from .hashing import LONGEST, hash_units, units_of

SHAPES = {"none": 0, "lower": 1, "title": 2, "capitals": 3, "digits": 4, "mixed": 5, "underscore": 6, "foreign": 7}
STATE_CODE, STATE_LINE, STATE_BLOCK, STATE_TRIPLE = range(4)

FACTS = (
    "hash prefix3 prefix5 suffix3 shape bits length earlier occurrences before after break_before break_after "
    "sentence_word sentence place size state head line_word indent"
).split()


def shape_of(word: str) -> int:
    if "_" in word:
        return SHAPES["underscore"]
    if regex.search(r"\p{N}", word):
        return SHAPES["digits"]
    if regex.match(r"\p{Lu}", word):
        if not regex.search(r"\p{Lu}", word[1:]):
            return SHAPES["title"]
        return SHAPES["mixed"] if regex.search(r"\p{Ll}", word) else SHAPES["capitals"]
    if regex.match(r"\p{Ll}", word):
        return SHAPES["mixed"] if regex.search(r"\p{Lu}", word) else SHAPES["lower"]
    return SHAPES["foreign"]


def break_of(gap: str) -> int:
    """0 for words side by side, 1 with white space between them, 2 a line break, 3 an empty line."""
    lines = gap.count("\n")
    return 3 if lines > 1 else 2 if lines == 1 else 1 if any(unit in " \t\r\f\v\u00a0\u3000" for unit in gap) else 0


def log_bucket(count: int) -> int:
    return count if count < 4 else 4 if count < 8 else 5 if count < 16 else 6


class WordInfo:
    """What a word has by itself, read once for each word of a corpus."""

    def __init__(self, table: np.ndarray):
        self.table = table
        self.known: dict[str, tuple[int, ...]] = {}

    def read(self, word: str) -> tuple[int, ...]:
        found = self.known.get(word)
        if found is None:
            lower = word.lower()
            units = units_of(lower)[:LONGEST]
            padded = (60, *units, 62)
            grams = tuple(hash_units(padded[at : at + 4]) for at in range(max(1, len(padded) - 3)))[:10]
            found = (
                hash_units(units),
                hash_units(units[:3]),
                hash_units(units[:5]),
                hash_units(units[-3:]),
                shape_of(word),
                look_up(self.table, lower),
                min(15, len(units)),
                grams,
            )
            self.known[word] = found
        return found


MOST_GRAMS = 10


def read_facts(text: str, words: list[tuple[int, int]], info: WordInfo, is_code: bool) -> dict[str, np.ndarray]:
    count = len(words)
    facts = {name: np.zeros(count, np.uint32) for name in FACTS}
    grams = np.zeros((count, MOST_GRAMS), np.uint32)
    gram_count = np.zeros(count, np.uint32)
    lower = [text[start:end].lower() for start, end in words]
    occurrences = Counter(lower)
    seen: Counter = Counter()
    sentence_word = sentence = line_word = indent = head = 0
    scanner = StateScanner()
    for at, (start, end) in enumerate(words):
        before = text[words[at - 1][1] if at else 0 : start]
        after = text[end : words[at + 1][0] if at + 1 < count else len(text)]
        word_hash, prefix3, prefix5, suffix3, shape, bits, length, word_grams = info.read(text[start:end])
        breaks = break_of(before) if at else 3
        if breaks >= 2:
            line_word = 0
            head = word_hash
            indent = min(7, (len(before) - before.rfind("\n") - 1) // 2)
        if breaks == 3:
            sentence_word = sentence = 0
        elif at and ends_sentence(before, breaks):
            sentence += 1 if sentence_word else 0
            sentence_word = 0
        values = (
            word_hash, prefix3, prefix5, suffix3, shape, bits, length, log_bucket(seen[lower[at]]), log_bucket(occurrences[lower[at]]),
            unit_at(before, -1), unit_at(after, 0) | unit_at(after, 1) << 16, breaks, break_of(after) if at + 1 < count else 3,
            min(5, sentence_word), min(3, sentence), 10 * at // count, log_bucket(count // 16), scanner.pass_over(before) if is_code else 0,
            head, min(5, line_word), indent,
        )  # fmt: skip
        for name, value in zip(FACTS, values):
            facts[name][at] = value
        grams[at, : len(word_grams)] = word_grams
        gram_count[at] = len(word_grams)
        seen[lower[at]] += 1
        sentence_word += 1
        line_word += 1
    return facts | {"grams": grams, "gram_count": gram_count}


def unit_at(gap: str, at: int) -> int:
    """The code unit at an end of a gap, 32 for any white space and for nothing."""
    if not -len(gap) <= at < len(gap):
        return 32
    unit = units_of(gap[at])[-1 if at < 0 else 0]
    return 32 if unit <= 32 or unit in (0xA0, 0x3000) else unit


def ends_sentence(gap: str, breaks: int) -> bool:
    return breaks == 2 or any(mark in gap for mark in "。！？") or (breaks == 1 and any(mark in gap for mark in ".!?"))


class StateScanner:
    """Whether code goes on, or a comment or a long string: read from what stands between words."""

    def __init__(self):
        self.state, self.quote = STATE_CODE, ""

    def pass_over(self, gap: str) -> int:
        at = 0
        while at < len(gap):
            three, two, one = gap[at : at + 3], gap[at : at + 2], gap[at]
            step = 1
            if self.state == STATE_LINE:
                if one == "\n":
                    self.state = STATE_CODE
            elif self.state == STATE_BLOCK:
                if two == "*/":
                    self.state, step = STATE_CODE, 2
            elif self.state == STATE_TRIPLE:
                if three == self.quote:
                    self.state, step = STATE_CODE, 3
            elif three in ('"""', "'''"):
                self.state, self.quote, step = STATE_TRIPLE, three, 3
            elif two == "/*":
                self.state, step = STATE_BLOCK, 2
            elif one == "#" or (two == "//" and gap[at - 1 : at] != ":"):
                self.state = STATE_LINE
            at += step
        return self.state
