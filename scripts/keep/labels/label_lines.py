"""How much a reader would miss each line of structured text, 0..1: evidence, novelty, rarity of its template, later reference."""

import math
from collections import Counter

import regex

from .split_words import FUNCTION_WORDS, words_of

Line = tuple[int, int, float, int]
"""Start, end (without the line break), label, 1 for evidence."""

# Evidence as the product's rules have it (src/compress/text/evidence.ts): these lines never go.
EVIDENCE_WORDS = regex.compile(
    r"(?<![\p{L}\p{N}_])(?:error|fail|failed|failure|exception|fatal|panic|traceback|assert\w*|segfault|undefined reference|"
    r"cannot|denied|timed out)(?![\p{L}\p{N}_])",
    regex.I,
)
REPORTED_ERROR = regex.compile(
    r"^[ \t]*(?:E[ \t]+|\[?[!✗✘×]\]?[ \t]*|(?:Unhandled|Uncaught|Caused by:|During handling|thrown)[ \t]+)?(?:[\w$]+[.:]{1,2}){0,8}"
    r"[A-Z]\w*(?:Error|Exception)(?::\s|[ \t]*$|\s\[|\s\()"
)
SUMMARIES = [
    regex.compile(pattern, regex.I)
    for pattern in (
        r"\bexit(?:ed)?(?:[ \t]+(?:with|code|status|value)){1,3}[ \t]*[:=]?[ \t]*-?\d",
        r"\bexit[_ ]?(?:code|status)[\"']?[ \t]*[:=][ \t]*-?\d|\breturncode[ \t]*[:=][ \t]*-?\d",
        r"\b(?:process finished|core dumped|build (?:success(?:ful)?|fail\w*|succeeded)|test result:|npm err!)",
        r"^[ \t]*(?:make|gmake|ninja)(?:\[\d+\])?: \*\*\*",
        r"\b\d+ (?:\w+ ){0,2}(?:errors?|failures?|failed|failing|passed|passing|problems?|warnings?(?: \w+)?(?: generated| emitted)?)\b(?!\.\w)",
        r"\b(?:errors?|failures|failed|failing|passed|passing|skipped|warnings)[ \t]*[:=][ \t]*\d",
        r"^[ \t]*(?:#|ℹ)\s(?:tests|pass|fail|suites|cancelled|skipped)[ \t]+\d",
        r"^[ \t]*(?:Ran|Found|Finished|Compiled|Executed)[ \t]+\d.{0,60}$",
        r"^[ \t]*(?:✖|✗|✘|×)\s",
        r"^[ \t]*not ok[ \t]+\d",
    )
] + [regex.compile(r"^[ \t]*(?:OK|FAILED|PASSED|SUCCESS)\b[ \t]*(?:\(|$|!)")]

# Words that speak of trouble short of an error.
TROUBLE = regex.compile(
    r"warn|deprecat|retr(?:y|ied)|time-?out|abort|kill|crash|refus|reject|invalid|missing|unexpected|conflict|unable|not found|"
    r"no such|critical|severe|alert|rollback|unhealthy|degraded|skipp|blocked|overflow|leak|unreachable|corrupt|expired|unauthorized|forbidden",
    regex.I,
)
VARYING = regex.compile(r"0x[0-9a-f]+|\b[0-9a-f]{7,}\b|\p{N}+", regex.I)
REFERABLE = regex.compile(r"[\p{L}\p{N}_][\p{L}\p{N}_.@/#-]*[\p{L}\p{N}_]", regex.V1)


def is_evidence(line: str) -> bool:
    return bool(
        EVIDENCE_WORDS.search(line) or REPORTED_ERROR.search(line) or any(pattern.search(line) for pattern in SUMMARIES)
    )


