"""Fine-tunes a LoRA adapter with mlx-lm's own trainer: python train_mlx.py CONFIG.json

The config's fields are the run's settings (src/train/train-local.ts). The trainer is called for `saveEvery` iterations at a time; after each,
weights and optimizer go to `checkpoints/NNNNNNN`, and what is left when a run is killed goes on from the last one as if it had never stopped: the
same data in the same order, the same optimizer.
"""

import json
from pathlib import Path

import mlx.core as mx
import mlx.nn as nn
import mlx.optimizers as optim
import numpy as np
from events import emit, module_paths, read_config
from examples import cut_batches, endless_batches, list_checkpoints, read_examples, save_checkpoint, told_of_full_disk
from mlx.utils import tree_flatten, tree_unflatten
from mlx_lm import load
from mlx_lm.tuner import trainer
from mlx_lm.tuner.callbacks import TrainingCallback
from mlx_lm.tuner.utils import linear_to_lora_layers


class Reporter(TrainingCallback):
    """Says of each report of the trainer at which iteration of the run it was made."""

    done = 0
    tokens = 0

    def on_train_loss_report(self, info):
        emit(
            "train",
            iteration=self.done + info["iteration"],
            loss=info["train_loss"],
            learningRate=info["learning_rate"],
            tokensPerSecond=info["tokens_per_second"],
            trainedTokens=self.tokens + info["trained_tokens"],
            peakMemory=info["peak_memory"],
        )
        self.last = info["trained_tokens"]


def main() -> None:
    config = read_config()
    if config["device"] == "cpu":
        mx.set_default_device(mx.cpu)
    np.random.seed(config["seed"])
    mx.random.seed(config["seed"])
    model, _ = load(config["model"])
    lora = config["lora"]
    lora = {"rank": lora["rank"], "scale": lora["alpha"] / lora["rank"], "dropout": lora["dropout"], "keys": module_paths(config)}
    model.freeze()
    linear_to_lora_layers(model, len(model.layers), lora)
    optimizer = optim.AdamW(learning_rate=config["learningRate"])
    train_set, valid_set, test_set = (read_examples(config, side) for side in ("train", "valid", "test"))
    emit("loaded", examples=len(train_set), valid=len(valid_set), test=len(test_set))

    run = Path(config["run"])
    (run / "adapter").mkdir(parents=True, exist_ok=True)
    done = restore(run / "checkpoints", model, optimizer)
    stream = map(to_arrays, endless_batches(train_set, config["batchSize"], config["seed"], skip=done))
    reporter = Reporter()
    reporter.done = done
    if done == 0:
        emit("valid", iteration=0, loss=loss_of(model, valid_set, config))
    while done < config["iterations"]:
        # Dropout's chance does not depend on where the run was resumed.
        mx.random.seed(config["seed"] + done)
        count = min(config["saveEvery"] - done % config["saveEvery"], config["iterations"] - done)
        arguments = trainer.TrainingArgs(
            batch_size=config["batchSize"],
            iters=count,
            steps_per_report=min(config["reportEvery"], count),
            steps_per_save=count + 1,
            max_seq_length=config["maxTokens"],
            adapter_file=str(run / "adapter" / "adapters.safetensors"),
            grad_checkpoint=config["gradientCheckpoints"],
        )
        trainer.train(
            model,
            optimizer,
            train_set,
            args=arguments,
            loss=answer_loss,
            iterate_batches=lambda **_: stream,
            training_callback=reporter,
        )
        done += count
        reporter.done = done
        reporter.tokens += reporter.last
        save_checkpoint(run / "checkpoints", done, lambda folder: save(folder, model, optimizer))
        emit("checkpoint", iteration=done)
        emit("valid", iteration=done, loss=loss_of(model, valid_set, config))
    write_adapter(run / "adapter", model, config, lora)
    if test_set:
        emit("test", loss=loss_of(model, test_set, config))
    emit("done", iteration=done)


def to_arrays(batch):
    tokens, answers = batch
    return mx.array(tokens), mx.array(answers)


def answer_loss(model, batch, answers):
    """Mean over the answers' tokens. mlx-lm's own counts the first token of the padding too."""
    targets = batch[:, 1:]
    places = mx.arange(1, targets.shape[1] + 1)
    mask = mx.logical_and(places >= answers[:, 0:1], places < answers[:, 1:])
    losses = nn.losses.cross_entropy(model(batch[:, :-1]), targets) * mask
    count = mask.sum()
    return losses.astype(mx.float32).sum() / count, count


def loss_of(model, examples, config) -> float:
    """Mean loss over all examples, in nats a token of the answers."""
    model.eval()
    total, tokens = 0.0, 0
    for batch in cut_batches(examples, config["batchSize"]):
        loss, count = answer_loss(model, *to_arrays(batch))
        total, tokens = total + loss.item() * count.item(), tokens + count.item()
    model.train()
    return total / tokens


def save(folder: Path, model, optimizer) -> None:
    mx.save_safetensors(str(folder / "adapters.safetensors"), dict(tree_flatten(model.trainable_parameters())))
    mx.save_safetensors(str(folder / "optimizer.safetensors"), dict(tree_flatten(optimizer.state)))


def restore(checkpoints: Path, model, optimizer) -> int:
    """Takes up the last checkpoint. Returns the iterations that it has behind it."""
    folders = list_checkpoints(checkpoints)
    if not folders:
        return 0
    model.load_weights(str(folders[-1] / "adapters.safetensors"), strict=False)
    optimizer.state = tree_unflatten(list(mx.load(str(folders[-1] / "optimizer.safetensors")).items()))
    emit("resumed", iteration=int(folders[-1].name))
    return int(folders[-1].name)


def write_adapter(folder: Path, model, config, lora) -> None:
    """The adapter as mlx-lm writes one."""
    partial = folder / "partial"
    partial.mkdir(exist_ok=True)
    with told_of_full_disk(partial):
        mx.save_safetensors(str(partial / "adapters.safetensors"), dict(tree_flatten(model.trainable_parameters())))
    (partial / "adapters.safetensors").replace(folder / "adapters.safetensors")
    partial.rmdir()
    about = {"fine_tune_type": "lora", "num_layers": len(model.layers), "lora_parameters": lora, "model": config["model"]}
    (folder / "adapter_config.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
