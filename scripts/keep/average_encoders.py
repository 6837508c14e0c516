"""Averages the weights of encoders that began at the same pretrained one, and calibrates the result on valid.jsonl:

    python scripts/keep/average_encoders.py build/keep/encoder-0.pt build/keep/encoder-1.pt --out build/keep/encoder.pt

Keeps the average only where it is better on valid.jsonl than each of them; else the best of them is written.
"""

import argparse
import os
from pathlib import Path

import torch

from labels_of_words import read_labels
from predict import load_model
from read_encoded import Encoded, Vocabulary
from train_encoder import calibrate, measure


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", type=Path, nargs="+")
    parser.add_argument("--data", type=Path, default=Path("build/keep"))
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    vocabulary, valid = Vocabulary(options.data / "tokenizer.json"), Encoded(options.data / "valid")
    labels = read_labels(options.data / "valid.jsonl", valid)
    saved = [torch.load(path, weights_only=False) for path in options.models]
    states = [each["model"] for each in saved]
    mean = {name: sum(state[name].float() for state in states) / len(states) for name in states[0]}
    best = None
    for name, state, origin in [*((path.stem, each["model"], each) for path, each in zip(options.models, saved)), ("mean", mean, saved[0])]:
        torch.save({**origin, "model": state}, options.out)
        model = load_model(options.out, valid.features_declared, 0.0).eval()
        figures, gathered = measure(model, valid, labels, vocabulary)
        print(f"{name}: {figures}", flush=True)
        score = figures["auc keep nl"] + figures["auc keep code"] + 0.3 * figures["auc answer"]
        if best is None or score > best[0]:
            best = (score, name, model, gathered, origin)
    _, name, model, gathered, origin = best
    calibrate(model, gathered)
    averaged = [str(path) for path in options.models] if name == "mean" else [name]
    torch.save({**origin, "model": model.state_dict(), "options": {**origin["options"], "averaged": averaged}}, options.out)
    print(f"{name} in {options.out}", flush=True)


if __name__ == "__main__":
    main()
