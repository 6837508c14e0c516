"""
Writes what the TypeScript scorer is held to: words, log-odds of words and of lines of a few texts, by the features and weights here.

    python scripts/keep/write_samples.py

Run it after training; tests/compress/score/linear reads tests/fixtures/keep/samples.json. Offsets there are UTF-16 code units.
"""

import json
import struct
from pathlib import Path

import numpy as np
import torch
from labels.split_words import split_words
from linear.fit import line_logits, score_words
from linear.read_corpus import WordExample, read_line_example, word_features_of
from linear.word_facts import WordInfo

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "models/linear-keep/model.safetensors"
OUT = ROOT / "tests/fixtures/keep/samples.json"

PROSE = [
    "The harbour of Bergen opened in 1070, and it wasn't the first: Oslo's is older (c. 1048). \"Nobody,\" wrote K. Hansen,\n"
    "has counted 3,141 ships — state-of-the-art or not — since then.\n\nSecond paragraph! Does it start here? U.S. e-mail: a@b.co, v1.2.3.",
    "Straße, naïve façade; élève d’été l'eau. ÄÖÜ ŁÓDŹ İstanbul ΣΊΣΥΦΟΣ Привет, мир! Ещё раз.",
    "東京は日本の首都です。ソフトウェアーを2回更新した。今天天气不错，我们去公园。สวัสดีครับ ภาษาไทย हिन्दी में लिखा 안녕하세요 세계",
    "emoji 👩‍💻 and 𝒳 math 𝟘𝟙, a\u00a0no-break space, tabs\tand\r\nCRLF lines\r\n\r\n  indented  - list item\n  - another\n",
    "",
    "one",
    "repeat repeat repeat repeat repeat repeat repeat repeat repeat Repeat REPEAT rePeat x" * 4,
]
CODE = [
    '"""Module docs."""\nimport os  # comment, https://x.y/z\n\n\ndef read_file(path: str, *, limit=10_000) -> bytes:\n    """Reads\n    a file."""\n'
    '    with open(path, "rb") as file:\n        return file.read(limit)  # noqa\n\n\nclass HTTPError(Exception):\n    code = 0x1F4\n',
    "/* block\n comment */\nexport const sumAll = (xs: number[]) => xs.reduce((a, b) => a + b, 0); // http://not.a.comment\n\tconst s = 'it''s';\n",
]
LINES = [
    "INFO start job 17\nINFO start job 18\nWARN retry 3 of 5 for node-07\nERROR: cannot open /var/log/app.log: Permission denied\n"
    "  at Object.open (fs.js:12:3)\n    at main\nINFO start job 19\n\n{\"level\": \"debug\", \"n\": 12}\n-----\n1,234 done in 00:00:12\n"
    + "x" * 500 + "\n" + "Ünïcödé líne with é and 日本語\n",
    "only line",
]  # fmt: skip


def main() -> None:
    model, metadata = read_model()
    info = WordInfo(model["frequencies"].reshape(2, -1))
    keep = torch.from_numpy(model["keep"] * np.float32(metadata["keep_scale"]))
    answer = torch.from_numpy(model["answer"] * np.float32(metadata["answer_scale"]))
    line = torch.from_numpy(model["line"] * np.float32(metadata["line_scale"]))
    words = []
    for kind, texts in (("nl", PROSE), ("code", CODE)):
        for text in texts:
            for rate in (0.3, 0.5):
                record = {"text": text, "kind": kind, "words": split_words(text)}
                logits = np.zeros(0)
                if record["words"]:
                    example = WordExample(record, word_features_of(record, info, rate), torch.zeros(0))
                    logits = score_words(keep, [example])[0] + score_words(answer, [example])[0] + float(metadata["offset"])
                spans = [[utf16(text, start), utf16(text, end)] for start, end in record["words"]]
                words.append({"text": text, "kind": kind, "rate": rate, "words": spans, "logits": rounded(logits)})
    lines = []
    for text in LINES:
        for kind in ("code", "tool", "nl"):
            spans = [(start, end) for start, end in line_spans(text)]
            labelled = [[start, end, 0.0, int("ERROR" in text[start:end])] for start, end in spans]
            example = read_line_example({"text": text, "kind": kind, "lines": labelled}, info, False)
            floors = [evidence for *_, evidence in labelled]
            spans = [[utf16(text, start), utf16(text, end)] for start, end in spans]
            lines.append({"text": text, "kind": kind, "lines": spans, "floors": floors, "logits": rounded(line_logits(line[:, None], example).numpy())})
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps({"words": words, "lines": lines}, ensure_ascii=False, indent=1) + "\n", encoding="utf8")
    print(f"{OUT}: {len(words)} texts of words, {len(lines)} of lines")


def read_model(path: Path = MODEL) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    metadata = header.pop("__metadata__")
    types = {"I8": np.int8, "U8": np.uint8}
    return {
        name: np.frombuffer(data[8 + length :][slice(*entry["data_offsets"])], types[entry["dtype"]])
        for name, entry in header.items()
    }, metadata


def line_spans(text: str):
    start = 0
    for line in text.split("\n"):
        if line.strip():
            yield start, start + len(line)
        start += len(line) + 1


def utf16(text: str, at: int) -> int:
    return len(text[:at].encode("utf-16-le")) // 2


def rounded(values: np.ndarray) -> list[float]:
    return [round(float(value), 5) for value in values]


if __name__ == "__main__":
    main()
