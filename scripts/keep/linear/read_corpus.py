"""Records of the dataset as tensors: feature indices and labels."""

import json
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from labels.split_words import split_words

from .line_facts import KINDS, LINE_BITS, MOST_UNITS, MOST_WORDS, LineReader, read_line_features
from .word_facts import WordInfo, read_facts
from .word_features import WORD_BITS, read_features

ABSENT = 1 << WORD_BITS
"""Index of a weight that stays zero."""


def read_split(folder: Path, split: str) -> list[dict]:
    with (folder / f"{split}.jsonl").open(encoding="utf8") as lines:
        return [json.loads(line) for line in lines]


@dataclass
class WordExample:
    record: dict
    features: torch.Tensor
    labels: torch.Tensor


@dataclass
class LineExample:
    record: dict
    features: torch.Tensor
    bag: torch.Tensor
    bag_lengths: list[int]
    labels: torch.Tensor


def word_features_of(record: dict, info: WordInfo, rate: float) -> torch.Tensor:
    is_code = record["kind"] == "code"
    features = read_features(read_facts(record["text"], record["words"], info, is_code), is_code, rate).astype(np.int64)
    features[features < 0] = ABSENT
    return torch.from_numpy(features)


def read_word_examples(records: list[dict], field: str, info: WordInfo, rate: float | None = None) -> list[WordExample]:
    """At `rate`, or where that is None at the share of words that the writer kept."""
    return [
        WordExample(
            record,
            word_features_of(record, info, rate if rate is not None else float(np.mean(record[field]))),
            torch.tensor(record[field], dtype=torch.float32),
        )
        for record in records
        if field in record
    ]


def read_line_example(record: dict, info: WordInfo, hide_evidence: bool) -> LineExample:
    """`hide_evidence` leaves out what the rules say, so that words have to."""
    lines = [record["text"][start:end] for start, end, *_ in record["lines"]]
    words = [[line[start:end] for start, end in split_words(line[:MOST_UNITS])[:MOST_WORDS]] for line in lines]
    floors = [0 if hide_evidence else evidence for *_, evidence in record["lines"]]
    features, bags = read_line_features(LineReader(lines, words, floors, info), KINDS[record["kind"]])
    return LineExample(
        record,
        torch.from_numpy(features),
        torch.tensor([index for bag in bags for index in bag]),
        [len(bag) for bag in bags],
        torch.tensor([label for _, _, label, _ in record["lines"]]),
    )


def read_line_examples(records: list[dict], info: WordInfo, seed: int, hidden: float) -> list[LineExample]:
    chance = random.Random(seed)
    return [read_line_example(record, info, chance.random() < hidden) for record in records if record.get("lines")]


LINE_WEIGHTS = 1 << LINE_BITS
