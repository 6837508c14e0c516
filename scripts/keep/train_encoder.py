"""Trains the keep encoder on the labels of build_dataset.py: words that writers kept, words of answers, lines worth keeping.

    OMP_NUM_THREADS=1 nice python scripts/keep/train_encoder.py --init build/keep/pretrained.pt --epochs 6

Needs the texts encoded (encode-texts.js). Chooses the epoch by valid.jsonl and calibrates each output there; dev.jsonl is never read.
"""

import argparse
import json
import os
import random
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel

from encoder import Encoder, EncoderConfig
from export import load_exported
from label_windows import LABELS, make_windows, taught_windows
from predict import load_model, predict_words
from read_encoded import Encoded, Vocabulary, pad
from labels_of_words import read_labels, read_targets

OUTPUTS = ("keep", "line", "answer")


def batch_rows(windows, tokens_a_step, rng):
    """Batches of windows of about one length, in a random order."""
    order = sorted(windows, key=lambda window: len(window["tokens"]) + 30 * rng.random())
    batches, batch = [], []
    for window in order:
        if batch and (len(batch) + 1) * len(window["tokens"]) > tokens_a_step:
            batches.append(batch)
            batch = []
        batch.append(window)
    batches.append(batch)
    rng.shuffle(batches)
    return batches


def pooled(values, groups, count):
    """Means of `values` over the tokens of each group; groups below 0 are left out."""
    chosen = groups >= 0
    sums = torch.zeros(count).index_add(0, groups[chosen], values[chosen])
    sizes = torch.zeros(count).index_add(0, groups[chosen], torch.ones(int(chosen.sum())))
    return sums / sizes.clamp(min=1), sizes > 0


def loss_of(model, batch, vocabulary, options, rng):
    width = len(model.config.features)
    rows = []
    for window in batch:
        tokens, features = window["tokens"].copy(), window["features"].copy()
        hidden = rng.random(len(tokens)) < options.blank
        tokens[2:][hidden[2:]] = vocabulary.mask
        rows.append((tokens, features))
    tokens, features, padding = pad(rows, width)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        states = model(tokens, features, padding)
    logits = model.keep_head(states.float())
    total, parts = 0.0, {}
    for name, (output, weight) in {"keep": (0, 1.0), "answer": (2, options.answer), "line": (1, options.line)}.items():
        groups, targets, weights, offset = [], [], [], 0
        for window in batch:
            of = window[name]
            group = np.full(tokens.shape[1], -1)
            if of is not None:
                group[: len(of["group"])] = np.where(of["group"] >= 0, of["group"] + offset, -1)
                targets.append(of["target"])
                weights.append(np.where(of["target"] >= 0, of["weight"], 0.0))
                offset += len(of["target"])
            groups.append(group)
        if offset == 0:
            continue
        means, present = pooled(logits[..., output].reshape(-1), torch.from_numpy(np.stack(groups).reshape(-1)), offset)
        target = torch.from_numpy(np.concatenate(targets).astype(np.float32)).clamp(min=0)
        weighting = torch.from_numpy(np.concatenate(weights).astype(np.float32)) * present
        losses = functional.binary_cross_entropy_with_logits(means, target, reduction="none") * weighting
        # Every word of a batch weighs the same, whatever its task, so that a batch's few lines do not outweigh its words.
        parts[name] = (losses.sum().item(), weighting.sum().item())
        total = total + weight * losses.sum() / 1000
    return total, parts


def area(scores, labels):
    labels = np.asarray(labels) > 0.5
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    positive, negative = labels.sum(), (~labels).sum()
    return float((ranks[labels].sum() - positive * (positive + 1) / 2) / max(1, positive * negative))


def recall(items, rate):
    """Share of the kept words among the best words of each text, at a share `rate` of its tokens."""
    kept = all_kept = 0
    for scores, labels, cost in items:
        order = np.argsort(-scores, kind="stable")
        chosen = order[np.cumsum(cost[order]) <= rate * cost.sum() + 1e-6]
        kept += labels[chosen].sum()
        all_kept += labels.sum()
    return kept / all_kept


