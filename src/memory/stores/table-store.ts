import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { decodeText, encodeText, type TextEncoding } from "../../store/text-bytes.js";
import type { MemoryRecord, MemoryStore, NewRecord, RecordChange, StoreChange } from "../types.js";

/** Runs a statement whose values are named `$1`, `$2`, ...; gives the rows of a query. */
export type RunStatement = (sql: string, values: readonly unknown[]) => Promise<Record<string, unknown>[]>;

/** A database that `createTableStore` keeps its two tables in. */
export interface Table {
  /** Its types of columns for bytes, and for whole numbers up to 2^53. */
  readonly binary: string;
  readonly number: string;
  readonly run: RunStatement;
  /** Runs statements as one transaction, one at a time over all processes. */
  atOnce<T>(work: (run: RunStatement) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const columns =
  "id, sequence, hash, at, pinned, text, original_tokens, stored_tokens, merged_into, metadata, embedding, text_encoding, original, original_encoding";

/** A tenth of the time of the best compression, for a few percent of the bytes. */
const quick = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

/** The store of a database with SQL: one table of memories, one of those that were forgotten. */
export async function createTableStore(table: Table): Promise<MemoryStore> {
  await table.atOnce((run) => createTables(table, run));
  const oneByOne = takeTurns();
  const change = <T>(work: (run: RunStatement) => Promise<T>) => oneByOne(() => table.atOnce(work));
  return {
    insert: (record) => change((run) => insertRecord(run, record)),
    update: (id, changed) => change((run) => updateRecord(run, id, changed)),
    remove: (id) => change((run) => removeRecord(run, id)),
    readChanges: (sequence) => oneByOne(() => readChanges(table.run, sequence)),
    readOriginal: (id) => oneByOne(() => readOriginal(table.run, id)),
    close: () => oneByOne(() => table.close()),
  };
}

/** Transactions of one connection must not interleave, and nothing may close it while one runs. */
function takeTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  };
}

async function createTables({ binary, number }: Table, run: RunStatement): Promise<void> {
  await run(
    `CREATE TABLE IF NOT EXISTS brevis_memory (
      id ${number} PRIMARY KEY, sequence ${number} NOT NULL, hash TEXT NOT NULL UNIQUE, at ${number} NOT NULL, pinned ${number} NOT NULL,
      text ${binary} NOT NULL, text_encoding TEXT NOT NULL, original ${binary} NOT NULL, original_encoding TEXT NOT NULL,
      original_tokens ${number} NOT NULL, stored_tokens ${number} NOT NULL, merged_into ${number}, metadata TEXT NOT NULL, embedding ${binary})`,
    [],
  );
  await run("CREATE INDEX IF NOT EXISTS brevis_memory_sequence ON brevis_memory (sequence)", []);
  await run(`CREATE TABLE IF NOT EXISTS brevis_forgotten (id ${number} PRIMARY KEY, sequence ${number} NOT NULL)`, []);
}

/** The next number of the one sequence that writes, changes and forgettings share. An id is the sequence that its writing had. */
async function nextSequence(run: RunStatement): Promise<number> {
  const rows = await run(
    "SELECT MAX(s) AS last FROM (SELECT MAX(sequence) AS s FROM brevis_memory UNION ALL SELECT MAX(sequence) FROM brevis_forgotten) AS both_tables",
    [],
  );
  return Number(rows[0]?.last ?? 0) + 1;
}

