"""
Builds the labelled data that keep models are trained on and measured with:

    python scripts/keep/build_dataset.py --data ../shared/data --out build/keep

README.md in this folder describes what it writes. Deterministic; a minute or two on one core.
"""

import argparse
import json
from collections import Counter
from pathlib import Path

from labels.count_tokens import costs_of
from labels.documents import group_documents, split_of
from labels.read_sources import READERS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with the JSONL files of MANIFEST.md")
    parser.add_argument("--out", type=Path, default=Path("build/keep"))
    options = parser.parse_args()
    if not (options.data / "compression_pairs.jsonl").exists():
        parser.error(f"expected {options.data} to hold compression_pairs.jsonl and its companions, but it does not")
    records = [record for read in READERS for record in read(options.data)]
    group_documents(records)
    options.out.mkdir(parents=True, exist_ok=True)
    counts: Counter = Counter()
    files = {split: (options.out / f"{split}.jsonl").open("w", encoding="utf8") for split in ("train", "valid", "dev")}
    for record in records:
        record["split"] = split_of(record["document"])
        if "keep" in record or "answer" in record:
            record["cost"] = costs_of(record["text"], record["words"])
        files[record["split"]].write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")
        counts[record["source"], record["kind"], record["split"]] += 1
    for file in files.values():
        file.close()
    for key in sorted({(source, kind) for source, kind, _ in counts}):
        print(f"{key[0]:14} {key[1]:5}", *(f"{split} {counts[*key, split]:5}" for split in files))


if __name__ == "__main__":
    main()
