"""One step of training on a keep model by PyTorch, for the Swift trainer to repeat. Run: python scripts/goldens/write_training_step.py

Beside the model of tests/native/fixtures/keep-features, in training-step/:
  examples.jsonl       what is trained on, as brevis-train reads it
  weights.safetensors  LoRA pairs (both halves of them not zero) and head before the step
  golden.safetensors   loss [1], length [1] of the gradients before they are cut, gradient.<name>, after.<name>: weights after the step
"""

import json

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from transformers import Qwen3Model

from common import FIXTURES, tiny_config

RANK, SCALE, RATE, DECAY, CLIP = 2, 1.5, 3e-3, 0.1, 0.25
BASE = FIXTURES / "keep-features"


class WithPair(torch.nn.Module):
    """A linear layer that stays as it is, and beside it x A B, scaled: lora_a [inputs, rank], lora_b [rank, outputs]."""

    def __init__(self, linear):
        super().__init__()
        self.linear = linear.requires_grad_(False)
        self.lora_a = torch.nn.Parameter(torch.randn(linear.in_features, RANK) / linear.in_features**0.5)
        self.lora_b = torch.nn.Parameter(torch.randn(RANK, linear.out_features) * 0.1)

    def forward(self, x):
        return self.linear(x) + SCALE * (x @ self.lora_a @ self.lora_b)


def open_model():
    """The base with pairs beside its seven projections, its tables of features, its head, and what is trained, by name."""
    tensors = load_file(BASE / "model.safetensors")
    model = Qwen3Model(tiny_config(num_key_value_heads=4)).float().eval()
    model.load_state_dict({k.removeprefix("model."): v for k, v in tensors.items() if k.startswith("model.")})
    model.requires_grad_(False)
    trained = {}
    for number, layer in enumerate(model.layers):
        for block, names in ((layer.self_attn, "q k v o"), (layer.mlp, "gate up down")):
            for name in names.split():
                pair = WithPair(getattr(block, f"{name}_proj"))
                setattr(block, f"{name}_proj", pair)
                place = f"model.layers.{number}.{'self_attn' if block is layer.self_attn else 'mlp'}.{name}_proj"
                trained |= {f"{place}.lora_a": pair.lora_a, f"{place}.lora_b": pair.lora_b}
    tables = [tensors[f"feature_embeddings.{name}.weight"] for name in ("shape", "place")]
    for part in ("weight", "bias"):
        trained[f"keep_head.{part}"] = torch.nn.Parameter(tensors[f"keep_head.{part}"].clone())
    return model, tables, trained


def draw_examples(generator):
    examples = []
    for length in (9, 30, 4):
        groups = np.concatenate([[-1, -1], np.arange(length - 2) // 2])
        count = int(groups[-1]) + 1
        targets = generator.integers(0, 2, count).tolist()
        targets[0] = -1  # not told
        lines = np.where(np.arange(length) < 2, -1, (np.arange(length) - 2) * 2 // (length - 2))
        examples.append({
            "tokens": generator.integers(0, 200, length).tolist(),
            "features": np.stack([generator.integers(0, 11, length), generator.integers(0, 5, length)], 1).reshape(-1).tolist(),
            "labels": [
                {"output": 0, "groups": groups.tolist(), "targets": targets},
                {"output": 2, "groups": lines.tolist(), "targets": [0.75, 0.1], "weight": 2.5},
            ],
        })
    return examples


def loss_of(model, tables, trained, examples):
    total, weights = 0.0, 0.0
    for example in examples:
        tokens = torch.tensor(example["tokens"])
        features = torch.tensor(example["features"]).reshape(len(tokens), 2)
        embedded = model.embed_tokens(tokens) + sum(table[features[:, at]] for at, table in enumerate(tables))
        mask = {"full_attention": torch.zeros(1, 1, len(tokens), len(tokens))}
        hidden = model(inputs_embeds=embedded[None], attention_mask=mask, use_cache=False).last_hidden_state[0]
        logits = hidden @ trained["keep_head.weight"].T + trained["keep_head.bias"]
        for label in example["labels"]:
            groups = torch.tensor(label["groups"])
            for group, target in enumerate(label["targets"]):
                if target >= 0:
                    mean = logits[groups == group, label["output"]].mean()
                    entropy = torch.nn.functional.binary_cross_entropy_with_logits(mean, torch.tensor(float(target)))
                    total, weights = total + label.get("weight", 1) * entropy, weights + label.get("weight", 1)
    return total / weights


def main():
    torch.manual_seed(21)
    model, tables, trained = open_model()
    examples = draw_examples(np.random.default_rng(21))
    before = {name: value.detach().clone() for name, value in trained.items()}
    loss = loss_of(model, tables, trained, examples)
    loss.backward()
    gradients = {f"gradient.{name}": value.grad.clone() for name, value in trained.items()}
    matrices = [value for value in trained.values() if value.dim() > 1]
    vectors = [value for value in trained.values() if value.dim() == 1]
    groups = [{"params": matrices, "weight_decay": DECAY}, {"params": vectors, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=RATE)
    length = torch.nn.utils.clip_grad_norm_(trained.values(), CLIP)
    optimizer.step()
    folder = BASE / "training-step"
    folder.mkdir(exist_ok=True)
    (folder / "examples.jsonl").write_text("".join(json.dumps(example) + "\n" for example in examples))
    save_file(before, folder / "weights.safetensors")
    after = {f"after.{name}": value.detach().clone() for name, value in trained.items()}
    save_file({"loss": loss.detach()[None], "length": length[None], **gradients, **after}, folder / "golden.safetensors")
    print(f"loss {loss.item():.6f}, gradients' length {length.item():.6f}, torch {torch.__version__}")


if __name__ == "__main__":
    main()
