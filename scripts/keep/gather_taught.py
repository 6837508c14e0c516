"""Gathers the unlabelled text that the teacher speaks of: build/keep/taught.jsonl, in the form of the dataset's records.

    pip download --no-deps attrs click fastapi flask httpx jinja2 pydantic requests rich starlette trio typer   # unpacked: PUBLIC/code
    python scripts/keep/gather_taught.py --code PUBLIC/code

Prose of the pretraining corpus, and functions and classes one by one, as the pairs' code is cut: of those packages (MIT, BSD or
Apache-2.0) and of Python's standard library (PSF-2.0). Passages that share a run of eight words with a held-out text are left out.
"""

import argparse
import ast
import hashlib
import json
import random
import sysconfig
from pathlib import Path

from gather_public import runs

SHARES = {"2wiki": 1.0, "natural-questions": 1.0, "wikitext": 1.0, "documentation": 0.15, "anarchism": 0.1, "manual": 0.1, "javascript": 0.12}
"""Of the corpus's sources, the shares that are read."""
SHORTEST, LONGEST = 120, 2_200
LIBRARY = 1_800_000
"""Characters of Python's own library."""


def functions_of(path):
    """Source of the top-level functions and classes of a file, and of a long class its methods."""
    try:
        source = path.read_text(encoding="utf8")
        tree = ast.parse(source)
    except (UnicodeDecodeError, SyntaxError, ValueError):
        return
    lines = source.splitlines()
    nodes = list(tree.body)
    while nodes:
        node = nodes.pop(0)
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        own = lines[first - 1 : node.end_lineno]
        indent = len(own[0]) - len(own[0].lstrip())
        text = "\n".join(line[indent:] for line in own)
        if len(text) > LONGEST and isinstance(node, ast.ClassDef):
            nodes = node.body + nodes
        elif SHORTEST <= len(text) <= LONGEST:
            yield text


def prose_of(corpus):
    for line in corpus.open():
        record = json.loads(line)
        digest = int(hashlib.sha1(record["text"].encode()).hexdigest()[:8], 16) / 0xFFFFFFFF
        if digest < SHARES.get(record["source"], 0):
            # Long passages are cut as the pairs' are: into a few paragraphs.
            part = ""
            for paragraph in record["text"].split("\n"):
                if len(part) + len(paragraph) > 1_600 and len(part) > SHORTEST:
                    yield part, record
                    part = ""
                part += paragraph + "\n"
            if len(part) > 60:
                yield part, record


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("build/keep"))
    parser.add_argument("--code", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("build/keep/taught.jsonl"))
    options = parser.parse_args()
    held_out = set()
    for name in ("valid.jsonl", "dev.jsonl"):
        for line in (options.data / name).open():
            held_out |= runs(json.loads(line)["text"])
    found = [{"text": text, "kind": "code" if record["kind"] == "code" else "nl", "source": record["source"]} for text, record in prose_of(options.data / "corpus.jsonl")]
    library = Path(sysconfig.get_paths()["stdlib"])
    modules = [p for p in library.rglob("*.py") if "site-packages" not in p.parts and "test" not in str(p.relative_to(library)) and "encodings" not in p.parts]
    for source, paths, most in (("packages", options.code.rglob("*.py"), 10**9), ("library", modules, LIBRARY)):
        for path in sorted(paths, key=lambda path: hashlib.sha1(path.name.encode()).hexdigest()):
            for text in functions_of(path):
                most -= len(text)
                if most > 0:
                    found.append({"text": text, "kind": "code", "source": source})
    seen, counts, left_out = set(), {}, 0
    random.Random(0).shuffle(found)
    with options.out.open("w") as out:
        for record in found:
            digest = hashlib.sha1("".join(record["text"].split()).encode()).digest()
            if digest in seen:
                continue
            seen.add(digest)
            if not held_out.isdisjoint(runs(record["text"])):
                left_out += 1
                continue
            counts[record["source"]] = counts.get(record["source"], 0) + len(record["text"])
            out.write(json.dumps({"id": f"taught-{len(seen):05}", **record}) + "\n")
    print(f"{options.out}: characters of each source {counts}; {left_out} passages left out for held-out text")


if __name__ == "__main__":
    main()
