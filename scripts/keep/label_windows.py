"""Cuts labelled texts into windows for training."""

import numpy as np

WINDOW = 254
"""Tokens of a window beside the two that open it; keep-model/plan-windows.ts has the same."""
LABELS = ("keep", "answer", "line")
SHARES = {"qa": 0.5, "tool_outputs": 0.4, "agent_history": 1.0, "code_problems": 0.5, "pairs": 1.0, "meetings": 0.0}
"""Share of each source's texts that an epoch reads."""


def make_windows(encoded, labels, vocabulary, rng, synthetic_weight):
    """One dictionary a window: `tokens`, `features`, and for each of LABELS None or `group` (of each token), `target`, `weight`."""
    windows = []
    for at, label in enumerate(labels):
        source = label["source"]
        share = (0.3 if synthetic_weight else 0.0) if source == "synthetic" else SHARES.get(source, 0.0)
        if rng.random() >= share or len(encoded.tokens[at]) < 4:
            continue
        spans = stretches_of(encoded.words[at], rng)
        # Of long texts without word labels, two stretches an epoch.
        if "keep" not in label and "answer" not in label:
            spans = rng.sample(spans, min(2, len(spans)))
        windows += [make_window(encoded, at, label, start, end, vocabulary, rng, synthetic_weight) for start, end in spans]
    return windows


def taught_windows(encoded, labels, vocabulary, rng, share):
    """Windows of a share of the texts that a teacher read, at the rate that it read them at."""
    windows = []
    for at, label in enumerate(labels):
        if label is not None and rng.random() < share and len(encoded.tokens[at]) >= 4:
            windows += [make_window(encoded, at, label, start, end, vocabulary, rng, 0.0, label["rate"]) for start, end in stretches_of(encoded.words[at], rng)]
    return windows


def stretches_of(words, rng):
    """Stretches of at most WINDOW tokens that cover a text, cut between words, from a random offset in long texts."""
    count = len(words)
    if count <= WINDOW:
        return [(0, count)]
    cuts, start = [], 0
    end = rng.randrange(WINDOW // 3, WINDOW + 1)
    while start < count:
        end = min(count, end)
        while end < count and end > start + 1 and words[end] == words[end - 1]:
            end -= 1
        cuts.append((start, end))
        start, end = end, end + WINDOW
    return cuts


def draw_rate(label, rng):
    """The writer's own, now and then untold; answers and lines are wanted at every rate."""
    if rng.random() < 0.15:
        return None
    return label.get("rate") or rng.choice([0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8])


def make_window(encoded, at, label, start, end, vocabulary, rng, synthetic_weight, rate=None):
    rate = rate or draw_rate(label, rng)
    prefix = vocabulary.prefix(label["kind"], rate)
    features = encoded.features[at][start:end]
    words = encoded.words[at][start:end].astype(np.int64)
    window = {
        "tokens": np.concatenate([prefix, encoded.tokens[at][start:end].astype(np.int64)]),
        "features": np.concatenate([np.zeros((2, features.shape[1]), features.dtype), features]),
    }
    weight = synthetic_weight if label["source"] == "synthetic" else 1.0
    for name in ("keep", "answer"):
        window[name] = None
        if name in label:
            target = label[name][words[0] : words[-1] + 1]
            window[name] = {"group": np.concatenate([[-1, -1], words - words[0]]), "target": target, "weight": weight}
    window["line"] = lines_of(encoded, at, label, words) if "lines" in label else None
    return window


def line_groups(lines, spans, words):
    """The line of each token, -1 outside of all."""
    starts = np.array([line[0] for line in lines])
    ends = np.array([line[1] for line in lines])
    place = np.searchsorted(starts, spans[words, 0], side="right") - 1
    return np.where((place >= 0) & (spans[words, 0] < ends[np.maximum(place, 0)]), place, -1)


def lines_of(encoded, at, label, words):
    place = line_groups(label["lines"], encoded.spans[at], words)
    known = np.unique(place[place >= 0])
    if len(known) == 0:
        return None
    group = np.where(place >= 0, np.searchsorted(known, np.maximum(place, 0)), -1)
    target = np.array([label["lines"][line][2] for line in known], np.float32)
    # A line weighs as a few words do.
    return {"group": np.concatenate([[-1, -1], group]), "target": target, "weight": 2.0}
