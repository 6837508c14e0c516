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
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from encoder import Encoder, EncoderConfig
from export import dequantize
from predict import predict_words
from read_encoded import Encoded, Vocabulary


def load_exported(folder):
    config = json.loads((folder / "config.json").read_text())
    tensors = load_file(folder / "model.safetensors")
    bits = config.get("quantization", {}).get("bits")
    state = {}
    for name, tensor in tensors.items():
        stem = name.removesuffix(".weight")
        if name.endswith((".scales", ".biases")):
            continue
        if f"{stem}.scales" in tensors:
            tensor = dequantize(tensor, tensors[f"{stem}.scales"], tensors[f"{stem}.biases"], bits)
        state[name] = torch.from_numpy(np.ascontiguousarray(tensor, np.float32))
    model = Encoder(
        EncoderConfig(
            vocabulary=config["vocab_size"],
            hidden=config["hidden_size"],
            middle=config["intermediate_size"],
            layers=config["num_hidden_layers"],
            heads=config["num_attention_heads"],
            key_heads=config["num_key_value_heads"],
            head_size=config["head_dim"],
            context=config["max_position_embeddings"],
            theta=config["rope_theta"],
            epsilon=config["rms_norm_eps"],
            outputs=config["brevis"]["outputs"],
            features=config["brevis"]["features"],
        ),
        dropout=0.0,
    )
    missing, unexpected = model.load_state_dict(state, strict=False)
    if unexpected or missing != ["guess_bias"]:
        raise ValueError(f"{folder}: missing {missing}, unexpected {unexpected}")
    return model.eval()


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
