"""Reads what encode-texts.js wrote, and packs stretches of it into padded batches."""

import json
from pathlib import Path

import numpy as np
import torch


TOKEN_OF_KIND = {"nl": "prose", "tool": "log"}
"""The labels' kinds by the names of their special tokens."""


class Encoded:
    """Texts as arrays: `tokens[i]`, `features[i]`, `words[i]` (word of each token) and `spans[i]` of text i."""

    def __init__(self, prefix):
        index = json.loads(Path(f"{prefix}.json").read_text())
        self.features_declared = index["features"]
        self.texts = index["texts"]
        width = len(self.features_declared)
        tokens = np.fromfile(f"{prefix}.tokens.u16", np.uint16)
        features = np.fromfile(f"{prefix}.features.u8", np.uint8).reshape(-1, width)
        words = np.fromfile(f"{prefix}.words.i32", np.int32)
        spans = np.fromfile(f"{prefix}.spans.i32", np.int32).reshape(-1, 2)
        starts = [text["token"] for text in self.texts] + [index["tokens"]]
        word_starts = [text["word"] for text in self.texts] + [index["words"]]
        cut = lambda array, at: [array[a:b] for a, b in zip(at, at[1:])]
        self.tokens, self.features, self.words = (cut(array, starts) for array in (tokens, features, words))
        self.spans = cut(spans, word_starts)

    def __len__(self):
        return len(self.texts)

    def hide(self, names):
        """Makes features untold, for ablations."""
        declared = [feature["name"] for feature in self.features_declared]
        for name in names:
            for features in self.features:
                features[:, declared.index(name)] = 0


def pad(rows, width):
    """[(tokens, features)] -> tokens [B, T], features [B, T, width], padding [B, T]."""
    length = max(len(tokens) for tokens, _ in rows)
    tokens = torch.zeros(len(rows), length, dtype=torch.long)
    features = torch.zeros(len(rows), length, width, dtype=torch.long)
    padding = torch.ones(len(rows), length, dtype=torch.bool)
    for at, (ids, ofs) in enumerate(rows):
        tokens[at, : len(ids)] = torch.from_numpy(ids.astype(np.int64))
        features[at, : len(ids)] = torch.from_numpy(ofs.astype(np.int64))
        padding[at, : len(ids)] = False
    return tokens, features, padding


class Vocabulary:
    """Ids of the special tokens."""

    def __init__(self, path):
        added = json.loads(Path(path).read_text())["added_tokens"]
        self.ids = {token["content"]: token["id"] for token in added}
        self.mask = self.ids["[mask]"]

    def prefix(self, kind, rate=None):
        """The two tokens that open every sequence: the kind, and the rate in tenths (`any` without one)."""
        name = "any" if rate is None else f"{min(9, max(1, round(rate * 10))) / 10:.1f}"
        return np.array([self.ids[f"[kind:{TOKEN_OF_KIND.get(kind, kind)}]"], self.ids[f"[rate:{name}]"]])