def measure(model, encoded, labels, vocabulary):
    """AUC of each output on held-out texts, and recall of kept words at half of the tokens."""
    gathered = {}
    for at, label in enumerate(labels):
        if not any(key in label for key in ("keep", "answer", "lines")) or label["source"] == "synthetic":
            continue
        words, lines = predict_words(model, encoded, at, vocabulary, 0.5, label.get("lines"))
        cost = np.bincount(encoded.words[at], minlength=len(encoded.spans[at])).clip(min=1)
        if "keep" in label:
            gathered.setdefault(f"keep {label['kind']}", []).append((words[:, 0], label["keep"], cost))
        if "answer" in label:
            gathered.setdefault("answer", []).append((words[:, 2], label["answer"], cost))
        if "lines" in label and label["source"] != "meetings" and lines is not None:
            soft = np.array([line[2] for line in label["lines"]])
            gathered.setdefault(f"line {label['source']}", []).append((lines, soft, np.ones(len(soft))))
    figures = {}
    for name, items in gathered.items():
        figures[f"auc {name}"] = round(area(np.concatenate([s for s, _, _ in items]), np.concatenate([l for _, l, _ in items])), 4)
        if name.startswith("keep"):
            figures[f"recall {name}"] = round(float(recall(items, 0.5)), 4)
    return figures, gathered


def calibrate(model, gathered):
    """Scales and shifts each output so that its probabilities are those met on held-out texts; folded into the head."""
    groups = {0: ["keep nl", "keep code"], 2: ["answer"], 1: [name for name in gathered if name.startswith("line")]}
    for output, names in groups.items():
        items = [item for name in names for item in gathered.get(name, [])]
        if not items:
            continue
        scores = torch.from_numpy(np.concatenate([s for s, _, _ in items])).double()
        wanted = torch.from_numpy(np.concatenate([l for _, l, _ in items])).double()
        scale = torch.tensor([1.0, 0.0], dtype=torch.double, requires_grad=True)
        optimizer = torch.optim.LBFGS([scale], max_iter=60)

        def step():
            optimizer.zero_grad()
            loss = functional.binary_cross_entropy_with_logits(scores * scale[0] + scale[1], wanted)
            loss.backward()
            return loss

        optimizer.step(step)
        if scale[0] <= 0:
            print(f"output {OUTPUTS[output]}: no calibration, for it ranks no better than chance", flush=True)
            continue
        with torch.no_grad():
            model.keep_head.weight[output] *= scale[0].float()
            model.keep_head.bias[output] = model.keep_head.bias[output] * scale[0].float() + scale[1].float()
        print(f"output {OUTPUTS[output]}: temperature {1 / scale[0].item():.3f}, shift {scale[1].item():.3f}", flush=True)


