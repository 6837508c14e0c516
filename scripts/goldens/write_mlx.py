"""Goldens by mlx-lm (MLX's CPU backend): quantized weights, and a LoRA adapter trained for a few steps on a quantized base.
Run: python scripts/goldens/write_mlx.py"""

import argparse
import json

import mlx.core as mx
import mlx.nn as nn
import mlx.optimizers as optim
import numpy as np
from mlx.utils import tree_flatten
from mlx_lm.models import qwen3
from mlx_lm.tuner.utils import linear_to_lora_layers

from common import FIXTURES, greedy, prompts, seeded_model, tiny_config, write_config, write_goldens

mx.set_default_device(mx.cpu)


def mlx_model(config, seed):
    source = seeded_model(config, seed)
    arguments = qwen3.ModelArgs.from_dict({**config.to_dict(), "model_type": "qwen3", "rope_theta": 1000000.0, "rope_scaling": None})
    model = qwen3.Model(arguments)
    weights = [(name, mx.array(tensor.detach().numpy())) for name, tensor in source.state_dict().items()
               if not (name == "lm_head.weight" and config.tie_word_embeddings)]
    model.load_weights(weights)
    return model


def logits_of(model, sequences):
    return np.concatenate([np.array(model(mx.array(s)[None])[0].astype(mx.float32)) for s in sequences])


def write_quantized(name, seed, bits, group, scale_type=mx.float32, **shape):
    """The golden is computed with scales and activations in float32; the stored scales are exact in `scale_type`."""
    config = tiny_config(**shape)
    model = mlx_model(config, seed)
    model.set_dtype(scale_type)
    nn.quantize(model, group_size=group, bits=bits)
    directory = FIXTURES / name
    write_config(directory, config, quantization={"group_size": group, "bits": bits})
    mx.save_safetensors(str(directory / "model.safetensors"), dict(tree_flatten(model.parameters())), metadata={"format": "mlx"})
    model.set_dtype(mx.float32)
    sequences = prompts(config.vocab_size, seed)
    step = lambda ids: logits_of(model, [np.array(ids)])[-1]
    write_goldens(directory, sequences, logits_of(model, sequences), continuation=greedy(step, sequences[0]))
    return model, directory, sequences


def train_adapter(model, directory, sequences, seed):
    """As mlx_lm.lora does: LoRA layers over the frozen base, then adapters.safetensors and adapter_config.json."""
    mx.random.seed(seed)
    parameters = {"rank": 4, "dropout": 0.0, "scale": 3.0}
    model.freeze()
    linear_to_lora_layers(model, 2, parameters)
    optimizer = optim.AdamW(learning_rate=1e-2)
    target = mx.array(np.stack([prompts(200, seed + i, [33])[0] for i in range(4)]))

    def loss(model, batch):
        return nn.losses.cross_entropy(model(batch[:, :-1]), batch[:, 1:], reduction="mean")

    step = nn.value_and_grad(model, loss)
    losses = []
    for _ in range(20):
        value, gradient = step(model, target)
        optimizer.update(model, gradient)
        mx.eval(model.parameters(), optimizer.state)
        losses.append(value.item())
    print(f"{directory.name}: loss {losses[0]:.3f} -> {losses[-1]:.3f}")
    adapter = directory / "adapter-mlx"
    adapter.mkdir(exist_ok=True)
    mx.save_safetensors(str(adapter / "adapters.safetensors"), dict(tree_flatten(model.trainable_parameters())))
    (adapter / "adapter_config.json").write_text(json.dumps(
        {"fine_tune_type": "lora", "num_layers": 2, "lora_parameters": parameters}, indent=2) + "\n")
    write_goldens(adapter, sequences, logits_of(model, sequences))


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    model, directory, sequences = write_quantized("mlx-q4-g32", 21, 4, 32, hidden_size=128, intermediate_size=160)
    train_adapter(model, directory, sequences, 31)
    write_quantized("mlx-q8-g64", 22, 8, 64, tie_word_embeddings=False)
    write_quantized("mlx-q8-g32-bf16", 23, 8, 32, scale_type=mx.bfloat16)
    write_quantized("mlx-q4-g64-f16", 24, 4, 64, scale_type=mx.float16)
    write_quantized("mlx-q4-g128-bf16", 25, 4, 128, scale_type=mx.bfloat16, hidden_size=128, num_attention_heads=8, num_key_value_heads=2,
                    intermediate_size=256)
