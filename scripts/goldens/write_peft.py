"""A LoRA adapter trained for a few steps and stored by PEFT over the transformers fixture tied-gqa1, with its logits.
Run after write_transformers.py: python scripts/goldens/write_peft.py"""

import shutil

import torch
from peft import LoraConfig, get_peft_model

from common import FIXTURES, causal_logits, prompts, seeded_model, tiny_config, write_goldens


def write_adapter(name, base_seed, seed, lora, **shape):
    config = tiny_config(**shape)
    model = get_peft_model(seeded_model(config, base_seed), lora)
    torch.manual_seed(seed)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-2)
    batch = torch.tensor([list(prompts(config.vocab_size, seed + i, [33])[0]) for i in range(4)], dtype=torch.long)
    losses = []
    for _ in range(20):
        loss = model(batch, labels=batch).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    print(f"{name}: loss {losses[0]:.3f} -> {losses[-1]:.3f}")
    directory = FIXTURES / name
    model.eval().save_pretrained(directory)
    for extra in ["README.md"]:
        (directory / extra).unlink(missing_ok=True)
    sequences = prompts(config.vocab_size, base_seed)
    write_goldens(directory, sequences, causal_logits(model, sequences))


if __name__ == "__main__":
    every = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
    shutil.rmtree(FIXTURES / "tied-gqa1" / "adapter-peft", ignore_errors=True)
    write_adapter("tied-gqa1/adapter-peft", 1, 41, LoraConfig(r=4, lora_alpha=8, target_modules=every), num_key_value_heads=4)
    write_adapter("tied-gqa1/adapter-peft-rslora", 1, 42,
                  LoraConfig(r=6, lora_alpha=3, use_rslora=True, target_modules=["q_proj", "v_proj"], alpha_pattern={"v_proj": 5}),
                  num_key_value_heads=4)
