"""What teachers say of unlabelled text: build/keep/taught.targets-FIRST.npz, for train_encoder.py --taught.

    OMP_NUM_THREADS=1 nice python scripts/keep/write_targets.py --from PUBLIC/minilm --teacher build/keep/teacher-0.pt

Each text is read at one rate, drawn by its place, 0.2 to 0.8. `rate` [texts]; `logits` [words, 2], keep and answer, half precision, NaN
where a word has no piece; `range`, the texts' places. Several processes may each read a part (--first, --end). Several teachers count by the mean of their logits. Writes what it has every few minutes and resumes.
"""

import argparse
import os
import random
import time
from pathlib import Path

import numpy as np
import torch

from read_encoded import Encoded
from teacher import OUTPUTS, Pieces, Teacher, predict

RATES = (0.2, 0.3, 0.4, 0.5, 0.5, 0.6, 0.7, 0.8)
CHUNK = 400


def load_teacher(folder, path):
    saved = torch.load(path, weights_only=False)
    model = Teacher(folder, saved["features"])
    model.load_state_dict(saved["model"])
    return model.eval()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", type=Path, default=Path("build/keep/taught"))
    parser.add_argument("--from", dest="folder", type=Path, required=True)
    parser.add_argument("--teacher", type=Path, nargs="+", required=True)
    parser.add_argument("--first", type=int, default=0, help="text")
    parser.add_argument("--end", type=int, default=10**9, help="text, which is left out")
    options = parser.parse_args()
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    encoded, out = Encoded(options.set), options.set.with_suffix(f".targets-{options.first}.npz")
    models = [load_teacher(options.folder, path) for path in options.teacher]
    count = min(options.end, len(encoded))
    pieces = Pieces(options.folder, options.set.with_suffix(".jsonl"), encoded, range(options.first, count))
    rates = np.array([random.Random(at).choice(RATES) for at in range(len(encoded))], np.float32)
    at, done, begun = options.first, [], time.time()
    if out.exists():
        saved = np.load(out)
        at, done = int(saved["range"][1]), [saved["logits"]]
    saved_at = time.time()
    while at < count:
        end = min(count, at + CHUNK)
        wanted = [(text, float(rates[text])) for text in range(at, end)]
        said = [predict(model, pieces, wanted) for model in models]
        done += [np.mean(each, 0).astype(np.float16) for each in zip(*said)]
        at = end
        if time.time() - saved_at > 120 or at == count:
            done = [np.concatenate(done).reshape(-1, len(OUTPUTS))]
            temporary = out.with_suffix(".partial.npz")
            np.savez(temporary, rate=rates[options.first : at], logits=done[0], range=[options.first, at])
            temporary.replace(out)
            saved_at = time.time()
        print(f"{at} of {count} texts, {time.time() - begun:.0f} s", flush=True)


if __name__ == "__main__":
    main()
