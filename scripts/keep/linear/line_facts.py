"""What stands in each line of a text, as small integers, and its features. src/compress/score/linear/line-features.ts does the same."""

import math
from collections import Counter

import numpy as np

from labels.label_lines import TROUBLE

from .hashing import mix, units_of
from .word_facts import WordInfo, log_bucket

LINE_BITS = 16
"""Weights of the line task: 2 to this, of which the first half is for what a line is and the second for its words."""
MOST_UNITS = 400
"""Code units of a line that are read."""
MOST_WORDS = 32
KINDS = {"code": 1, "tool": 2, "nl": 3}


class LineReader:
    """Lines as the line task sees them: `words` of each, at most `MOST_WORDS`, and `floors`, 1 for those that never go."""

    def __init__(self, lines: list[str], words: list[list[str]], floors: list[int], info: WordInfo):
        self.count = len(lines)
        self.floors = floors
        self.trouble = [int(TROUBLE.search(line[:MOST_UNITS]) is not None) for line in lines]
        self.words = [[info.read(word)[0] for word in line] for line in words]
        self.terms = [sorted({word for word, text in zip(hashes, line) if not text[0] in "0123456789"}) for hashes, line in zip(self.words, words)]
        self.bits = [[info.read(word)[5] for word in line] for line in words]
        self.lines = lines
        self.shapes = [shape_line(line) for line in lines]
        frequency = Counter(term for terms in self.terms for term in terms)
        most = math.log(self.count + 1)
        seen: set[int] = set()
        templates = Counter(shape["template"] for shape in self.shapes)
        earlier: Counter = Counter()
        self.rarity, self.novelty, self.repeats, self.earlier = [], [], [], []
        for terms, shape in zip(self.terms, self.shapes):
            rarity = sum(math.log((self.count + 1) / frequency[term]) for term in terms)
            self.rarity.append(int(10 * rarity / (len(terms) * most) + 1e-6) if terms else 0)
            fresh = sum(term not in seen for term in terms)
            self.novelty.append(8 * fresh // len(terms) if terms else 0)
            self.repeats.append(log_bucket(templates[shape["template"]]))
            self.earlier.append(log_bucket(earlier[shape["template"]]))
            seen.update(terms)
            earlier[shape["template"]] += 1


def shape_line(line: str) -> dict[str, int]:
    """What characters a line has. Its template is its hash with each run of digits as one, without the white space around it."""
    units = units_of(line)[:MOST_UNITS]
    first = next((at for at, unit in enumerate(units) if unit > 32), len(units))
    last = next((at for at in range(len(units) - 1, -1, -1) if units[at] > 32), -1)
    digits = upper = marks = 0
    template = 0x811C9DC5
    in_number = False
    for unit in units[first : last + 1]:
        digit = 48 <= unit <= 57
        if not (digit and in_number):
            template = ((template ^ (48 if digit else unit)) * 0x01000193) & 0xFFFFFFFF
        in_number = digit
        digits += digit
        upper += 65 <= unit <= 90
        marks += 33 <= unit <= 47 or 58 <= unit <= 64 or 91 <= unit <= 94 or unit == 96 or 123 <= unit <= 126
    length = max(0, last + 1 - first)
    return {
        "indent": min(15, first),
        "length": length,
        "digits": 6 * digits // (length + 1),
        "upper": 6 * upper // (length + 1),
        "marks": 8 * marks // (length + 1),
        "first": units[first] if length > 0 else 0,
        "last": units[last] if length > 0 else 0,
        "template": template,
    }


def read_line_features(reader: LineReader, kind: int) -> tuple[np.ndarray, list[list[int]]]:
    """`[lines, features]` of what the lines are, and for each line the features of its words, whose mean counts."""
    count = reader.count
    half = LINE_BITS - 1
    rows, bags = [], []
    for at in range(count):
        shape = reader.shapes[at]
        words = reader.words[at]
        head = words[0] if words else 0
        second = words[1] if len(words) > 1 else 0
        tail = words[-1] if words else 0
        before = reader.words[at - 1][0] if at > 0 and reader.words[at - 1] else 0
        after = reader.words[at + 1][0] if at + 1 < count and reader.words[at + 1] else 0
        length = min(9, shape["length"].bit_length())
        bits = reader.bits[at]
        mean_bits = sum(bits) // len(bits) // 8 if bits else 0
        most_bits = max(bits) // 8 if bits else 0
        repeats = reader.repeats[at] * 8 + reader.earlier[at]
        telling = reader.rarity[at] * 16 + reader.novelty[at]
        step = compare(shape["indent"], reader.shapes[at - 1]["indent"] if at > 0 else -1) * 3 + compare(
            shape["indent"], reader.shapes[at + 1]["indent"] if at + 1 < count else -1
        )
        beside = (reader.floors[at - 1] if at > 0 else 0) * 2 + (reader.floors[at + 1] if at + 1 < count else 0)
        values = (
            (1, kind, 0), (2, kind, repeats), (3, kind, telling), (4, kind, reader.rarity[at]), (5, kind, reader.novelty[at]),
            (6, kind, length * 16 + min(15, len(words))), (7, kind, shape["indent"]), (8, kind, step), (9, kind, shape["digits"] * 8 + shape["upper"]),
            (10, kind, shape["marks"]), (11, kind, shape["first"]), (12, kind, shape["last"]), (13, kind, head), (14, head, second),
            (15, kind, tail), (16, head, shape["last"]), (17, kind, before), (18, kind, after), (19, before, head), (20, head, after),
            (21, kind, min(4, at)), (22, kind, min(4, count - 1 - at)), (23, kind, 10 * at // count), (24, kind, log_bucket(count // 4)),
            (25, mean_bits, most_bits), (26, kind * 8 + length, repeats), (27, shape["first"], shape["indent"]), (28, step, head),
            (29, kind * 8 + length, reader.rarity[at]), (30, kind, reader.trouble[at] * 4 + reader.floors[at]), (31, kind, beside),
        )  # fmt: skip
        rows.append(values)
        bags.append(words)
    cells = np.array(rows, np.int64).astype(np.uint32)
    columns = [mix(int(cells[0, column, 0]) + 200, cells[:, column, 1], cells[:, column, 2]) >> np.uint32(32 - half) for column in range(cells.shape[1])]
    bag_features = []
    for words in bags:
        hashes = np.array(words, np.uint32)
        pairs = np.stack([mix(240, hashes, kind), mix(241, hashes), mix(242, hashes, np.append(hashes[1:], np.uint32(0)))], 1) if words else np.zeros((0, 3), np.uint32)
        bag_features.append(((pairs >> np.uint32(32 - half)) + (1 << half)).astype(np.int64).ravel().tolist())
    return np.stack(columns, 1).astype(np.int64), bag_features


def compare(value: int, other: int) -> int:
    """0 for less, 1 for the same, 2 for more."""
    return 1 if value == other else 2 if value > other else 0
