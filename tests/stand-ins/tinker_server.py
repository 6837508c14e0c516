"""A server that speaks what Tinker's SDK sends: python tinker_server.py OPTIONS.json

It decodes requests with the SDK's own message types, and trains a model that is real and tiny: one bias for each token, by AdamW. It prints its port, then
a line of JSON for each request. Options: `vocabulary`; `hidden` and `layers` of the adapter that it exports; `loseAt`: the forward-backward requests, counted
over all sessions, that are answered as if their session had ended; `cutDownloads`: how many downloads end early.
"""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import zstandard
from safetensors.numpy import save
from tinker.proto import tinker_public_pb2 as proto

OPTIONS = json.load(open(sys.argv[1], encoding="utf8"))
KEY = "tml-stand-in-key-0123456789"
LOCK = threading.Lock()
TELLING = threading.Lock()


class Model:
    def __init__(self, base: str, rank: int, state=None):
        size = OPTIONS["vocabulary"]
        self.base, self.rank = base, rank
        self.bias, self.first, self.second, self.steps = state or (np.zeros(size), np.zeros(size), np.zeros(size), 0)
        self.gradient = np.zeros(size)
        self.next_request = 1
        self.ended = False

    def forward(self, request, backward: bool):
        loss, rows = 0.0, []
        highest = self.bias.max()
        total = highest + np.log(np.exp(self.bias - highest).sum())
        chances = np.exp(self.bias - total)
        for datum in request.data:
            targets = np.frombuffer(datum.loss_fn_inputs["target_tokens"].dense, np.int64)
            weights = np.frombuffer(datum.loss_fn_inputs["weights"].dense, np.float32).astype(np.float64)
            tokens = np.frombuffer(datum.model_input[0].encoded_text.tokens, np.int32)
            assert len(tokens) == len(targets) == len(weights), "inputs, targets and weights are of one length"
            rows.append((self.bias[targets] - total).astype(np.float32))
            loss -= float(np.dot(self.bias[targets] - total, weights))
            if backward:
                self.gradient += chances * weights.sum()
                np.subtract.at(self.gradient, targets, weights)
        return loss, rows

    def step(self, params: dict) -> None:
        gradient = self.gradient
        norm = float(np.linalg.norm(gradient))
        if params["grad_clip_norm"] > 0 and norm > params["grad_clip_norm"]:
            gradient = gradient * params["grad_clip_norm"] / norm
        self.steps += 1
        one, two, rate = params["beta1"], params["beta2"], params["learning_rate"]
        self.first = one * self.first + (1 - one) * gradient
        self.second = two * self.second + (1 - two) * gradient**2
        estimate = self.first / (1 - one**self.steps) / (np.sqrt(self.second / (1 - two**self.steps)) + params["eps"])
        self.bias = self.bias * (1 - rate * params["weight_decay"]) - rate * estimate
        self.gradient = np.zeros_like(self.gradient)

    def state(self):
        return (self.bias.copy(), self.first.copy(), self.second.copy(), self.steps)

    def export(self) -> dict[str, bytes]:
        """In the layout of PEFT; what was learnt decides on the numbers."""
        hidden, rank = OPTIONS["hidden"], self.rank
        chance = np.random.default_rng(0)
        learnt = np.resize(self.bias, hidden).astype(np.float32)
        is_mixture = "A3B" in self.base
        names = ["mlp.experts.0.gate_proj"] if is_mixture else ["self_attn.q_proj", "mlp.up_proj"]
        tensors = {}
        for layer in range(OPTIONS["layers"]):
            for name in names:
                path = f"base_model.model.model.layers.{layer}.{name}"
                outputs = OPTIONS["outputs"][name.split(".")[-1]]
                tensors[f"{path}.lora_A.weight"] = 0.01 * learnt + 0.01 * chance.standard_normal((rank, hidden), np.float32)
                tensors[f"{path}.lora_B.weight"] = 0.01 * chance.standard_normal((outputs, rank), np.float32)
        config = {"peft_type": "LORA", "r": rank, "lora_alpha": 32, "target_modules": "all-linear", "lora_dropout": 0}
        return {"adapter_model.safetensors": save(tensors), "adapter_config.json": json.dumps(config).encode()}


models: dict[str, Model] = {}
results: dict[str, tuple[str, bytes]] = {}
tried: set[str] = set()
saved: dict[str, tuple] = {}
files: dict[str, dict[str, bytes]] = {}
counts = {"sessions": 0, "forwardBackward": 0, "downloads": 0}


def promise(payload, kind: str = "application/json") -> dict:
    name = f"request-{len(results)}"
    results[name] = (kind, payload if isinstance(payload, bytes) else json.dumps(payload).encode())
    return {"request_id": name}


def model_of(body: dict) -> Model:
    """In the order of their numbers, as Tinker runs them."""
    model = models[body["model_id"]]
    if model.ended:
        raise Refusal(404, "this session has ended")
    if body["seq_id"] != model.next_request:
        raise Refusal(400, f"expected request {model.next_request} but received {body['seq_id']}")
    model.next_request += 1
    return model


class Refusal(Exception):
    def __init__(self, status: int, detail: str):
        super().__init__(detail)
        self.status = status


