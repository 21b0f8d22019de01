"""The tiny random models that families.py writes: for each architecture a few cases, each with some features of real
checkpoints. To add an architecture, add cases; nothing else changes."""

from dataclasses import dataclass, field

from transformers import LlamaConfig, MistralConfig, PreTrainedConfig, Qwen2Config, Qwen3Config

VOCAB_SIZE = 320
END_OF_TEXT = 319


@dataclass
class Case:
    """One folder under tests/fixtures/families."""

    name: str
    config: PreTrainedConfig
    older_layout: bool = False
    """Whether config.json names the rotary embedding as before transformers 5: rope_theta and rope_scaling."""
    depends_on_length: bool = False
    """Whether a row's length changes what a token becomes (`dynamic`, `longrope`). transformers decides once for a padded
    batch; here rows are then read one by one, and logits are those of the passes that the test makes."""
    max_length: int = 40
    """Of the rows that are trained on."""
    second_end: bool = False
    """Whether generation_config.json names a second token that ends an answer."""
    generation: dict = field(default_factory=dict)
    """Further settings for generation_config.json."""


def shape(**differences) -> dict:
    """Two layers of width 32, two query heads for each key head."""
    return {
        "vocab_size": VOCAB_SIZE, "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2,
        "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 64,
        "bos_token_id": END_OF_TEXT, "eos_token_id": END_OF_TEXT, "pad_token_id": None,
        "tie_word_embeddings": True, "use_cache": True, **differences,
    }  # fmt: skip


def rope(kind: str, **parameters) -> dict:
    """Rotary parameters in the layout of transformers 5."""
    return {"rope_parameters": {"rope_type": kind, "rope_theta": 10_000.0, **parameters}}


LONGROPE = {"short_factor": [1.0, 1.1, 1.3, 1.6], "long_factor": [1.0, 1.7, 2.9, 4.0], "factor": 4.0,
            "original_max_position_embeddings": 20}  # fmt: skip

LLAMA = [
    Case("llama", LlamaConfig(**shape()), second_end=True),
    Case(
        "llama-untied-biased",
        LlamaConfig(**shape(
            tie_word_embeddings=False, attention_bias=True, mlp_bias=True, head_dim=12, num_key_value_heads=1,
            hidden_act="gelu_pytorch_tanh", rms_norm_eps=1e-2, **rope("default"),
        )),
        older_layout=True,
    ),
    Case(
        "llama-llama3",
        LlamaConfig(**shape(**rope(
            "llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=32,
        ))),
    ),
    Case("llama-linear", LlamaConfig(**shape(num_key_value_heads=4, **rope("linear", factor=2.5))), older_layout=True),
    Case(
        "llama-dynamic",
        LlamaConfig(**shape(max_position_embeddings=32, **rope("dynamic", factor=2.0))),
        older_layout=True,
        depends_on_length=True,
        max_length=32,
    ),
    Case("llama-longrope", LlamaConfig(**shape(**rope("longrope", **LONGROPE))), depends_on_length=True),
]  # fmt: skip

MISTRAL = [
    Case("mistral", MistralConfig(**shape(tie_word_embeddings=False, sliding_window=5, head_dim=16))),
    Case("mistral-no-window", MistralConfig(**shape(sliding_window=None, rms_norm_eps=1e-3, **rope("default", rope_theta=1e6)))),
]

QWEN2 = [
    Case("qwen2", Qwen2Config(**shape(use_sliding_window=False, sliding_window=8, max_window_layers=1))),
    Case(
        "qwen2-windows",
        Qwen2Config(**shape(
            num_hidden_layers=3, use_sliding_window=True, sliding_window=6, max_window_layers=1,
            tie_word_embeddings=False, num_key_value_heads=1,
        )),
    ),
    Case(
        "qwen2-yarn",
        Qwen2Config(**shape(**rope("yarn", factor=4.0, original_max_position_embeddings=16, rope_theta=1e6))),
        older_layout=True,
        generation={"do_sample": True, "temperature": 0.7, "top_p": 0.8, "top_k": 20, "repetition_penalty": 1.05},
    ),
]  # fmt: skip

QWEN3 = [
    Case("qwen3", Qwen3Config(**shape(head_dim=16))),
    Case(
        "qwen3-windows",
        Qwen3Config(**shape(
            num_hidden_layers=3, head_dim=8, attention_bias=True, tie_word_embeddings=False,
            use_sliding_window=True, sliding_window=4,
            layer_types=["sliding_attention", "full_attention", "sliding_attention"],
            **rope("yarn", factor=2.0, original_max_position_embeddings=32, truncate=False, beta_fast=16, beta_slow=2),
        )),
    ),
]  # fmt: skip

CASES = [*LLAMA, *MISTRAL, *QWEN2, *QWEN3]
