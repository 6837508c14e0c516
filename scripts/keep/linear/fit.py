"""Logistic regression over hashed features by AdaGrad, in mini-batches of whole texts. Seeds fix the order."""

import random

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits, embedding_bag

from .read_corpus import ABSENT, LINE_WEIGHTS, LineExample, WordExample

BATCH = 8


def fit_words(examples: list[WordExample], seed: int, epochs: int, step: float, decay: float) -> torch.Tensor:
    weights = torch.nn.Parameter(torch.zeros(ABSENT + 1, 1))
    optimizer = torch.optim.Adagrad([weights], step, weight_decay=decay)
    for batch in batches_of(examples, seed, epochs):
        logits = word_logits(weights, torch.cat([example.features for example in batch]))
        loss = binary_cross_entropy_with_logits(logits, torch.cat([example.labels for example in batch]))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return weights.detach()[:ABSENT, 0]


def word_logits(weights: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
    starts = torch.arange(0, features.numel(), features.shape[1])
    return embedding_bag(features.reshape(-1), weights, starts, mode="sum", padding_idx=ABSENT)[:, 0]


def score_words(weights: torch.Tensor, examples: list[WordExample]) -> list[np.ndarray]:
    padded = torch.cat([weights, torch.zeros(1)])[:, None]
    return [word_logits(padded, example.features).numpy() for example in examples]


def fit_lines(examples: list[LineExample], seed: int, epochs: int, step: float, decay: float, evidence: float) -> torch.Tensor:
    """`evidence` is what a line of evidence counts for beside others."""
    weights = torch.nn.Parameter(torch.zeros(LINE_WEIGHTS, 1))
    optimizer = torch.optim.Adagrad([weights], step, weight_decay=decay)
    for batch in batches_of(examples, seed, epochs):
        logits = torch.cat([line_logits(weights, example) for example in batch])
        importance = torch.cat([torch.tensor([1.0 + (evidence - 1) * line[3] for line in example.record["lines"]]) for example in batch])
        labels = torch.cat([example.labels for example in batch])
        loss = binary_cross_entropy_with_logits(logits, labels, weight=importance)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return weights.detach()[:, 0]


def line_logits(weights: torch.Tensor, example: LineExample) -> torch.Tensor:
    """What a line is, and its words by their sum over the square root of their number."""
    features = example.features
    own = embedding_bag(features.reshape(-1), weights, torch.arange(0, features.numel(), features.shape[1]), mode="sum")[:, 0]
    lengths = torch.tensor(example.bag_lengths)
    if example.bag.numel() == 0:
        return own
    shares = torch.repeat_interleave(1 / torch.sqrt(lengths.clamp(min=1).float()), lengths)
    starts = torch.cumsum(lengths, 0) - lengths
    return own + embedding_bag(example.bag, weights, starts, mode="sum", per_sample_weights=shares)[:, 0]


def batches_of(examples: list, seed: int, epochs: int):
    for epoch in range(epochs):
        order = list(range(len(examples)))
        random.Random(1000 * seed + epoch).shuffle(order)
        for first in range(0, len(order), BATCH):
            yield [examples[at] for at in order[first : first + BATCH]]


def fit_calibration(logits: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """Slope and offset under which the logits are chances (Platt scaling)."""
    values, wanted = torch.from_numpy(logits.astype(np.float64)), torch.from_numpy(labels.astype(np.float64))
    line = torch.tensor([1.0, 0.0], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([line], max_iter=50)

    def close() -> torch.Tensor:
        optimizer.zero_grad()
        loss = binary_cross_entropy_with_logits(line[0] * values + line[1], wanted)
        loss.backward()
        return loss

    optimizer.step(close)
    return float(line[0].detach()), float(line[1].detach())
