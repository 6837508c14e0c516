import { indentOf } from "../text/line-blanks.js";
import { findClassBodies } from "./find-class-bodies.js";
import { countHashComments, findBlockComments } from "./find-comments.js";
import type { LineView } from "./read-lines.js";
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
const trailingComment = /[\w;,{)\]]\s+(?:\/\/ |\/\*.*\*\/$)/;
const unionMember = /^\s+\| (?:"[^"]*"|'[^']*'|[\w.<>[\]]+);?$/;
const goField = /^\t+\w+ +[[\]*\w.]+(?: +`.*`)?$/;
const lineComment = /^\s*(?:\/\/|\/\*|\*\/|\*(?: |$)|--- ?@|-- \S)/;
const hashComment = /^\s*#(?!#)(?: |!|$|\w)/;
const shell =
  /^\s*(?:fi|done|esac|then|do|;;)$|^\s*(?:if|elif|while) (?:\[|!|test |command |grep )|^\s*for \w+ in .*(?:; do)?$|^#!|\$\{?\w+[}/"]|\$\(|^\s*(?:echo|printf|export|local|set -|cd|exit|shift|readonly|unset|source|sudo|mkdir|rm|eval) \S|; (?:then|do)$|2>&1|>\/dev\/null|^\w+\(\) ?\{/;
const sql =
  /^\s*(?:SELECT|INSERT INTO|CREATE (?:OR REPLACE )?(?:TABLE|VIEW|INDEX|UNIQUE|FUNCTION|DOMAIN|SCHEMA|TRIGGER)|ALTER|UPDATE \w+ SET|DELETE FROM|DROP|FROM|WHERE|(?:LEFT |INNER |RIGHT |OUTER )?JOIN|GROUP BY|ORDER BY|VALUES|UNION|GRANT|COMMIT|BEGIN|WITH \w+ AS|HAVING|LIMIT|PRIMARY KEY|FOREIGN KEY|CONSTRAINT|AND|OR|ON)\b|^\s*(?:select|insert into|create table|from \w+|where|join|group by|order by)\b.*[,;=(]/;
const makeRule = /^[\w.%$()/ -]+:(?!\/)(?: ?[\w.%$()/ -]*)$|^\t[@-]?\S|\$\([A-Z_]+\)|^[A-Z_]+ *[:?+]?= /;
const cmake =
  /^\s*(?:set|if|endif|else|elseif|foreach|endforeach|function|endfunction|macro|option|project|include|find_package|add_\w+|target_\w+|install|message|cmake_\w+|list|string|configure_file|set_target_properties|enable_testing|include_directories) ?\(/i;
const dockerfile =
  /^(?:FROM|RUN|COPY|ADD|WORKDIR|ENV|ENTRYPOINT|CMD|EXPOSE|ARG|LABEL|VOLUME|HEALTHCHECK|STOPSIGNAL|ONBUILD) +\S/;
const jsx = /^\s+<\/?[A-Z]\w*|^\s+<\/?\w+[^>]*(?:\{|className=|onClick=)|^\s+\{.*\}$/;

/** Source code of any language, by the shapes of statements, declarations and comments. */
export function detectCode(lines: readonly LineView[], board: VoteBoard): void {
  const comments = findBlockComments(lines);
  const inClass = findClassBodies(lines);
  const { strong: declared, share } = measureCode(lines);
  const isModule = (declared >= 3 && share >= 0.3) || lines[0]!.text.startsWith("#!");
  const hashed = countHashComments(lines) >= 3 && share >= 0.3;
  let strong = 0;
  for (const [line, { text, neutral }] of lines.entries()) {
    if (neutral || board.isSettled(line)) continue;
    if (isStrong(text)) strong++;
    let weight = comments[line] || inClass[line] ? 3 : weigh(text);
    // Elements within a module are JSX.
    if (strong >= 2 && weight > 0 && jsx.test(text)) weight = 3;
    else if (hashed && hashComment.test(text)) weight += 1;
    // In a module, comments and what is indented without any shape (a docstring that started above) belong to it.
    else if (isModule && (lineComment.test(text) || hashComment.test(text))) weight = 2.6;
    else if (isModule && weight === 0 && indentOf(text) >= 2) weight = 1.6;
    if (weight > 0) board.add(line, "code", Math.min(3, weight));
  }
}

/** How many lines declare or import something, and which share of the lines that are no comments is code. */
function measureCode(lines: readonly LineView[]): { strong: number; share: number } {
  let strong = 0;
  let code = 0;
  let others = 0;
  for (const { text, neutral } of lines) {
    if (neutral || lineComment.test(text) || hashComment.test(text)) continue;
    if (isStrong(text)) strong++;
    if (weigh(text) >= 1) code++;
    else others++;
  }
  return { strong, share: code / Math.max(1, code + others) };
}

function isStrong(text: string): boolean {
  return importing.test(text) || declaration.test(text);
}

function weigh(text: string): number {
  if (isStrong(text)) return 2.6;
  if (pythonBlock.test(text) || binding.test(text)) return 2.4;
  if (cmake.test(text) || dockerfile.test(text)) return 2.2;
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
  if (trailingComment.test(text)) weight += 1.2;
  if (goField.test(text)) weight += 1;
  if (unionMember.test(text)) weight += 1.6;
  // Code is indented, and inside of it nearly everything may stand.
  return weight > 0 && indentOf(text) >= 2 ? weight + 0.3 : weight;
}
