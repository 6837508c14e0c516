"""The words that labels, features and scores speak of. src/compress/score/linear/split-words.ts is the same rule in TypeScript;
tests/compress/score/linear holds both to the same samples."""

import regex

# Scripts that write words without spaces. U+30FC prolongs katakana and belongs to no script of its own.
UNSPACED = r"\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\u30fc\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}"

WORD = regex.compile(
    r"[0-9]+(?:[.,:][0-9]+)+"  # 3.14, 1,000, 12:30
    r"|\p{sc=Han}{1,2}"
    r"|\p{sc=Hiragana}+"
    r"|[\p{sc=Katakana}\u30fc]+"
    r"|[\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]{1,4}"
    rf"|[[\p{{L}}\p{{M}}\p{{N}}_]--[{UNSPACED}]]+(?:['\u2019][[\p{{L}}\p{{M}}\p{{N}}_]--[{UNSPACED}]]+)*",
    regex.V1,
)


def split_words(text: str) -> list[tuple[int, int]]:
    """Spans of the words of a text, in code points."""
    return [match.span() for match in WORD.finditer(text)]


def words_of(text: str) -> list[str]:
    return [match.group().lower() for match in WORD.finditer(text)]


FUNCTION_WORDS = frozenset(
    """a an the and or but if then else of in on at to for from by with without about as into onto over under between among
    through during is are was were be been being am do does did done doing have has had having will would shall should can
    could may might must it its it's he him his she her hers they them their theirs we us our ours you your yours i me my mine
    this that these those there here who whom whose which what when where why how not no nor so than too very just also such
    same other some any each every all both more most much many few own only again further once upon while because since
    although though however thus therefore hence e g i.e etc s t""".split()
)
"""Grammar rather than content: left out where the content words of a reference or an answer are counted."""
