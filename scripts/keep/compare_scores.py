"""
Compares two scorers on held-out documents, paired: what the second has over the first, with intervals by bootstrap over documents; and how
reliable each one's chances are.

    python scripts/keep/compare_scores.py --base build/keep/linear.jsonl --scores build/keep/encoder.jsonl [--answers 0.3] [--mean]

`--mean` puts the mean of both scorers' log-odds against the first. `--answers`: how far the second's answer output lifts a word.
"""

import argparse
from pathlib import Path

import numpy as np
from evaluate import over_cost, raw, read_records
from measures.bootstrap import interval_of
from measures.word_measures import RATES, Document, answers_kept, area_under_curve, choose, found_words

BOUNDS = (0, 0.05, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0001)


def read_scores(path: Path, answers: float) -> dict:
    """For each id the scores at each rate. A scorer of several outputs has its answers' logits beside, told at rate 0.5."""
    scores = {}
    for row in read_records(path):
        if "scores" not in row:
            continue
        lift = answers * np.array(row["outputs"]["answer"]) if answers and "outputs" in row else 0.0
        scores[row["id"]] = {rate: np.array(row["scores"][str(rate)]) + lift for rate in RATES}
        if "own" in row["scores"]:
            scores[row["id"]]["own"] = np.array(row["scores"]["own"])
    return scores


def parts_of(scorer: dict, pairs: list[Document], questions: list[Document]) -> dict:
    """Found and wanted of each document, by measure."""
    parts = {}
    for rate in RATES:
        for label, value in (("", raw), (" by cost", over_cost)):
            kept = lambda document: choose(value(scorer[document.record["id"]][rate], document), document.cost, rate)  # noqa: B023, E731
            for domain in ("nl", "code"):
                parts[f"kept words {domain} @{rate}{label}"] = np.array([found_words(each, kept(each)) for each in pairs if each.domain == domain])
            parts[f"answers @{rate}{label}"] = np.array([answers_kept(each.content_places, kept(each)) for each in questions])
    return parts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("build/keep"))
    parser.add_argument("--split", choices=["dev", "valid"], default="dev")
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--scores", type=Path, required=True)
    parser.add_argument("--answers", type=float, default=0.0)
    parser.add_argument("--mean", action="store_true")
    parser.add_argument("--weight", type=float, default=0.5, help="of the second in the mean")
    options = parser.parse_args()
    records = read_records(options.data / f"{options.split}.jsonl")
    base, other = read_scores(options.base, 0), read_scores(options.scores, options.answers)
    if options.mean:
        share = options.weight
        other = {key: {rate: share * other[key][rate] + (1 - share) * base[key][rate] for rate in RATES} for key in other}
    pairs = [Document(record) for record in records if record["source"] == "pairs"]
    questions = [Document(record) for record in records if record["source"] == "qa"]
    print(f"{len(pairs)} pairs, {len(questions)} paragraphs with questions: first, second, difference [95 % by document]")
    for domain in ("nl", "code"):
        chosen = [each for each in pairs if each.domain == domain]
        labels = [each.keep for each in chosen]
        curves = [[scorer[each.record["id"]][0.5] for each in chosen] for scorer in (base, other)]
        area = lambda rows, which: area_under_curve(np.concatenate([curves[which][at] for at in rows]), np.concatenate([labels[at] for at in rows]))  # noqa: B023, E731
        report(f"AUC {domain}", area(range(len(chosen)), 0), area(range(len(chosen)), 1), interval_of(len(chosen), lambda rows: area(rows, 1) - area(rows, 0)))  # noqa: B023
    first, second = parts_of(base, pairs, questions), parts_of(other, pairs, questions)
    for name in first:
        shares = [part.sum(0)[0] / part.sum(0)[1] for part in (first[name], second[name])]
        gap = lambda rows: float(np.subtract(*(part[np.asarray(rows)].sum(0)[0] / part[np.asarray(rows)].sum(0)[1] for part in (second[name], first[name]))))  # noqa: B023, E731
        report(name, *shares, interval_of(len(first[name]), gap))
    for name, scorer in (("first", base), ("second", other)):
        reliability(name, scorer, pairs)


def report(name: str, first: float, second: float, gap: tuple[float, float, float]) -> None:
    print(f"{name:28} {first:.3f} {second:.3f} {gap[0]:+.3f} [{gap[1]:+.3f} {gap[2]:+.3f}]")


def reliability(name: str, scorer: dict, pairs: list[Document]) -> None:
    """Chances at the pairs' own rates where the file has them, else at 0.5, and the share of the words of each band that writers kept."""
    chances = np.concatenate([1 / (1 + np.exp(-scorer[each.record["id"]].get("own", scorer[each.record["id"]][0.5]))) for each in pairs])
    kept = np.concatenate([each.keep for each in pairs])
    rows, error = [], 0.0
    for low, high in zip(BOUNDS, BOUNDS[1:]):
        chosen = (chances >= low) & (chances < high)
        if chosen.any():
            rows.append(f"{chances[chosen].mean():.2f}->{kept[chosen].mean():.2f}")
            error += abs(chances[chosen].mean() - kept[chosen].mean()) * chosen.mean()
    print(f"reliability, {name}: said->met {' '.join(rows)}; expected error {error:.3f} over {len(kept)} words")


if __name__ == "__main__":
    main()
