"""Writes what torch says of a few texts with the exported weights: tests/fixtures/keep-model/goldens.json.

    node scripts/keep/encode-texts.js models/keep build/keep/samples tests/fixtures/keep-model/samples.jsonl
    python scripts/keep/write_goldens.py

Token ids are those of Hugging Face's tokenizers, so that the TypeScript side is held to them.
"""

import argparse
import contextlib
import json
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from export import load_exported
from predict import predict_words
from read_encoded import Encoded, Vocabulary


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=Path("models/keep"))
    parser.add_argument("--fixtures", type=Path, default=Path("tests/fixtures/keep-model"))
    parser.add_argument("--encoded", default="build/keep/samples")
    options = parser.parse_args()
    # Goldens are exact: no bfloat16.
    torch.autocast = lambda *_, **__: contextlib.nullcontext()
    tokenizer = Tokenizer.from_file(str(options.model / "tokenizer.json"))
    vocabulary = Vocabulary(options.model / "tokenizer.json")
    model, encoded, goldens = load_exported(options.model), Encoded(options.encoded), []
    for at, line in enumerate((options.fixtures / "samples.jsonl").open()):
        text = json.loads(line)["text"]
        words, _ = predict_words(model, encoded, at, vocabulary, 0.5)
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        goldens.append({"text": text, "kind": json.loads(line)["kind"], "ids": ids, "logits": np.round(words, 4).reshape(-1).tolist()})
    (options.fixtures / "goldens.json").write_text(json.dumps(goldens) + "\n")
    print(f"{len(goldens)} texts in {options.fixtures / 'goldens.json'}")


if __name__ == "__main__":
    main()
