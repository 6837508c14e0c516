"""
Scores the development split by the linear model in models/linear-keep, for evaluate.py:

    python scripts/keep/score_linear.py --out build/keep/linear.jsonl
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from linear.fit import line_logits, score_words
from linear.read_corpus import WordExample, read_line_example, read_split, word_features_of
from linear.word_facts import WordInfo
from write_samples import MODEL, read_model

RATES = (0.3, 0.5, 0.7)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("build/keep"))
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--blind", action="store_true", help="score lines without what the evidence rules say of them")
    parser.add_argument("--split", choices=["dev", "valid"], default="dev")
    options = parser.parse_args()
    model, metadata = read_model(options.model)
    info = WordInfo(model["frequencies"].reshape(2, -1))
    words = torch.from_numpy(model["keep"] * np.float32(metadata["keep_scale"]))
    answers = torch.from_numpy(model["answer"] * np.float32(metadata["answer_scale"]))
    line = torch.from_numpy(model["line"] * np.float32(metadata["line_scale"]))[:, None]
    with options.out.open("w") as out:
        for record in read_split(options.data, options.split):
            scored: dict = {"id": record["id"]}
            if "cost" in record and record["words"]:
                scored["scores"] = {}
                # Beside the rates, the share of words that the writer kept, for which chances are calibrated.
                own = {"own": float(np.mean(record["keep"]))} if "keep" in record else {}
                for name, rate in {**{str(rate): rate for rate in RATES}, **own}.items():
                    example = WordExample(record, word_features_of(record, info, rate), torch.zeros(0))
                    logits = score_words(words, [example])[0] + score_words(answers, [example])[0]
                    scored["scores"][name] = rounded(logits + float(metadata["offset"]))
            if record.get("lines"):
                scored["lines"] = rounded(line_logits(line, read_line_example(record, info, options.blind)).numpy())
            out.write(json.dumps(scored) + "\n")


def rounded(values: np.ndarray) -> list[float]:
    return [round(float(value), 4) for value in values]


if __name__ == "__main__":
    main()
