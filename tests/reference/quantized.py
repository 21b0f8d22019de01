"""What bitsandbytes makes of awkward tensors in 4 bits: packed bytes, block maxima, nested constants, and the way back.

Writes tests/fixtures/quantized/blocks.safetensors and blocks.json. Run on a processor with AVX2 (torch adds up in
another order with wider vectors, which moves the last bit of the nested offset):

    python tests/reference/quantized.py
"""

import hashlib
import json
from pathlib import Path

import bitsandbytes
import numpy as np
import torch
from bitsandbytes.backends.default.ops import _get_4bit_quantize_bounds
from bitsandbytes.functional import dequantize_4bit, quantize_4bit
from safetensors.torch import save_file

FOLDER = Path(__file__).parent.parent / "fixtures" / "quantized"


def normal(*shape, seed, scale=0.02):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed)) * scale


def ties():
    """Every midpoint between two codes and its two neighbours, in blocks whose largest value is 1, 2, 0.3."""
    blocks = []
    for kind in ("nf4", "fp4"):
        bounds, _ = _get_4bit_quantize_bounds(kind, torch.device("cpu"))
        around = torch.stack([torch.nextafter(bounds, torch.tensor(-2.0)), bounds, torch.nextafter(bounds, torch.tensor(2.0))])
        for largest in (1.0, -2.0, 0.3):
            block = torch.zeros(64)
            block[0] = largest
            block[1:46] = around.flatten() * abs(largest)
            blocks.append(block)
    return torch.stack(blocks)


def counted(rows, columns):
    """Values that follow from their place alone, so that a large tensor need not be stored."""
    place = np.arange(rows * columns, dtype=np.uint64)
    wild = (place * np.uint64(2654435761)) % np.uint64(65536)
    values = (wild.astype(np.float32) - 32768) / 65536 * (1 + (place % np.uint64(977)).astype(np.float32))
    return torch.from_numpy(values.reshape(rows, columns))


def with_zero_blocks():
    tensor = normal(5, 90, seed=4)
    tensor.view(-1)[64:192] = 0  # two whole blocks
    tensor.view(-1)[448:] = 0  # and the last, which has two values
    return tensor


TENSORS = {
    "plain": normal(96, 100, seed=1),
    "odd": normal(7, 13, seed=2),
    "one-over": normal(5, 77, seed=3),
    "single": torch.tensor([[-0.25]]),
    "zero-blocks": with_zero_blocks(),
    "zeros": torch.zeros(3, 50),
    "ties": ties(),
    "tiny": normal(4, 80, seed=5, scale=1e-39),
    "huge": normal(4, 64, seed=6, scale=1e37),
    "outliers": normal(32, 64, seed=7) * (1 + 500 * (torch.arange(2048).reshape(32, 64) % 97 == 0)),
    "narrow": normal(16, 60, seed=8).to(torch.bfloat16),
}
LARGE = {"counted-513x700": counted(513, 700), "counted-1000x1000": counted(1000, 1000)}


def constants(state):
    found = {"absmax": state.absmax}
    if state.nested:
        found |= {"nested_absmax": state.state2.absmax, "nested_quant_map": state.state2.code}
        found["nested_offset"] = state.offset.reshape(1)
    return found


def sha256(tensor):
    return hashlib.sha256(tensor.contiguous().numpy().tobytes()).hexdigest()


def main():
    torch.set_num_threads(1)
    FOLDER.mkdir(parents=True, exist_ok=True)
    arrays, digests = {}, {}
    for name, tensor in TENSORS.items():
        arrays[f"{name}/values"] = tensor.contiguous()
    for name, tensor in (TENSORS | LARGE).items():
        for kind in ("nf4", "fp4"):
            for nested in (False, True):
                packed, state = quantize_4bit(tensor, blocksize=64, compress_statistics=nested, quant_type=kind)
                place = f"{name}/{kind}{'-nested' if nested else ''}"
                state.dtype = torch.float32
                back = dequantize_4bit(packed, state) + 0.0  # its code 8 of FP4 is 0 or −0, by the shape
                if name in LARGE:
                    parts = {"packed": packed, "values": back} | constants(state)
                    digests[place] = {part: sha256(value) for part, value in parts.items()}
                    continue
                if not nested:
                    arrays[f"{place}/packed"] = packed.flatten()
                for part, value in constants(state).items():
                    if part != "nested_quant_map":
                        arrays[f"{place}/{part}"] = value.clone()
                    else:
                        arrays["nested_quant_map"] = value.clone()
                digests[place] = {"values": sha256(back)}
    save_file(arrays, FOLDER / "blocks.safetensors")
    versions = {"bitsandbytes": bitsandbytes.__version__, "torch": torch.__version__}
    content = {"versions": versions, "capability": torch.backends.cpu.get_cpu_capability(), "sha256": digests}
    (FOLDER / "blocks.json").write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    main()
