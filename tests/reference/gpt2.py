"""Writes tests/fixtures/gpt2-tiny and tests/fixtures/gpt2-variants: tiny random GPT-2 models in Hugging Face layout,
and what transformers and peft make of them. The layout of golden.json is in tests/fixtures/gpt2-tiny/README.md.

    pip install -r requirements.txt && python gpt2.py
"""

import copy
import json
import math
import platform
import shutil
from pathlib import Path

import accelerate
import peft
import safetensors
import tokenizers
import torch
import transformers
from gpt2_rows import EVALUATION_ROWS, GENERATION_PROMPTS, PROMPT_ROWS, TEXT_ROWS
from peft import LoraConfig, PeftModel, get_peft_model
from reference_training import curve, gradients, train
from row_rules import Row, encode_row, mean_token_loss, pad_right, write_rows
from safetensors.torch import save_file
from sampling_reference import sampling_golden
from tiny_gpt2 import random_gpt2, tiny_config, train_tokenizer
from transformers import GPT2LMHeadModel
from variants_reference import write_variants

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
FOLDER = FIXTURES / "gpt2-tiny"
VOCAB_SIZE = 320
MAX_LENGTH = 48
SEED = 7
LORA = {"r": 4, "lora_alpha": 8, "target_modules": "all-linear", "fan_in_fan_out": True, "task_type": "CAUSAL_LM"}
TRAINING = {
    "max_steps": 10, "per_device_train_batch_size": 2, "gradient_accumulation_steps": 2, "max_grad_norm": 0.5,
    "warmup_steps": 3, "lr_scheduler_type": "linear", "weight_decay": 0.05, "logging_steps": 1, "seed": SEED,
}  # fmt: skip
LEARNING_RATES = {"lora": 1e-2, "full": 1e-3}


class Golden:
    """What is compared: numbers go to golden.json, tensors to golden.safetensors under slash-separated names."""

    def __init__(self):
        self.values: dict = {}
        self.tensors: dict[str, torch.Tensor] = {}

    def add_tensors(self, prefix: str, tensors: dict[str, torch.Tensor]) -> None:
        for name, tensor in tensors.items():
            self.tensors[f"{prefix}/{name}"] = tensor.detach().float().contiguous().clone()

    def write(self, folder: Path) -> None:
        (folder / "golden.json").write_text(json.dumps(self.values, indent=1, ensure_ascii=False) + "\n", "utf-8")
        save_file(self.tensors, folder / "golden.safetensors")


def write_models(model: GPT2LMHeadModel, tokenizer) -> None:
    """The same weights as one F32 file, as shards with an index, and rounded to F16 and BF16."""
    folders = {"model": (model, {}), "model-sharded": (model, {"max_shard_size": "60KB"})}
    folders["model-f16"] = (copy.deepcopy(model).to(torch.float16), {})
    folders["model-bf16"] = (copy.deepcopy(model).to(torch.bfloat16), {})
    for name, (variant, options) in folders.items():
        variant.save_pretrained(FOLDER / name, **options)
        tokenizer.save_pretrained(FOLDER / name)


def load(name: str) -> GPT2LMHeadModel:
    """A model of the fixture, computed in float32 whatever its file's type."""
    return GPT2LMHeadModel.from_pretrained(FOLDER / name, dtype=torch.float32, attn_implementation="eager").eval()


def rows_golden(golden: Golden, tokenizer) -> dict[str, list[Row]]:
    """Token ids and labels of every row of the three files."""
    files = {"rows": PROMPT_ROWS, "rows-eval": EVALUATION_ROWS, "rows-text": TEXT_ROWS}
    encoded = {}
    for name, rows in files.items():
        objects = [{"text": r} if isinstance(r, str) else {"prompt": r[0], "completion": r[1]} for r in rows]
        write_rows(FOLDER / f"{name}.jsonl", objects)
        encoded[name] = [encode_row(row, tokenizer, MAX_LENGTH) for row in objects]
        golden.values[name.replace("-", "_")] = [{"ids": r.ids, "labels": r.labels} for r in encoded[name]]
    return encoded


@torch.no_grad()
def logits_golden(golden: Golden, rows: list[Row]) -> None:
    """Logits [T, V] of the first three rows, each alone; of the first for the rounded weights."""
    for name, count in (("model", 3), ("model-f16", 1), ("model-bf16", 1)):
        model = load(name)
        for index, row in enumerate(rows[:count]):
            golden.add_tensors(f"logits/{name}", {f"row{index}": model(torch.tensor([row.ids])).logits[0]})


def loss_golden(golden: Golden, rows: dict[str, list[Row]], pad_id: int) -> None:
    """Losses of the untouched model: whole-row text, and all rows of each file."""
    model = load("model")
    text_losses = [mean_token_loss(model, [row], pad_id)[0] for row in rows["rows-text"][:3]]
    files = {name.replace("-", "_"): mean_token_loss(model, encoded, pad_id) for name, encoded in rows.items()}
    golden.values["losses"] = {
        "text_rows": text_losses,
        **{name: {"loss": loss, "tokens": tokens} for name, (loss, tokens) in files.items()},
    }


def write_adapters() -> None:
    """adapter/ as peft initialises it (B is zero); adapter-random/ with a random B, so that A has gradients.
    The same layers, named in peft's two ways: one by one, and by the ends of their names."""
    torch.manual_seed(SEED)
    save_adapter(get_peft_model(load("model"), LoraConfig(**LORA)), "adapter")
    model = get_peft_model(load("model"), LoraConfig(**(LORA | {"target_modules": ["c_attn", "c_proj", "c_fc"]})))
    generator = torch.Generator().manual_seed(SEED)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "lora_B" in name:
                parameter.copy_(0.1 * torch.randn(parameter.shape, generator=generator))
    save_adapter(model, "adapter-random")


