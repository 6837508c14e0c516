"""Intervals by resampling documents: words of one text are no independent witnesses."""

from collections.abc import Callable, Sequence

import numpy as np

SAMPLES = 400


def interval_of(count: int, measure: Callable[[Sequence[int]], float], seed: int = 0) -> tuple[float, float, float]:
    """The measure over all documents, and the 2.5 % and 97.5 % quantiles of it over samples of them, drawn with replacement."""
    chance = np.random.default_rng(seed)
    drawn = [measure(chance.integers(0, count, count)) for _ in range(SAMPLES)]
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return measure(range(count)), float(low), float(high)


def share_interval(parts: np.ndarray, seed: int = 0) -> tuple[float, float, float]:
    """For `[documents, 2]` of (found, wanted): the share found, and its interval."""

    def share(rows: Sequence[int]) -> float:
        found, wanted = parts[np.asarray(rows)].sum(0)
        return float(found / wanted) if wanted else float("nan")

    return interval_of(len(parts), share, seed)
