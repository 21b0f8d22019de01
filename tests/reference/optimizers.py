"""
Ten steps of each optimizer as torch, transformers and bitsandbytes make them, on three small tensors.
Writes tests/fixtures/optimizers.safetensors: `python tests/reference/optimizers.py`. Weights and gradients follow from
the formulas below, which the test repeats.
"""

import math
from pathlib import Path

import bitsandbytes
import bitsandbytes.backends.cpu.ops as processor
import torch
import transformers
from safetensors.torch import save_file
from transformers.optimization import Adafactor

OUT = Path(__file__).parents[1] / "fixtures" / "optimizers.safetensors"
STEPS, CLIP, DECAY, BETAS, EPSILON = 10, 1.0, 0.1, (0.9, 0.999), 1e-8
# The first is large enough for 8-bit moments, and its last block is not full.
SHAPES = {"large": (66, 70), "small": (33, 20), "vector": (40,)}


def quantize_to_nearest(values, code, absmax, codes, blocksize):
    """bitsandbytes on a graphics card takes the nearest code; its kernel for processors is coarse below 1e-5."""
    blocks = values.flatten().split(blocksize)
    absmax.copy_(torch.stack([block.abs().max() for block in blocks]))
    scaled = torch.cat([block * (1 / scale) for block, scale in zip(blocks, absmax)])
    codes.copy_(torch.bucketize(scaled, (code[:-1] + code[1:]) / 2).reshape(codes.shape))


processor._quant_blockwise_fp32_direct = quantize_to_nearest


def rate(step: int) -> float:
    return 0.01 / step


def values(shape: tuple[int, ...], formula) -> torch.Tensor:
    count = math.prod(shape)
    return torch.tensor([formula(i) for i in range(count)], dtype=torch.float64).float().reshape(shape)


def weight(shape: tuple[int, ...]) -> torch.Tensor:
    return values(shape, lambda i: math.cos(0.7 * i))


def gradient(shape: tuple[int, ...], step: int) -> torch.Tensor:
    """Of sizes from 1e-3 to 1, with a part that stays and a part that changes."""
    return values(shape, lambda i: 10 ** -(i % 4) * (0.5 * math.sin(1.3 * i) + math.sin(0.9 * i + 2.1 * step)))


def optimizers(groups: list[dict]) -> dict:
    betas = {"betas": BETAS}
    return {
        "adamw_torch": lambda: torch.optim.AdamW(groups, lr=1.0, eps=EPSILON, **betas),
        "adamw_8bit": lambda: bitsandbytes.optim.AdamW(groups, lr=1.0, eps=EPSILON, optim_bits=8, **betas),
        "lion_32bit": lambda: bitsandbytes.optim.Lion(groups, lr=1.0, optim_bits=32, **betas),
        "adafactor": lambda: Adafactor(groups, lr=1.0, scale_parameter=False, relative_step=False),
    }


def trained(name: str) -> dict[str, torch.Tensor]:
    parameters = {key: torch.nn.Parameter(weight(shape)) for key, shape in SHAPES.items()}
    groups = [
        {"params": [parameters["large"], parameters["small"]], "weight_decay": DECAY},
        {"params": [parameters["vector"]], "weight_decay": 0.0},
    ]
    optimizer = optimizers(groups)[name]()
    for step in range(1, STEPS + 1):
        for key, parameter in parameters.items():
            parameter.grad = gradient(SHAPES[key], step)
        torch.nn.utils.clip_grad_norm_(parameters.values(), CLIP)
        for group in optimizer.param_groups:
            group["lr"] = rate(step)
        optimizer.step()
    return {f"{name}/{key}": parameter.detach() for key, parameter in parameters.items()}


def main():
    tensors = {key: value for name in optimizers([{"params": [torch.zeros(1)]}]) for key, value in trained(name).items()}
    versions = {module.__name__: module.__version__ for module in (torch, transformers, bitsandbytes)}
    save_file(tensors, OUT, metadata={"format": "pt", **versions})


if __name__ == "__main__":
    main()
