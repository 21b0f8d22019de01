"""Writes tests/fixtures/families/<case>/ for each case of family_cases.py: a tiny random model in Hugging Face layout
with a LoRA adapter, and what transformers and peft make of them. tests/fixtures/families/README.md has the layout.

    pip install -r requirements.txt && python families.py [CASE ...]
"""

import json
import math
import shutil
import sys
from pathlib import Path

import peft
import torch
import transformers
from family_cases import CASES, END_OF_TEXT, Case
from gpt2_rows import GENERATION_PROMPTS, PROMPT_ROWS
from peft import LoraConfig, PeftModel, get_peft_model
from reference_training import curve, gradients, train
from row_rules import Row, encode_row, pad_right
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
TOKENIZER = FIXTURES / "gpt2-tiny" / "model"
FOLDER = FIXTURES / "families"
WHOLE_LENGTH = 40
SEED = 11
LOGITS_ROWS = (0, 5)
BATCH_ROWS = (0, 3, 4, 5)
NEW_TOKENS = 16
TRAINING = {
    "max_steps": 10, "learning_rate": 5e-3, "max_grad_norm": 0.5, "warmup_steps": 3, "lr_scheduler_type": "linear",
    "weight_decay": 0.05, "logging_steps": 1, "seed": SEED,
}  # fmt: skip


def random_model(case: Case):
    """A model none of whose parameters is zero or one, so that no logit and no gradient is trivial."""
    model = AutoModelForCausalLM.from_config(case.config, attn_implementation="eager").float()
    generator = torch.Generator().manual_seed(SEED)
    with torch.no_grad():
        for parameter in model.parameters():
            start = parameter if parameter.ndim == 1 else torch.zeros_like(parameter)
            parameter.copy_(start + 0.2 * torch.randn(parameter.shape, generator=generator))
    return model.eval()


def write_model(case: Case, folder: Path) -> None:
    """The model's files, beside the tokenizer's."""
    model = random_model(case)
    model.generation_config = GenerationConfig(eos_token_id=END_OF_TEXT, **case.generation)
    model.save_pretrained(folder)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(TOKENIZER / name, folder / name)
    if case.older_layout:
        edit_json(folder / "config.json", with_older_rope)


def edit_json(file: Path, change) -> None:
    content = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps(change(content), indent=2, sort_keys=True) + "\n", "utf-8")


def with_older_rope(config: dict) -> dict:
    """rope_parameters of transformers 5 under the names that config.json had before."""
    parameters = config.pop("rope_parameters")
    if config["model_type"] == "gemma3_text":
        del config["layer_types"]
        local = parameters["sliding_attention"]["rope_theta"]
        pattern = {"sliding_window_pattern": config.pop("_sliding_window_pattern"), "rope_local_base_freq": local}
        older = scaling(parameters["full_attention"])
        older["rope_scaling"]["rope_type"] = older["rope_scaling"].pop("type")
        return config | pattern | older
    if config["model_type"] == "gpt_neox":
        config["rotary_pct"] = parameters.pop("partial_rotary_factor")
        older = scaling(parameters)
        return config | {"rotary_emb_base": older["rope_theta"], "rope_scaling": older["rope_scaling"]}
    return config | scaling(parameters)


def scaling(parameters: dict) -> dict:
    """rope_theta and rope_scaling, the latter null where nothing is scaled."""
    theta, kind = parameters.pop("rope_theta"), parameters.pop("rope_type")
    return {"rope_theta": theta, "rope_scaling": None if kind == "default" else {"type": kind, **parameters}}


def load(folder: Path):
    """The model as it is read back: config.json is on trial too."""
    model, report = AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager", output_loading_info=True
    )
    assert not any(report.get(key) for key in ("missing_keys", "unexpected_keys", "mismatched_keys")), report
    return model.eval()


def write_adapter(folder: Path) -> None:
    """LoRA on all linear layers but the head, with a random B, so that A has gradients."""
    torch.manual_seed(SEED)
    config = LoraConfig(r=4, lora_alpha=8, target_modules="all-linear", task_type="CAUSAL_LM")
    model = get_peft_model(load(folder), config)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "lora_B" in name:
                parameter.copy_(0.1 * torch.randn(parameter.shape))
    model.save_pretrained(folder / "adapter")
    (folder / "adapter" / "README.md").unlink(missing_ok=True)
    edit_json(
        folder / "adapter" / "adapter_config.json",
        lambda c: c | {"target_modules": sorted(c["target_modules"]), "base_model_name_or_path": ".."},
    )


def with_adapter(folder: Path) -> PeftModel:
    return PeftModel.from_pretrained(load(folder), folder / "adapter", is_trainable=True)


def passes_of(length: int) -> list[int]:
    """A row is read in two passes over a half of it each, but for its last three tokens, which come one by one."""
    half = length // 2
    return [half, length - half - 3, 1, 1, 1]


@torch.no_grad()
def logits_of(case: Case, folder: Path, ids: list[int]) -> torch.Tensor:
    """Logits [P, V] at the end of each pass; where no length matters, those of one pass over the whole row."""
    model, ends = load(folder), torch.tensor(passes_of(len(ids))).cumsum(0)
    if not case.depends_on_length:
        return model(torch.tensor([ids])).logits[0, ends - 1]
    cache, rows = None, []
    for start, end in zip([0, *ends[:-1].tolist()], ends.tolist(), strict=True):
        if case.read_again_beyond and start <= case.read_again_beyond < end:
            start, cache = 0, None
        out = model(torch.tensor([ids[start:end]]), past_key_values=cache, use_cache=True)
        cache = out.past_key_values
        rows.append(out.logits[0, -1])
    return torch.stack(rows)


