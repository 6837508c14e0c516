"""Fine-tunes a LoRA adapter on Tinker by its own SDK: python train_tinker.py CONFIG.json

The config's fields are the run's settings (src/train/cloud/train-cloud.ts); events and checkpoints are those of train_mlx.py. A checkpoint here is a file that
names a state on Tinker: weights and optimizer. A lost connection, or a session that Tinker has ended, is taken up from the last one, in this process a few
times and by `--resume` at any time: the same data in the same order.
"""

import json
import math
import os
import shutil
import sys
import time
from pathlib import Path

# The SDK reports errors, with the headers of requests, to its makers unless it is told not to.
os.environ["TINKER_TELEMETRY"] = "0"

import httpx
import numpy as np
from events import emit, read_config
from examples import Example, list_checkpoints, read_examples, save_checkpoint

MOST_RECONNECTIONS = 5
PATIENCE = 10.0
"""Seconds before the first reconnection; they double."""


class Hiding:
    """A stream in which the key is never seen, whatever a library prints."""

    def __init__(self, stream, secret: str):
        self.stream, self.secret = stream, secret

    def write(self, text: str) -> int:
        self.stream.write(text.replace(self.secret, "***"))
        return len(text)

    def __getattr__(self, name: str):
        return getattr(self.stream, name)


def main() -> None:
    config = read_config()
    key = os.environ.get("TINKER_API_KEY", "")
    if not key:
        raise SystemExit("Expected the key of Tinker in TINKER_API_KEY but it is not set.")
    sys.stderr = sys.stdout = Hiding(sys.stderr, key)
    import tinker

    run = CloudRun(config, tinker)
    try:
        run.train()
        run.download(run.export())
    except tinker.APIStatusError as error:
        raise SystemExit(f"Expected Tinker to go on but it answered {error.status_code}: {error.message}") from None
    emit("done", iteration=config["iterations"])


