import type { ComponentChildren } from "preact";

/** Something that the reader has to know, with what can be done about it. */
export function Notice({
  kind,
  title,
  children,
}: {
  kind: "error" | "note";
  title: string;
  children?: ComponentChildren;
}) {
  return (
    <div class={`notice notice-${kind}`} role={kind === "error" ? "alert" : undefined}>
      <strong>{title}</strong>
      {children && <span>{children}</span>}
    </div>
  );
}
