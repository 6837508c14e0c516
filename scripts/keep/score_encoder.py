"""Scores the development split with an encoder, in the form that evaluate.py reads.

    python scripts/keep/score_encoder.py --model build/keep/encoder.pt --out build/keep/encoder.jsonl
    python scripts/keep/evaluate.py --scores build/keep/encoder.jsonl --scores build/keep/linear.jsonl
"""

import argparse
import json
import os
from pathlib import Path

import numpy as np
import torch

from labels_of_words import overlaps
from predict import load_model, predict_words
from read_encoded import Encoded, Vocabulary
from write_goldens import load_exported

RATES = (0.3, 0.5, 0.7)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="a checkpoint, or the directory that export.py wrote")
    parser.add_argument("--data", type=Path, default=Path("build/keep"))
    parser.add_argument("--split", default="dev")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--answers", type=float, default=0.3, help="how far the answers' output lifts a word, in log-odds")
    parser.add_argument("--first", action="store_true", help="a word's score is its first token's, not the mean of its tokens'")
    options = parser.parse_args()
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    encoded, vocabulary = Encoded(options.data / options.split), Vocabulary(options.data / "tokenizer.json")
    is_exported = options.model.is_dir()
    model = load_exported(options.model) if is_exported else load_model(options.model, encoded.features_declared, 0.0).eval()
    with options.out.open("w") as out:
        for at, line in enumerate((options.data / f"{options.split}.jsonl").open()):
            record = json.loads(line)
            if not any(key in record for key in ("keep", "answer", "lines")) or record["source"] == "synthetic":
                continue
            place = overlaps(encoded.spans[at], record["words"])
            row = {"id": record["id"]}
            if "keep" in record or "answer" in record:
                row["scores"] = {}
                for rate in RATES:
                    words, _ = predict_words(model, encoded, at, vocabulary, rate, first=options.first)
                    row["scores"][str(rate)] = spread(words[:, 0] + options.answers * words[:, 2], place, len(record["words"]))
            if record.get("lines"):
                _, lines = predict_words(model, encoded, at, vocabulary, 0.5, record["lines"])
                row["lines"] = np.round(lines, 3).tolist()
            out.write(json.dumps(row) + "\n")


def spread(scores, place, count):
    """Scores of the encoder's words on the dataset's: the mean of those in a word; a little below the lowest without any."""
    inside = place >= 0
    sizes = np.bincount(place[inside], minlength=count)
    sums = np.bincount(place[inside], weights=scores[inside], minlength=count)
    return np.round(np.where(sizes > 0, sums / np.maximum(1, sizes), scores.min(initial=0) - 1), 3).tolist()


if __name__ == "__main__":
    main()
