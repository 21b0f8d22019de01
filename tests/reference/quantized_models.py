"""Writes tests/fixtures/quantized: what transformers and peft make of tiny models whose linear layers bitsandbytes holds
in 4 bits (models.json, models.safetensors), and two such models saved by transformers (saved-<case>/).

Training is peft's over a plain model that has the dequantized weights, since bitsandbytes rounds nothing else in float32.

    pip install -r requirements.txt && python quantized_models.py
"""

import json
import shutil
from pathlib import Path

import bitsandbytes
import peft
import torch
import transformers
from bitsandbytes.functional import dequantize_4bit
from gpt2_rows import PROMPT_ROWS
from peft import PeftModel
from reference_training import curve, train
from row_rules import encode_row
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
FOLDER = FIXTURES / "quantized"
TOKENIZER = FIXTURES / "gpt2-tiny" / "model"
MODELS = {
    "gpt2": (FIXTURES / "gpt2-tiny" / "model", FIXTURES / "gpt2-tiny" / "adapter"),
    "llama": (FIXTURES / "families" / "llama", FIXTURES / "families" / "llama" / "adapter"),
}
CASES = [
    ("gpt2", "nf4", False), ("gpt2", "fp4", True), ("llama", "nf4", True), ("llama", "fp4", False),
]  # fmt: skip
SAVED = {"llama-nf4-double", "gpt2-fp4-double", "llama-fp4"}
MAX_LENGTH = 48
LOGITS_ROW = 5
POSITIONS = 6
TRAINING = {
    "max_steps": 10, "per_device_train_batch_size": 2, "gradient_accumulation_steps": 2, "learning_rate": 5e-3,
    "max_grad_norm": 0.5, "warmup_steps": 3, "lr_scheduler_type": "linear", "weight_decay": 0.05, "logging_steps": 1,
    "seed": 11,
}  # fmt: skip


def quantized(folder: Path, kind: str, double: bool):
    config = BitsAndBytesConfig(
        load_in_4bit=True, bnb_4bit_quant_type=kind, bnb_4bit_use_double_quant=double,
        bnb_4bit_compute_dtype=torch.float32,
    )  # fmt: skip
    return AutoModelForCausalLM.from_pretrained(
        folder, quantization_config=config, dtype=torch.float32, device_map="cpu", attn_implementation="eager"
    ).eval()


def plain(folder: Path):
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()


@torch.no_grad()
def dequantized(folder: Path, kind: str, double: bool):
    """The plain model with the weights that the quantized one stands for. Conv1D has them the other way round."""
    model, modules = plain(folder), dict(quantized(folder, kind, double).named_modules())
    for name, module in model.named_modules():
        held = modules[name]
        if isinstance(held, bitsandbytes.nn.Linear4bit):
            weight = dequantize_4bit(held.weight.data, held.weight.quant_state)
            module.weight.copy_(weight if isinstance(module, torch.nn.Linear) else weight.T)
    return model


@torch.no_grad()
def logits(model, ids: list[int]) -> torch.Tensor:
    return model(torch.tensor([ids])).logits[0, -POSITIONS:]


def main() -> None:
    torch.set_num_threads(1)
    tokenizer = AutoTokenizer.from_pretrained(TOKENIZER)
    rows = [encode_row({"prompt": p, "completion": c}, tokenizer, MAX_LENGTH) for p, c in PROMPT_ROWS]
    ids = rows[LOGITS_ROW].ids
    cases, tensors = {}, {}
    for base, kind, double in CASES:
        name = f"{base}-{kind}{'-double' if double else ''}"
        folder, adapter = MODELS[base]
        model = dequantized(folder, kind, double)
        tensors[name] = logits(model, ids).contiguous()
        itself = logits(quantized(folder, kind, double), ids)
        assert (itself - tensors[name]).abs().max() < 1e-4 * itself.abs().max()
        tuned = PeftModel.from_pretrained(model, adapter, is_trainable=True)
        trainer = train(tuned, rows, tokenizer.eos_token_id, TRAINING)
        cases[name] = {"base": base, "type": kind, "double": double, "training": curve(trainer)}
        if name in SAVED:
            save(quantized(folder, kind, double), FOLDER / f"saved-{name}")
    versions = {module.__name__: module.__version__ for module in (torch, transformers, peft, bitsandbytes)}
    golden = {"versions": versions, "max_length": MAX_LENGTH, "ids": ids, "arguments": TRAINING, "cases": cases}
    (FOLDER / "models.json").write_text(json.dumps(golden, indent=1) + "\n", "utf-8")
    save_file(tensors, FOLDER / "models.safetensors")


def save(model, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(TOKENIZER / name, folder / name)


if __name__ == "__main__":
    main()
