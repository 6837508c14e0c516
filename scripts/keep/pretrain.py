"""Masked pretraining of the keep encoder on public text. Resumes from its checkpoint; stops after --minutes.

    OMP_NUM_THREADS=1 nice python scripts/keep/pretrain.py --minutes 40
"""

import argparse
import json
import random
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from encoder import Encoder, EncoderConfig
from read_encoded import Encoded, Vocabulary, pad

WINDOW = 254  # tokens beside the two that open a sequence


def stretches(encoded):
    """(text, first token, last token) of every stretch of at most WINDOW tokens, cut between words."""
    for at in range(len(encoded)):
        words, start = encoded.words[at], 0
        while len(words) - start >= 16:
            end = min(len(words), start + WINDOW)
            while end < len(words) and end > start + 1 and words[end] == words[end - 1]:
                end -= 1
            yield at, start, end
            start = end


def mask_words(words, share, rng):
    """Whether each token is masked: whole words, so that no piece tells its neighbour."""
    chosen = rng.random(words[-1] - words[0] + 1) < share
    return chosen[words - words[0]]


def make_batch(encoded, vocabulary, chosen, share, rng):
    width = len(encoded.features_declared)
    names = [feature["name"] for feature in encoded.features_declared]
    hidden = [names.index(name) for name in ("shape", "repeat", "piece")]
    rows, targets = [], []
    for at, start, end in chosen:
        tokens = encoded.tokens[at][start:end].astype(np.int64)
        features = encoded.features[at][start:end].copy()
        masked = mask_words(encoded.words[at][start:end], share, rng)
        target = np.where(masked, tokens, -100)
        # One masked word in ten is shown as it is, so that the states of words that can be seen are trained as well.
        shown = masked & (rng.random(len(tokens)) < 0.1)
        tokens = np.where(masked & ~shown, vocabulary.mask, tokens)
        features[np.ix_(masked & ~shown, hidden)] = 0
        rows.append((np.concatenate([vocabulary.prefix(encoded.texts[at]["kind"]), tokens]),
                     np.concatenate([np.zeros((2, width), np.uint8), features])))
        targets.append(np.concatenate([[-100, -100], target]))
    tokens, features, padding = pad(rows, width)
    wanted = torch.full(tokens.shape, -100)
    for at, target in enumerate(targets):
        wanted[at, : len(target)] = torch.from_numpy(target)
    return tokens, features, padding, wanted


def plan_epoch(stretches_, tokens_a_step, seed):
    """Batches of stretches of about one length, in a random order, so that little is padding."""
    rng = random.Random(seed)
    order = sorted(stretches_, key=lambda stretch: stretch[2] - stretch[1] + 40 * rng.random())
    batches, batch = [], []
    for stretch in order:
        if batch and (len(batch) + 1) * (stretch[2] - stretch[1] + 2) > tokens_a_step:
            batches.append(batch)
            batch = []
        batch.append(stretch)
    batches.append(batch)
    rng.shuffle(batches)
    return batches


def loss_of(model, batch):
    tokens, features, padding, wanted = batch
    with torch.autocast("cpu", dtype=torch.bfloat16):
        states = model(tokens, features, padding)
        chosen = wanted >= 0
        logits = model.guess(states[chosen])
    return functional.cross_entropy(logits.float(), wanted[chosen])


def save(path, model, optimizer, state):
    temporary = path.with_suffix(".partial")
    torch.save({"config": model.config.to_dict(), "model": model.state_dict(), "optimizer": optimizer.state_dict(), **state}, temporary)
    temporary.replace(path)


def processor_seconds():
    """Of one core, so that what else the machine does takes nothing from a budget."""
    return time.process_time() / torch.get_num_threads()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", default="build/keep/corpus")
    parser.add_argument("--tokenizer", default="build/keep/tokenizer.json")
    parser.add_argument("--out", type=Path, default=Path("build/keep/pretrained.pt"))
    parser.add_argument("--minutes", type=float, default=40, help="of one core")
    parser.add_argument("--layers", type=int, default=3)
    parser.add_argument("--hidden", type=int, default=256)
    parser.add_argument("--rate", type=float, default=1.2e-3)
    parser.add_argument("--batch", type=int, default=2560, help="tokens a step")
    parser.add_argument("--share", type=float, default=0.2, help="of the words that are masked")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(int(__import__("os").environ.get("OMP_NUM_THREADS", "1")))
    encoded, vocabulary = Encoded(options.corpus), Vocabulary(options.tokenizer)
    size = max(json.loads(Path(options.tokenizer).read_text())["model"]["vocab"].values()) + 1
    model = Encoder(EncoderConfig(vocabulary=size, layers=options.layers, hidden=options.hidden, middle=3 * options.hidden, features=encoded.features_declared), dropout=0.0)
    optimizer = torch.optim.AdamW(model.parameters(), options.rate, betas=(0.9, 0.98), weight_decay=0.01, fused=True)
    everything = list(stretches(encoded))
    random.Random(1).shuffle(everything)
    valid, everything = everything[:200], everything[200:]
    state = {"step": 0, "seen": 0, "seconds": 0.0, "curve": []}
    if options.out.exists():
        saved = torch.load(options.out, weights_only=False)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        state = {key: saved[key] for key in state}
    rng = np.random.default_rng(options.seed + state["step"])
    epoch_steps = len(plan_epoch(everything, options.batch, 0)) - 20
    print(f"{sum(p.numel() for p in model.parameters())} parameters, {len(everything)} stretches, {epoch_steps} steps an epoch", flush=True)
    limit, mean, began, saved_at = options.minutes * 60, None, processor_seconds(), time.time()
    before = state["seconds"]
    while True:
        state["seconds"] = before + processor_seconds() - began
        share = state["seconds"] / limit
        if share >= 1:
            break
        epoch, at = divmod(state["step"], epoch_steps)
        if at == 0 or "order" not in locals():
            order = plan_epoch(everything, options.batch, epoch)
        for group in optimizer.param_groups:
            group["lr"] = options.rate * min(1, (state["step"] + 1) / 200) * (0.03 + 0.97 * min(1, 2 * (1 - share)))
        batch = make_batch(encoded, vocabulary, order[at], options.share, rng)
        loss = loss_of(model, batch)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        state["step"] += 1
        state["seen"] += int((~batch[2]).sum())
        mean = loss.item() if mean is None else 0.98 * mean + 0.02 * loss.item()
        if state["step"] % 50 == 0:
            state["curve"].append((state["step"], round(mean, 4)))
            print(f"step {state['step']} loss {mean:.3f} tokens {state['seen']} {state['seen'] / state['seconds']:.0f}/s {state['seconds']:.0f} s", flush=True)
        if time.time() - saved_at > 180:
            save(options.out, model, optimizer, state)
            saved_at = time.time()
    model.eval()
    with torch.no_grad():
        rng = np.random.default_rng(7)
        losses = [loss_of(model, make_batch(encoded, vocabulary, valid[a : a + 20], options.share, rng)).item() for a in range(0, 200, 20)]
    state["curve"].append(("held out", round(float(np.mean(losses)), 4)))
    print(f"held-out loss {np.mean(losses):.4f} after {state['step']} steps, {state['seen']} tokens", flush=True)
    save(options.out, model, optimizer, state)


if __name__ == "__main__":
    main()
