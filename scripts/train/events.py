"""What a trainer tells `brevis train`: one JSON object a line on standard output. Everything else goes to standard error."""

import json
import sys


def emit(event: str, **fields) -> None:
    """event: loaded | resumed | train | valid | checkpoint | test | done. Losses are nats a token of the answer."""
    sys.__stdout__.write(json.dumps({"event": event, **fields}) + "\n")
    sys.__stdout__.flush()


def read_config() -> dict:
    """The run's config as `brevis train` wrote it: argument 1 is its path. What a library prints goes to the log from here on."""
    sys.stdout = sys.stderr
    with open(sys.argv[1], encoding="utf8") as file:
        return json.load(file)


PROJECTIONS = ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj"] + [
    "mlp.gate_proj",
    "mlp.up_proj",
    "mlp.down_proj",
]
