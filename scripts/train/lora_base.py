"""The base model of a torch run, with LoRA layers by PEFT."""

import json
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM


def load_base(config: dict, device: torch.device):
    """In the weights' own type on a GPU, where it is the one that was trained in; in float32 elsewhere."""
    about = json.loads((Path(config["model"]) / "config.json").read_text(encoding="utf8"))
    if "group_size" in (about.get("quantization") or {}):
        raise SystemExit(
            f"Expected float weights for PEFT but {config['model']} is quantized for MLX: name the model that it was made of, "
            "or train it with --backend mlx."
        )
    dtype = torch.bfloat16 if device.type == "cuda" and torch.cuda.is_bf16_supported() else torch.float32
    return AutoModelForCausalLM.from_pretrained(config["model"], dtype=dtype, attn_implementation="sdpa").to(device)


def add_lora(model, config: dict, **more) -> PeftModel:
    """The adapter's own weights are float32, whatever the base's are."""
    lora = config["lora"]
    about = LoraConfig(
        r=lora["rank"],
        lora_alpha=lora["alpha"],
        lora_dropout=lora["dropout"],
        target_modules=list(lora["modules"]),
        bias="none",
        **more,
    )
    adapted = get_peft_model(model, about)
    if config["gradientCheckpoints"]:
        model.enable_input_require_grads()
        model.gradient_checkpointing_enable({"use_reentrant": False})
    return adapted


def save_adapter(adapted: PeftModel, folder: Path) -> None:
    """As PEFT stores one; lists in an order that does not change between runs."""
    adapted.save_pretrained(folder, save_embedding_layers=False)
    path = folder / "adapter_config.json"
    about = json.loads(path.read_text(encoding="utf8"))
    about["target_modules"] = sorted(about["target_modules"])
    path.write_text(json.dumps(about, indent=2, sort_keys=True) + "\n", encoding="utf8")
