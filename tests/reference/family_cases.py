"""The tiny random models that families.py writes: for each architecture a few cases, each with some features of real
checkpoints. To add an architecture, add cases; nothing else changes."""

from dataclasses import dataclass, field

from transformers import (
    Gemma2Config,
    Gemma3TextConfig,
    GPTNeoXConfig,
    LlamaConfig,
    MistralConfig,
    Phi3Config,
    PreTrainedConfig,
    Qwen2Config,
    Qwen3Config,
)

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
    read_again_beyond: int | None = None
    """A cache is given up when the text grows longer than this, as transformers generates with Phi-3's LongRoPE."""
    max_length: int = 40
    """Of the rows that are trained on. For `dynamic` no more than is not scaled: transformers goes on scaling shorter
    rows by the longest one that it saw before."""
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

PHI3 = [
    Case("phi3", Phi3Config(**shape(tie_word_embeddings=False))),
    Case(
        "phi3-partial-window",
        Phi3Config(**shape(partial_rotary_factor=0.5, sliding_window=5, num_key_value_heads=1, **rope("default"))),
        older_layout=True,
    ),
    Case(
        "phi3-longrope",
        Phi3Config(**shape(
            original_max_position_embeddings=20, num_key_value_heads=4,
            **rope("longrope", short_factor=LONGROPE["short_factor"], long_factor=LONGROPE["long_factor"]),
        )),
        older_layout=True,
        depends_on_length=True,
        read_again_beyond=20,
    ),
]  # fmt: skip

GEMMA2 = [
    Case(
        "gemma2",
        Gemma2Config(**shape(
            num_hidden_layers=3, head_dim=12, sliding_window=5, query_pre_attn_scalar=24,
            attn_logit_softcapping=2.0, final_logit_softcapping=4.0,
        )),
    ),
    Case(
        "gemma2-uncapped",
        Gemma2Config(**shape(
            num_key_value_heads=1, head_dim=8, sliding_window=4, query_pre_attn_scalar=8, attention_bias=True,
            layer_types=["full_attention", "sliding_attention"], tie_word_embeddings=False, rms_norm_eps=1e-3,
            attn_logit_softcapping=None, final_logit_softcapping=None, **rope("default", rope_theta=500.0),
        )),
        older_layout=True,
    ),
]  # fmt: skip


def rope_by_layer(factor: float) -> dict:
    """Gemma 3: the layers that see everything have another base, and are scaled."""
    full = {"rope_type": "linear", "rope_theta": 10_000.0, "factor": factor}
    return {"rope_parameters": {
        "full_attention": full, "sliding_attention": {"rope_type": "default", "rope_theta": 100.0},
    }}  # fmt: skip


GEMMA3 = [
    Case(
        "gemma3_text",
        Gemma3TextConfig(**shape(
            num_hidden_layers=3, head_dim=12, sliding_window=5, query_pre_attn_scalar=12,
            layer_types=["sliding_attention", "full_attention", "sliding_attention"], **rope_by_layer(8.0),
        )),
    ),
    Case(
        "gemma3_text-older",
        Gemma3TextConfig(**shape(
            num_hidden_layers=4, head_dim=8, sliding_window=4, sliding_window_pattern=2, query_pre_attn_scalar=16,
            num_key_value_heads=1, attention_bias=True, final_logit_softcapping=4.0, **rope_by_layer(2.5),
        )),
        older_layout=True,
    ),
]  # fmt: skip


def neox_shape(**differences) -> dict:
    """GPT-NeoX has no grouped queries."""
    return {name: value for name, value in shape(**differences).items() if name != "num_key_value_heads"}


GPT_NEOX = [
    Case("gpt_neox", GPTNeoXConfig(**neox_shape(tie_word_embeddings=False))),
    Case(
        "gpt_neox-serial",
        GPTNeoXConfig(**neox_shape(
            use_parallel_residual=False, attention_bias=False, hidden_act="gelu_fast", layer_norm_eps=1e-3,
            **rope("linear", factor=2.0, rope_theta=500.0, partial_rotary_factor=0.5),
        )),
        older_layout=True,
    ),
]  # fmt: skip

CASES = [*LLAMA, *MISTRAL, *QWEN2, *QWEN3, *PHI3, *GEMMA2, *GEMMA3, *GPT_NEOX]
