import { useEffect, useState } from "preact/hooks";

/** Takes files and text that are dropped anywhere on the page, and files that are pasted. @returns whether something hangs over it */
export function useDroppedFiles(
  takeFiles: (files: readonly File[]) => void,
  takeText: (text: string) => void,
): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    // A text field takes dropped text by itself, at the place where it falls.
    const isOfField = (event: DragEvent) =>
      event.target instanceof HTMLTextAreaElement && event.dataTransfer?.types.includes("Files") === false;
    const over = (event: DragEvent) => {
      if (isOfField(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      setOver(false);
      if (isOfField(event)) return;
      event.preventDefault();
      const files = [...(event.dataTransfer?.files ?? [])];
      const text = event.dataTransfer?.getData("text/plain") ?? "";
      if (files.length > 0) takeFiles(files);
      else if (text !== "") takeText(text);
    };
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      takeFiles(files);
    };
    const listeners = Object.entries({ dragover: over, dragleave: leave, drop, paste }) as [string, EventListener][];
    for (const [name, listener] of listeners) document.addEventListener(name, listener);
    return () => {
      for (const [name, listener] of listeners) document.removeEventListener(name, listener);
    };
  }, [takeFiles, takeText]);
  return isOver;
}
