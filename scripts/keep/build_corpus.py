"""Gathers the public text that the encoder is pretrained on: build/keep/corpus.jsonl, one {"text", "kind", "source"} a line.

Every source is there on an ordinary Debian machine with Node and Python, or in this repository's node_modules: package
documentation and manual pages, and the source text of the Python, Perl and Node standard libraries. Order and choice
depend on the paths alone, so the same machine gives the same file. More text in the same form may follow in --extra files.
"""

import argparse
import gzip
import hashlib
import html
import json
import os
import re
import sysconfig
from pathlib import Path

# The share of each source in the corpus, in characters.
BUDGETS = {"manual": 3_500_000, "documentation": 3_500_000, "python": 4_000_000, "perl": 700_000, "javascript": 2_500_000}
LONGEST = 6_000
SHORTEST = 200


def ordered(paths):
    """Files in an order that is the same everywhere and mixes packages."""
    return sorted(paths, key=lambda path: hashlib.sha1(str(path).encode()).hexdigest())


def read(path):
    try:
        data = gzip.open(path).read() if path.suffix == ".gz" else path.read_bytes()
        return data.decode("utf-8")
    except (OSError, UnicodeDecodeError, EOFError):
        return ""


def plain_manual(text):
    """A manual page's source as its reader sees it, near enough."""
    lines = []
    for line in text.splitlines():
        if line.startswith((".\\\"", "'\\\"", ".de", ".if", ".ie", ".nh", ".ad", ".so", ".ds", ".nr")):
            continue
        if re.match(r"\.(SH|SS|Sh|Ss)\b", line):
            line = "\n" + line[3:].strip().strip('"')
        elif re.match(r"\.(PP|P|LP|Pp|TP|IP)\b", line):
            line = "\n" + line[3:].strip()
        elif line.startswith("."):
            line = re.sub(r"^\.[A-Za-z]+\s?", "", line)
        line = re.sub(r"\\f[BIRPCW]|\\f\(..|\\f\[[^\]]*\]|\\&|\\/|\\,|\\[|^]|\\c", "", line)
        line = line.replace("\\-", "-").replace("\\e", "\\").replace("\\(aq", "'").replace("\\(dq", '"')
        line = re.sub(r"\\\(..|\\\[[^\]]*\]|\\s[-+]?\d", " ", line).replace("\\ ", " ").replace('"', "")
        lines.append(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def plain_html(text):
    text = re.sub(r"(?s)<(script|style).*?</\1>|<!--.*?-->", "", text)
    text = re.sub(r"</(p|div|li|tr|h\d|pre|dt|dd)>|<br\s*/?>", "\n", text)
    return re.sub(r"\n\s*\n+", "\n\n", html.unescape(re.sub(r"<[^>]+>", "", text))).strip()


def pieces(text):
    """Passages of at most LONGEST characters, cut at blank lines where there are some."""
    while len(text) > LONGEST:
        cut = text.rfind("\n\n", LONGEST // 2, LONGEST)
        cut = cut if cut > 0 else text.rfind("\n", LONGEST // 2, LONGEST)
        cut = cut if cut > 0 else LONGEST
        yield text[:cut]
        text = text[cut:].lstrip("\n")
    yield text


def files_of(repository):
    documentation = Path("/usr/share/doc")
    node = repository / "node_modules"
    library = Path(sysconfig.get_paths()["stdlib"])
    return {
        "manual": ("prose", [p for d in ("man1", "man5", "man7", "man8", "man3") for p in Path(f"/usr/share/man/{d}").glob("*.gz")
                             # Thousands of pages of one generator say little that is new.
                             if not p.name.startswith(("gcloud", "SSL_", "EVP_", "X509_"))]),
        "documentation": ("prose", [p for p in documentation.rglob("*") if p.is_file() and re.search(
            r"(README|NEWS|FAQ|TODO|HACKING|\.txt|\.md|\.html|\.rst)(\.gz)?$", p.name) and "changelog" not in p.name.lower()]),
        "python": ("code", [p for p in library.rglob("*.py") if "site-packages" not in p.parts and "test" not in str(p) and "encodings" not in p.parts]),
        "perl": ("code", [*Path("/usr/share/perl").rglob("*.pm"), *Path("/usr/share/perl").rglob("*.pod")]),
        "javascript": ("code", [p for p in [*node.rglob("*.js"), *node.rglob("*.ts"), *node.rglob("*.md")]
                                if ".min." not in p.name and not p.is_symlink()
                                # Tables of the tokenizers, and one package's copy of each file for each of its models.
                                and "gpt-tokenizer" not in p.parts and "js-tiktoken" not in p.parts]),
    }


def passages(repository, seen):
    for source, (kind, paths) in files_of(repository).items():
        budget = BUDGETS[source]
        for path in ordered(set(paths)):
            text = read(path)
            if source == "manual":
                text = plain_manual(text)
            elif ".html" in path.name:
                text = plain_html(text)
            if max(map(len, text.splitlines() or [""])) > 2_000:
                continue
            # One file speaks for so much, so that no single package makes the language.
            for piece in list(pieces(text))[:4]:
                digest = hashlib.sha1(re.sub(r"\s+", " ", piece).encode()).digest()
                if len(piece) < SHORTEST or digest in seen or budget <= 0:
                    continue
                seen.add(digest)
                budget -= len(piece)
                yield {"text": piece, "kind": "prose" if path.suffix == ".md" else kind, "source": source}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", default="build/keep/corpus.jsonl")
    parser.add_argument("--extra", nargs="*", default=[], help="JSONL files with text and, if they like, kind and source")
    options = parser.parse_args()
    os.makedirs(os.path.dirname(options.out), exist_ok=True)
    seen, counts = set(), {}
    with open(options.out, "w") as out:
        records = list(passages(Path(__file__).resolve().parents[2], seen))
        for name in options.extra:
            records += [{"kind": "prose", "source": Path(name).stem, **json.loads(line)} for line in open(name)]
        records.sort(key=lambda record: hashlib.sha1(record["text"].encode()).hexdigest())
        for record in records:
            counts[record["source"]] = counts.get(record["source"], 0) + len(record["text"])
            out.write(json.dumps({key: record[key] for key in ("text", "kind", "source")}) + "\n")
    print(f"{len(records)} passages in {options.out}; characters of each source: {counts}")


if __name__ == "__main__":
    main()
