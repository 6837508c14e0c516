"""Fine-tunes a LoRA adapter with mlx-lm's own trainer: python train_mlx.py CONFIG.json

The config's fields are those of src/train/driver-config.ts. The trainer is called for `saveEvery` iterations at a time; after each, weights and
optimizer go to `checkpoints/NNNNNNN`, and what is left when a run is killed goes on from the last one as if it had never stopped: the same data
in the same order, the same optimizer.
"""

import itertools
import json
import shutil
import signal
from pathlib import Path

import mlx.core as mx
import mlx.optimizers as optim
import numpy as np
from events import PROJECTIONS, emit, read_config
from mlx.utils import tree_flatten, tree_unflatten
from mlx_lm import load
from mlx_lm.tuner import trainer
from mlx_lm.tuner.callbacks import TrainingCallback
from mlx_lm.tuner.datasets import CacheDataset, load_local_dataset
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
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.default_int_handler)
    np.random.seed(config["seed"])
    mx.random.seed(config["seed"])
    model, tokenizer = load(config["model"])
    lora = config["lora"]
    lora = {"rank": lora["rank"], "scale": lora["alpha"] / lora["rank"], "dropout": lora["dropout"], "keys": PROJECTIONS}
    model.freeze()
    linear_to_lora_layers(model, len(model.layers), lora)
    optimizer = optim.AdamW(learning_rate=config["learningRate"])
    train_set, valid_set, test_set = (CacheDataset(part) for part in read_examples(config, tokenizer))
    emit("loaded", examples=len(train_set), valid=len(valid_set), test=len(test_set))

    run = Path(config["run"])
    (run / "adapter").mkdir(parents=True, exist_ok=True)
    done = restore(run / "checkpoints", model, optimizer)
    stream = trainer.iterate_batches(
        train_set, config["batchSize"], config["maxTokens"], loop=True, comm_group=mx.distributed.init()
    )
    # What an unbroken run would have seen by now.
    next(itertools.islice(stream, done, done), None)
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
            model, optimizer, train_set, args=arguments, iterate_batches=lambda **_: stream, training_callback=reporter
        )
        done += count
        reporter.done = done
        reporter.tokens += reporter.last
        save(run / "checkpoints" / f"{done:07d}", model, optimizer)
        emit("valid", iteration=done, loss=loss_of(model, valid_set, config))
    write_adapter(run / "adapter", model, config, lora)
    if len(test_set) > 0:
        emit("test", loss=loss_of(model, test_set, config))
    emit("done", iteration=done)


def read_examples(config, tokenizer):
    class Fields:
        mask_prompt = True

    return load_local_dataset(Path(config["data"]), tokenizer, Fields())


def loss_of(model, examples, config) -> float:
    """Mean loss over all examples, in nats a token of the answers."""
    batch_size = min(config["batchSize"], len(examples))
    # The order of training must not depend on how often this was asked.
    chance = np.random.get_state()
    loss = trainer.evaluate(
        model=model, dataset=examples, batch_size=batch_size, num_batches=-1, max_seq_length=config["maxTokens"]
    )
    np.random.set_state(chance)
    model.train()
    return float(loss)


def save(folder: Path, model, optimizer) -> None:
    """The whole folder or none: it gets its name last."""
    partial = folder.with_name(f"partial-{folder.name}")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    mx.save_safetensors(str(partial / "adapters.safetensors"), dict(tree_flatten(model.trainable_parameters())))
    mx.save_safetensors(str(partial / "optimizer.safetensors"), dict(tree_flatten(optimizer.state)))
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)
    emit("checkpoint", iteration=int(folder.name))


def restore(checkpoints: Path, model, optimizer) -> int:
    """Takes up the last checkpoint. Returns the iterations that it has behind it."""
    folders = sorted(path for path in checkpoints.glob("[0-9]*") if path.is_dir())
    if not folders:
        return 0
    model.load_weights(str(folders[-1] / "adapters.safetensors"), strict=False)
    optimizer.state = tree_unflatten(list(mx.load(str(folders[-1] / "optimizer.safetensors")).items()))
    emit("resumed", iteration=int(folders[-1].name))
    return int(folders[-1].name)


def write_adapter(folder: Path, model, config, lora) -> None:
    """The adapter as mlx-lm writes one."""
    partial = folder / "partial-adapters.safetensors"
    mx.save_safetensors(str(partial), dict(tree_flatten(model.trainable_parameters())))
    partial.replace(folder / "adapters.safetensors")
    about = {"fine_tune_type": "lora", "num_layers": len(model.layers), "lora_parameters": lora, "model": config["model"]}
    (folder / "adapter_config.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
