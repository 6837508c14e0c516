"""What a trained encoder says of a text, through windows with overlap as src/compress/score/keep-model plans them."""

import numpy as np
import torch

from encoder import Encoder, EncoderConfig
from label_windows import WINDOW, line_groups
from read_encoded import pad

OVERLAP = 16
"""Tokens of a window that a neighbour scores, and that are read as context alone, on each side."""


def load_model(path, features, dropout):
    """A checkpoint; features that it was not trained with get embeddings of zeros."""
    saved = torch.load(path, weights_only=False)
    config = EncoderConfig(**{**saved["config"], "features": features})
    model = Encoder(config, dropout)
    missing, unexpected = model.load_state_dict(saved["model"], strict=False)
    if unexpected or any(not name.startswith("feature_embeddings.") for name in missing):
        raise ValueError(f"{path}: missing {missing}, unexpected {unexpected}")
    with torch.no_grad():
        for name in missing:
            model.get_parameter(name).zero_()
    return model


def plan_windows(words):
    """(start, end, first scored, end of scored) of each window, in tokens; windows begin and end between words."""
    count = len(words)
    if count <= WINDOW:
        return [(0, count, 0, count)]
    cut = lambda at: at if at >= count else next(p for p in range(at, -1, -1) if p == 0 or words[p] != words[p - 1])
    windows, start, scored = [], 0, 0
    while scored < count:
        end = cut(start + WINDOW)
        last = count if end >= count else cut(end - OVERLAP)
        windows.append((start, min(end, count), scored, last))
        scored = last
        start = cut(max(0, last - OVERLAP))
    return windows


@torch.no_grad()
def predict_words(model, encoded, at, vocabulary, rate, lines=None, lead=False):
    """Logits of the words of text `at`, `[words, outputs]` (the mean over their tokens, or with `lead` the first token's), and of `lines` where they are given."""
    tokens, features, words = encoded.tokens[at].astype(np.int64), encoded.features[at], encoded.words[at].astype(np.int64)
    count = len(encoded.spans[at])
    logits = np.zeros((len(tokens), model.config.outputs), np.float32)
    prefix = vocabulary.prefix(encoded.texts[at]["kind"], rate)
    plan = plan_windows(words)
    for group in range(0, len(plan), 16):
        chosen = plan[group : group + 16]
        rows = [
            (np.concatenate([prefix, tokens[s:e]]), np.concatenate([np.zeros((2, features.shape[1]), np.uint8), features[s:e]]))
            for s, e, _, _ in chosen
        ]
        batch = pad(rows, features.shape[1])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states = model(*batch)
        values = model.keep_head(states.float()).numpy()
        for row, (start, _, first, last) in enumerate(chosen):
            logits[first:last] = values[row, 2 + first - start : 2 + last - start]
    if lead:
        opens = np.concatenate([[True], words[1:] != words[:-1]]) if len(words) else np.zeros(0, bool)
        logits[:, [0, 2]] = np.where(opens[:, None], logits[:, [0, 2]] * np.bincount(words, minlength=count)[words][:, None], 0)
    sizes = np.maximum(1, np.bincount(words, minlength=count))[:, None]
    pooled = np.stack([np.bincount(words, weights=logits[:, o], minlength=count) for o in range(logits.shape[1])], 1) / sizes
    if lines is None:
        return pooled, None
    place = line_groups(lines, encoded.spans[at], words)
    inside = place >= 0
    sums = np.bincount(place[inside], weights=logits[inside, 1], minlength=len(lines))
    return pooled, sums / np.maximum(1, np.bincount(place[inside], minlength=len(lines)))
