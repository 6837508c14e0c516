"""Goldens by Hugging Face transformers: float weights, causal and bidirectional (keep). Run: python scripts/goldens/write_transformers.py"""

import json

import numpy as np
import torch
from safetensors.torch import save_file

from common import (FIXTURES, LONG_ROWS, causal_logits, greedy, prompts, seeded_model, tiny_config, write_config,
                    write_goldens)


def tensors_of(model, dtype=torch.float32):
    """A state dict as a checkpoint has it: a tied head is not stored."""
    return {name: tensor.detach().to(dtype).clone().contiguous() for name, tensor in model.state_dict().items()
            if not (name == "lm_head.weight" and model.config.tie_word_embeddings)}


def write_causal(name, seed, dtype=torch.float32, shards=1, long=0, **shape):
    config = tiny_config(**shape)
    model = seeded_model(config, seed)
    with torch.no_grad():  # the golden is of the weights as stored
        for weight in model.parameters():
            weight.copy_(weight.to(dtype).float())
    directory = FIXTURES / name
    write_config(directory, config)
    tensors = tensors_of(model, dtype)
    if shards == 1:
        save_file(tensors, directory / "model.safetensors", metadata={"format": "pt"})
    else:
        write_shards(directory, tensors, shards)
    sequences = prompts(config.vocab_size, seed)
    step = lambda ids: causal_logits(model, [ids])[-1]
    write_goldens(directory, sequences, causal_logits(model, sequences), continuation=greedy(step, sequences[0]))
    if long:
        sequence = prompts(config.vocab_size, seed + 1, [long])
        write_goldens(directory, sequence, causal_logits(model, sequence)[-LONG_ROWS:], name="long")


def write_shards(directory, tensors, shards):
    names = sorted(tensors)
    weight_map = {}
    for i in range(shards):
        file = f"model-{i + 1:05d}-of-{shards:05d}.safetensors"
        part = names[i::shards]
        save_file({name: tensors[name] for name in part}, directory / file, metadata={"format": "pt"})
        weight_map.update({name: file for name in part})
    (directory / "model.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": weight_map}, indent=1) + "\n")


def write_keep(name, seed, features=(), outputs=1, **shape):
    """Bidirectional attention by an all-zero 4D mask, then a linear head over the normalized output."""
    config = tiny_config(**shape)
    model = seeded_model(config, seed)
    head = torch.nn.Linear(config.hidden_size, outputs)
    tables = {n: torch.randn(size, config.hidden_size) * 0.5 for n, size in features}
    directory = FIXTURES / name
    declared = {"task": "keep"}
    if outputs > 1:
        declared["outputs"] = outputs
    if features:
        declared["features"] = [{"name": n, "size": size} for n, size in features]
    write_config(directory, config, brevis=declared)
    tensors = {k: v for k, v in tensors_of(model).items() if k != "lm_head.weight"}
    tensors |= {"keep_head.weight": head.weight.detach().clone(), "keep_head.bias": head.bias.detach().clone()}
    tensors |= {f"feature_embeddings.{n}.weight": t for n, t in tables.items()}
    save_file(tensors, directory / "model.safetensors", metadata={"format": "pt"})
    sequences = prompts(config.vocab_size, seed)
    generator = np.random.default_rng(seed)
    total = sum(len(s) for s in sequences)
    ids = np.stack([generator.integers(0, size, total) for _, size in features], axis=1).astype(np.int32) if features else None
    logits, row = [], 0
    with torch.no_grad():
        for sequence in sequences:
            n = len(sequence)
            embedded = model.model.embed_tokens(torch.tensor(sequence, dtype=torch.long))
            for f, (feature, _) in enumerate(features):
                embedded = embedded + tables[feature][torch.tensor(ids[row:row + n, f], dtype=torch.long)]
            mask = {"full_attention": torch.zeros(1, 1, n, n)}
            hidden = model.model(inputs_embeds=embedded[None], attention_mask=mask, use_cache=False).last_hidden_state
            logits.append(head(hidden[0]).numpy())
            row += n
    more = {"features": ids} if features else {}
    write_goldens(directory, sequences, np.concatenate(logits), **more)


if __name__ == "__main__":
    write_causal("tied-gqa1", 1, num_key_value_heads=4)
    write_causal("untied-gqa2", 2, head_dim=32, tie_word_embeddings=False, long=6000)
    write_causal("tied-gqa4", 3, num_key_value_heads=1, head_dim=24, hidden_size=40, intermediate_size=88, vocab_size=99)
    write_causal("sharded-bf16", 4, dtype=torch.bfloat16, shards=2, tie_word_embeddings=False)
    write_causal("f16", 5, dtype=torch.float16)
    write_keep("keep", 6)
    write_keep("keep-features", 7, features=(("shape", 11), ("place", 5)), outputs=3, num_key_value_heads=4)
