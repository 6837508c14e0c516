"""What a choice of words keeps of what writers kept and of what answers questions, at a rate."""

from collections import Counter
from functools import cached_property

import numpy as np
from labels.split_words import FUNCTION_WORDS, words_of

RATES = (0.3, 0.5, 0.7)


class Document:
    """A record of the dataset, ready to be measured."""

    def __init__(self, record: dict):
        self.record = record
        self.domain = record.get("domain", record["kind"])
        self.words = [record["text"][start:end].lower() for start, end in record["words"]]
        self.cost = np.array(record["cost"], float)
        self.keep = np.array(record["keep"]) if "keep" in record else None

    @cached_property
    def reference(self) -> Counter:
        """Content words of what the writer made of the text."""
        words = words_of(self.record["compressed"])
        return Counter(word for word in words if word not in FUNCTION_WORDS and len(word) > 1)

    @cached_property
    def content_places(self) -> list[list[list[int]]]:
        """For each question the content words of each answer; an answer of function words alone counts with all of them."""
        return [
            [[at for at in place if self.words[at] not in FUNCTION_WORDS] or place for place in question["places"]]
            for question in self.record["questions"]
        ]


def choose(scores: np.ndarray, cost: np.ndarray, rate: float) -> np.ndarray:
    """The best words whose costs add up to at most `rate` of all costs; then smaller ones among the next twenty that still fit."""
    budget = rate * cost.sum()
    kept = np.zeros(len(cost), bool)
    order = np.argsort(-scores, kind="stable")
    spent = np.cumsum(cost[order])
    count = int(np.searchsorted(spent, budget + 1e-6, side="right"))
    kept[order[:count]] = True
    left = budget - (spent[count - 1] if count else 0)
    for at in order[count : count + 20]:
        if cost[at] <= left + 1e-6:
            kept[at] = True
            left -= cost[at]
    return kept


def area_under_curve(scores: np.ndarray, labels: np.ndarray) -> float:
    """Chance that a positive scores above a negative, ties counted half."""
    labels = np.asarray(labels) > 0.5
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    positives, negatives = labels.sum(), (~labels).sum()
    if positives == 0 or negatives == 0:
        return float("nan")
    return float((ranks[labels].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def found_words(document: Document, kept: np.ndarray) -> tuple[int, int]:
    """How many of the writer's content words stay, and how many there are."""
    counts = Counter(word for word, stays in zip(document.words, kept) if stays)
    return sum(min(count, counts[word]) for word, count in document.reference.items()), sum(document.reference.values())


def answers_kept(places: list[list[list[int]]], kept: np.ndarray) -> tuple[int, int]:
    return sum(any(kept[place].all() for place in question) for question in places), len(places)
