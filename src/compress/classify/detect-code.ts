import { indentOf, type LineView } from "./read-lines.js";
import type { VoteBoard } from "./vote-board.js";

const statementEnd = /(?:[;{}]|\)\s*[,;]|[\])}],|=>|\(|\[|&&|\|\||\\)\s*(?:\/\/.*|\/\*.*\*\/)?$/;
const closer = /^\s*[)\]}]+[;,)]*$/;
const declaration =
  /^\s*(?:export |default |public |private |protected |static |final |abstract |async |pub(?:\(\w+\))? |unsafe |inline |extern |override |readonly |virtual |constexpr |typedef |declare )*(?:function\*? ?\w*\(|function \w|class \w+.*[{:(]|interface \w|enum \w|struct \w|impl[ <]|trait \w|fn \w+[<(]|func [\w(]|def \w+\(|mod \w+ ?[{;]|type \w+.* =|namespace \w|template ?<|union \w)/;
const binding = /^\s*(?:export )?(?:const|let|var|val|auto|mut) [\w{[*&:, $]+\s*(?:=|:|;|\()/;
const importing =
  /^\s*(?:import (?:[\w*{}, $]+ from )?['"]|import \{|import type |import (?:static )?[\w.]+(?:\.\*)?(?:;| as \w+)?$|import [\w.]+(?:, [\w.]+)*$|import \($|from [\w.]+ import |#\s*(?:include|define|ifdef|ifndef|if|endif|pragma|undef|else|elif)\b|use [\w:]+(?:::|;)|using \w|package [\w.]+;?$|require ?\(|extern crate|module\.exports|export (?:\*|\{|default))/;
const pythonBlock =
  /^\s*(?:(?:def|class|with|for|while|if|elif|except|async (?:def|with|for)) .*|else|try|finally):(?:\s*#.*)?$/;
const control =
  /^\s*(?:\} )?(?:if|for|while|switch|catch|match|else if|return|throw|raise|yield|await|case|assert|del|elif|else|do|try|loop|defer|go|select) ?(?:\(|.*[;{:)\]]$|[\w.]+$|$)/;
const annotation = /^\s*(?:@[A-Za-z][\w.]*(?:\(.*\))?|#!?\[[\w(].*\])$/;
const operator = /=>|->|::|[!=]==?|&&|\|\||\+\+|\+=|-=|<<|:=|\?\.|<\w+>\(/;
const call = /[\w$\])>]\([^)\s]*[^)]*\)|\w\(\)/;
const assignment = /^\s*(?:[\w$.]+(?:\[[^\]]*\])?|\w+, \w+) ?(?:[+\-*/|&]|:)?= ?\S/;
const member = /\b(?:self|this)[.\]]|\w\.\w+\(|->\w/;
const typedMember =
  /^\s+(?:(?:readonly|public|private|static|pub|final|const|unsigned|struct) )*[\w<>[\]*&:,? ]+ \*?\w+(?:\(.*\).*)?[;,]$|^\s+\w+\??: [\w<>[\]{}|'", ()=>.&]+[;,]$/;
const lineComment = /^\s*(?:\/\/|\/\*|\*\/|\*(?: |$)|--- ?@)/;
const hashComment = /^\s*#(?!#)(?: |!|$|\w)/;
const shell =
  /^\s*(?:fi|done|esac|then|do|;;)$|^\s*(?:if|elif|while) (?:\[|!|test |command |grep )|^\s*for \w+ in .*(?:; do)?$|^#!|\$\{?\w+[}/"]|\$\(|^\s*(?:echo|printf|export|local|set -|cd|exit|shift|readonly|unset|source|sudo|mkdir|rm|eval) \S|; (?:then|do)$|2>&1|>\/dev\/null|^\w+\(\) ?\{/;
const sql =
  /^\s*(?:SELECT|INSERT INTO|CREATE (?:OR REPLACE )?(?:TABLE|VIEW|INDEX|UNIQUE|FUNCTION|DOMAIN|SCHEMA|TRIGGER)|ALTER|UPDATE \w+ SET|DELETE FROM|DROP|FROM|WHERE|(?:LEFT |INNER |RIGHT |OUTER )?JOIN|GROUP BY|ORDER BY|VALUES|UNION|GRANT|COMMIT|BEGIN|WITH \w+ AS|HAVING|LIMIT|PRIMARY KEY|FOREIGN KEY|CONSTRAINT|AND|OR|ON)\b|^\s*(?:select|insert into|create table|from \w+|where|join|group by|order by)\b.*[,;=(]/;
const makeRule = /^[\w.%$()/ -]+:(?!\/)(?: ?[\w.%$()/ -]*)$|^\t[@-]?\S|\$\([A-Z_]+\)|^[A-Z_]+ *[:?+]?= /;
const cmake =
  /^\s*(?:set|if|endif|else|elseif|foreach|endforeach|function|endfunction|macro|option|project|include|find_package|add_\w+|target_\w+|install|message|cmake_\w+|list|string|configure_file|set_target_properties|enable_testing|include_directories) ?\(/i;
const jsx = /^\s+<\/?[A-Z]\w*|^\s+<\/?\w+[^>]*(?:\{|className=|onClick=)|^\s+\{.*\}$/;

/** Source code of any language, by the shapes of statements, declarations and comments. */
export function detectCode(lines: readonly LineView[], board: VoteBoard): void {
  const comments = findBlockComments(lines);
  for (const [line, { text, neutral }] of lines.entries()) {
    if (neutral) continue;
    const weight = comments[line] ? 1.8 : weigh(text);
    if (weight > 0) board.add(line, "code", Math.min(3, weight));
  }
}

function weigh(text: string): number {
  if (importing.test(text) || declaration.test(text)) return 2.6;
  if (pythonBlock.test(text) || binding.test(text)) return 2.4;
  if (cmake.test(text)) return 2.2;
  if (annotation.test(text)) return 1.6;
  if (closer.test(text)) return 1;
  if (lineComment.test(text)) return 1.4;
  if (hashComment.test(text)) return text.startsWith("#!") ? 3 : 0.5;
  let weight = 0;
  if (control.test(text)) weight += 1.3;
  if (typedMember.test(text)) weight += 1.2;
  if (statementEnd.test(text)) weight += 1.3;
  if (operator.test(text)) weight += 0.6;
  if (member.test(text)) weight += 0.7;
  if (call.test(text)) weight += 0.5;
  if (assignment.test(text)) weight += 0.9;
  if (shell.test(text)) weight += 1.4;
  if (sql.test(text)) weight += 1.3;
  if (makeRule.test(text)) weight += 0.9;
  if (jsx.test(text)) weight += 1.2;
  // Code is indented, and inside of it nearly everything may stand.
  return weight > 0 && indentOf(text) >= 2 ? weight + 0.3 : weight;
}

/** 1 for the lines inside of a block comment or a docstring that starts at a line of its own and is closed. */
function findBlockComments(lines: readonly LineView[]): Uint8Array {
  const inside = new Uint8Array(lines.length);
  const longest = 300;
  for (let line = 0; line < lines.length; line++) {
    const open = /^\s*(?:(\/\*)|[rRbBuU]?("""|'''))/.exec(lines[line]!.text);
    if (open === null) continue;
    const closing = open[1] === undefined ? open[2]! : "*/";
    let end = line;
    if (!lines[line]!.text.slice(open[0].length).includes(closing)) {
      do end++;
      while (end < lines.length && end - line < longest && !lines[end]!.text.includes(closing));
      if (end === lines.length || end - line === longest) continue;
    }
    inside.fill(1, line, end + 1);
    line = end;
  }
  return inside;
}
