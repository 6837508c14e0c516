"""Adds to what the teacher says of unlabelled text what the linear scorer and an encoder say: build/keep/mixed.targets-0.npz, for
train_encoder.py --targets build/keep/mixed.

    OMP_NUM_THREADS=1 nice python scripts/keep/mix_targets.py --from PUBLIC/minilm --teacher build/keep/teacher-0.pt

The three err differently. How much each counts, for each kind of text and each output, is a logistic fit on the words of valid.jsonl at rate 0.5;
it is printed with the AUC of each alone and of all.
"""

import argparse
import json
import os
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from export import load_exported
from labels.split_words import split_words
from labels_of_words import overlaps, read_labels
from linear.fit import score_words
from linear.read_corpus import WordExample, word_features_of
from linear.word_facts import WordInfo
from predict import predict_words
from read_encoded import Encoded, Vocabulary
from teacher import Pieces, predict
from train_encoder import area
from write_samples import read_model
from write_targets import load_teacher

OUTPUTS = ("keep", "answer")


class Linear:
    """The linear scorer's log-odds of keep (with its answers' share) and answer, brought to the encoder's words."""

    def __init__(self, path):
        model, metadata = read_model(path)
        self.info, self.offset = WordInfo(model["frequencies"].reshape(2, -1)), float(metadata["offset"])
        self.words, self.answers = (torch.from_numpy(model[name] * np.float32(metadata[f"{name}_scale"])) for name in OUTPUTS)

    def logits(self, record, spans, rate):
        words = split_words(record["text"])
        if len(words) == 0 or len(spans) == 0:
            return np.zeros((len(spans), 2), np.float32)
        example = [WordExample(record, word_features_of({**record, "words": words}, self.info, rate), torch.zeros(0))]
        keep, answer = score_words(self.words, example)[0], score_words(self.answers, example)[0]
        place = overlaps(spans, words)
        found = np.stack([keep + answer + self.offset, answer], 1)
        return np.where(place[:, None] >= 0, found[np.maximum(place, 0)], found.min(0))


class Speakers:
    def __init__(self, options):
        self.linear = Linear(options.linear)
        self.encoder, self.vocabulary = load_exported(options.encoder), Vocabulary(options.encoder / "tokenizer.json")

    def say(self, encoded, at, record, rate, teacher):
        """`[words, speakers, OUTPUTS]`."""
        words, _ = predict_words(self.encoder, encoded, at, self.vocabulary, rate)
        return np.stack([np.nan_to_num(teacher.astype(np.float32), nan=-6.0), self.linear.logits(record, encoded.spans[at], rate), words[:, [0, 2]]], 1)


def fit(said, wanted):
    """Weights of the speakers and a shift, none below 0."""
    said, wanted = torch.from_numpy(said).double(), torch.from_numpy(wanted).double()
    weights = torch.tensor([0.4, 0.3, 0.3, 0.0], dtype=torch.double, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=100)

    def step():
        optimizer.zero_grad()
        loss = functional.binary_cross_entropy_with_logits(said @ weights[:3].clamp(min=0) + weights[3], wanted)
        loss.backward()
        return loss

    optimizer.step(step)
    return weights.detach().clamp(min=torch.tensor([0, 0, 0, -9])).numpy()


def fit_weights(speakers, options):
    """For each kind and output the weights."""
    encoded = Encoded(options.data / "valid")
    labels = read_labels(options.data / "valid.jsonl", encoded)
    records = [json.loads(line) for line in (options.data / "valid.jsonl").open()]
    chosen = [at for at, label in enumerate(labels) if label["source"] in ("pairs", "qa")]
    pieces = Pieces(options.folder, options.data / "valid.jsonl", encoded, set(chosen))
    teacher = load_teacher(options.folder, options.teacher)
    gathered = {}
    for at, logits in zip(chosen, predict(teacher, pieces, [(at, 0.5) for at in chosen])):
        said = speakers.say(encoded, at, records[at], 0.5, logits)
        for output, name in enumerate(OUTPUTS):
            if name in labels[at]:
                gathered.setdefault((labels[at]["kind"], name), []).append((said[:, :, output], labels[at][name]))
    weights = {}
    for key, items in gathered.items():
        said, wanted = (np.concatenate([item[part] for item in items]) for part in (0, 1))
        weights[key] = fit(said, wanted)
        alone = " ".join(f"{area(said[:, speaker], wanted):.4f}" for speaker in range(3))
        print(f"{key}: teacher, linear, encoder, shift {np.round(weights[key], 3)}; AUC alone {alone}, mixed {area(said @ weights[key][:3], wanted):.4f}", flush=True)
    return weights


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("build/keep"))
    parser.add_argument("--set", type=Path, default=Path("build/keep/taught"))
    parser.add_argument("--out", type=Path, default=Path("build/keep/mixed.targets-0.npz"))
    parser.add_argument("--from", dest="folder", type=Path, required=True)
    parser.add_argument("--teacher", type=Path, required=True)
    parser.add_argument("--linear", type=Path, default=Path("models/linear-keep/model.safetensors"))
    parser.add_argument("--encoder", type=Path, default=Path("models/keep"))
    options = parser.parse_args()
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    speakers, begun = Speakers(options), time.time()
    weights = fit_weights(speakers, options)
    encoded = Encoded(options.set)
    records = [json.loads(line) for line in options.set.with_suffix(".jsonl").open()]
    mixed, rates, texts = [], [], 0
    # Parts that the teacher has read, in order and without a gap.
    for path in sorted(options.set.parent.glob(f"{options.set.name}.targets-*.npz"), key=lambda path: int(path.stem.rsplit("-", 1)[1].split(".")[0])):
        said, word = np.load(path), 0
        first, end = (int(place) for place in said["range"])
        if "partial" in path.name or first != texts:
            continue
        logits = said["logits"]
        for at, rate in zip(range(first, end), said["rate"]):
            count = len(encoded.spans[at])
            own = speakers.say(encoded, at, records[at], float(rate), logits[word : word + count])
            word += count
            # Answers are labelled in prose alone.
            each = [weights.get((records[at]["kind"], name), weights["nl", name]) for name in OUTPUTS]
            mixed.append(np.stack([own[:, :, output] @ each[output][:3] + each[output][3] for output in (0, 1)], 1).astype(np.float16))
            rates.append(rate)
            if at % 1000 == 999:
                print(f"{at + 1} texts, {time.time() - begun:.0f} s", flush=True)
        texts = end
    np.savez(options.out, rate=np.array(rates, np.float32), logits=np.concatenate(mixed), range=[0, texts])
    print(f"{texts} texts in {options.out}, {time.time() - begun:.0f} s")


if __name__ == "__main__":
    main()
