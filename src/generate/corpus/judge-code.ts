const testFolder =
  /(?:^|\/)(?:tests?|__tests__|specs?|fixtures?|__fixtures__|testdata|mocks?|__mocks__|e2e|benchmarks?)\//iu;
const testFile = /(?:^test_[^/]*|[._-](?:test|tests|spec)|Tests?)\.\w+$/u;
const foreignFolder = /(?:^|\/)(?:node_modules|vendor|third_party|dist|build|target|\.venv|site-packages)\//u;
const generatedFile =
  /(?:\.min\.\w+|\.d\.[cm]?ts|_pb2(?:_grpc)?\.py|\.pb\.\w+|\.g\.\w+|_generated\.\w+|\.generated\.\w+)$/u;
const generatedRemark = /@generated|\bdo not (?:edit|modify)\b|\bauto-?generated\b|\bgenerated (?:by|from|using)\b/iu;
/** UTF-16 code units at a file's beginning in which its maker says that it is generated. */
const remarkReach = 2000;
/** A file of longer lines, on average or once, was written by a program. */
const longestLines = { average: 160, single: 1500 };

const testUnit =
  /^\s*(?:@(?:Test|ParameterizedTest|pytest)|#\[(?:tokio::)?test|(?:async\s+)?def\s+test_|func\s+(?:Test|Benchmark|Example)[A-Z]|(?:export\s+)?(?:async\s+)?function\s+test[A-Z_]|class\s+(?:Test\w*|\w+Tests?)\b|TEST(?:_F|_P)?\()/mu;

/** Whether a file holds tests, by its path below the corpus. */
export function isTestFile(path: string): boolean {
  return testFolder.test(path) || testFile.test(path);
}

/** Whether a program wrote a file, or somebody else's project did. */
export function isGeneratedFile(path: string, text: string): boolean {
  if (foreignFolder.test(path) || generatedFile.test(path) || generatedRemark.test(text.slice(0, remarkReach)))
    return true;
  const lines = text.split("\n");
  return text.length / lines.length > longestLines.average || lines.some(({ length }) => length > longestLines.single);
}

/** Whether a function or class is a test, by what stands before and in its first lines. */
export function isTestUnit(text: string): boolean {
  return testUnit.test(text.slice(0, 600));
}
