"""Writes tests/fixtures/adapters: adapters of every kind that peft makes of LoraConfig, over the tiny GPT-2 of
tests/fixtures/gpt2-tiny and a tiny Llama, and what peft computes with them; and full fine-tuning with frozen tensors. What is in there: tests/fixtures/adapters/README.md.

    pip install -r requirements.txt && python adapters.py
"""

import json
import platform
import shutil

import peft
import torch
import transformers
from gpt2 import FIXTURES, MAX_LENGTH, TRAINING, adapter_tensors, norm
from gpt2_rows import PROMPT_ROWS
from peft import LoraConfig, PeftModel, get_peft_model
from reference_training import curve, gradients, train
from row_rules import encode_row, pad_right
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, AutoTokenizer

FOLDER = FIXTURES / "adapters"
SEED = 11
LEARNING_RATE = 5e-3
COMMON = {"r": 4, "lora_alpha": 6, "task_type": "CAUSAL_LM"}
BASES = {"gpt2": "gpt2-tiny/model", "llama": "families/llama"}
VARIANTS = {
    "rslora": {"use_rslora": True, "target_modules": ["c_attn", "c_fc", "c_proj"]},
    "dora": {"use_dora": True, "target_modules": ["c_attn", "mlp.c_proj"]},
    "patterns": {
        "target_modules": ["c_attn", "c_proj"], "use_rslora": True,
        "rank_pattern": {"c_attn": 2, "h.1.mlp.c_proj": 6},
        "alpha_pattern": {r"h\.\d\.mlp\.c_proj": 3, "attn.c_proj": 12},
    },
    "head": {"target_modules": ["c_attn"], "modules_to_save": ["lm_head"]},
    "embedding": {"target_modules": ["c_attn"], "modules_to_save": ["wte", "ln_f"], "use_dora": True},
    "bias-all": {"target_modules": ["c_fc"], "bias": "all"},
    "bias-lora-only": {"target_modules": ["c_fc", "c_attn"], "bias": "lora_only", "use_dora": True},
    "llama": {
        "target_modules": ["q_proj", "v_proj", "down_proj"], "use_dora": True, "use_rslora": True,
        "rank_pattern": {"v_proj": 2}, "modules_to_save": ["lm_head", "norm"],
    },
}  # fmt: skip
FROZEN = ("transformer.wte.weight", "transformer.h.0.")


def base_of(name: str) -> str:
    return BASES["llama" if name == "llama" else "gpt2"]


def load(base: str):
    return AutoModelForCausalLM.from_pretrained(FIXTURES / base, dtype=torch.float32, attn_implementation="eager").eval()


def write_adapter(name: str, variant: dict) -> None:
    """The adapter as peft initialises it but for B, which is random, so that every trained tensor has a gradient."""
    torch.manual_seed(SEED)
    base = base_of(name)
    model = get_peft_model(load(base), LoraConfig(**COMMON, fan_in_fan_out="gpt2" in base, **variant))
    generator = torch.Generator().manual_seed(SEED)
    with torch.no_grad():
        for parameter_name, parameter in model.named_parameters():
            if "lora_B" in parameter_name:
                parameter.copy_(0.1 * torch.randn(parameter.shape, generator=generator))
    model.save_pretrained(FOLDER / name)
    (FOLDER / name / "README.md").unlink(missing_ok=True)
    config_file = FOLDER / name / "adapter_config.json"
    config = json.loads(config_file.read_text("utf-8"))
    config["target_modules"] = sorted(config["target_modules"])
    config["base_model_name_or_path"] = f"../../{base}"
    config_file.write_text(json.dumps(config, indent=2) + "\n", "utf-8")


def with_adapter(name: str) -> PeftModel:
    return PeftModel.from_pretrained(load(base_of(name)), FOLDER / name, is_trainable=True)


def run_names(tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """peft's names in memory → the names that tensors have in a run: the model's own, and the adapter's."""
    drop = (("base_model.model.", ""), (".modules_to_save", ""), (".base_layer", ""))
    named = adapter_tensors({name.replace("modules_to_save.default.", ""): t for name, t in tensors.items()})
    for old, new in drop:
        named = {name.replace(old, new): tensor for name, tensor in named.items()}
    return {name.replace("lora_magnitude_vector.weight", "lora_magnitude_vector"): t for name, t in named.items()}


def merged(name: str) -> dict[str, torch.Tensor]:
    """Matrices of the first block that merging changes."""
    base = load(base_of(name)).state_dict()
    tuned = with_adapter(name).merge_and_unload().state_dict()
    first = [key for key in base if (".h.0." in key or ".layers.0." in key) and key.endswith(".weight")]
    return {key: tuned[key] for key in first if not torch.equal(tuned[key], base[key])}


def frozen_curve(rows, pad_id: int) -> dict[str, list[float]]:
    """Ten steps of full fine-tuning with the tensors of FROZEN left as they are."""
    model = load(BASES["gpt2"])
    for name, parameter in model.named_parameters():
        parameter.requires_grad = not name.startswith(FROZEN)
    return curve(train(model, rows, pad_id, TRAINING | {"learning_rate": LEARNING_RATE}))


def main() -> None:
    torch.set_num_threads(1)
    tokenizer = AutoTokenizer.from_pretrained(FIXTURES / "gpt2-tiny" / "model")
    pad_id = tokenizer.eos_token_id
    rows = [encode_row({"prompt": p, "completion": c}, tokenizer, MAX_LENGTH) for p, c in PROMPT_ROWS]
    modules = (torch, transformers, peft)
    versions = {"python": platform.python_version()} | {m.__name__: m.__version__ for m in modules}
    golden = {"versions": versions, "max_length": MAX_LENGTH,
              "training": TRAINING | {"learning_rate": LEARNING_RATE}, "variants": {}}  # fmt: skip
    tensors = {}
    for name, variant in VARIANTS.items():
        shutil.rmtree(FOLDER / name, ignore_errors=True)
        write_adapter(name, variant)
        loss, found = gradients(with_adapter(name), pad_right(rows[:4], pad_id))
        found = run_names(found)
        tensors |= {f"{name}/gradient/{key}": tensor for key, tensor in found.items()}
        tensors |= {f"{name}/merged/{key}": tensor for key, tensor in merged(name).items()}
        trainer = train(with_adapter(name), rows, pad_id, TRAINING | {"learning_rate": LEARNING_RATE})
        golden["variants"][name] = {"loss": loss, "grad_norm": norm(found), "training": curve(trainer)}
    golden["frozen"] = {"freeze": [name + "*" for name in FROZEN], "training": frozen_curve(rows, pad_id)}
    (FOLDER / "golden.json").write_text(json.dumps(golden, indent=1) + "\n", "utf-8")
    save_file({key: tensor.detach().float().contiguous().clone() for key, tensor in tensors.items()},
              FOLDER / "golden.safetensors")  # fmt: skip


if __name__ == "__main__":
    main()
