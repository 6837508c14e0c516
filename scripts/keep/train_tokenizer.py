"""Trains the keep model's vocabulary: byte-level BPE over single words in lower case, with special tokens for kind and rate.

Words come from scripts/keep/count-words.js, so that training and use agree on what a word is.
"""

import argparse
import json
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

KINDS = ["prose", "code", "log", "search", "diff", "trace", "listing", "table", "json", "markup", "chat", "other"]
RATES = ["any", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9"]
SPECIAL = ["[pad]", "[mask]", *(f"[kind:{kind}]" for kind in KINDS), *(f"[rate:{rate}]" for rate in RATES)]
# find-model-words.ts has the same pattern.
WORD = r"\p{N}+(?:[.,:]\p{N}+)+|[\p{L}\p{M}\p{N}_]+(?:['’][\p{L}\p{M}\p{N}_]+)*"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("counts")
    parser.add_argument("--out", default="build/keep/tokenizer.json")
    parser.add_argument("--size", type=int, default=8192)
    options = parser.parse_args()
    counts = json.loads(Path(options.counts).read_text())
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(WORD), behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=options.size,
        special_tokens=SPECIAL,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    # A word's tenth power root keeps the order of merges and the time of training in bounds.
    words = (word for word, count in sorted(counts.items()) if count > 1 for _ in range(min(count, 2000)))
    tokenizer.train_from_iterator(words, trainer)
    tokenizer.save(options.out)
    print(f"{tokenizer.get_vocab_size()} tokens in {options.out}")


if __name__ == "__main__":
    main()
