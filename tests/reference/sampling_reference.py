"""Probabilities that transformers' own logits processors leave of one logits vector, in the order it applies them."""

import torch
from transformers import GenerationConfig

SETTINGS = [
    {},
    {"temperature": 0.7},
    {"top_k": 10},
    {"top_p": 0.8},
    {"min_p": 0.05},
    {"repetition_penalty": 1.3},
    {"temperature": 0.7, "top_k": 10},
    {"temperature": 1.5, "top_p": 0.8},
    {"temperature": 0.7, "min_p": 0.05, "repetition_penalty": 1.3},
    {"temperature": 0.7, "top_k": 10, "top_p": 0.8, "min_p": 0.05, "repetition_penalty": 1.3},
]
VOCAB_SIZE = 64


def sampling_golden(model) -> dict:
    """One vector of logits, the ids before it (for the repetition penalty), and the probabilities for each setting."""
    generator = torch.Generator().manual_seed(11)
    logits = 2 * torch.randn(VOCAB_SIZE, generator=generator)
    best = logits.topk(4).indices.tolist()
    previous = [best[0], 5, 17, best[2], 17, logits.argmin().item()]
    cases = [{"settings": settings, "probabilities": probabilities(model, logits, previous, settings)}
             for settings in SETTINGS]  # fmt: skip
    return {"logits": logits.tolist(), "previous_ids": previous, "cases": cases}


def probabilities(model, logits: torch.Tensor, previous: list[int], settings: dict) -> list[float]:
    """Softmax after the processors that `generate` itself would build for `settings`, [V]."""
    config = GenerationConfig(do_sample=True, num_beams=1, **({"top_k": 0} | settings))
    processors = model._get_logits_processor(generation_config=config, input_ids_seq_length=len(previous))
    scores = processors(torch.tensor([previous]), logits[None].clone())
    return scores.softmax(-1)[0].tolist()
