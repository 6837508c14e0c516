/** Shapes that tell languages apart, with their weights. A table a language; none of them is looked for in the others. */
export const languageShapes: Readonly<Record<string, readonly (readonly [RegExp, number])[]>> = {
  python: [
    [/^\s*(?:async )?def \w+\(.*(?:\)|,|\()?(?: ->.*)?:?$/, 3],
    [/^\s*(?:from [\w.]+ import |import [\w.]+(?: as \w+)?(?:, [\w.]+)*$)/, 2.5],
    [/^\s*class \w+(?:\(.*\))?:$/, 3],
    [
      /^\s+\w+: (?:str|int|float|bool|bytes|dict|list|tuple|set|Any|Optional|Union|Literal|Callable)(?:\[.*\])?(?: = .*)?$/,
      1.5,
    ],
    [/^\s*(?:if|elif|for|while|with|except|try|else|finally)\b[^{]*:$/, 2],
    [/\bself\b|\bNone\b|\bTrue\b|\bFalse\b|__\w+__/, 1.2],
    [/^\s*(?:"""|'''|r""")|^\s*@\w+(?:\.\w+)*(?:\(.*\))?$|^\s*(?:raise|yield|pass|elif|assert)\b/, 1],
  ],
  typescript: [
    [/^\s*(?:export )?(?:declare )?(?:interface|enum|namespace) \w+/, 2.5],
    [/^\s*(?:export )?type \w+(?:<.*>?)? ?=|^\s*(?:import|export) type\b|import \{.*\btype \w/, 3],
    [/\w\??: (?:string|number|boolean|unknown|any|void|never|null|undefined|Promise<|Array<|Record<|readonly )/, 2],
    [/\bas (?:const|unknown|any|never|[A-Z]\w+)\b|\bsatisfies \w|\bkeyof\b|\bextends \w+ \?|<T\b|\w!\./, 1.2],
    [/\)\s*: [\w<>[\]|{} ]+ (?:=>|\{)|(?:private|public|protected|readonly) \w+[?:(]/, 1.5],
    [/^\s*(?:export )?(?:const|let) |=>|===|^import .* from ['"]|^export (?:const|function|default|class|\{|\*)/, 1],
  ],
  javascript: [
    [/\brequire\(['"]|module\.exports|exports\.\w+ =|^\s*['"]use strict['"]/, 3],
    [
      /^\s*(?:export )?(?:const|let|var) |=>|[!=]==|^import .* from ['"]|^export (?:const|function|default|class|\{|\*)/,
      1,
    ],
    [/\bfunction\b ?\w*\(|\bprototype\b|\bundefined\b|\btypeof \w|\bconsole\.\w+\(|\bnew [A-Z]\w*\(|\bthis\.\w/, 1],
    [/@param \{|@returns? \{|@type \{/, 1],
  ],
  rust: [
    [/^\s*(?:pub(?:\(\w+\))? )?(?:unsafe |const |async )*fn \w+/, 3],
    [/^\s*(?:pub )?(?:impl|trait|mod)\b.*[{;]?$|^\s*use [\w:]+(?:::|;)/, 2],
    [
      /\blet mut\b|\b(?:Some|None|Ok|Err|Option|Result|Vec|Box|String::)\b[<(:]|&(?:mut |'?\w+ )?self\b|&str\b|\bu(?:8|16|32|64|size)\b|\bi(?:32|64)\b/,
      1.6,
    ],
    [/^\s*#!?\[|\w+!\(|\bmatch\b .*\{$|=> \{?$|'(?:a|static)\b|\.unwrap\(|^\s*\/\/[/!] /, 1.2],
    [/-> [\w<>&:']+ \{$|\bwhere$|\bdyn \w|\bcrate::/, 1.2],
  ],
  go: [
    [/^package \w+$/, 40],
    [/^func (?:\(\w+ \*?\w+(?:\[.*\])?\) )?\w*\(|^func \w+\[/, 3],
    [/:= |\bfunc\(|\bif err != nil|\bnil\b|\bdefer \w|\bchan \w|\bgo func/, 1.5],
    [/^import \($|^\t"[\w./]+"$|^type \w+ (?:struct|interface|func|\[\])/, 2.5],
    [/^\t+(?:return|for|if|switch|case|var) [^(]*(?:\{|$)|\bmap\[\w+\]|\[\](?:byte|string|int)\b|interface\{\}/, 0.9],
  ],
  java: [
    [
      /^\s*(?:public|private|protected)\s+(?:static |final |abstract |synchronized )*(?:class|interface|enum|record|[\w<>[\],? ]+ \w+\s*[(=;])/,
      2,
    ],
    [/^import (?:static )?(?:java|javax|org|com)\.[\w.*]+;|^package [\w.]+;/, 3.5],
    [
      /^\s*@(?:Override|Test|Deprecated|SuppressWarnings|Nullable|Autowired|\w+)(?:\(.*\))?$|\bthrows \w+|\bfinal \w+ \w+|\binstanceof\b|\bextends [A-Z]\w+|\bimplements\b/,
      1.4,
    ],
    [
      /\b(?:String|Integer|List|Map|Object|StringBuilder|boolean|Exception) \w+\b|\bnew [A-Z]\w*(?:<.*>)?\(|System\.out|\.class\b/,
      1,
    ],
    [/\{@(?:code|link)|^\s*\*\s+@(?:param|return|throws|author|since)\b(?! \{)/, 1],
  ],
  c: [
    [/^\s*#\s*(?:include [<"]|define|ifdef|ifndef|endif|undef|pragma)/, 2],
    [
      /\b(?:size_t|uint\d+_t|int\d+_t|FILE \*|const char ?\*|unsigned (?:int|char|long)|char ?\*|void ?\*|va_list)\b/,
      1.6,
    ],
    [/^(?:static |extern |inline |const )*(?:struct )?\w+[ *]+\w+\([^;]*\)?\s*\{?$/, 1],
    [
      /\w->\w|\bNULL\b|\b(?:malloc|free|printf|memcpy|strlen|sizeof|strcmp)\b ?\(|^\s*(?:typedef|struct|goto|union)\b/,
      1.4,
    ],
  ],
  cpp: [
    [
      /\bstd::|\bnamespace \w+|^\s*template ?<|\b\w+::~?\w+\(|\busing namespace\b|\bnullptr\b|\bstatic_cast<|\breinterpret_cast</,
      3,
    ],
    [
      /^\s*(?:public|private|protected):$|^\s*class \w+.*\{?$|\bvirtual\b|\boverride\b|\bconstexpr\b|\bnoexcept\b|\bauto \w+|\boperator ?[=+\-*<>![(]/,
      2,
    ],
    [/#include <(?:iostream|vector|string|map|memory|algorithm|functional|cstd\w+|utility)>/, 4],
    [/\bconst \w+& \w+|\w+<\w+(?:, \w+)*>[&*]? \w+|^inline \w+(?:::| )/, 1.2],
    [/^\s*#\s*(?:include [<"]|define|ifdef|ifndef|endif)|\w->\w|\b(?:size_t|const char ?\*|void ?\*)/, 0.9],
  ],
};

/** JSX inside of TypeScript or JavaScript. */
export const jsxShape =
  /<\/[A-Za-z][\w.]*>|<[A-Za-z][^<>]*\/>|^\s*<(?:div|span|p|button|input|ul|li|h\d|form|section|main|a|img|label|table)\b/;

/** Shell, SQL, make, CMake, Perl and the like: code without a language that the tree-sitter grammars know. */
export const otherShapes: readonly (readonly [RegExp, number])[] = [
  [/^#!\s*\/(?:usr\/)?bin\/(?:env )?(?:ba|z|da|k)?sh|^#!.*(?:perl|ruby|awk)/, 30],
  [
    /^\s*(?:fi|done|esac|then|do|;;)$|; (?:then|do)$|\$\(\w|^\s*(?:if|elif|while) \[|^\s*(?:echo|local|export|set -)\b/,
    2,
  ],
  [/^\s*(?:SELECT|INSERT INTO|CREATE |ALTER |FROM|WHERE|JOIN|GROUP BY|ORDER BY|GRANT|AND|AS)\b/, 2.4],
  [
    /^[\w.%$()/ -]+:(?: [\w.%$()/ -]*)?$|^\t[@-]?(?:\$\(|rm |cp |mkdir |gcc |echo |cd |install |ln )|\$\([A-Z_]+\)|^[A-Z_]+ *[:?+]?= /,
    1.6,
  ],
  [
    /^(?!.*[;{]$)\s*(?:set|if|endif|else|elseif|foreach|project|option|add_\w+|target_\w+|find_package|install|message|cmake_\w+) ?\(/i,
    2.4,
  ],
  [/^\s*(?:my|our) [$@%]|^\s*sub \w+|\$\w+->|^use (?:strict|warnings)/, 3],
];
