"""Merges an adapter into its Qwen3 base and writes GGUF for llama.cpp: python export_gguf.py CONFIG.json

CONFIG has `model` and `adapter` (directories), `output` (a file), `type` (f16 | q8_0) and `name`. One tensor is in memory at a time.
"""

import json
import os
import sys
from pathlib import Path

import gguf
import numpy as np
from read_weights import Weights, read_adapter

ARCHITECTURE = gguf.MODEL_ARCH.QWEN3
TYPES = {
    "f16": (gguf.GGMLQuantizationType.F16, gguf.LlamaFileType.MOSTLY_F16),
    "q8_0": (gguf.GGMLQuantizationType.Q8_0, gguf.LlamaFileType.MOSTLY_Q8_0),
}
BLOCK = 32
"""Weights that share a scale in q8_0."""


def main() -> None:
    config = json.loads(Path(sys.argv[1]).read_text(encoding="utf8"))
    model = Path(config["model"])
    weights = Weights(model)
    if weights.config.get("model_type") != "qwen3":
        raise SystemExit(f"Expected a Qwen3 model in {model} but it is {weights.config.get('model_type')}.")
    added = read_adapter(Path(config["adapter"]))
    unknown = sorted(set(added) - set(weights.tensors))
    if unknown:
        raise SystemExit(f"Expected an adapter of {model} but the model has no {unknown[0]}.")
    output = Path(config["output"])
    partial = output.with_name(f".{output.name}.{os.getpid()}.partial")
    try:
        writer = gguf.GGUFWriter(partial, gguf.MODEL_ARCH_NAMES[ARCHITECTURE])
        write_metadata(writer, weights.config, config)
        write_tokenizer(writer, model, weights)
        write_tensors(writer, weights, added, TYPES[config["type"]][0])
        writer.close()
        os.replace(partial, output)
    finally:
        partial.unlink(missing_ok=True)


def write_metadata(writer: gguf.GGUFWriter, about: dict, config: dict) -> None:
    heads = about["num_attention_heads"]
    head_size = about.get("head_dim") or about["hidden_size"] // heads
    theta = about.get("rope_theta") or (about.get("rope_parameters") or {}).get("rope_theta", 10000.0)
    writer.add_name(config["name"])
    writer.add_file_type(TYPES[config["type"]][1])
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    writer.add_block_count(about["num_hidden_layers"])
    writer.add_context_length(about["max_position_embeddings"])
    writer.add_embedding_length(about["hidden_size"])
    writer.add_feed_forward_length(about["intermediate_size"])
    writer.add_head_count(heads)
    writer.add_head_count_kv(about["num_key_value_heads"])
    writer.add_key_length(head_size)
    writer.add_value_length(head_size)
    writer.add_layer_norm_rms_eps(about["rms_norm_eps"])
    writer.add_rope_freq_base(theta)
    writer.add_vocab_size(about["vocab_size"])


def write_tokenizer(writer: gguf.GGUFWriter, model: Path, weights: Weights) -> None:
    """The byte-level BPE of Qwen. Rows of the embedding that no token has are padding."""
    file = read_json(model / "tokenizer.json")
    kind = file["model"].get("type", "BPE")
    if kind != "BPE":
        raise SystemExit(f"Expected a BPE tokenizer in {model} but it is {kind}.")
    size = weights.config["vocab_size"]
    names = [f"[PAD{token}]" for token in range(size)]
    types = [gguf.TokenType.UNUSED] * size
    for name, token in file["model"]["vocab"].items():
        names[token], types[token] = name, gguf.TokenType.NORMAL
    for token in file.get("added_tokens", []):
        names[token["id"]] = token["content"]
        types[token["id"]] = gguf.TokenType.CONTROL if token["special"] else gguf.TokenType.USER_DEFINED
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(names)
    writer.add_token_types(types)
    merges = file["model"]["merges"]
    writer.add_token_merges([merge if isinstance(merge, str) else " ".join(merge) for merge in merges])
    about = read_json(model / "tokenizer_config.json")
    ids = {name: token for token, name in enumerate(names)}
    for key, add in (("eos_token", writer.add_eos_token_id), ("pad_token", writer.add_pad_token_id)):
        name = about.get(key)
        name = name.get("content") if isinstance(name, dict) else name
        if name in ids:
            add(ids[name])
    writer.add_add_bos_token(False)
    template = model / "chat_template.jinja"
    text = template.read_text(encoding="utf8") if template.exists() else about.get("chat_template")
    if isinstance(text, str):
        writer.add_chat_template(text)


def read_json(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf8")) if path.exists() else {}


def write_tensors(writer: gguf.GGUFWriter, weights: Weights, added: dict, kind: gguf.GGMLQuantizationType) -> None:
    names = gguf.get_tensor_name_map(ARCHITECTURE, weights.config["num_hidden_layers"])
    is_tied = weights.config.get("tie_word_embeddings", False)
    chosen = [name for name in weights.names() if not (is_tied and name == "lm_head.weight")]
    kinds = {name: type_of(weights, name, kind) for name in chosen}
    for name in chosen:
        known = names.get_name(name, try_suffixes=(".weight",))
        if known is None:
            raise SystemExit(f"Expected the tensors of Qwen3 but found {name}.")
        rows, columns = shape_of(weights, name)
        shape = gguf.quant_shape_to_byte_shape(([rows] if rows else []) + [columns], kinds[name])
        writer.add_tensor_info(known, shape, np.dtype(np.uint8), int(np.prod(shape)), kinds[name])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    for place, name in enumerate(chosen):
        value = weights.read(name)
        if name in added:
            value = value + added[name]
        if not np.isfinite(value).all():
            raise SystemExit(f"Expected finite weights but {name} holds NaN or an infinity.")
        writer.write_tensor_data(gguf.quantize(np.ascontiguousarray(value, np.float32), kinds[name]).view(np.uint8))
        print(f"{place + 1}/{len(chosen)}", flush=True)


def shape_of(weights: Weights, name: str) -> tuple[int, int]:
    """Rows and columns of the weight in full; no rows for a vector."""
    kind, shape, _ = weights.tensors[name]
    if kind == "U32":
        return shape[0], shape[1] * 32 // weights.config["quantization"]["bits"]
    return (0, shape[0]) if len(shape) == 1 else (shape[0], shape[1])


def type_of(weights: Weights, name: str, kind: gguf.GGMLQuantizationType) -> gguf.GGMLQuantizationType:
    """Norms stay as they are; rows that are no whole number of blocks cannot be quantized."""
    rows, columns = shape_of(weights, name)
    if rows == 0:
        return gguf.GGMLQuantizationType.F32
    if kind == gguf.GGMLQuantizationType.Q8_0 and columns % BLOCK != 0:
        return gguf.GGMLQuantizationType.F16
    return kind


if __name__ == "__main__":
    main()