async function insertRecord(run: RunStatement, record: NewRecord) {
  const [known] = await run(`SELECT ${columns} FROM brevis_memory WHERE hash = $1`, [record.hash]);
  if (known !== undefined) return { record: readRow(known), existed: true };
  const sequence = await nextSequence(run);
  const text = encodeText(record.text);
  const original = encodeText(record.original);
  await run(
    `INSERT INTO brevis_memory (${columns})
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      sequence,
      sequence,
      record.hash,
      record.at,
      Number(record.pinned),
      text.bytes,
      record.tokens.original,
      record.tokens.stored,
      record.mergedInto === undefined ? null : numberOf(record.mergedInto),
      JSON.stringify(record.metadata),
      record.embedding === undefined ? null : Buffer.from(record.embedding.slice().buffer),
      text.encoding,
      brotliCompressSync(original.bytes, quick),
      original.encoding,
    ],
  );
  const { original: _, ...rest } = record;
  return { record: { ...rest, id: nameOf(sequence), sequence }, existed: false };
}

async function updateRecord(run: RunStatement, id: string, change: RecordChange): Promise<boolean> {
  const [column, value] =
    "pinned" in change ? ["pinned", Number(change.pinned)] : ["merged_into", numberOf(change.mergedInto)];
  const sequence = await nextSequence(run);
  const sql = `UPDATE brevis_memory SET ${column} = $1, sequence = $2 WHERE id = $3 RETURNING id`;
  return (await run(sql, [value, sequence, numberOf(id)])).length > 0;
}

async function removeRecord(run: RunStatement, id: string): Promise<boolean> {
  const sequence = await nextSequence(run);
  const gone = await run("DELETE FROM brevis_memory WHERE id = $1 RETURNING id", [numberOf(id)]);
  if (gone.length === 0) return false;
  await run("INSERT INTO brevis_forgotten (id, sequence) VALUES ($1, $2)", [numberOf(id), sequence]);
  return true;
}

async function readChanges(run: RunStatement, after: number): Promise<StoreChange[]> {
  const rows = await run(`SELECT ${columns} FROM brevis_memory WHERE sequence > $1`, [after]);
  const gone = await run("SELECT id, sequence FROM brevis_forgotten WHERE sequence > $1", [after]);
  const changes: StoreChange[] = [
    ...rows.map((row) => ({ sequence: Number(row.sequence), record: readRow(row), original: originalOf(row) })),
    ...gone.map(({ id, sequence }) => ({ sequence: Number(sequence), forgotten: nameOf(Number(id)) })),
  ];
  return changes.sort((a, b) => a.sequence - b.sequence);
}

async function readOriginal(run: RunStatement, id: string): Promise<string | undefined> {
  const sql = "SELECT original, original_encoding FROM brevis_memory WHERE id = $1";
  const [row] = await run(sql, [numberOf(id)]);
  return row && originalOf(row);
}

function originalOf(row: Record<string, unknown>): string {
  return decodeText(brotliDecompressSync(bytesOf(row.original as Bytes)), row.original_encoding as TextEncoding);
}

function readRow(row: Record<string, unknown>): MemoryRecord {
  const { merged_into: mergedInto, embedding } = row;
  return {
    id: nameOf(Number(row.id)),
    sequence: Number(row.sequence),
    hash: row.hash as string,
    at: Number(row.at),
    pinned: Number(row.pinned) === 1,
    text: decodeText(bytesOf(row.text as Bytes), row.text_encoding as TextEncoding),
    tokens: { original: Number(row.original_tokens), stored: Number(row.stored_tokens) },
    metadata: JSON.parse(row.metadata as string),
    ...(mergedInto === null || mergedInto === undefined ? {} : { mergedInto: nameOf(Number(mergedInto)) }),
    ...(embedding === null || embedding === undefined ? {} : { embedding: toFloats(embedding as Bytes) }),
  };
}

/** What drivers give for bytes. */
type Bytes = Uint8Array | ArrayBuffer;

function bytesOf(bytes: Bytes): Buffer {
  return bytes instanceof ArrayBuffer ? Buffer.from(bytes) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** A copy, since a driver's bytes need not lie where floats may. */
function toFloats(bytes: Bytes): Float32Array {
  return new Float32Array(Uint8Array.from(bytesOf(bytes)).buffer);
}

function nameOf(number: number): string {
  return `m${number}`;
}

/** The number of an id; -1, which no record has, for what is no id. */
function numberOf(id: string): number {
  return /^m\d{1,15}$/u.test(id) ? Number(id.slice(1)) : -1;
}
