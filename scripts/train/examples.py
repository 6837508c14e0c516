"""What all trainers read in the same way: examples, batches and checkpoints."""

import errno
import json
import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import Callable, Iterator

import numpy as np

Example = tuple[list[int], int]
"""Token ids, and how many of them are the question."""

FEWEST_FREE = 1 << 20
"""Bytes: with fewer the disk counts as full. Whatever was written last took the rest."""

Batch = tuple[np.ndarray, ...]
"""Token ids `[examples, longest]`, padded with 0; of `pad` then, for each example, where its answer begins and where it ends, `[examples, 2]`."""


def read_examples(config: dict, side: str) -> list[Example]:
    """The examples of `train`, `valid` or `test`; none where the side is empty."""
    return [(record["tokens"], record["promptTokens"]) for record in read_records(config, side)]


def read_records(config: dict, side: str) -> list[dict]:
    path = Path(config["data"]) / f"{side}.jsonl"
    if not path.exists():
        return []
    with path.open(encoding="utf8") as file:
        return [json.loads(line) for line in file]


def pad_tokens(sequences: list[list[int]]) -> np.ndarray:
    """Lengths are rounded up, so that few shapes have to be compiled."""
    longest = max(len(tokens) for tokens in sequences)
    batch = np.zeros((len(sequences), 1 + 32 * ((longest + 31) // 32)), np.int32)
    for row, tokens in enumerate(sequences):
        batch[row, : len(tokens)] = tokens
    return batch


def pad(examples: list[Example]) -> Batch:
    batch = pad_tokens([tokens for tokens, _ in examples])
    return batch, np.array([(prompt, len(tokens)) for tokens, prompt in examples], np.int32)


def cut_batches(examples: list[tuple], size: int, pad: Callable[[list], Batch] = pad) -> list[Batch]:
    """All examples, those of like lengths together; the last batch may be smaller. An example's first part is its tokens."""
    order = sorted(range(len(examples)), key=lambda at: (len(examples[at][0]), at))
    return [pad([examples[at] for at in order[first : first + size]]) for first in range(0, len(order), size)]


def endless_batches(
    examples: list[tuple], size: int, seed: int, skip: int, pad: Callable[[list], Batch] = pad
) -> Iterator[Batch]:
    """Epoch after epoch in an order that depends on the seed alone, from the batch `skip` on."""
    batches = cut_batches(examples, min(size, len(examples)), pad)
    epoch, first = divmod(skip, len(batches))
    while True:
        for at in np.random.default_rng([seed, epoch]).permutation(len(batches))[first:]:
            yield batches[at]
        epoch, first = epoch + 1, 0


def save_checkpoint(checkpoints: Path, iteration: int, write: Callable[[Path], None]) -> None:
    """The whole folder or none: it gets its name last. Of the older ones the last stays, should this one turn out to be damaged."""
    partial = checkpoints / f"partial-{iteration:07d}"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    with told_of_full_disk(partial):
        write(partial)
    folder = checkpoints / f"{iteration:07d}"
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)
    for old in list_checkpoints(checkpoints)[:-2]:
        shutil.rmtree(old, ignore_errors=True)


@contextmanager
def told_of_full_disk(folder: Path) -> Iterator[None]:
    """What cannot be written whole goes, and a full disk is called one: libraries say many things of it."""
    try:
        yield
    except Exception as error:
        free = shutil.disk_usage(folder).free
        shutil.rmtree(folder, ignore_errors=True)
        if free < FEWEST_FREE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder)) from error
        raise


def list_checkpoints(checkpoints: Path) -> list[Path]:
    """Oldest first. What a killed run left half written has another name."""
    return sorted(path for path in checkpoints.glob("[0-9]*") if path.is_dir())