class CloudRun:
    """One run, over as many connections as it takes."""

    def __init__(self, config: dict, tinker):
        self.config, self.tinker = config, tinker
        self.folder = Path(config["run"])
        self.checkpoints = self.folder / "checkpoints"
        self.train_set, self.valid_set, self.test_set = (read_examples(config, side) for side in ("train", "valid", "test"))
        emit("loaded", examples=len(self.train_set), valid=len(self.valid_set), test=len(self.test_set))
        self.reconnections = 0

    def train(self) -> None:
        while True:
            try:
                done = self.connect()
                return self.train_from(done)
            except Exception as error:
                if not self.is_lost(error) or self.reconnections >= MOST_RECONNECTIONS:
                    raise
                wait = float(os.environ.get("BREVIS_TINKER_PATIENCE", PATIENCE)) * 2**self.reconnections
                self.reconnections += 1
                print(f"The connection was lost ({type(error).__name__}: {error}); again in {wait:.0f} s.", flush=True)
                time.sleep(wait)

    def is_lost(self, error: BaseException) -> bool:
        """Whether what happened says nothing about the request itself: another connection may do."""
        tinker = self.tinker
        if isinstance(error, tinker.APIStatusError):
            return error.status_code in (404, 408, 409, 410, 429) or error.status_code >= 500
        if isinstance(error, tinker.RequestFailedError):
            return error.category is not tinker.types.RequestErrorCategory.User
        if isinstance(error, (tinker.APIConnectionError, httpx.HTTPError, TimeoutError, ConnectionError)):
            return True
        # What waited behind a request that failed, and a result that Tinker no longer has.
        is_behind = isinstance(error, RuntimeError) and "previous request failed" in str(error)
        return is_behind or type(error).__name__ == "RetryableException" or "Error retrieving result" in str(error)

    def connect(self) -> int:
        """A new session with the last state, or with an adapter that has learnt nothing. Returns the iterations that it has behind it."""
        config = self.config
        service = self.tinker.ServiceClient(user_metadata={"made_by": "brevis", "run": self.folder.name})
        folders = list_checkpoints(self.checkpoints)
        if folders:
            state = json.loads((folders[-1] / "state.json").read_text(encoding="utf8"))
            self.client = service.create_training_client_from_state_with_optimizer(state["path"]).result()
            emit("resumed", iteration=state["iteration"])
            return state["iteration"]
        # Engines read adapters of the seven projections, so that the output layer gets none.
        self.client = service.create_lora_training_client(
            base_model=config["baseModel"], rank=config["lora"]["rank"], seed=config["seed"], train_unembed=False
        ).result()
        emit("valid", iteration=0, loss=self.mean_loss(self.valid_set))
        return 0

    def train_from(self, done: int) -> None:
        config = self.config
        batches = endless_batches(self.train_set, config["batchSize"], config["seed"], skip=done)
        losses, tokens, began = 0.0, 0, time.monotonic()
        for iteration in range(done + 1, config["iterations"] + 1):
            rate = learning_rate(config, iteration)
            loss, count = self.step(next(batches), rate)
            losses, tokens = losses + loss, tokens + count
            is_last = iteration == config["iterations"]
            if iteration % config["reportEvery"] == 0 or is_last:
                speed = tokens / max(1e-9, time.monotonic() - began)
                emit("train", iteration=iteration, loss=losses / tokens, learningRate=rate, tokensPerSecond=speed)
                losses, tokens, began = 0.0, 0, time.monotonic()
            if iteration % config["saveEvery"] == 0 or is_last:
                self.save(iteration)
                emit("valid", iteration=iteration, loss=self.mean_loss(self.valid_set))
        if self.test_set:
            emit("test", loss=self.mean_loss(self.test_set))

    def step(self, batch: list[Example], rate: float) -> tuple[float, int]:
        """Both requests are under way before either is waited for. Returns the sum of losses, and how many there are."""
        config = self.config
        params = self.tinker.AdamParams(
            learning_rate=rate,
            beta1=config["beta1"],
            beta2=config["beta2"],
            eps=config["epsilon"],
            weight_decay=config["weightDecay"],
            grad_clip_norm=config["gradientNorm"],
        )
        # The mean over the batch's answer tokens, as local trainers take it: a clipped norm means the same.
        count = answer_tokens(batch)
        forward = self.client.forward_backward(self.to_data(batch, 1 / count), "cross_entropy")
        stepped = self.client.optim_step(params)
        loss = loss_sum(forward.result(), self.to_weights(batch, 1 / count)) * count
        stepped.result()
        return loss, count

    def mean_loss(self, examples: list[Example]) -> float:
        """In nats a token of the answers."""
        total = 0.0
        for first in range(0, len(examples), 64):
            part = examples[first : first + 64]
            result = self.client.forward(self.to_data(part, 1.0), "cross_entropy").result()
            total += loss_sum(result, self.to_weights(part, 1.0))
        return total / answer_tokens(examples)

    def to_data(self, examples: list[Example], weight: float) -> list:
        """Each token is asked for from those before it; what is no answer weighs nothing."""
        types = self.tinker.types
        return [
            types.Datum(
                model_input=types.ModelInput.from_ints(tokens[:-1]),
                loss_fn_inputs={
                    "target_tokens": np.array(tokens[1:], dtype=np.int64),
                    "weights": weights,
                },
            )
            for (tokens, _), weights in zip(examples, self.to_weights(examples, weight))
        ]

    def to_weights(self, examples: list[Example], weight: float) -> list[np.ndarray]:
        return [
            np.array([weight if place + 1 >= prompt else 0.0 for place in range(len(tokens) - 1)], dtype=np.float32)
            for tokens, prompt in examples
        ]

    def save(self, iteration: int) -> None:
        name = f"{self.folder.name}-{iteration:07d}"
        keep = self.config["keepDays"] * 86_400
        path = self.client.save_state(name, ttl_seconds=keep, overwrite=True).result().path
        about = {"iteration": iteration, "path": path, "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
        save_checkpoint(
            self.checkpoints, iteration, lambda folder: (folder / "state.json").write_text(json.dumps(about) + "\n", encoding="utf8")
        )
        emit("checkpoint", iteration=iteration, path=path)

    def export(self) -> str:
        """Weights to sample with on Tinker, and those to download. Returns the path of the latter."""
        keep = self.config["keepDays"] * 86_400
        while True:
            try:
                sampler = self.client.save_weights_for_sampler(self.folder.name, ttl_seconds=keep).result().path
                external = self.client.save_weights_external(self.folder.name, ttl_seconds=keep).result().path
                break
            except Exception as error:
                if not self.is_lost(error) or self.reconnections >= MOST_RECONNECTIONS:
                    raise
                self.reconnections += 1
                self.connect()
        paths = {"sampler": sampler, "external": external}
        (self.folder / "tinker.json").write_text(json.dumps(paths, indent=2) + "\n", encoding="utf8")
        emit("exported", **paths)
        return external

    def download(self, path: str) -> None:
        """All files or none: the folder gets its name last."""
        partial, target = self.folder / "partial-download", self.folder / "download"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        urls = self.tinker.RestClient().get_external_weights_urls(path).result().urls
        for name, url in sorted(urls.items()):
            place = (partial / name).resolve()
            if partial.resolve() not in place.parents:
                raise SystemExit(f"Expected files of an adapter from Tinker but one is called {name!r}.")
            place.parent.mkdir(parents=True, exist_ok=True)
            fetch_file(url, place)
        shutil.rmtree(target, ignore_errors=True)
        partial.rename(target)
        emit("downloaded", files=sorted(urls))


def fetch_file(url: str, place: Path) -> None:
    """In three tries; what is cut short does not count. The address is signed, and in no message."""
    for attempt in range(3):
        try:
            with httpx.stream("GET", url, timeout=60, follow_redirects=True) as response:
                if response.status_code != 200:
                    raise httpx.RequestError(f"the download was answered with {response.status_code}")
                with place.open("wb") as file:
                    for piece in response.iter_bytes():
                        file.write(piece)
                wanted = response.headers.get("content-length")
                if wanted is None or "content-encoding" in response.headers or place.stat().st_size == int(wanted):
                    return
                raise httpx.RequestError("the download was cut short")
        except httpx.HTTPError as error:
            if attempt == 2:
                raise SystemExit(f"Expected {place.name} from Tinker but {type(error).__name__}: {error}") from None
            time.sleep(1 + attempt)


def answer_tokens(examples: list[Example]) -> int:
    return sum(len(tokens) - prompt for tokens, prompt in examples)


def loss_sum(result, weights: list[np.ndarray]) -> float:
    """Weighted by what was sent: Tinker's own sum, or one over the log probabilities where it gives none."""
    if "loss:sum" in result.metrics:
        return float(result.metrics["loss:sum"])
    rows = [np.asarray(output["logprobs"].data, dtype=np.float64) for output in result.loss_fn_outputs]
    return float(-sum(np.dot(row, weight) for row, weight in zip(rows, weights)))


def endless_batches(examples: list[Example], size: int, seed: int, skip: int):
    """Examples of like lengths together, epoch after epoch in an order that depends on the seed alone, from the batch `skip` on."""
    order = sorted(range(len(examples)), key=lambda at: (len(examples[at][0]), at))
    groups = [[examples[at] for at in order[first : first + size]] for first in range(0, len(order), size)]
    epoch, first = divmod(skip, len(groups))
    while True:
        for at in np.random.default_rng([seed, epoch]).permutation(len(groups))[first:]:
            yield groups[at]
        epoch, first = epoch + 1, 0


def learning_rate(config: dict, iteration: int) -> float:
    """A linear warm-up, then what the schedule says, down to nothing at the end."""
    peak, total = config["learningRate"], config["iterations"]
    warmup = max(1, math.ceil(config["warmup"] * total))
    if iteration <= warmup:
        return peak * iteration / warmup
    share = (iteration - warmup) / max(1, total - warmup)
    if config["schedule"] == "constant":
        return peak
    return peak * (1 - share) if config["schedule"] == "linear" else peak * (1 + math.cos(math.pi * share)) / 2


if __name__ == "__main__":
    main()
