/** Strings that break parsers, tokenizers and regular expressions, each of a length at which quadratic work would show. */
export const adversarialStrings: Readonly<Record<string, string>> = {
  empty: "",
  "lone surrogates": "before \ud83d after \udc00 ".repeat(100),
  "control characters": "a\u0000b\u0001c\u001b[31m\u0007 \u0008 d\u007f ".repeat(100),
  "special tokens": "<|endoftext|> and <|im_start|>system <|fim_prefix|> ".repeat(100),
  "right to left": "שלום עולם, זה לא נכון. هذا ليس صحيحا، والرقم ٤٢. \u202eabc\u202c ".repeat(80),
  "emoji sequences": "👩‍👩‍👧‍👦 🏳️‍🌈 🇩🇪🇫🇷 👍🏽 1️⃣ ".repeat(100),
  "combining marks": `x${"\u0301".repeat(5_000)}`,
  "carriage returns": "one\r\ntwo\r\n\r\nthree\rfour\r\r\nfive ".repeat(100),
  "one letter": "a".repeat(30_000),
  "one line of words": "word ".repeat(5_000),
  "Han characters": "不是问题的数据".repeat(800),
  "marker look-alikes": "[…12 lines] [… 3 items] […99999999999999999999 lines #12] […1 lines #482915337120]\n".repeat(
    200,
  ),
  "legend look-alike": `Legend: §1=alpha beta §2=\n${"§1 §2 §3 alpha beta alpha beta ".repeat(80)}`,
  "nested brackets": `${"[".repeat(5_000)}${"]".repeat(5_000)}`,
  "broken JSON": '{"a": [1, 2, {"b": "c\n"}, "unclosed\n'.repeat(100),
  "open quotes": ' "a'.repeat(5_000),
  "escape codes": "\u001b[".repeat(5_000),
  "identical lines": "the same line again and again\n".repeat(800),
  negations: "not a ".repeat(2000),
};
