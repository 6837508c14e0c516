import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Compressed } from "../compression/use-compression.js";
import { explainOmission } from "../diff/explain-omission.js";
import { type Piece, splitSource } from "../diff/split-source.js";
import { formatCount } from "../format.js";
import type { Compression } from "../service/types.js";
import { ReasonTip } from "./reason-tip.js";

/** Pieces that are drawn at first: a browser is slow with many thousands. */
const mostPieces = 1500;
/** Longer omissions show their first lines until they are opened. */
const mostLines = 5;

/**
 * The whole text, with what was left out struck through. All omissions are one stop of the Tab key: the arrow keys go from one
 * to the next. The reason shows for the one under the pointer, or else the one that has the focus.
 */
export function Changes({ compressed: { source, result } }: { compressed: Compressed }) {
  const [limit, setLimit] = useState(mostPieces);
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const [stop, setStop] = useState(0);
  const [shown, setShown] = useState<number>();
  // The reason stays beside what it is about while the text scrolls.
  const [, redraw] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const pieces = useMemo(() => splitSource(source, result.segments), [source, result]);
  const omitted = useMemo(() => pieces.flatMap(({ omission }, at) => (omission ? [at] : [])), [pieces]);
  // Of another result nothing is opened; another text is read from its start.
  useEffect(() => setOpened(new Set()), [result]);
  const beginning = source.slice(0, 80);
  useEffect(() => list.current?.scrollTo(0, 0), [beginning]);
  useEffect(() => {
    if (shown === undefined) return;
    // Wherever the focus is: a reason under the pointer can be put away without moving it.
    const hide = ({ key }: KeyboardEvent) => {
      if (key === "Escape") setShown(undefined);
    };
    document.addEventListener("keydown", hide);
    return () => document.removeEventListener("keydown", hide);
  }, [shown]);
  const stopAt = omitted[Math.min(stop, omitted.length - 1)];
  const find = (at: number) => list.current?.querySelector<HTMLElement>(`[data-at="${at}"]`) ?? null;
  const placeOf = (target: EventTarget | null) => {
    const element = target instanceof Element ? target.closest<HTMLElement>("[data-at]") : null;
    return element === null ? undefined : Number(element.dataset.at);
  };
  const open = (at: number | undefined) => at !== undefined && setOpened((known) => new Set(known).add(at));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      return void open(placeOf(event.target));
    }
    const last = omitted.length - 1;
    const next = {
      ArrowRight: stop + 1,
      ArrowDown: stop + 1,
      ArrowLeft: stop - 1,
      ArrowUp: stop - 1,
      Home: 0,
      End: last,
    }[event.key];
    if (next === undefined || placeOf(event.target) === undefined) return;
    event.preventDefault();
    const chosen = Math.max(0, Math.min(last, next));
    const at = omitted[chosen]!;
    if (at >= limit) setLimit(at + mostPieces);
    setStop(chosen);
    requestAnimationFrame(() => find(at)?.focus());
  };
  const tip = shown === undefined ? undefined : pieces[shown];
  return (
    <div class="changes-frame">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys and pointers of the omissions inside, which have the focus */}
      {/* biome-ignore lint/a11y/useKeyWithMouseEvents: onFocusIn does the same for keys */}
      <div
        ref={list}
        class="text changes"
        onMouseOver={({ target }) => setShown(placeOf(target))}
        onMouseLeave={() => setShown(undefined)}
        onFocusIn={({ target }) => {
          const at = placeOf(target);
          setShown(at);
          if (at !== undefined) setStop(omitted.indexOf(at));
        }}
        onFocusOut={() => setShown(undefined)}
        onClick={({ target }) => void open(placeOf(target))}
        onKeyDown={onKeyDown}
        onScroll={() => redraw((times) => times + 1)}
      >
        {describeNotation(pieces, source, result) && (
          <p class="quiet notation">{describeNotation(pieces, source, result)}</p>
        )}
        {pieces.slice(0, limit).map((piece, at) => (
          <ShownPiece
            key={at}
            at={at}
            piece={piece}
            isStop={at === stopAt}
            isOpen={opened.has(at)}
            isShown={shown === at}
            hasTags={result.segments.length > 1}
          />
        ))}
        {pieces.length > limit && (
          <button type="button" class="button" onClick={() => setLimit(limit + mostPieces)}>
            Show more of {formatCount(source.length)} characters
          </button>
        )}
      </div>
      {tip?.omission && <ReasonTip reason={explainOmission(tip.omission, tip.segment, result)} anchor={find(shown!)} />}
    </div>
  );
}

interface ShownPieceProps {
  readonly at: number;
  readonly piece: Piece;
  readonly isStop: boolean;
  readonly isOpen: boolean;
  readonly isShown: boolean;
  /** Whether each segment says of which kind it is. */
  readonly hasTags: boolean;
}

function ShownPiece({
  at,
  piece: { text, omission, segment, isFirst },
  isStop,
  isOpen,
  isShown,
  hasTags,
}: ShownPieceProps) {
  const tag = hasTags && isFirst ? <span class="tag">{segment.kind}</span> : null;
  if (omission === undefined) {
    return (
      <>
        {tag}
        <span class={segment.loss === "format" ? "renoted" : undefined}>{text}</span>
      </>
    );
  }
  // White space at the end looks better unmarked.
  const shownText = text.trimEnd() || text;
  const lines = shownText.split("\n");
  const isCut = !isOpen && lines.length > mostLines + 2;
  return (
    <>
      {tag}
      <del data-at={at} tabIndex={isStop ? 0 : -1} aria-describedby={isShown ? "reason" : undefined}>
        {isCut ? lines.slice(0, mostLines).join("\n") : shownText}
        {isCut && <span class="more">{`\n⋯ ${formatCount(lines.length - mostLines)} more lines\n`}</span>}
      </del>
      {text.slice(shownText.length)}
    </>
  );
}

/** Where what went explains little of the saving: what stayed is written in fewer tokens. */
function describeNotation(pieces: readonly Piece[], source: string, { rate, loss }: Compression): string | undefined {
  const gone = pieces.reduce((sum, { omission, text }) => sum + (omission === undefined ? 0 : text.length), 0);
  if (gone === 0) {
    return loss === "none" && rate === 1
      ? "Nothing was left out."
      : "Nothing was left out; what stays is written in fewer tokens.";
  }
  return gone / source.length < (1 - rate) / 2
    ? "Most of the saving is a shorter notation: see the compressed text."
    : undefined;
}
