"""
Trains the linear keep scorer: which words writers keep, which words answer questions, which lines readers miss.

    python scripts/keep/build_dataset.py --data ../shared/data --out build/keep
    python scripts/keep/train_linear.py --data build/keep --out models/linear-keep

Two minutes on one core. The weights that are printed about are the quantised ones.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from linear.fit import fit_calibration, fit_lines, fit_words, score_words
from linear.frequencies import build_table, count_words
from linear.read_corpus import read_line_examples, read_split, read_word_examples
from linear.save_model import FORMAT, quantize, save_model
from linear.word_facts import WordInfo

ANSWER_SHARE = 0.4
"""How much the chance to answer a question adds to a word's score: more keeps more answers and less of what writers keep."""
TRAINED_ON = ("pairs", "qa", "meetings", "tool_outputs", "agent_history", "code_problems")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("build/keep"), help="what build_dataset.py wrote")
    parser.add_argument("--out", type=Path, default=Path("models/linear-keep"))
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    torch.use_deterministic_algorithms(True)
    started = time.time()
    everything = read_split(options.data, "train")
    table = build_table(count_words(everything))
    info = WordInfo(table)
    train = [record for record in everything if record["source"] in TRAINED_ON]
    valid = [record for record in read_split(options.data, "valid") if record["source"] in TRAINED_ON]

    keep, keep_scale = quantize(fit_words(read_word_examples(train, "keep", info), options.seed, epochs=3, step=0.05, decay=1e-5))
    print(f"words that writers keep: {time.time() - started:.0f} s")
    answer, answer_scale = quantize(fit_words(read_word_examples(train, "answer", info, 0.5), options.seed, epochs=3, step=0.02, decay=1e-6))
    print(f"words that answer: {time.time() - started:.0f} s")
    lines = read_line_examples(train, info, options.seed, hidden=0.5)
    line, line_scale = quantize(fit_lines(lines, options.seed, epochs=4, step=0.1, decay=1e-5, evidence=3))
    print(f"lines: {time.time() - started:.0f} s")

    examples = read_word_examples([record for record in valid if "keep" in record], "keep", info)
    kept = np.concatenate(score_words(torch.from_numpy(keep * np.float32(keep_scale)), examples))
    answering = np.concatenate(score_words(torch.from_numpy(answer * np.float32(answer_scale)), examples))
    labels = np.concatenate([example.labels.numpy() for example in examples])
    slope, offset = fit_calibration(kept + ANSWER_SHARE * answering, labels)
    save_model(
        options.out / "model.safetensors",
        {"keep": keep, "answer": answer, "line": line, "frequencies": table},
        {
            "brevis": "linear-keep",
            "version": str(FORMAT),
            "keep_scale": repr(slope * keep_scale),
            "answer_scale": repr(slope * ANSWER_SHARE * answer_scale),
            "offset": repr(offset),
            "line_scale": repr(line_scale),
            "seed": str(options.seed),
        },
    )
    print(f"{options.out}/model.safetensors: slope {slope:.3f}, offset {offset:.3f}, {time.time() - started:.0f} s")


if __name__ == "__main__":
    main()
