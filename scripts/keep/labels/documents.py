"""Records that share text belong to one document, and a document belongs to one split."""

import zlib
from collections import defaultdict

from .split_words import words_of

SHINGLE = 8
"""Words in a shingle."""
SAMPLE = 4
"""One shingle in this many is compared, by its hash."""
SHARED = 0.15
"""Share of the smaller text's shingles at which two texts count as one document."""


def group_documents(records: list[dict]) -> None:
    """
    Gives each record its `document`: what its source says (an article's title, a meeting), merged where texts share at
    least 15 % of their eight-word shingles; named after its first record's key.
    """
    parent = list(range(len(records)))

    def find(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    def join(one: int, other: int) -> None:
        one, other = find(one), find(other)
        parent[max(one, other)] = min(one, other)

    first_with: dict[str, int] = {}
    for at, record in enumerate(records):
        join(first_with.setdefault(record["document"], at), at)
    shingles = [read_shingles(record["text"]) for record in records]
    holders: dict[int, list[int]] = defaultdict(list)
    for at, seen in enumerate(shingles):
        for shingle in seen:
            holders[shingle].append(at)
    shared: dict[tuple[int, int], int] = defaultdict(int)
    for places in holders.values():
        for left, right in zip(places, places[1:]) if len(places) > 30 else all_pairs(places):
            shared[left, right] += 1
    for (left, right), count in shared.items():
        if count >= max(2, SHARED * min(len(shingles[left]), len(shingles[right]))):
            join(left, right)
    for at, record in enumerate(records):
        record["document"] = records[find(at)]["document"]


def all_pairs(places: list[int]):
    return ((left, right) for index, left in enumerate(places) for right in places[index + 1 :])


def read_shingles(text: str) -> set[int]:
    words = words_of(text)
    hashes = (zlib.crc32(" ".join(words[at : at + SHINGLE]).encode()) for at in range(max(1, len(words) - SHINGLE + 1)))
    return {value for value in hashes if value % SAMPLE == 0}


def split_of(document: str) -> str:
    """`dev` (20 %: reports only), `valid` (6 %: chooses epochs, calibrates) or `train`, by a fixed hash of the document."""
    bucket = zlib.crc32(document.encode()) % 100
    return "dev" if bucket < 20 else "valid" if bucket < 26 else "train"
