"""Training by the real transformers.Trainer, rows in file order, every step's loss, gradient norm and rate recorded."""

import tempfile

import torch
from row_rules import Row, pad_right
from torch.utils.data import Dataset, SequentialSampler
from transformers import Trainer, TrainingArguments


class RowDataset(Dataset):
    """Encoded rows, handed out as they are; the collator makes the tensors."""

    def __init__(self, rows: list[Row]):
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> Row:
        return self.rows[index]


class SequentialTrainer(Trainer):
    """The Trainer, but taking rows in file order in every epoch."""

    def _get_train_sampler(self, train_dataset=None):
        return SequentialSampler(train_dataset or self.train_dataset)


def train(model, rows: list[Row], pad_id: int, arguments: dict, callbacks=()) -> Trainer:
    """Train `model` in place on the CPU and return the Trainer, whose state.log_history has the curve."""
    with tempfile.TemporaryDirectory() as folder:
        trainer = SequentialTrainer(
            model=model,
            args=TrainingArguments(
                output_dir=folder,
                use_cpu=True,
                report_to="none",
                save_strategy="no",
                eval_strategy="no",
                remove_unused_columns=False,
                dataloader_pin_memory=False,
                disable_tqdm=True,
                **arguments,
            ),
            train_dataset=RowDataset(rows),
            data_collator=lambda batch: pad_right(batch, pad_id),
            callbacks=list(callbacks),
        )
        trainer.train()
    return trainer


def curve(trainer: Trainer) -> dict[str, list[float]]:
    """Loss, gradient norm before clipping, learning rate used and epoch, one per logged step."""
    steps = [entry for entry in trainer.state.log_history if "grad_norm" in entry]
    return {
        "loss": [entry["loss"] for entry in steps],
        "grad_norm": [entry["grad_norm"] for entry in steps],
        "learning_rate": [entry["learning_rate"] for entry in steps],
        "epoch": [entry["epoch"] for entry in steps],
    }


def gradients(model, batch: dict[str, torch.Tensor]) -> tuple[float, dict[str, torch.Tensor]]:
    """Mean loss over the batch's targets, and the gradient of every trainable parameter by its name."""
    model.zero_grad()
    loss = model(**batch).loss
    loss.backward()
    found = {name: p.grad.detach().clone() for name, p in model.named_parameters() if p.requires_grad}
    model.zero_grad()
    return loss.item(), found