def forward_backward(content: bytes) -> dict:
    request = proto.ForwardBackwardRequest.FromString(content)
    assert request.loss_fn == "cross_entropy"
    if not request.forward_only:
        counts["forwardBackward"] += 1
        if counts["forwardBackward"] in OPTIONS.get("loseAt", []):
            models[request.model_id].ended = True
    model = model_of({"model_id": request.model_id, "seq_id": request.seq_id})
    loss, rows = model.forward(request, not request.forward_only)
    output = proto.ForwardBackwardOutput(loss_fn_output_type="ArrayRecord", metrics={"loss:sum": loss})
    record = output.loss_fn_outputs.add(num_datums=len(rows))
    field = record.fields["logprobs"]
    field.dtype = proto.DTYPE_FLOAT32
    field.data = b"".join(row.tobytes() for row in rows)
    field.offsets = np.cumsum([0] + [row.nbytes for row in rows], dtype=np.int64).tobytes()
    return promise(output.SerializeToString(), "application/x-protobuf")


def create_model(body: dict) -> dict:
    name = f"{body['session_id']}:train:{body['model_seq_id']}"
    models[name] = Model(body["base_model"], body["lora_config"]["rank"])
    return promise({"model_id": name, "type": "create_model"})


def load_weights(body: dict) -> dict:
    base, rank, state = saved[body["path"]]
    assert body["optimizer"], "a run that goes on needs its optimizer"
    name = f"{body['session_id']}:train:{body['model_seq_id']}"
    models[name] = Model(base, rank, state)
    return promise({"path": body["path"], "model_id": name, "type": "load_weights"})


def save_weights(body: dict) -> dict:
    model = model_of(body)
    path = f"tinker://{body['model_id']}/weights/{body['path']}"
    saved[path] = (model.base, model.rank, model.state())
    return promise({"path": path, "type": "save_weights"})


def save_for_sampler(body: dict) -> dict:
    model_of(body)
    return promise({"path": f"tinker://{body['model_id']}/sampler_weights/{body['path']}", "type": "save_weights_for_sampler"})


def save_external(body: dict) -> dict:
    path = f"tinker://{body['model_id']}/external_weights/{body['path']}"
    files[path] = model_of(body).export()
    return promise({"path": path, "type": "save_weights_external"})


def optim_step(body: dict) -> dict:
    model_of(body).step(body["adam_params"])
    return promise({"metrics": {}})


def create_session(_: dict) -> dict:
    counts["sessions"] += 1
    return {"session_id": f"session-{counts['sessions']}", "type": "create_session"}


def get_info(body: dict) -> dict:
    model = models[body["model_id"]]
    about = {"arch": "qwen3", "model_name": model.base, "tokenizer_id": model.base}
    return {"type": "get_info", "model_data": about, "model_id": body["model_id"], "is_lora": True, "lora_rank": model.rank}


POSTS = {
    "client/config": lambda _: {"proto_compress_fwdbwd": True, "use_pyqwest_transport": False},
    "client/dynamic_config": lambda _: {},
    "create_session": create_session,
    "session_heartbeat": lambda _: {"type": "session_heartbeat"},
    "create_model": create_model,
    "load_weights": load_weights,
    "get_info": get_info,
    "optim_step": optim_step,
    "save_weights": save_weights,
    "save_weights_for_sampler": save_for_sampler,
    "save_weights_external": save_external,
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status: int, content: bytes, kind: str = "application/json", cut: bool = False) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if cut else content)
        if cut:
            self.close_connection = True

    def do_POST(self):
        content = self.rfile.read(int(self.headers["content-length"] or 0))
        if self.headers.get("content-encoding") == "zstd":
            content = zstandard.ZstdDecompressor().decompressobj().decompress(content)
        name = self.path.removeprefix("/api/v1/")
        is_json = "json" in self.headers.get("content-type", "")
        body = json.loads(content) if is_json and content else {}
        self.tell("POST", name, body)
        if self.headers.get("x-api-key") != KEY:
            return self.answer(401, b'{"detail": "no such key"}')
        try:
            with LOCK:
                if name == "retrieve_future":
                    return self.retrieve(body["request_id"])
                reply = forward_backward(content) if name == "forward_backward" else POSTS[name](body)
            self.answer(200, json.dumps(reply).encode())
        except Refusal as refusal:
            self.answer(refusal.status, json.dumps({"detail": str(refusal)}).encode())
        except Exception as error:
            self.answer(422, json.dumps({"detail": f"{type(error).__name__}: {error}"}).encode())

    def retrieve(self, name: str) -> None:
        """The first look finds it under way."""
        if name not in tried:
            tried.add(name)
            waiting = {"type": "try_again", "request_id": name, "queue_state": "active"}
            return self.answer(200, json.dumps(waiting).encode())
        kind, payload = results[name]
        self.answer(200, payload, kind)

    def do_GET(self):
        parts = self.path.split("?")[0].split("/")
        self.tell("GET", "/".join(parts[1:]), {})
        if parts[1] == "files":
            counts["downloads"] += 1
            content = files[f"tinker://{parts[2]}/external_weights/{parts[3]}"][parts[4]]
            return self.answer(200, content, "application/octet-stream", cut=counts["downloads"] <= OPTIONS.get("cutDownloads", 0))
        _, _, _, _, run, _, _, name, _ = parts
        here = f"http://127.0.0.1:{self.server.server_port}/files/{run}/{name}"
        urls = {file: f"{here}/{file}?signature=0123" for file in files[f"tinker://{run}/external_weights/{name}"]}
        self.answer(200, json.dumps({"urls": urls, "expires": "2030-01-01T00:00:00Z"}).encode())

    def tell(self, method: str, name: str, body: dict) -> None:
        with TELLING:
            sys.stdout.write(json.dumps({"method": method, "path": name, "body": body}) + "\n")
            sys.stdout.flush()


class Server(ThreadingHTTPServer):
    def handle_error(self, *_):
        """Clients are killed in the middle of a request, on purpose."""


server = Server(("127.0.0.1", 0), Handler)
print(json.dumps({"port": server.server_port}), flush=True)
server.serve_forever()
