"""Tiny GPT-2 models that each differ from the plain one in one thing of their config or files: logits only."""

import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tiny_gpt2 import NO_DROPOUT, random_gpt2
from transformers import GPT2Config, GPT2LMHeadModel

SHAPE = {"vocab_size": 64, "n_positions": 16, "n_embd": 16, "n_layer": 2, "n_head": 2, "bos_token_id": 63,
         "eos_token_id": 63, **NO_DROPOUT}  # fmt: skip
VARIANTS = {
    "inverse-layer-scale": {"scale_attn_by_inverse_layer_idx": True},
    "unscaled-attention": {"scale_attn_weights": False},
    "gelu": {"activation_function": "gelu"},
    "relu": {"activation_function": "relu"},
    "inner-width": {"n_inner": 24},
    "layer-norm-epsilon": {"layer_norm_epsilon": 1e-2},
    "untied-head": {"tie_word_embeddings": False},
    "hub-names": {},
}
INPUT_IDS = [3, 14, 15, 9, 26, 5, 35, 8, 9, 63, 0, 62]


def write_variants(folder: Path) -> None:
    """One model folder per variant, and golden.json with the ids and each variant's logits [T][V]."""
    shutil.rmtree(folder, ignore_errors=True)
    logits = {}
    for index, (name, differences) in enumerate(VARIANTS.items()):
        model = random_gpt2(GPT2Config(**SHAPE, **differences), seed=100 + index)
        model.save_pretrained(folder / name)
        (folder / name / "generation_config.json").unlink()
        if name == "hub-names":
            rename_as_on_the_hub(folder / name / "model.safetensors")
        logits[name] = logits_of(folder / name)
    text = json.dumps({"input_ids": INPUT_IDS, "logits": logits}) + "\n"
    (folder / "golden.json").write_text(text, "utf-8")


def rename_as_on_the_hub(file: Path) -> None:
    """The published gpt2 names its tensors without `transformer.` and carries the causal masks as `attn.bias`."""
    tensors = {name.removeprefix("transformer."): tensor for name, tensor in load_file(file).items()}
    positions = SHAPE["n_positions"]
    for layer in range(SHAPE["n_layer"]):
        tensors[f"h.{layer}.attn.bias"] = torch.tril(torch.ones(1, 1, positions, positions))
    save_file(tensors, file, metadata={"format": "pt"})


@torch.no_grad()
def logits_of(folder: Path) -> list[list[float]]:
    """Logits [T][V] of INPUT_IDS by the model as it is read back from its folder."""
    model = GPT2LMHeadModel.from_pretrained(folder, attn_implementation="eager").eval()
    return model(torch.tensor([INPUT_IDS])).logits[0].tolist()
