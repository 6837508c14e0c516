"""Adapts a Qwen3 to the keep task, with PEFT: python train_keep_peft.py CONFIG.json

LoRA beside the projections of a model that attends in both directions, and a linear head of three outputs over the last layer: keep, line, answer.
Examples are those of docs/training-swift.md: what the model says of a group (a word, a line) is the mean of its tokens' logits. Leaves `adapter/`, as
PEFT stores one; `model/`, the adapter merged into the model, with the head, as `compress(text, { model })` opens it; and `conformance.safetensors`, some
examples and their logits with the adapter beside the weights.
"""

import json
import shutil
from pathlib import Path

import numpy as np
import torch
from events import emit, read_config
from examples import pad_tokens, read_records, told_of_full_disk
from lora_base import add_lora, load_base, save_adapter
from safetensors import safe_open
from safetensors.torch import save_file
from torch.nn.functional import binary_cross_entropy_with_logits
from torch_loop import Training, choose_device

OUTPUTS = 3
"""Keep, line, answer: modelOutputs of src/compress/score/keep-model/open-keep-model.ts."""

CONFORMANCE_EXAMPLES = 4
TOKENIZER_FILES = ["tokenizer.json", "tokenizer_config.json"]


class KeepModel(torch.nn.Module):
    def __init__(self, causal, head: torch.nn.Linear):
        super().__init__()
        self.causal, self.head = causal, head

    def forward(self, tokens: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """tokens [batch, longest] -> logits [batch, longest, outputs]; every token attends to all of its own sequence."""
        there = torch.arange(tokens.shape[1], device=tokens.device) < lengths[:, None]
        mask = torch.zeros(tokens.shape[0], 1, tokens.shape[1], tokens.shape[1], device=tokens.device)
        mask = mask.masked_fill(~there[:, None, None, :], torch.finfo(torch.float32).min).to(self.causal.dtype)
        decoder = self.causal.get_base_model().model
        hidden = decoder(tokens, attention_mask={"full_attention": mask}, use_cache=False).last_hidden_state
        return self.head(hidden.float())


def main() -> None:
    config = read_config()
    device = choose_device(config)
    source = Path(config["model"])
    base = load_base(config, device)
    head = make_head(source, base.config.hidden_size, config["seed"]).to(device)
    model = KeepModel(add_lora(base, config), head)

    def group_loss(tokens, lengths, places, groups, outputs, targets, weights):
        """`places` of the batch's tokens belong to `groups`, which have an output, a target and a weight each."""
        logits = model(tokens, lengths).reshape(-1, OUTPUTS)[places, outputs[groups]]
        sums = torch.zeros_like(targets).index_add(0, groups, logits)
        sizes = torch.zeros_like(targets).index_add(0, groups, torch.ones_like(logits))
        losses = binary_cross_entropy_with_logits(sums / sizes, targets, reduction="none")
        return (losses * weights).sum(), weights.sum()

    sides = [[(record["tokens"], record["labels"]) for record in read_records(config, side)] for side in ("train", "valid", "test")]
    Training(config, model, group_loss, device, pad_groups).run(*sides)
    run = Path(config["run"])
    write_conformance(run, model, [tokens for tokens, _ in (sides[1] or sides[0])[:CONFORMANCE_EXAMPLES]], device)
    save_adapter(model.causal, run / "adapter")
    export(run / "model", model, source)
    emit("done", iteration=config["iterations"])


def make_head(source: Path, hidden: int, seed: int) -> torch.nn.Linear:
    """The model's own, where it is a keep model already."""
    torch.manual_seed(seed)
    head = torch.nn.Linear(hidden, OUTPUTS)
    torch.nn.init.normal_(head.weight, std=0.02)
    torch.nn.init.zeros_(head.bias)
    for file in source.glob("model*.safetensors"):
        with safe_open(file, "pt") as tensors, torch.no_grad():
            if "keep_head.weight" in tensors.keys():
                head.weight.copy_(tensors.get_tensor("keep_head.weight"))
                head.bias.copy_(tensors.get_tensor("keep_head.bias"))
    return head


def pad_groups(examples: list[tuple]) -> tuple[np.ndarray, ...]:
    tokens = pad_tokens([ids for ids, _ in examples])
    places, groups, outputs, targets, weights = [], [], [], [], []
    for row, (_, labels) in enumerate(examples):
        for label in labels:
            first = len(targets)
            for column, group in enumerate(label["groups"]):
                # A target below 0 is not told.
                if group >= 0 and label["targets"][group] >= 0:
                    places.append(row * tokens.shape[1] + column)
                    groups.append(first + group)
            told = [max(0.0, target) for target in label["targets"]]
            targets += told
            weights += [label["weight"] if target >= 0 else 0.0 for target in label["targets"]]
            outputs += [label["output"]] * len(told)
    # A group without tokens, which another window scores, would divide by zero.
    sizes = np.bincount(np.array(groups, np.int64), minlength=len(targets))
    used = np.flatnonzero(sizes)
    number = np.zeros(len(targets), np.int64)
    number[used] = np.arange(len(used))
    return (
        tokens,
        np.array([len(ids) for ids, _ in examples], np.int64),
        np.array(places, np.int64),
        number[np.array(groups, np.int64)],
        np.array(outputs, np.int64)[used],
        np.array(targets, np.float32)[used],
        np.array(weights, np.float32)[used],
    )


def write_conformance(run: Path, model: KeepModel, sequences: list[list[int]], device: torch.device) -> None:
    model.eval()
    with torch.no_grad():
        logits = [model(torch.tensor([ids], device=device), torch.tensor([len(ids)], device=device))[0] for ids in sequences]
    tensors = {
        "tokens": torch.tensor([token for ids in sequences for token in ids], dtype=torch.int32),
        "lengths": torch.tensor([len(ids) for ids in sequences], dtype=torch.int32),
        "logits": torch.cat(logits).float().cpu().contiguous(),
    }
    save_file(tensors, run / "conformance.safetensors")


def export(folder: Path, model: KeepModel, source: Path) -> None:
    """In the type that the base's weights are stored in; the head, which decides alone, in float32."""
    about = json.loads((source / "config.json").read_text(encoding="utf8"))
    dtype = stored_type(source)
    merged = model.causal.merge_and_unload()
    tensors = {name: weight.detach().to(dtype).cpu().clone() for name, weight in merged.state_dict().items() if not name.startswith("lm_head")}
    tensors |= {f"keep_head.{name}": weight.detach().float().cpu() for name, weight in model.head.state_dict().items()}
    partial = folder.with_name(f"partial-{folder.name}")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    with told_of_full_disk(partial):
        save_file(tensors, partial / "model.safetensors", metadata={"format": "pt"})
        about |= {"architectures": ["Qwen3Model"], "tie_word_embeddings": True, "brevis": {"task": "keep", "outputs": OUTPUTS}}
        (partial / "config.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf8")
        for name in TOKENIZER_FILES:
            if (source / name).exists():
                shutil.copy(source / name, partial / name)
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)


def stored_type(source: Path) -> torch.dtype:
    for file in source.glob("model*.safetensors"):
        with safe_open(file, "pt") as tensors:
            for name in tensors.keys():
                if name.endswith("embed_tokens.weight"):
                    return tensors.get_tensor(name).dtype
    return torch.float32


if __name__ == "__main__":
    main()
