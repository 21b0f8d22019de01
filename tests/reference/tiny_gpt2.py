"""Tiny random GPT-2 models and a small byte-level BPE tokenizer, both from a seed."""

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

END_OF_TEXT = "<|endoftext|>"
NO_DROPOUT = {"resid_pdrop": 0.0, "embd_pdrop": 0.0, "attn_pdrop": 0.0}


def train_tokenizer(texts: list[str], vocab_size: int) -> PreTrainedTokenizerFast:
    """A byte-level BPE like GPT-2's, its merges learned from `texts`; END_OF_TEXT is the last entry."""
    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    bpe.post_processor = processors.ByteLevel(trim_offsets=False)
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size - 1, initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()), show_progress=False
    )
    bpe.train_from_iterator(texts, trainer)
    bpe.add_special_tokens([END_OF_TEXT])
    return PreTrainedTokenizerFast(
        tokenizer_object=bpe, bos_token=END_OF_TEXT, eos_token=END_OF_TEXT, unk_token=END_OF_TEXT
    )


def random_gpt2(config: GPT2Config, seed: int) -> GPT2LMHeadModel:
    """A GPT-2 none of whose parameters is zero, one or small, so that no logit and no gradient is trivial."""
    config._attn_implementation = "eager"
    model = GPT2LMHeadModel(config)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            is_norm_weight = ".ln_" in name and name.endswith("weight")
            parameter.copy_(1 + 0.2 * noise if is_norm_weight else 0.2 * noise)
    return model.eval()


def tiny_config(tokenizer: PreTrainedTokenizerFast) -> GPT2Config:
    """Two layers of width 32 with four heads, 64 positions."""
    end = tokenizer.eos_token_id
    return GPT2Config(
        vocab_size=len(tokenizer), n_positions=64, n_embd=32, n_layer=2, n_head=4,
        bos_token_id=end, eos_token_id=end, **NO_DROPOUT,
    )  # fmt: skip
