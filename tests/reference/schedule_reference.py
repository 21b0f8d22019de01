"""Learning-rate factors of transformers' schedulers, the one used at each optimizer step."""

import torch
from transformers import get_scheduler

NAMES = ["linear", "cosine", "constant", "constant_with_warmup"]
STEPS, WARMUP = 20, 4


def schedule_golden() -> dict:
    """{name: 20 factors} for a base learning rate of 1, with 4 steps of warm-up, and without any."""
    return {
        "steps": STEPS,
        "warmup_steps": WARMUP,
        "with_warmup": {name: factors(name, WARMUP) for name in NAMES},
        "without_warmup": {name: factors(name, 0) for name in NAMES},
    }


def factors(name: str, warmup: int) -> list[float]:
    """The rates in use at steps 1 to STEPS."""
    optimizer = torch.optim.AdamW([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = get_scheduler(name, optimizer, num_warmup_steps=warmup, num_training_steps=STEPS)
    rates = []
    for _ in range(STEPS):
        rates.append(scheduler.get_last_lr()[0])
        optimizer.step()
        scheduler.step()
    return rates
