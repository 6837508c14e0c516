"""Scores a split by the mean of teachers, for evaluate.py and compare_scores.py:

    python scripts/keep/score_teacher.py --from PUBLIC/minilm --teacher build/keep/teacher-0.pt --split valid --out build/keep/teacher-valid.jsonl
"""

import argparse
import json
import os
from pathlib import Path

import numpy as np
import torch

from labels_of_words import overlaps
from read_encoded import Encoded
from teacher import Pieces, predict
from write_targets import load_teacher

RATES = (0.3, 0.5, 0.7)


def spread(logits, spans, words):
    """From the encoder's words to the dataset's: the mean over those that reach into each; a little below the lowest where none does."""
    place = overlaps(spans, words)
    known = (place >= 0) & ~np.isnan(logits)
    sums = np.bincount(place[known], weights=logits[known], minlength=len(words))
    sizes = np.bincount(place[known], minlength=len(words))
    lowest = logits[known].min() - 1 if known.any() else 0.0
    return [round(float(value), 4) for value in np.where(sizes > 0, sums / np.maximum(1, sizes), lowest)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("build/keep"))
    parser.add_argument("--from", dest="folder", type=Path, required=True)
    parser.add_argument("--teacher", type=Path, nargs="+", required=True)
    parser.add_argument("--split", choices=["dev", "valid"], default="dev")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    encoded = Encoded(options.data / options.split)
    records = [json.loads(line) for line in (options.data / f"{options.split}.jsonl").open()]
    chosen = [at for at, record in enumerate(records) if record["source"] in ("pairs", "qa")]
    pieces = Pieces(options.folder, options.data / f"{options.split}.jsonl", encoded, set(chosen))
    wanted = [(at, rate) for at in chosen for rate in RATES]
    models = [load_teacher(options.folder, path) for path in options.teacher]
    said = [np.mean(each, 0) for each in zip(*(predict(model, pieces, wanted) for model in models))]
    with options.out.open("w") as out:
        for index, at in enumerate(chosen):
            own = said[index * len(RATES) : (index + 1) * len(RATES)]
            columns = [[spread(logits[:, output], encoded.spans[at], records[at]["words"]) for output in (0, 1)] for logits in own]
            scores = {str(rate): column[0] for rate, column in zip(RATES, columns)}
            out.write(json.dumps({"id": records[at]["id"], "scores": scores, "outputs": {"keep": columns[1][0], "answer": columns[1][1]}}) + "\n")


if __name__ == "__main__":
    main()