def batch_gradients(case: Case, folder: Path, rows: list[Row]) -> tuple[float, dict[str, torch.Tensor]]:
    """Mean loss over the targets of a ragged batch, and the adapter's gradients."""
    if not case.depends_on_length:
        return gradients(with_adapter(folder), pad_right(rows, END_OF_TEXT))
    targets, loss, total = sum(row.targets for row in rows), 0.0, {}
    for row in rows:
        one, found = gradients(with_adapter(folder), pad_right([row], END_OF_TEXT))
        share = row.targets / targets
        loss += share * one
        total = {name: total.get(name, 0) + share * gradient for name, gradient in found.items()}
    return loss, total


def norm(tensors: dict[str, torch.Tensor]) -> float:
    return math.sqrt(sum(tensor.double().square().sum().item() for tensor in tensors.values()))


def training(case: Case, folder: Path, rows: list[Row]) -> dict:
    """Ten steps of the real Trainer from the adapter, four rows to a step."""
    together = 1 if case.depends_on_length else 2
    batches = {"per_device_train_batch_size": together, "gradient_accumulation_steps": 4 // together}
    arguments = TRAINING | batches
    return {"arguments": arguments, **curve(train(with_adapter(folder), rows, END_OF_TEXT, arguments))}


@torch.no_grad()
def generation(folder: Path, tokenizer, prompts: list[str]) -> list[dict]:
    """Greedy continuations up to an end, and the smallest lead of the best token over the second on the way."""
    ends, entries = load(folder).generation_config.eos_token_id, []
    for prompt in prompts:
        model, ids = load(folder), tokenizer(prompt, return_tensors="pt")["input_ids"]
        out = model.generate(
            ids, attention_mask=torch.ones_like(ids), max_new_tokens=NEW_TOKENS, pad_token_id=END_OF_TEXT,
            eos_token_id=ends, do_sample=False, temperature=None, top_p=None, top_k=None, repetition_penalty=None,
            output_logits=True, return_dict_in_generate=True,
        )  # fmt: skip
        best = torch.stack([step[0] for step in out.logits]).topk(2).values
        new = out.sequences[0, ids.shape[1] :].tolist()
        ended = new[-1] in (ends if isinstance(ends, list) else [ends])
        entries.append({
            "prompt": prompt, "prompt_ids": ids[0].tolist(), "new_ids": new, "ended": ended,
            "text": tokenizer.decode(new[:-1] if ended else new, skip_special_tokens=True),
            "smallest_lead": (best[:, 0] - best[:, 1]).min().item(),
        })  # fmt: skip
    return entries


def clear_ones(entries: list[dict]) -> list[dict]:
    """Two continuations on whose way no token was nearly as good as another."""
    clear = [entry for entry in entries if entry["smallest_lead"] > 1e-3][:2]
    assert len(clear) == 2, "too many ties: take other prompts"
    return clear


def add_second_end(folder: Path, tokenizer) -> None:
    """Makes the fifth token that the model writes after the first prompt one that ends an answer."""
    fifth = generation(folder, tokenizer, GENERATION_PROMPTS[:1])[0]["new_ids"][4]
    edit_json(folder / "generation_config.json", lambda c: c | {"eos_token_id": [END_OF_TEXT, fifth]})


def encoded(tokenizer, max_length: int) -> list[Row]:
    return [encode_row({"prompt": p, "completion": c}, tokenizer, max_length) for p, c in PROMPT_ROWS]


def write_case(case: Case) -> None:
    folder = FOLDER / case.name
    shutil.rmtree(folder, ignore_errors=True)
    tokenizer = AutoTokenizer.from_pretrained(TOKENIZER)
    write_model(case, folder)
    write_adapter(folder)
    if case.second_end:
        add_second_end(folder, tokenizer)
    rows = encoded(tokenizer, case.max_length)
    whole = encoded(tokenizer, WHOLE_LENGTH)
    batch = [whole[index] for index in BATCH_ROWS]
    read = [whole[index].ids for index in LOGITS_ROWS]
    loss, found = batch_gradients(case, folder, batch)
    golden = {
        "versions": {module.__name__: module.__version__ for module in (torch, transformers, peft)},
        "max_length": case.max_length,
        "logits": [{"ids": ids, "passes": passes_of(len(ids))} for ids in read],
        "batch": {
            "rows": [{"ids": row.ids, "labels": row.labels} for row in batch],
            "targets": sum(row.targets for row in batch), "loss": loss, "grad_norm": norm(found),
        },
        "training": training(case, folder, rows),
        "generation": clear_ones(generation(folder, tokenizer, GENERATION_PROMPTS)),
    }  # fmt: skip
    lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in golden.items())
    (folder / "golden.json").write_text(f"{{\n{lines}\n}}\n", "utf-8")
    tensors = {f"logits/{number}": logits_of(case, folder, ids) for number, ids in enumerate(read)}
    tensors |= {f"gradients/{name.replace('.default.', '.')}": gradient for name, gradient in found.items()}
    save_file({name: tensor.detach().float().contiguous().clone() for name, tensor in tensors.items()},
              folder / "golden.safetensors")  # fmt: skip


def main() -> None:
    torch.set_num_threads(1)
    transformers.utils.logging.disable_progress_bar()
    chosen = sys.argv[1:]
    unknown = set(chosen) - {case.name for case in CASES}
    if unknown:
        raise SystemExit(f"no such case: {', '.join(sorted(unknown))}")
    for case in CASES:
        if not chosen or case.name in chosen:
            print(case.name, flush=True)
            write_case(case)


if __name__ == "__main__":
    main()
