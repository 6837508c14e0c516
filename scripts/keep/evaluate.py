"""
Measures scores of words and lines on the development split, with intervals by bootstrap over documents:

    python scripts/keep/evaluate.py --scores build/keep/linear.jsonl [--scores OTHER.jsonl ...]

A file of scores has one JSON object a line: `id` of a record; `scores`, one number a word of it (greater is kept longer), or for each
rate such a list (`{"0.3": [...], "0.5": [...], "0.7": [...]}`); `lines`, one number a line. Log-odds, if the figures that divide
chances by costs are to mean something. Random scores and self-information stand beside them.
"""

import argparse
import json
import math
from collections import Counter
from pathlib import Path

import numpy as np
from measures.bootstrap import interval_of, share_interval
from measures.word_measures import RATES, Document, answers_kept, area_under_curve, choose, found_words

Scorer = dict
"""For each record's id the scores of its words: one array, or one for each rate."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("build/keep"))
    parser.add_argument("--scores", type=Path, action="append", default=[])
    parser.add_argument("--split", choices=["dev", "valid"], default="dev", help="valid, to choose by")
    options = parser.parse_args()
    records = read_records(options.data / f"{options.split}.jsonl")
    pairs = [Document(record) for record in records if record["source"] == "pairs"]
    questions = [Document(record) for record in records if record["source"] == "qa"]
    scorers = {
        "random": random_scores(pairs + questions),
        "self-information": self_information(pairs + questions, options.data / "train.jsonl"),
    }
    line_scores: dict[str, dict] = {}
    for path in options.scores:
        rows = read_records(path)
        scorers[path.stem] = {row["id"]: row["scores"] for row in rows if "scores" in row}
        line_scores[path.stem] = {row["id"]: np.array(row["lines"]) for row in rows if "lines" in row}
    print(f"{len(pairs)} pairs, {len(questions)} paragraphs with questions; [95 % interval by document]\n")
    for name, scorer in scorers.items():
        report_words(name, scorer, pairs, questions)
    report_ceiling(pairs)
    for name, scores in line_scores.items():
        report_lines(name, scores, [record for record in records if record.get("lines")])


def read_records(path: Path) -> list[dict]:
    with path.open(encoding="utf8") as lines:
        return [json.loads(line) for line in lines]


def random_scores(documents: list[Document]) -> Scorer:
    chance = np.random.default_rng(0)
    return {document.record["id"]: chance.normal(size=len(document.words)) for document in documents}


def self_information(documents: list[Document], train: Path) -> Scorer:
    """Of words by their counts in the training texts; centred so that the figures by chance over cost mean something."""
    counts: Counter = Counter()
    for record in read_records(train):
        counts.update(record["text"][start:end].lower() for start, end in record["words"])
    total = sum(counts.values()) + 0.5 * len(counts)
    bits = lambda word: -math.log((counts[word] + 0.5) / total)  # noqa: E731
    return {document.record["id"]: np.array([bits(word) - 9 for word in document.words]) for document in documents}


def scores_at(scorer: Scorer, document: Document, rate: float) -> np.ndarray:
    scores = scorer[document.record["id"]]
    return np.asarray(scores[str(rate)] if isinstance(scores, dict) else scores, float)


def report_words(name: str, scorer: Scorer, pairs: list[Document], questions: list[Document]) -> None:
    print(f"## {name}")
    for domain in ("nl", "code"):
        documents = [document for document in pairs if document.domain == domain]
        scores = [scores_at(scorer, document, 0.5) for document in documents]
        curve = lambda rows: area_under_curve(  # noqa: E731
            np.concatenate([scores[at] for at in rows]), np.concatenate([documents[at].keep for at in rows])
        )
        print(f"  AUC {domain:4}            {shown(interval_of(len(documents), curve))}")
        for label, value in (("", raw), (" by chance / sqrt(cost)", over_cost)):
            figures = []
            for rate in RATES:
                parts = [found_words(each, choose(value(scores_at(scorer, each, rate), each), each.cost, rate)) for each in documents]
                figures.append(f"@{rate} {shown(share_interval(np.array(parts)))}")
            print(f"  kept words found {domain:4}{label}  " + "  ".join(figures))
    for label, value in (("", raw), (" by chance / sqrt(cost)", over_cost)):
        figures = []
        for rate in RATES:
            parts = [answers_kept(each.content_places, choose(value(scores_at(scorer, each, rate), each), each.cost, rate)) for each in questions]
            figures.append(f"@{rate} {shown(share_interval(np.array(parts)))}")
        print(f"  answers whole{label}  " + "  ".join(figures))
    print()


def raw(scores: np.ndarray, _document: Document) -> np.ndarray:
    return scores


def over_cost(scores: np.ndarray, document: Document) -> np.ndarray:
    return 1 / (1 + np.exp(-scores)) / np.sqrt(document.cost)


def report_ceiling(pairs: list[Document]) -> None:
    """What all words together would find, and what a scorer would find that knew which words each writer kept."""
    for domain in ("nl", "code"):
        documents = [each for each in pairs if each.domain == domain]
        parts = [found_words(each, np.ones(len(each.words), bool)) for each in documents]
        print(f"verbatim ceiling {domain:4} {shown(share_interval(np.array(parts)))}")
        figures = []
        for rate in RATES:
            known = [found_words(each, choose((each.keep + 0.01) / np.sqrt(each.cost), each.cost, rate)) for each in documents]
            figures.append(f"@{rate} {shown(share_interval(np.array(known)))}")
        print(f"the writer's own words, by cost {domain:4}  " + "  ".join(figures))
        above = np.mean([(each.cost * each.keep).sum() > 0.5 * each.cost.sum() for each in documents])
        print(f"pairs whose kept words alone take more than half of the tokens {domain:4} {above:.3f}")


def report_lines(name: str, scores: dict, records: list[dict]) -> None:
    print(f"\n## {name}: lines")
    for source in sorted({record["source"] for record in records}):
        chosen = [record for record in records if record["source"] == source and record["id"] in scores]
        for label, wanted in (("evidence", lambda line: line[3]), ("label above 0.7", lambda line: int(line[2] > 0.7))):
            truth = [np.array([wanted(line) for line in record["lines"]]) for record in chosen]
            if not truth or sum(part.sum() for part in truth) < 20:
                continue
            found = [scores[record["id"]] for record in chosen]
            curve = lambda rows: area_under_curve(  # noqa: E731
                np.concatenate([found[at] for at in rows]), np.concatenate([truth[at] for at in rows])
            )
            print(f"  {source:14} {label:16} AUC {shown(interval_of(len(chosen), curve))} ({sum(part.sum() for part in truth)} of {sum(map(len, truth))} lines)")


def shown(figures: tuple[float, float, float]) -> str:
    value, low, high = figures
    return f"{value:.3f} [{low:.3f} {high:.3f}]"


if __name__ == "__main__":
    main()
