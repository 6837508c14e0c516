"""Which words of a verbose text did the writer of its compressed form keep? A monotone alignment of the two."""

import functools
import math
import os
from collections import defaultdict

import numpy as np
import regex

from .split_words import FUNCTION_WORDS, UNSPACED, WORD, words_of

SUFFIXES = (
    "ization isation ations ation ingly ness ment ings ing ies ied ers est ed es er ly al s e".split()
)

# What writers of telegraphic text put for a word, beyond what prefixes and consonants show.
ABBREVIATIONS = {
    "w": {"with"}, "wo": {"without"}, "bw": {"between"}, "btw": {"between"}, "yr": {"year", "years"}, "yrs": {"years"},
    "cent": {"century", "centuries"}, "c": {"century", "circa"}, "approx": {"approximately"}, "fn": {"def", "function", "fn", "func"},
    "gov": {"government"}, "govt": {"government"}, "mgmt": {"management"}, "intl": {"international"}, "ret": {"return", "returns"},
    "vs": {"versus", "against"}, "ww2": {"ii"}, "wwii": {"ii"}, "dept": {"department"}, "pop": {"population"}, "us": {"united", "american"},
    "uk": {"united", "british"}, "w/o": {"without"}, "bc": {"because"}, "cls": {"class"}, "str": {"string"}, "int": {"integer"},
    "bool": {"boolean"}, "err": {"error"}, "exc": {"exception"}, "msg": {"message"}, "param": {"parameter"}, "params": {"parameters"},
    "args": {"arguments"}, "cfg": {"config", "configuration"}, "env": {"environment"}, "dir": {"directory"}, "prev": {"previous"},
    "ussr": {"soviet"}, "ppl": {"people"}, "thru": {"through"}, "dev": {"development"}, "ed": {"education"}, "k": {"thousand"}, "m": {"million", "metres", "meters"},
    "b": {"billion"}, "bn": {"billion"}, "mn": {"million"}, "km": {"kilometres", "kilometers"}, "kg": {"kilograms"}, "async": {"asynchronous"},
}  # fmt: skip

