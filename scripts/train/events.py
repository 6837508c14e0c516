"""What a trainer tells `brevis train`: one JSON object a line on standard output. Everything else goes to standard error."""

import json
import signal
import sys

ATTENTION = {"q_proj", "k_proj", "v_proj", "o_proj"}


def emit(event: str, **fields) -> None:
    """event: loaded | resumed | train | valid | checkpoint | test | done. Losses are nats a token of the answer."""
    sys.__stdout__.write(json.dumps({"event": event, **fields}) + "\n")
    sys.__stdout__.flush()


def read_config() -> dict:
    """The run's config as `brevis train` wrote it: argument 1 is its path. What a library prints goes to the log from here on."""
    sys.stdout = sys.stderr
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.default_int_handler)
    with open(sys.argv[1], encoding="utf8") as file:
        return json.load(file)


def module_paths(config: dict) -> list[str]:
    """The layers that are adapted, by their path in a decoder layer: `self_attn.q_proj`."""
    names = config["lora"]["modules"]
    return [f"{'self_attn' if name in ATTENTION else 'mlp'}.{name}" for name in names]
