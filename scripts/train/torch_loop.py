"""The training loop of the torch backends: events, checkpoints and resuming are those of train_mlx.py."""

import math
import random
import resource
import sys
import time
from pathlib import Path
from typing import Callable

import numpy as np
import torch
from events import emit
from examples import Batch, cut_batches, endless_batches, list_checkpoints, pad, save_checkpoint
from safetensors.torch import load_file, save_file

Loss = Callable[..., tuple[torch.Tensor, torch.Tensor]]
"""The arrays of a batch -> the sum of losses, and how many there are."""


def choose_device(config: dict) -> torch.device:
    """One seed gives one result on one machine."""
    torch.use_deterministic_algorithms(True, warn_only=True)
    seed_all(config["seed"])
    if config["device"] == "cpu":
        return torch.device("cpu")
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def seed_all(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


class Training:
    """Trains what of a model wants gradients, from the last checkpoint on."""

    def __init__(self, config: dict, model: torch.nn.Module, loss: Loss, device: torch.device, pad=pad):
        self.config, self.model, self.loss, self.device, self.pad = config, model, loss, device, pad
        self.trained = {name: weight for name, weight in model.named_parameters() if weight.requires_grad}
        decay = config.get("weightDecay", 0.01)
        self.optimizer = torch.optim.AdamW(self.trained.values(), lr=config["learningRate"], weight_decay=decay)
        self.batch_size = config["batchSize"] * config.get("accumulation", 1)
        self.checkpoints = Path(config["run"]) / "checkpoints"

    def run(self, train: list, valid: list, test: list) -> None:
        config = self.config
        emit("loaded", examples=len(train), valid=len(valid), test=len(test))
        done = self.restore()
        stream = endless_batches(train, self.batch_size, config["seed"], done, self.pad)
        if done == 0 and valid:
            emit("valid", iteration=0, loss=self.mean_loss(valid))
        while done < config["iterations"]:
            # Dropout's chance does not depend on where the run was resumed.
            seed_all(config["seed"] + done)
            last = min(config["iterations"], done + config["saveEvery"] - done % config["saveEvery"])
            self.train_until(done, last, stream)
            done = last
            save_checkpoint(self.checkpoints, done, self.save)
            emit("checkpoint", iteration=done)
            if valid:
                emit("valid", iteration=done, loss=self.mean_loss(valid))
        if test:
            emit("test", loss=self.mean_loss(test))

    def train_until(self, done: int, last: int, stream) -> None:
        self.model.train()
        losses, tokens, began = 0.0, 0.0, time.monotonic()
        for iteration in range(done + 1, last + 1):
            total, count = self.loss(*self.to_tensors(next(stream)))
            loss = total / count
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            if self.config.get("clip"):
                torch.nn.utils.clip_grad_norm_(self.trained.values(), self.config["clip"])
            for group in self.optimizer.param_groups:
                group["lr"] = self.learning_rate(iteration)
            self.optimizer.step()
            losses, tokens = losses + total.item(), tokens + count.item()
            if iteration % self.config["reportEvery"] == 0 or iteration == last:
                emit(
                    "train",
                    iteration=iteration,
                    loss=losses / tokens,
                    learningRate=self.learning_rate(iteration),
                    tokensPerSecond=tokens / (time.monotonic() - began),
                    peakMemory=peak_memory(self.device),
                )
                losses, tokens, began = 0.0, 0.0, time.monotonic()

    def learning_rate(self, iteration: int) -> float:
        """Constant; where the config has a warmup, a rise in a line and half a cosine down to a fiftieth."""
        highest, warmup = self.config["learningRate"], self.config.get("warmup")
        if warmup is None:
            return highest
        if iteration <= warmup:
            return highest * iteration / max(1, warmup)
        share = (iteration - warmup) / max(1, self.config["iterations"] - warmup)
        return highest * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * share)))

    def mean_loss(self, examples: list) -> float:
        """Mean loss over all examples, in nats a token of the answers."""
        self.model.eval()
        total, tokens = 0.0, 0
        with torch.no_grad():
            for batch in cut_batches(examples, self.config["batchSize"], self.pad):
                loss, count = self.loss(*self.to_tensors(batch))
                total, tokens = total + loss.item(), tokens + count.item()
        return total / tokens

    def to_tensors(self, batch: Batch) -> list[torch.Tensor]:
        tensors = [torch.from_numpy(array).to(self.device) for array in batch]
        return [tensor if tensor.is_floating_point() else tensor.long() for tensor in tensors]

    def save(self, folder: Path) -> None:
        weights = {name: weight.detach().cpu().contiguous() for name, weight in self.trained.items()}
        save_file(weights, folder / "trained.safetensors")
        torch.save(self.optimizer.state_dict(), folder / "optimizer.pt")

    def restore(self) -> int:
        """Takes up the last checkpoint. Returns the iterations that it has behind it."""
        folders = list_checkpoints(self.checkpoints)
        if not folders:
            return 0
        weights = load_file(folders[-1] / "trained.safetensors")
        with torch.no_grad():
            for name, weight in self.trained.items():
                weight.copy_(weights[name])
        self.optimizer.load_state_dict(torch.load(folders[-1] / "optimizer.pt", weights_only=True))
        emit("resumed", iteration=int(folders[-1].name))
        return int(folders[-1].name)


def peak_memory(device: torch.device) -> float:
    """In gigabytes."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated() / 1e9
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e9
