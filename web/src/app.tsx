import { useCallback, useState } from "preact/hooks";
import { useComparison } from "./comparison/use-comparison.js";
import { type CompressionSettings, useCompression } from "./compression/use-compression.js";
import { type Ask, AskPanel } from "./parts/ask-panel.js";
import { Header } from "./parts/header.js";
import { Notice } from "./parts/notice.js";
import { ResultPanel } from "./parts/result-panel.js";
import { Settings } from "./parts/settings.js";
import { SourcePanel } from "./parts/source-panel.js";
import { TokenForm } from "./parts/token-form.js";
import { readFiles } from "./read-files.js";
import type { Sample } from "./samples/sample-texts.js";
import { useService } from "./service/use-service.js";
import { useAnnouncement } from "./use-announcement.js";
import { useDroppedFiles } from "./use-dropped-files.js";

type FirstSettings = Omit<CompressionSettings, "query">;
const firstSettings: FirstSettings = { rate: 0.5, kind: "auto", strategy: "extractive", dictionary: "on" };
const firstAsk: Ask = { model: "", question: "", system: "", isForQuestion: false, isAdaptive: false, isShort: false };
const someBytes = 10 << 20;

/** The compare page. */
export function App() {
  const { state, config, notice, unlock } = useService();
  const [source, setSource] = useState("");
  const [problem, setProblem] = useState<string>();
  const [settings, setSettings] = useState(firstSettings);
  const [ask, setAsk] = useState(firstAsk);
  const query = ask.isForQuestion ? ask.question.trim() : "";
  const { compressed, error, isBusy } = useCompression(source, { ...settings, query }, state === "ready", notice);
  const comparison = useComparison(notice);
  const model = ask.model || (config?.defaults.model ?? "");

  const takeText = useCallback((text: string) => {
    setProblem(undefined);
    setSource(text);
  }, []);
  const mostBytes = config?.limits.bodyBytes ?? someBytes;
  const takeFiles = useCallback(
    async (files: readonly File[]) => {
      if (files.length === 0) return;
      const read = await readFiles(files, mostBytes);
      if (read.problem === undefined) takeText(read.text);
      else setProblem(read.problem);
    },
    [mostBytes, takeText],
  );
  const takeSample = ({ write, question }: Sample) => {
    takeText(write());
    setAsk((now) => ({ ...now, question }));
  };
  const isOver = useDroppedFiles(takeFiles, takeText);
  const spoken = useAnnouncement(compressed, comparison.state);
  const body = writeBody(source, settings, { ...ask, model }, query);
  const [asked, setAsked] = useState<typeof body>();
  const start = () => {
    setAsked(body);
    return comparison.ask(body);
  };

  return (
    <>
      <Header state={state} version={config?.version} />
      <main>
        {state === "locked" && <TokenForm unlock={unlock} />}
        {state === "offline" && (
          <Notice kind="error" title="The service does not answer.">
            Is brevis serve still running? This page tries again every two seconds, and keeps what you have written.
          </Notice>
        )}
        <div class="workbench">
          <SourcePanel
            source={source}
            isOver={isOver}
            problem={problem}
            setSource={takeText}
            takeFiles={takeFiles}
            takeSample={takeSample}
          />
          <Settings
            config={config}
            settings={{ ...settings, query }}
            change={(changed) => setSettings((now) => ({ ...now, ...changed }))}
          />
          <ResultPanel
            compressed={compressed}
            error={state === "offline" ? undefined : error}
            isBusy={isBusy && state !== "offline"}
          />
        </div>
        <AskPanel
          config={config}
          ask={{ ...ask, model }}
          state={comparison.state}
          isStale={asked !== undefined && !isSame(asked, body)}
          canAsk={state === "ready" && source.trim() !== "" && model !== ""}
          change={(changed) => setAsk((now) => ({ ...now, ...changed }))}
          start={start}
          stop={comparison.stop}
        />
      </main>
      <p class="hidden" aria-live="polite">
        {spoken}
      </p>
    </>
  );
}

function writeBody(source: string, { rate, kind, strategy, dictionary }: FirstSettings, ask: Ask, query: string) {
  return {
    model: ask.model,
    user_prompt: source,
    kind,
    strategy,
    dictionary,
    rate,
    ...(query !== "" && { query }),
    ...(ask.question.trim() !== "" && { question: ask.question.trim() }),
    ...(ask.system.trim() !== "" && { system_prompt: ask.system }),
    ...(ask.isAdaptive && { adaptive: true }),
    ...(ask.isShort && { shape_output: true }),
  };
}

/** Whether two requests ask the same. */
function isSame(one: Readonly<Record<string, unknown>>, other: Readonly<Record<string, unknown>>): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => one[name] === other[name]);
}
