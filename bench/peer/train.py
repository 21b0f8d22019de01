"""The peer of the training benchmark: LoRA by Hugging Face Trainer + PEFT on the CPU.

Prints {"type": "start", "versions", …} and then {"type": "log", "step", "loss"} after each optimizer step, one JSON
object a line. Row rules and the sequential Trainer are those of the parity fixtures (tests/reference)."""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "reference"))

import peft  # noqa: E402
import torch  # noqa: E402
import transformers  # noqa: E402
from peft import PeftModel  # noqa: E402
from reference_training import train  # noqa: E402
from row_rules import encode_row, read_rows  # noqa: E402
from transformers import AutoModelForCausalLM, AutoTokenizer, TrainerCallback  # noqa: E402

PRECISIONS = ["fp32", "bf16", "bf16-autocast"]


class PrintSteps(TrainerCallback):
    """One line per optimizer step, flushed at once."""

    def on_log(self, args, state, control, logs=None, **kwargs):
        if "grad_norm" in logs:
            say({"type": "log", "step": state.global_step, "loss": logs["loss"], "gradNorm": logs["grad_norm"]})


def say(message: dict) -> None:
    print(json.dumps(message), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("model", "adapter", "rows"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--precision", choices=PRECISIONS, required=True)
    for name in ("max-length", "max-steps", "batch-size"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--learning-rate", type=float, required=True)
    options = parser.parse_args()

    transformers.utils.logging.set_verbosity_error()
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    rows = [encode_row(row, tokenizer, options.max_length) for row in read_rows(options.rows)]
    # bf16: base weights in bfloat16, as for a person who wants speed; bf16-autocast: weights in float32, cast as used.
    base_type = torch.bfloat16 if options.precision == "bf16" else torch.float32
    base = AutoModelForCausalLM.from_pretrained(options.model, dtype=base_type)
    model = PeftModel.from_pretrained(base, options.adapter, is_trainable=True)
    say({
        "type": "start",
        "trainableParameters": model.get_nb_trainable_parameters()[0],
        "threads": torch.get_num_threads(),
        "tokens": [len(row.ids) for row in rows],
        "versions": {m.__name__: m.__version__ for m in (torch, transformers, peft)},
    })  # fmt: skip
    train(model, rows, tokenizer.eos_token_id, {
        "max_steps": options.max_steps,
        "per_device_train_batch_size": options.batch_size,
        "learning_rate": options.learning_rate,
        "lr_scheduler_type": "constant",
        "logging_steps": 1,
        "bf16": options.precision != "fp32",
    }, callbacks=[PrintSteps()])  # fmt: skip


if __name__ == "__main__":
    main()
