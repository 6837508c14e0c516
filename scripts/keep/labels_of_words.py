"""Brings labels from the words of the dataset to the words that the encoder reads."""

import json
from pathlib import Path

import numpy as np


def overlaps(spans, words):
    """For each span the last of `words` that begins before its end, or -1 where none reaches into it. Both are in order."""
    starts = np.array([start for start, _ in words])
    ends = np.array([end for _, end in words])
    if len(starts) == 0:
        return np.full(len(spans), -1)
    at = np.searchsorted(starts, spans[:, 1], side="left") - 1
    reached = (at >= 0) & (ends[np.maximum(at, 0)] > spans[:, 0])
    return np.where(reached, at, -1)


def read_labels(path, encoded):
    """One dictionary a text: `source`, `kind`, and what there is of `keep` and `answer` (a number for each of the encoder's
    words, -1 where it is not told), `rate` (share of the characters that the writer kept) and `lines`."""
    labels = []
    for at, line in enumerate(open(path)):
        record = json.loads(line)
        if record["id"] != encoded.texts[at]["id"]:
            raise ValueError(f"{path} line {at + 1}: encoded as {encoded.texts[at]['id']}, found {record['id']}: encode the texts again")
        label = {"source": record["source"], "kind": record["kind"], "content": record.get("content")}
        place = overlaps(encoded.spans[at], record["words"])
        for name in ("keep", "answer"):
            if name in record:
                values = np.array(record[name], np.float32)
                label[name] = np.where(place >= 0, values[np.maximum(place, 0)], 0).astype(np.float32)
        if "compressed" in record:
            label["rate"] = min(0.95, max(0.05, len(record["compressed"]) / max(1, len(record["text"]))))
        if record.get("lines"):
            label["lines"] = record["lines"]
        labels.append(label)
    return labels


def read_targets(prefix, encoded):
    """Of the texts of write_targets.py what the teacher said, as read_labels gives it: chances, -1 where it said nothing. None for
    texts that it has not read."""
    labels = [None] * len(encoded)
    for path in sorted(Path(prefix).parent.glob(f"{Path(prefix).name}.targets-*.npz")):
        if "partial" in path.name:
            continue
        said, word = np.load(path), 0
        chances = 1 / (1 + np.exp(-said["logits"].astype(np.float32)))
        chances = np.where(np.isnan(chances), -1, chances)
        for at, rate in zip(range(*said["range"]), said["rate"]):
            own = chances[word : word + len(encoded.spans[at])]
            word += len(own)
            labels[at] = {"source": "taught", "kind": encoded.texts[at]["kind"], "rate": float(rate), "keep": own[:, 0], "answer": own[:, 1]}
    return labels
