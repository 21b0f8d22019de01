"""Rows → token ids, labels and batches, under the rules that the studio fixes for itself ("Rows, tokens and loss"):
prompt and completion are joined, then tokenized, then EOS is appended; the first n labels are -100, n being the token
count of the prompt alone; rows are cut at the right; the first token of a row is never a target."""

import json
from dataclasses import dataclass
from pathlib import Path

import torch

IGNORED = -100


@dataclass
class Row:
    """Token ids of one row, and its labels (the ids again, or IGNORED), both [T]."""

    ids: list[int]
    labels: list[int]

    @property
    def targets(self) -> int:
        """How many positions are learned: the label of the first token has nothing before it."""
        return sum(label != IGNORED for label in self.labels[1:])


def read_rows(path: Path) -> list[dict]:
    """The objects of a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def write_rows(path: Path, rows: list[dict]) -> None:
    """One object a line, UTF-8, not escaped."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def encode_row(row: dict, tokenizer, max_length: int) -> Row:
    """{"text"} or {"prompt", "completion"} → ids and labels of at most `max_length` tokens."""
    if "text" in row:
        ids, prompt_length = tokenizer(row["text"])["input_ids"], 1
    else:
        ids = tokenizer(row["prompt"] + row["completion"])["input_ids"]
        prompt_length = len(tokenizer(row["prompt"])["input_ids"])
    ids = ids + [tokenizer.eos_token_id]
    labels = [IGNORED] * min(prompt_length, len(ids)) + ids[prompt_length:]
    return Row(ids[:max_length], labels[:max_length])


def pad_right(rows: list[Row], pad_id: int) -> dict[str, torch.Tensor]:
    """Rows → input_ids, attention_mask and labels, each [B, T] with T the longest row's length."""
    longest = max(len(row.ids) for row in rows)
    pad = lambda values, filler: values + [filler] * (longest - len(values))  # noqa: E731
    return {
        "input_ids": torch.tensor([pad(row.ids, pad_id) for row in rows]),
        "attention_mask": torch.tensor([pad([1] * len(row.ids), 0) for row in rows]),
        "labels": torch.tensor([pad(row.labels, IGNORED) for row in rows]),
    }


@torch.no_grad()
def mean_token_loss(model, rows: list[Row], pad_id: int) -> tuple[float, int]:
    """Mean loss over all supervised tokens of all rows, each row run alone; and their number."""
    model.eval()
    total, tokens = 0.0, 0
    for row in rows:
        if row.targets == 0:
            continue
        total += model(**pad_right([row], pad_id)).loss.double().item() * row.targets
        tokens += row.targets
    return total / tokens, tokens