def save_adapter(model: PeftModel, name: str) -> None:
    """peft's own files, without the card, the order of the targets and the base's path made the same everywhere."""
    model.save_pretrained(FOLDER / name)
    (FOLDER / name / "README.md").unlink(missing_ok=True)
    config_file = FOLDER / name / "adapter_config.json"
    config = json.loads(config_file.read_text("utf-8"))
    config["target_modules"] = sorted(config["target_modules"])
    config["base_model_name_or_path"] = "../model"
    config_file.write_text(json.dumps(config, indent=2) + "\n", "utf-8")


def with_adapter(name: str) -> PeftModel:
    return PeftModel.from_pretrained(load("model"), FOLDER / name, is_trainable=True)


def adapter_tensors(tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """peft's names in memory → its names in adapter_model.safetensors."""
    return {name.replace(".default.", "."): tensor for name, tensor in tensors.items()}


def gradients_golden(golden: Golden, rows: list[Row], pad_id: int) -> None:
    """Loss and every gradient of one padded batch of the first four rows, full and LoRA."""
    batch = pad_right(rows[:4], pad_id)
    full_loss, full = gradients(load("model"), batch)
    lora_loss, lora = gradients(with_adapter("adapter-random"), batch)
    golden.values["batch"] = {
        "rows": [0, 1, 2, 3],
        "targets": sum(row.targets for row in rows[:4]),
        "full": {"loss": full_loss, "grad_norm": norm(full)},
        "lora": {"loss": lora_loss, "grad_norm": norm(lora), "adapter": "adapter-random"},
    }
    golden.add_tensors("gradients/full", full)
    golden.add_tensors("gradients/lora", adapter_tensors(lora))


def norm(tensors: dict[str, torch.Tensor]) -> float:
    """The global norm, in double precision."""
    return math.sqrt(sum(tensor.double().square().sum().item() for tensor in tensors.values()))


def training_golden(golden: Golden, rows: dict[str, list[Row]], pad_id: int) -> None:
    """Ten steps each, from adapter/ and in full, then the losses and the weights they end with."""
    golden.values["training"] = {"arguments": TRAINING}
    for method, model in (("lora", with_adapter("adapter")), ("full", load("model"))):
        arguments = TRAINING | {"learning_rate": LEARNING_RATES[method]}
        trainer = train(model, rows["rows"], pad_id, arguments)
        golden.values["training"][method] = {
            "learning_rate_argument": LEARNING_RATES[method],
            **curve(trainer),
            "train_loss": sum(curve(trainer)["loss"]) / TRAINING["max_steps"],
            "final_rows_loss": mean_token_loss(model, rows["rows"], pad_id)[0],
            "final_rows_eval_loss": mean_token_loss(model, rows["rows-eval"], pad_id)[0],
        }
        trained = {name: p for name, p in model.named_parameters() if p.requires_grad}
        golden.add_tensors(f"trained/{method}", adapter_tensors(trained))


@torch.no_grad()
def generation_golden(golden: Golden, tokenizer) -> None:
    """Greedy continuations, and the smallest lead of the best token over the second on the way."""
    model, entries = load("model"), []
    for prompt in GENERATION_PROMPTS:
        ids = tokenizer(prompt, return_tensors="pt")["input_ids"]
        whole = model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=20, do_sample=False,
                               pad_token_id=tokenizer.eos_token_id)[0]  # fmt: skip
        new = whole[ids.shape[1] :].tolist()
        best = model(whole[None]).logits[0, ids.shape[1] - 1 : -1].topk(2).values
        entries.append({
            "prompt": prompt, "prompt_ids": ids[0].tolist(), "new_ids": new,
            "text": tokenizer.decode(new, skip_special_tokens=True),
            "smallest_lead": (best[:, 0] - best[:, 1]).min().item(),
        })  # fmt: skip
    golden.values["generation"] = entries


def main() -> None:
    torch.set_num_threads(1)
    for folder in ("model", "model-sharded", "model-f16", "model-bf16", "adapter", "adapter-random"):
        shutil.rmtree(FOLDER / folder, ignore_errors=True)
    texts = [" ".join(row) for row in PROMPT_ROWS] + TEXT_ROWS
    tokenizer = train_tokenizer(texts, VOCAB_SIZE)
    pad_id = tokenizer.eos_token_id
    write_models(random_gpt2(tiny_config(tokenizer), SEED), tokenizer)
    write_adapters()

    golden = Golden()
    modules = (torch, transformers, peft, tokenizers, safetensors, accelerate)
    golden.values["versions"] = {"python": platform.python_version()} | {m.__name__: m.__version__ for m in modules}
    golden.values["max_length"] = MAX_LENGTH
    rows = rows_golden(golden, tokenizer)
    logits_golden(golden, rows["rows"])
    loss_golden(golden, rows, pad_id)
    gradients_golden(golden, rows["rows"], pad_id)
    training_golden(golden, rows, pad_id)
    generation_golden(golden, tokenizer)
    golden.values["sampling"] = sampling_golden(load("model"))
    golden.write(FOLDER)
    write_variants(FIXTURES / "gpt2-variants")


if __name__ == "__main__":
    main()