def processor_minutes():
    """Of one core, so that what else the machine does takes nothing from a budget."""
    return time.process_time() / torch.get_num_threads() / 60


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("build/keep"))
    parser.add_argument("--init", type=Path, help="a checkpoint, or the directory of an exported model")
    parser.add_argument("--keep-layers", type=int, nargs="+", help="of --init, by their places")
    parser.add_argument("--out", type=Path, default=Path("build/keep/encoder.pt"))
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--minutes", type=float, default=float("inf"), help="of one core, after which the last epoch ends early")
    parser.add_argument("--layers", type=int, default=3, help="without --init")
    parser.add_argument("--hidden", type=int, default=256, help="without --init")
    parser.add_argument("--rate", type=float, default=6e-4)
    parser.add_argument("--batch", type=int, default=1600, help="tokens a step")
    parser.add_argument("--dropout", type=float, default=0.15)
    parser.add_argument("--blank", type=float, default=0.1, help="of the tokens that are hidden in training")
    parser.add_argument("--answer", type=float, default=0.5, help="weight of the answers' loss")
    parser.add_argument("--line", type=float, default=1.0, help="weight of the lines' loss")
    parser.add_argument("--synthetic", type=float, default=0.0, help="weight of the pairs made from templates")
    parser.add_argument("--taught", type=Path, help="texts that write_targets.py has read, to learn from the teacher beside the labels")
    parser.add_argument("--targets", type=Path, help="what was said of them; without it, of the same name")
    parser.add_argument("--average", type=float, default=0.0, help="what the mean over earlier steps' weights keeps of itself at each step")
    parser.add_argument("--taught-share", type=float, default=0.5, help="of them an epoch")
    parser.add_argument("--without", nargs="*", default=[], help="features that are not told, for ablations")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    rng, random_ = np.random.default_rng(options.seed), random.Random(options.seed)
    vocabulary = Vocabulary(options.data / "tokenizer.json")
    train, valid = Encoded(options.data / "train"), Encoded(options.data / "valid")
    for encoded in (train, valid):
        encoded.hide(options.without)
    labels = read_labels(options.data / "train.jsonl", train)
    valid_labels = read_labels(options.data / "valid.jsonl", valid)
    taught = Encoded(options.taught) if options.taught else None
    if taught:
        taught.hide(options.without)
    if options.init:
        model = load_exported(options.init, options.dropout) if options.init.is_dir() else load_model(options.init, train.features_declared, options.dropout)
        if options.keep_layers:
            model.keep_layers(options.keep_layers)
    else:
        size = max(json.loads((options.data / "tokenizer.json").read_text())["model"]["vocab"].values()) + 1
        model = Encoder(EncoderConfig(vocabulary=size, layers=options.layers, hidden=options.hidden, middle=3 * options.hidden, features=train.features_declared), options.dropout)
    optimizer = torch.optim.AdamW(model.parameters(), options.rate, betas=(0.9, 0.98), weight_decay=0.05, fused=True)
    # Early steps count less than the decay says, so that the weights that training began from are soon forgotten.
    forget = lambda mean, own, count: mean + (own - mean) * max(1 - options.average, 1 / (1 + count / 4))
    mean = AveragedModel(model, avg_fn=forget) if options.average else None
    began, spent, step, best, curve = time.time(), processor_minutes(), 0, -1.0, []
    for epoch in range(options.epochs):
        model.train()
        windows = make_windows(train, labels, vocabulary, random_, options.synthetic)
        if taught:
            # Read again each time: a teacher may still be writing.
            windows += taught_windows(taught, read_targets(options.targets or options.taught, taught), vocabulary, random_, options.taught_share)
        batches = batch_rows(windows, options.batch, random_)
        steps = step + len(batches) * (options.epochs - epoch)
        sums = {name: [0.0, 0.0] for name in LABELS}
        for batch in batches:
            elapsed = (processor_minutes() - spent) / options.minutes
            if elapsed >= 1:
                break
            share = min(1, max(step / steps, elapsed))
            for group in optimizer.param_groups:
                group["lr"] = options.rate * min(1, (step + 1) / 60) * max(0.02, 0.5 * (1 + np.cos(np.pi * share)))
            loss, parts = loss_of(model, batch, vocabulary, options, rng)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            step += 1
            if options.average:
                mean.update_parameters(model)
            for name, (total, weight) in parts.items():
                sums[name][0] += total
                sums[name][1] += weight
        measured = mean.module.eval() if options.average else model.eval()
        figures, gathered = measure(measured, valid, valid_labels, vocabulary)
        losses = {name: round(total / max(1, weight), 4) for name, (total, weight) in sums.items()}
        curve.append({"epoch": epoch, "steps": step, "loss": losses, "valid": figures})
        print(f"epoch {epoch} {step} steps {time.time() - began:.0f} s loss {losses} valid {figures}", flush=True)
        score = figures["auc keep nl"] + figures["auc keep code"] + 0.3 * figures["auc answer"]
        if score > best:
            best = score
            torch.save({"config": model.config.to_dict(), "model": measured.state_dict(), "curve": curve, "options": vars(options)}, options.out)
        if processor_minutes() - spent > options.minutes:
            break
    model = load_model(options.out, train.features_declared, 0.0).eval()
    _, gathered = measure(model, valid, valid_labels, vocabulary)
    calibrate(model, gathered)
    saved = torch.load(options.out, weights_only=False)
    torch.save({**saved, "curve": curve, "model": model.state_dict()}, options.out)


if __name__ == "__main__":
    main()
