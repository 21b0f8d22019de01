"""Loads an export in transformers or peft and prints its loss on a file of rows, under the row rules of row_rules.py.

    python check_export.py EXPORT --rows rows.jsonl [--base MODEL] [--max-length 512]

EXPORT is a merged model or a PEFT adapter (which needs --base). Prints one JSON object: kind, loss, tokens, dtype,
versions. Fails when a tensor of the export was not used, or one of the model's was not in it."""

import argparse
import json
from pathlib import Path

import peft
import torch
import transformers
from peft import PeftModel, get_peft_model_state_dict
from row_rules import encode_row, mean_token_loss, read_rows
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer


def load_model(folder: Path):
    """A causal language model computed in float32, and the type its file was in; every tensor accounted for."""
    model, report = AutoModelForCausalLM.from_pretrained(folder, dtype="auto", output_loading_info=True)
    for problem in ("missing_keys", "unexpected_keys", "mismatched_keys", "error_msgs"):
        if report.get(problem):
            raise SystemExit(f"{folder}: {problem} on loading: {sorted(report[problem])}")
    dtype = str(model.dtype).removeprefix("torch.")
    return model.float(), dtype


def load_adapter(folder: Path, base: Path):
    """The base wearing the adapter, after checking that each tensor of the file is in the model, bit for bit."""
    model, dtype = load_model(base)
    model = PeftModel.from_pretrained(model, folder)
    written = load_file(folder / "adapter_model.safetensors")
    loaded = get_peft_model_state_dict(model)
    if written.keys() != loaded.keys():
        raise SystemExit(f"{folder}: tensors that differ from the model's: {sorted(written.keys() ^ loaded.keys())}")
    for name, tensor in written.items():
        if not torch.equal(tensor.float(), loaded[name].float()):
            raise SystemExit(f"{folder}: {name} was not loaded as it was written")
    return model, dtype


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("export", type=Path)
    parser.add_argument("--rows", type=Path, required=True)
    parser.add_argument("--base", type=Path)
    parser.add_argument("--max-length", type=int, default=512)
    options = parser.parse_args()

    is_adapter = (options.export / "adapter_config.json").exists()
    if is_adapter and options.base is None:
        parser.error(f"{options.export} is an adapter: say which model it belongs to with --base")
    model, dtype = load_adapter(options.export, options.base) if is_adapter else load_model(options.export)
    home = options.export if (options.export / "tokenizer.json").exists() else options.base
    tokenizer = AutoTokenizer.from_pretrained(home)
    rows = [encode_row(row, tokenizer, options.max_length) for row in read_rows(options.rows)]
    loss, tokens = mean_token_loss(model, rows, tokenizer.eos_token_id)
    print(json.dumps({
        "kind": "peft" if is_adapter else "merged", "loss": loss, "tokens": tokens, "dtype": dtype,
        "versions": {m.__name__: m.__version__ for m in (torch, transformers, peft)},
    }))  # fmt: skip


if __name__ == "__main__":
    main()
