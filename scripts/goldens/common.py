"""What the golden-writing scripts share: tiny Qwen3 shapes, seeded weights, prompts, and the files' layout.

A fixture is a model directory plus goldens.safetensors beside it:
  tokens       I32 [n]       the sequences' ids one after the other
  lengths      I32 [s]       tokens in each sequence
  logits       F32 [n, v]    of every token (long.*: of the last rows only)
  continuation I32 [64]      greedy, after the first sequence's tokens
"""

import json
import pathlib

import numpy as np
import torch
from safetensors.numpy import save_file
from transformers import Qwen3Config, Qwen3ForCausalLM

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "tests" / "native" / "fixtures"
LENGTHS = [24, 1, 7, 70]
CONTINUATION = 64
LONG_ROWS = 4


def tiny_config(**changes):
    shape = dict(vocab_size=200, hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4,
                 num_key_value_heads=2, head_dim=16, max_position_embeddings=8192, rope_theta=1000000.0, rms_norm_eps=1e-6,
                 tie_word_embeddings=True)
    shape.update(changes)
    return Qwen3Config(**shape, attn_implementation="eager")


def seeded_model(config, seed):
    """A causal model whose logits are of the order of 1 to 10, so that tolerances mean something."""
    torch.manual_seed(seed)
    model = Qwen3ForCausalLM(config).eval().float()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.dim() == 1:
                weight.copy_(1 + 0.2 * torch.randn_like(weight))
            else:
                weight.copy_(torch.randn_like(weight) * (1.0 if "embed" in name else 1.5) / weight.shape[1] ** 0.5)
    return model


def prompts(vocabulary, seed, lengths=LENGTHS):
    generator = np.random.default_rng(seed)
    return [generator.integers(0, vocabulary, n).astype(np.int32) for n in lengths]


def causal_logits(model, sequences):
    with torch.no_grad():
        return np.concatenate([model(torch.tensor(s, dtype=torch.long)[None]).logits[0].float().numpy() for s in sequences])


def greedy(step, sequence, count=CONTINUATION):
    """step(ids) gives the last token's logits; without a cache, so that the oracle cannot err with one."""
    ids = list(sequence)
    for _ in range(count):
        ids.append(int(np.argmax(step(ids))))
    return np.array(ids[len(sequence):], dtype=np.int32)


def write_config(directory, config, **extra):
    directory.mkdir(parents=True, exist_ok=True)
    keys = ["vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads",
            "num_key_value_heads", "head_dim", "max_position_embeddings", "rms_norm_eps", "tie_word_embeddings", "hidden_act"]
    document = {"architectures": ["Qwen3ForCausalLM"], "model_type": "qwen3",
                **{key: getattr(config, key) for key in keys}, "rope_theta": 1000000.0, **extra}
    (directory / "config.json").write_text(json.dumps(document, indent=2) + "\n")


def write_goldens(directory, sequences, logits, name="goldens", **more):
    save_file({"tokens": np.concatenate(sequences).astype(np.int32),
               "lengths": np.array([len(s) for s in sequences], dtype=np.int32),
               "logits": np.ascontiguousarray(logits, dtype=np.float32), **more}, directory / f"{name}.safetensors")