NUMBERS = {
    word: str(value)
    for value, word in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
        eighteen nineteen twenty""".split()
    )
} | {"first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th", "sixth": "6th", "seventh": "7th",
     "eighth": "8th", "ninth": "9th", "tenth": "10th", "thirty": "30", "forty": "40", "fifty": "50", "hundred": "100",
     "once": "1x", "twice": "2x", "thrice": "3x", "double": "2x", "half": "50"}  # fmt: skip

NEGATIONS = frozenset("not no never neither nor none nothing without cannot non lacks lack lacking fails failed unable isn't aren't wasn't "
                      "weren't don't doesn't didn't won't wouldn't can't couldn't shouldn't hasn't haven't hadn't".split())  # fmt: skip

RAISED = "!error"
"""`!` before the name of an error in compressed code."""

# A symbol stands for one of these words. Where the source has the symbol itself, it stands for none.
SYMBOLS = {
    "≠": NEGATIONS | {"unlike", "different", "differs", "differ"}, "!": NEGATIONS, "¬": NEGATIONS, "∄": NEGATIONS, "✗": NEGATIONS, "∉": NEGATIONS,
    "∵": {"because", "since", "due", "owing"}, "∴": {"therefore", "thus", "hence", "consequently", "so", "result"},
    "@": {"at"}, "&": {"and"}, "%": {"percent", "percentage"}, "$": {"dollars", "dollar", "usd"},
    "↑": {"increase", "increased", "increases", "increasing", "rise", "rising", "rose", "grew", "growth", "higher", "more", "raise", "raised"},
    "↓": {"decrease", "decreased", "decreases", "decreasing", "decline", "declined", "fell", "reduced", "reduce", "lower", "less", "fewer"},
    ">": {"over", "exceeding", "exceeds"}, "<": {"under", "below"}, "≥": {"least"}, "≤": {"most"},
    "~": {"about", "approximately", "around", "roughly", "nearly", "almost"}, "≈": {"about", "approximately", "around", "roughly"},
    RAISED: {"raise", "raises", "except", "throw"}, "×": {"times"}, "∀": {"all", "every", "any"}, "°": {"degrees", "degree"},
}  # fmt: skip

COMPARISONS = (">", "<")
_symbol = regex.compile("|".join(regex.escape(symbol) for symbol in SYMBOLS if len(symbol) == 1))
_unspaced = regex.compile(f"[{UNSPACED}]", regex.V1)


@functools.lru_cache(1 << 18)
def stem(word: str) -> str:
    """A crude stem: enough to see that `developed` and `development` are one word."""
    if word.endswith(("'s", "’s")):
        word = word[:-2]
    for suffix in SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            return word[: -len(suffix)]
    return word


@functools.lru_cache(1 << 20)
def similarity(kept: str, word: str) -> float:
    """How surely a word of the compressed text stands for a word of the source, 0..1."""
    if kept == word:
        return 1.0
    if kept in SYMBOLS:
        return 0.7 if word in SYMBOLS[kept] else 0.0
    if NUMBERS.get(word) == kept or NUMBERS.get(kept) == word:
        return 0.85
    if kept[:-1].isdigit() and NUMBERS.get(word) == kept[:-1] and kept[-1] in "xd":
        return 0.7
    if kept[0].isdigit() and word[0].isdigit():
        return 0.85 if kept.replace(",", "") == word.replace(",", "") else 0.0
    if word in ABBREVIATIONS.get(kept, ()):
        return 0.8
    if word.replace("’", "'").endswith("n't") and kept in ("not", "no", "never"):
        return 0.8
    if kept in NEGATIONS and word in NEGATIONS and kept in ("no", "not", "without", "never"):
        return 0.6
    if kept[0] != word[0] or word in FUNCTION_WORDS or kept in FUNCTION_WORDS:
        return 0.0
    if stem(kept) == stem(word):
        return 0.95
    if not (kept.isalpha() and word.isalpha()):
        return 0.0
    common = os.path.commonprefix((kept, word))
    if len(common) >= 5 and len(common) >= 0.6 * min(len(kept), len(word)):
        return 0.8
    if len(kept) >= 3 and word.startswith(kept) and len(word) - len(kept) >= 2:
        return 0.75
    if len(common) >= 4 and len(common) >= 0.8 * min(len(kept), len(word)):
        return 0.7
    if 3 <= len(kept) <= 6 and len(kept) <= 0.7 * len(word) and len(word) >= 6 and not set(kept) & set("aeiou"):
        letters = iter(word)
        if all(letter in letters for letter in kept):
            return 0.6
    return 0.0


def read_kept(compressed: str, source: str) -> list[str]:
    """The words of the compressed text, and the symbols in it that replace words."""
    found = [(match.start(), match.group().lower()) for match in WORD.finditer(compressed)]
    counts: dict[str, int] = defaultdict(int)
    for match in _symbol.finditer(compressed):
        symbol, at = match.group(), match.start()
        if symbol == "!" and compressed[at + 1 : at + 2] == "=":
            continue
        if symbol in COMPARISONS and (compressed[at - 1 : at] in "-=<>" or compressed[at + 1 : at + 2] in "=<>"):
            continue
        if symbol == "!" and compressed[at + 1 : at + 2].isupper():
            found.append((at, RAISED))
            continue
        counts[symbol] += 1
        if counts[symbol] > source.count(symbol):
            found.append((at, symbol))
    found.sort()
    return [word for _, word in found]


BEAM = 60


def align_words(source_words: list[str], compressed: str, source: str) -> tuple[np.ndarray, float]:
    """
    1 for each source word that the compressed text kept, and the share of the compressed text's words that found one.
    Each word of the compressed text takes at most one source word: similar, near the one before it, and about as far
    through the text. Going back costs more than going on; a word may also stand for nothing in the source.
    """
    count = len(source_words)
    labels = np.zeros(count, np.uint8)
    kept_words = read_kept(compressed, source)
    if count == 0 or not kept_words:
        return labels, 0.0
    candidates = list_candidates(source_words, kept_words)
    beam: dict[int, tuple[float, tuple | None]] = {-1: (0.0, None)}
    for index, matches in enumerate(candidates):
        if not matches:
            continue
        kept = kept_words[index]
        grammar = kept in FUNCTION_WORDS or (len(kept) < 2 and kept not in SYMBOLS)
        weight, strictness = (0.5, 1.0) if grammar else (1.0, 0.7)
        expected = index / len(kept_words) * count
        following: dict[int, tuple[float, tuple | None]] = dict(beam)
        for last, (score, path) in beam.items():
            for at, likeness, length in matches:
                penalty = step_penalty(at - last - 1) if at != last else 0.3
                penalty += 0.5 * abs(at - expected) / count
                total = score + weight * likeness - penalty * strictness
                end = at + length - 1
                if end not in following or following[end][0] < total:
                    following[end] = (total, (at * LONGEST + length, path))
        if len(following) > BEAM:
            following = dict(sorted(following.items(), key=lambda item: -item[1][0])[:BEAM])
        beam = following
    path = max(beam.values(), key=lambda item: item[0])[1]
    aligned = 0
    while path:
        at, length = divmod(path[0], LONGEST)
        labels[at : at + length] = 1
        path = path[1]
        aligned += 1
    return labels, aligned / len(kept_words)


def step_penalty(jump: int) -> float:
    return 0.12 * math.log1p(jump) if jump >= 0 else 0.15 + 0.15 * math.log1p(-jump)


def list_candidates(source_words: list[str], kept_words: list[str]) -> list[list[tuple[int, float, int]]]:
    """For each kept word where it may come from: `(first source word, likeness, how many words)`, those nearly as like as the likest."""
    places: dict[str, list[int]] = defaultdict(list)
    for at, word in enumerate(source_words):
        places[word].append(at)
    known: dict[str, list[tuple[int, float, int]]] = {}
    for kept in kept_words:
        if kept in known:
            continue
        likeness_of = {word: similarity(kept, word) for word in places}
        best = max(likeness_of.values())
        known[kept] = [
            (at, likeness, 1) for word, likeness in likeness_of.items() if likeness > max(0, best - 0.3) for at in places[word]
        ]
        if best < 0.95:
            known[kept] += find_initials(kept, source_words)
    return [known[kept] for kept in kept_words]


LONGEST = 8
"""One more than the most words that an acronym stands for."""


def find_initials(kept: str, source_words: list[str]) -> list[tuple[int, float, int]]:
    """Words that an acronym stands for: `us` for `U.S.`, `ml` for `machine learning`, `m87` for `Messier 87`."""
    if not 2 <= len(kept) <= 6 or not kept.isalnum() or kept in FUNCTION_WORDS - {"us"}:
        return []
    found = []
    for start, word in enumerate(source_words):
        if word[0] != kept[0] or word in FUNCTION_WORDS:
            continue
        at, used, taken = start, 0, 0
        while used < len(kept) and at < len(source_words) and at - start < LONGEST - 1:
            word = source_words[at]
            if kept.startswith(word, used) and len(word) > 1:
                used += len(word)
            elif word[0] == kept[used]:
                used += 1
            elif taken == 0 or word not in FUNCTION_WORDS:
                break
            else:
                taken -= 1
            at, taken = at + 1, taken + 1
        if used == len(kept) and taken >= 2:
            found.append((start, 0.75, at - start))
    return found
