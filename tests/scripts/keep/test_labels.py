"""Labels of the keep models: `python -m unittest discover -s tests/scripts/keep` from the repository's root, with numpy and regex."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3] / "scripts/keep"))

from labels.align_words import align_words, read_kept  # noqa: E402
from labels.documents import group_documents, split_of  # noqa: E402
from labels.label_lines import is_evidence, label_by_answer, label_by_later_reference, label_by_novelty, spans_of_lines  # noqa: E402
from labels.split_words import split_words, words_of  # noqa: E402


def kept_words(source: str, compressed: str) -> list[str]:
    words = words_of(source)
    labels, _ = align_words(words, compressed, source)
    return [word for word, label in zip(words, labels) if label]


class Words(unittest.TestCase):
    def test_numbers_names_and_scripts(self):
        text = "v1.2.3 costs 1,000 — don't f_oo 東京は 12:30"
        found = [text[start:end] for start, end in split_words(text)]
        self.assertEqual(found, ["v1", "2.3", "costs", "1,000", "don't", "f_oo", "東京", "は", "12:30"])


class Alignment(unittest.TestCase):
    def test_stems_abbreviations_and_acronyms(self):
        self.assertEqual(
            kept_words("The government approved development of machine learning", "govt approves ML dev"),
            ["government", "approved", "development", "machine", "learning"],
        )
        self.assertEqual(kept_words("It began in the U.S. in two years", "began US 2 yrs"), ["began", "u", "s", "two", "years"])

    def test_symbols_stand_for_negations_unless_the_source_has_them(self):
        self.assertIn("not", kept_words("a wall is not a barrier", "wall ≠ barrier"))
        self.assertIn("without", kept_words("runs without a net", "runs !net"))
        self.assertNotIn("not", kept_words("if a != b do not stop", "if a != b stop"))
        self.assertEqual(read_kept("!ValueError", "except ValueError:")[0], "!error")

    def test_the_occurrence_in_order_is_marked(self):
        words = words_of("red fox and blue fox and red dog")
        labels, aligned = align_words(words, "blue fox, red dog", "")
        self.assertEqual([at for at, label in enumerate(labels) if label], [3, 4, 6, 7])
        self.assertEqual(aligned, 1.0)

    def test_nothing_of_an_unrelated_text(self):
        self.assertEqual(kept_words("alpha beta gamma", "quick brown zebra"), [])


class Lines(unittest.TestCase):
    def test_evidence_by_whole_words(self):
        self.assertTrue(is_evidence("3 errors"))
        self.assertTrue(is_evidence("Build FAILED"))
        self.assertFalse(is_evidence("required_error = None"))

    def test_new_lines_before_repeated_ones(self):
        text = "job 1 ok\njob 2 ok\njob 3 ok\nprimary elected a replica\nwarning: disk\nerror: gone\n"
        labels = [label for _, _, label, _ in label_by_novelty(text, spans_of_lines(text))]
        self.assertGreater(labels[3], labels[1])
        self.assertEqual(labels[4:], [0.75, 1.0])

    def test_what_is_used_later(self):
        text = "total 4\nrow AX-1931 of 12\nrow AX-1932 of 12\nrow AX-1933 of 12"
        labels = [label for _, _, label, _ in label_by_later_reference(text, spans_of_lines(text), "cancel AX-1932 please")]
        self.assertEqual(labels, [0.0, 0.0, 1.0, 0.0])

    def test_turns_that_bring_the_answer(self):
        text = "A: well okay\nB: the remote costs twelve euros\nA: okay"
        labels = [label for _, _, label, _ in label_by_answer(text, spans_of_lines(text), "The remote will cost twelve euros")]
        self.assertEqual(labels, [0.0, 1.0, 0.0])


class Documents(unittest.TestCase):
    def test_texts_that_share_sentences_share_a_document(self):
        shared = "this sentence of more than eight words stands in two of the three texts and is long enough for shingles to meet"
        records = [
            {"document": "a", "text": f"{shared} one"},
            {"document": "b", "text": f"{shared} two"},
            {"document": "c", "text": "nothing here is like the others at all, not a single run of eight words is shared with them"},
        ]
        group_documents(records)
        self.assertEqual([record["document"] for record in records], ["a", "a", "c"])
        self.assertIn(split_of("a"), ("train", "valid", "dev"))


if __name__ == "__main__":
    unittest.main()
