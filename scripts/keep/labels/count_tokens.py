"""Tokens of o200k_base, by the ranks in the development dependency js-tiktoken: what a word costs with what stands behind it."""

import base64
import functools
import json
from pathlib import Path

import regex

RANKS = Path(__file__).parents[3] / "node_modules/js-tiktoken/dist/ranks/o200k_base.js"


@functools.cache
def load_encoding() -> tuple[dict[bytes, int], regex.Pattern]:
    if not RANKS.exists():
        raise SystemExit(f"expected the ranks of o200k_base in {RANKS}: run `npm ci`")
    source = RANKS.read_text()
    encoding = json.loads(source[source.index("{") : source.rindex("}") + 1])
    ranks = {}
    for line in filter(None, encoding["bpe_ranks"].split("\n")):
        _, first, *tokens = line.split(" ")
        for offset, token in enumerate(tokens):
            ranks[base64.b64decode(token)] = int(first) + offset
    return ranks, regex.compile(encoding["pat_str"])


@functools.lru_cache(1 << 20)
def count_piece(piece: bytes) -> int:
    ranks, _ = load_encoding()
    if piece in ranks:
        return 1
    parts = [piece[at : at + 1] for at in range(len(piece))]
    while len(parts) > 1:
        rank, at = min((ranks.get(parts[at] + parts[at + 1], 1 << 30), at) for at in range(len(parts) - 1))
        if rank == 1 << 30:
            break
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
    return len(parts)


@functools.lru_cache(1 << 20)
def count_tokens(text: str) -> int:
    _, pattern = load_encoding()
    return sum(count_piece(match.group().encode()) for match in pattern.finditer(text))


def costs_of(text: str, words: list[tuple[int, int]]) -> list[int]:
    """Tokens of each word with the punctuation up to the next one, and the space before it where there is one."""
    costs = []
    for at, (start, end) in enumerate(words):
        following = words[at + 1][0] if at + 1 < len(words) else len(text)
        space = " " if at and text[start - 1].isspace() else ""
        costs.append(count_tokens(f"{space}{text[start:end]}{text[end:following].strip()}"))
    return costs
