"""Writes a trained encoder as a model directory that the engines open: config.json, model.safetensors, tokenizer.json.

    python scripts/keep/export.py --model build/keep/encoder.pt --bits 8 --out models/keep

Linear layers and embeddings are quantized as MLX does it: affine, in groups along a row, scales and biases in float16.
"""

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file, save_file

from encoder import Encoder, EncoderConfig

GROUP = 64


def quantize(weight, bits):
    """`[rows, columns]` float -> packed uint32 and the scales and biases of each group: value = scale * q + bias."""
    rows, columns = weight.shape
    groups = weight.astype(np.float64).reshape(rows, columns // GROUP, GROUP)
    low, high = groups.min(-1, keepdims=True), groups.max(-1, keepdims=True)
    levels = (1 << bits) - 1
    scale = np.maximum((high - low) / levels, 1e-7)
    # MLX counts from the end that is farther from zero, so that it is met exactly.
    flip = np.abs(low) > np.abs(high)
    scale = np.where(flip, scale, -scale)
    edge = np.where(flip, low, high)
    zero = np.round(edge / scale)
    scale = np.where(zero != 0, edge / np.where(zero == 0, 1, zero), scale)
    bias = np.where(zero != 0, edge, 0)
    scale, bias = scale.astype(np.float16), bias.astype(np.float16)
    levels_of = np.clip(np.round((groups - bias.astype(np.float64)) / scale.astype(np.float64)), 0, levels).astype(np.uint32)
    lanes = 32 // bits
    packed = (levels_of.reshape(rows, columns // lanes, lanes) << (np.arange(lanes, dtype=np.uint32) * bits)).sum(-1, dtype=np.uint32)
    return packed, scale[..., 0], bias[..., 0]


def dequantize(packed, scales, biases, bits):
    lanes = 32 // bits
    levels = (packed[..., None] >> (np.arange(lanes, dtype=np.uint32) * bits)) & ((1 << bits) - 1)
    levels = levels.reshape(packed.shape[0], -1, GROUP)
    return (levels * scales[..., None].astype(np.float32) + biases[..., None].astype(np.float32)).reshape(packed.shape[0], -1)


def is_quantized(name, weight):
    """The head has few rows and decides alone; norms are vectors."""
    return weight.ndim == 2 and not name.startswith("keep_head")


def tensors_of(state, bits):
    tensors = {}
    for name, value in state.items():
        if name == "guess_bias":
            continue
        weight = value.float().numpy()
        if bits and is_quantized(name, weight):
            packed, scales, biases = quantize(weight, bits)
            stem = name.removesuffix(".weight")
            tensors |= {name: packed, f"{stem}.scales": scales, f"{stem}.biases": biases}
        else:
            tensors[name] = weight.astype(np.float32)
    return tensors


def config_of(config, bits):
    quantization = {"group_size": GROUP, "bits": bits}
    return {
        "architectures": ["Qwen3Model"],
        "model_type": "qwen3",
        "vocab_size": config["vocabulary"],
        "hidden_size": config["hidden"],
        "intermediate_size": config["middle"],
        "num_hidden_layers": config["layers"],
        "num_attention_heads": config["heads"],
        "num_key_value_heads": config["key_heads"],
        "head_dim": config["head_size"],
        "hidden_act": "silu",
        "max_position_embeddings": config["context"],
        "rms_norm_eps": config["epsilon"],
        "rope_theta": config["theta"],
        "tie_word_embeddings": True,
        "attention_bias": False,
        "brevis": {"task": "keep", "outputs": config["outputs"], "features": config["features"]},
        **({"quantization": quantization, "quantization_config": quantization} if bits else {}),
    }


def load_exported(folder, dropout=0.0):
    """The model of a directory that this script wrote, in float32."""
    config = json.loads((folder / "config.json").read_text())
    tensors = load_file(folder / "model.safetensors")
    bits = config.get("quantization", {}).get("bits")
    state = {}
    for name, tensor in tensors.items():
        stem = name.removesuffix(".weight")
        if name.endswith((".scales", ".biases")):
            continue
        if f"{stem}.scales" in tensors:
            tensor = dequantize(tensor, tensors[f"{stem}.scales"], tensors[f"{stem}.biases"], bits)
        state[name] = torch.from_numpy(np.ascontiguousarray(tensor, np.float32))
    model = Encoder(
        EncoderConfig(
            vocabulary=config["vocab_size"],
            hidden=config["hidden_size"],
            middle=config["intermediate_size"],
            layers=config["num_hidden_layers"],
            heads=config["num_attention_heads"],
            key_heads=config["num_key_value_heads"],
            head_size=config["head_dim"],
            context=config["max_position_embeddings"],
            theta=config["rope_theta"],
            epsilon=config["rms_norm_eps"],
            outputs=config["brevis"]["outputs"],
            features=config["brevis"]["features"],
        ),
        dropout,
    )
    missing, unexpected = model.load_state_dict(state, strict=False)
    if unexpected or missing != ["guess_bias"]:
        raise ValueError(f"{folder}: missing {missing}, unexpected {unexpected}")
    return model.eval()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=Path("build/keep/encoder.pt"))
    parser.add_argument("--tokenizer", type=Path, default=Path("build/keep/tokenizer.json"))
    parser.add_argument("--bits", type=int, choices=[0, 4, 8], default=8, help="0 leaves the weights in float32")
    parser.add_argument("--out", type=Path, default=Path("models/keep"))
    options = parser.parse_args()
    saved = torch.load(options.model, weights_only=False)
    options.out.mkdir(parents=True, exist_ok=True)
    tensors = tensors_of(saved["model"], options.bits)
    save_file(tensors, options.out / "model.safetensors", metadata={"format": "mlx"})
    (options.out / "config.json").write_text(json.dumps(config_of(saved["config"], options.bits), indent=2) + "\n")
    shutil.copy(options.tokenizer, options.out / "tokenizer.json")
    training = {"options": {key: str(value) if isinstance(value, Path) else value for key, value in saved["options"].items()}}
    (options.out / "training.json").write_text(json.dumps({**training, "curve": saved["curve"]}, indent=1) + "\n")
    print(f"{sum(p.stat().st_size for p in options.out.iterdir()) / 1e6:.2f} MB in {options.out}")


if __name__ == "__main__":
    main()
