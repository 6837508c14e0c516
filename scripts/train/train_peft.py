"""Fine-tunes a LoRA adapter with transformers and PEFT, on CUDA, MPS or the CPU: python train_peft.py CONFIG.json

The config's fields are the run's settings (src/train/train-local.ts), as for train_mlx.py; so are events, checkpoints, and what resuming means.
"""

from pathlib import Path

import torch
from events import emit, read_config
from examples import read_examples
from lora_base import add_lora, load_base, save_adapter
from torch.nn.functional import cross_entropy
from torch_loop import Training, choose_device


def main() -> None:
    config = read_config()
    device = choose_device(config)
    model = add_lora(load_base(config, device), config, task_type="CAUSAL_LM")

    def answer_loss(tokens: torch.Tensor, answers: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """tokens [batch, longest]; answers [batch, 2]: where each answer begins and ends."""
        places = torch.arange(1, tokens.shape[1], device=tokens.device)
        mask = (places >= answers[:, :1]) & (places < answers[:, 1:])
        attended = torch.arange(tokens.shape[1], device=tokens.device) < answers[:, 1:]
        hidden = model(input_ids=tokens[:, :-1], attention_mask=attended[:, :-1].long(), use_cache=False)
        # Of the other tokens no logits are needed, which are most of the memory of a large vocabulary.
        losses = cross_entropy(hidden.logits[mask].float(), tokens[:, 1:][mask], reduction="sum")
        return losses, mask.sum()

    training = Training(config, model, answer_loss, device)
    training.run(*(read_examples(config, side) for side in ("train", "valid", "test")))
    save_adapter(model, Path(config["run"]) / "adapter")
    emit("done", iteration=config["iterations"])


if __name__ == "__main__":
    main()