def spans_of_lines(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Lines that are not blank."""
    spans = []
    end = len(text) if end is None else end
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop == -1 else stop
        if text[start:stop].strip():
            spans.append((start, stop))
        start = stop + 1
    return spans


def template_of(line: str) -> str:
    """A line without what varies: numbers, hashes, addresses."""
    return VARYING.sub("0", line).strip()


def label_by_novelty(text: str, spans: list[tuple[int, int]]) -> list[Line]:
    """For text that nobody has answered from: evidence 1, trouble 0.75, else how new and how rare, at most 0.65."""
    templates = [template_of(text[start:end]) for start, end in spans]
    counts = Counter(templates)
    seen_words: set[str] = set()
    seen_templates: set[str] = set()
    frequency = Counter(word for start, end in spans for word in set(words_of(text[start:end])))
    most = math.log(len(spans) + 1)
    lines = []
    for (start, end), template in zip(spans, templates):
        line = text[start:end]
        words = {word for word in words_of(line) if not word[0].isdigit() and word not in FUNCTION_WORDS}
        novelty = len(words - seen_words) / len(words) if words else 0.0
        rarity = sum(math.log((len(spans) + 1) / frequency[word]) for word in words) / (len(words) * most) if words and most else 0.0
        repeated = template in seen_templates
        value = 0.65 * (0.35 * novelty + 0.65 * rarity) * (0.35 if repeated else 1.0) / math.sqrt(1 + math.log(counts[template]))
        evidence = is_evidence(line)
        if TROUBLE.search(line) and not repeated:
            value = 0.75
        lines.append((start, end, round(1.0 if evidence else value, 3), int(evidence)))
        seen_words |= words
        seen_templates.add(template)
    return lines


def label_by_kept_words(text: str, spans: list[tuple[int, int]], words: list[tuple[int, int]], keep: list[int]) -> list[Line]:
    """For text that a writer has compressed: the share of a line's content words that the writer kept."""
    lines, at = [], 0
    for start, end in spans:
        total = kept = 0
        while at < len(words) and words[at][0] < end:
            if words[at][0] >= start and text[words[at][0] : words[at][1]].lower() not in FUNCTION_WORDS:
                total += 1
                kept += keep[at]
            at += 1
        lines.append((start, end, round(kept / total, 3) if total else 0.0, int(is_evidence(text[start:end]))))
    return lines


def label_by_later_reference(text: str, spans: list[tuple[int, int]], later: str) -> list[Line]:
    """For what an agent read: 1 for lines that brought a name or number which the agent used after that, and for evidence."""
    used = set(REFERABLE.findall(later))
    holders = Counter(term for start, end in spans for term in set(REFERABLE.findall(text[start:end])))
    lines = []
    for start, end in spans:
        line = text[start:end]
        terms = {
            term
            for term in REFERABLE.findall(line)
            if holders[term] <= 2 and len(term) >= 4 and (not term.isalpha() or term.lower() != term or len(term) >= 9)
        }
        evidence = is_evidence(line)
        lines.append((start, end, 1.0 if evidence or terms & used else 0.0, int(evidence)))
    return lines


def label_by_answer(text: str, spans: list[tuple[int, int]], answer: str) -> list[Line]:
    """For a text with a question's answer: 1 for the lines that first bring what the answer says, found greedily by rarity."""
    frequency = Counter(word for start, end in spans for word in set(words_of(text[start:end])))
    wanted = {word for word in words_of(answer) if word in frequency and word not in FUNCTION_WORDS and len(word) > 2}
    weight = {word: math.log(1 + len(spans) / frequency[word]) for word in wanted}
    chosen: set[int] = set()
    held = [wanted & set(words_of(text[start:end])) for start, end in spans]
    while wanted:
        gains = [sum(weight[word] for word in words & wanted) for words in held]
        best = max(range(len(spans)), key=lambda at: gains[at])
        if gains[best] < 0.7:
            break
        chosen.add(best)
        wanted -= held[best]
    return [
        (start, end, 1.0 if at in chosen else 0.0, int(is_evidence(text[start:end]))) for at, (start, end) in enumerate(spans)
    ]
