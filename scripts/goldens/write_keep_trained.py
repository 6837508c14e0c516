"""A keep model that was really trained, for some hundred steps, on a task that it can learn: decisions far from the threshold, as
those of a model in use are. Run: python scripts/goldens/write_keep_trained.py

A sequence holds one marker (ids 0..7) that names its topic, and words (ids 8 and above) of all topics. A word is kept where its topic
is the marker's, its left neighbour is not one of the stop words, or it is the marker itself.
"""

import numpy as np
import torch
from safetensors.torch import save_file

from common import FIXTURES, seeded_model, tiny_config, write_config, write_goldens

TOPICS, STOP_WORDS, LENGTH, STEPS, BATCH = 8, 8, 96, 700, 16
SHAPE = dict(vocab_size=200, hidden_size=128, intermediate_size=256, num_attention_heads=4, num_key_value_heads=2, head_dim=32)


def draw(generator, count, length):
    """tokens and labels: [count, length]"""
    tokens = generator.integers(TOPICS, SHAPE["vocab_size"], (count, length))
    topic = generator.integers(0, TOPICS, count)
    tokens[np.arange(count), generator.integers(0, length, count)] = topic
    stops = (tokens >= TOPICS) & (tokens < TOPICS + STOP_WORDS)
    after_stop = np.concatenate([np.zeros((count, 1), bool), stops[:, :-1]], axis=1)
    kept = (tokens % TOPICS == topic[:, None]) & ~stops & ~after_stop | (tokens < TOPICS)
    return torch.tensor(tokens), torch.tensor(kept, dtype=torch.float32)


def logits_of(model, head, tokens):
    mask = {"full_attention": torch.zeros(tokens.shape[0], 1, tokens.shape[1], tokens.shape[1])}
    return head(model.model(tokens, attention_mask=mask, use_cache=False).last_hidden_state)[..., 0]


def train(model, head):
    generator = np.random.default_rng(11)
    optimizer = torch.optim.AdamW([*model.parameters(), *head.parameters()], lr=1e-3, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, STEPS)
    for step in range(STEPS):
        tokens, kept = draw(generator, BATCH, LENGTH)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits_of(model, head, tokens), kept)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if step % 50 == 0 or step == STEPS - 1:
            print(step, f"{loss.item():.4f}", flush=True)


def write(name):
    torch.manual_seed(11)
    config = tiny_config(**SHAPE)
    model = seeded_model(config, 11)
    with torch.no_grad():  # an initialization that trains
        for weight in model.parameters():
            weight.copy_(torch.ones_like(weight) if weight.dim() == 1 else 0.05 * torch.randn_like(weight))
    head = torch.nn.Linear(config.hidden_size, 1)
    train(model.train(), head)
    model.eval()
    tensors = {k: v.detach().bfloat16() for k, v in model.state_dict().items() if k != "lm_head.weight"}
    tensors |= {"keep_head.weight": head.weight.detach().bfloat16(), "keep_head.bias": head.bias.detach().bfloat16()}
    with torch.no_grad():  # the golden is of the weights as stored
        for module, prefix in ((model, ""), (head, "keep_head.")):
            for key, weight in module.named_parameters():
                weight.copy_(tensors[prefix + key].float())
    directory = FIXTURES / name
    write_config(directory, config, brevis={"task": "keep"})
    save_file({k: v.clone().contiguous() for k, v in tensors.items()}, directory / "model.safetensors", metadata={"format": "pt"})
    tokens, kept = draw(np.random.default_rng(12), 30, LENGTH)
    with torch.no_grad():
        logits = logits_of(model, head, tokens)
    right = ((logits > 0) == (kept > 0)).float().mean().item()
    print(f"{name}: {right:.4f} of unseen decisions are right, {kept.mean().item():.3f} are kept")
    write_goldens(directory, list(tokens.numpy().astype(np.int32)), logits.reshape(-1, 1).numpy())


if __name__ == "__main__":
    write("keep-trained")
