"""Weights of a model directory and of an adapter, as float32 arrays, one tensor at a time and without torch."""

import json
from pathlib import Path

import numpy as np

FLOATS = {"F32": np.float32, "F16": np.float16}


class Weights:
    """The tensors of a model's safetensors files, mapped into memory. Those that MLX has quantized are given in full."""

    def __init__(self, directory: Path):
        self.config = json.loads((directory / "config.json").read_text(encoding="utf8"))
        self.tensors: dict[str, tuple[str, list[int], np.ndarray]] = {}
        files = sorted(directory.glob("model*.safetensors"))
        if not files:
            raise SystemExit(f"Expected weights in {directory} but it has no safetensors files.")
        for file in files:
            self.tensors |= read_safetensors(file)

    def names(self) -> list[str]:
        """Without the scales and biases of quantized weights."""
        return [name for name in self.tensors if not name.endswith((".scales", ".biases"))]

    def read(self, name: str) -> np.ndarray:
        kind, shape, data = self.tensors[name]
        if kind != "U32":
            return to_float32(kind, shape, data)
        stem = name.removesuffix(".weight")
        bits = self.config["quantization"]["bits"]
        scales, biases = (self.read(f"{stem}.{part}") for part in ("scales", "biases"))
        words = data.view(np.uint32).reshape(shape)
        lanes = 32 // bits
        levels = (words[..., None] >> (np.arange(lanes, dtype=np.uint32) * bits)) & ((1 << bits) - 1)
        grouped = levels.reshape(shape[0], scales.shape[1], -1).astype(np.float32)
        return (grouped * scales[..., None] + biases[..., None]).reshape(shape[0], -1)


def read_safetensors(path: Path) -> dict[str, tuple[str, list[int], np.ndarray]]:
    """Type, shape and bytes of each tensor."""
    content = np.memmap(path, np.uint8, "r")
    start = 8 + int(content[:8].view(np.uint64)[0])
    header = json.loads(content[8:start].tobytes())
    header.pop("__metadata__", None)
    found = {}
    for name, about in header.items():
        first, last = about["data_offsets"]
        found[name] = about["dtype"], about["shape"], content[start + first : start + last]
    return found


def to_float32(kind: str, shape: list[int], data: np.ndarray) -> np.ndarray:
    if kind == "BF16":
        return (data.view(np.uint16).astype(np.uint32) << 16).view(np.float32).reshape(shape)
    if kind not in FLOATS:
        raise SystemExit(f"Expected weights of F32, F16 or BF16 but found {kind}.")
    return data.view(FLOATS[kind]).astype(np.float32).reshape(shape)


def read_adapter(directory: Path) -> dict[str, np.ndarray]:
    """What an adapter adds to each weight, `[out, in]`, by the weight's name; both formats that trainers write."""
    config = json.loads((directory / "adapter_config.json").read_text(encoding="utf8"))
    is_peft = "peft_type" in config or "lora_alpha" in config
    path = directory / ("adapter_model.safetensors" if is_peft else "adapters.safetensors")
    tensors = {name: to_float32(*tensor) for name, tensor in read_safetensors(path).items()}
    return merge_peft(tensors, config) if is_peft else merge_mlx(tensors, config)


def merge_mlx(tensors: dict[str, np.ndarray], config: dict) -> dict[str, np.ndarray]:
    """lora_a is `[in, rank]`, lora_b `[rank, out]`."""
    scale = config["lora_parameters"]["scale"]
    stems = [name.removesuffix(".lora_a") for name in tensors if name.endswith(".lora_a")]
    return {f"{stem}.weight": scale * (tensors[f"{stem}.lora_a"] @ tensors[f"{stem}.lora_b"]).T for stem in stems}


def merge_peft(tensors: dict[str, np.ndarray], config: dict) -> dict[str, np.ndarray]:
    """lora_A is `[rank, in]`, lora_B `[out, rank]`; rank and alpha may differ between modules."""
    added = {}
    for name, first in tensors.items():
        if not name.endswith(".lora_A.weight"):
            continue
        stem = name.removesuffix(".lora_A.weight")
        module = stem.removeprefix("base_model.model.")
        alpha = of_module(config.get("alpha_pattern"), module, config["lora_alpha"])
        rank = first.shape[0]
        scale = alpha / (rank**0.5 if config.get("use_rslora") else rank)
        added[f"{module}.weight"] = scale * (tensors[f"{stem}.lora_B.weight"] @ first)
    return added


def of_module(pattern: dict | None, module: str, default: float) -> float:
    for key, value in (pattern or {}).items():
        if module == key or module.endswith(f".{key}"):
            return value
    return default
