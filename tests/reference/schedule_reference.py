"""
Learning-rate factors of transformers' schedulers, the one used at each optimizer step.
Writes tests/fixtures/schedules.json: `python tests/reference/schedule_reference.py`.
"""

import json
from pathlib import Path

import torch
import transformers
from transformers import get_scheduler

STEPS, WARMUP, PEAK = 20, 4, 0.01
OUT = Path(__file__).parents[1] / "fixtures" / "schedules.json"

CASES = [
    ("linear", {}),
    ("cosine", {}),
    ("cosine", {"num_cycles": 1.25}),
    ("cosine_with_restarts", {}),
    ("cosine_with_restarts", {"num_cycles": 3}),
    ("cosine_with_min_lr", {"min_lr": 0.002}),
    ("cosine_with_min_lr", {"min_lr_rate": 0.1, "num_cycles": 1.0}),
    ("polynomial", {}),
    ("polynomial", {"lr_end": 0.001, "power": 2.0}),
    ("constant", {}),
    ("constant_with_warmup", {}),
    ("inverse_sqrt", {}),
    ("inverse_sqrt", {"timescale": 7}),
    ("warmup_stable_decay", {"num_decay_steps": 6}),
    (
        "warmup_stable_decay",
        {"num_decay_steps": 6, "num_stable_steps": 5, "decay_type": "linear", "min_lr_ratio": 0.2},
    ),
    (
        "warmup_stable_decay",
        {"num_decay_steps": 8, "warmup_type": "cosine", "decay_type": "1-sqrt", "min_lr_ratio": 0.1},
    ),
    (
        "warmup_stable_decay",
        {"num_decay_steps": 8, "warmup_type": "1-sqrt", "decay_type": "cosine", "num_cycles": 0.75},
    ),
]


def rates(name: str, settings: dict, warmup: int) -> list[float]:
    """The rates in use at steps 1 to STEPS."""
    optimizer = torch.optim.AdamW([torch.nn.Parameter(torch.zeros(1))], lr=PEAK)
    scheduler = get_scheduler(
        name, optimizer, num_warmup_steps=warmup, num_training_steps=STEPS, scheduler_specific_kwargs=settings
    )
    used = []
    for step in range(STEPS):
        used.append(scheduler.get_last_lr()[0])
        optimizer.step()
        if step + 1 < STEPS:
            scheduler.step()
    return used


def main():
    cases = [
        {"name": name, "settings": settings, "warmup_steps": warmup, "rates": rates(name, settings, warmup)}
        for name, settings in CASES
        for warmup in (WARMUP, 0)
    ]
    golden = {"transformers": transformers.__version__, "steps": STEPS, "learning_rate": PEAK, "cases": cases}
    OUT.write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
