"""One safetensors file: int8 weights of three tasks, the table of word frequencies, and in its metadata how to read them."""

import json
from pathlib import Path

import numpy as np
import torch

FORMAT = 1
"""Goes up when features or hashes change: a reader takes its own format only."""


def quantize(weights: torch.Tensor) -> tuple[np.ndarray, float]:
    """Weights as whole numbers from -127 to 127 and the step between them. The few that are greater than all but one in 5,000 are clipped."""
    values = weights.numpy()
    used = np.abs(values[values != 0])
    scale = float(np.quantile(used, 0.9998)) / 127
    return np.clip(np.round(values / scale), -127, 127).astype(np.int8), scale


def save_model(path: Path, tensors: dict[str, np.ndarray], metadata: dict[str, str]) -> None:
    header: dict = {"__metadata__": {"format": "pt"} | metadata}
    offset = 0
    for name, tensor in tensors.items():
        header[name] = {
            "dtype": {"int8": "I8", "uint8": "U8"}[str(tensor.dtype)],
            "shape": list(tensor.shape),
            "data_offsets": [offset, offset + tensor.nbytes],
        }
        offset += tensor.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little"))
        file.write(text)
        for tensor in tensors.values():
            file.write(np.ascontiguousarray(tensor).tobytes())
