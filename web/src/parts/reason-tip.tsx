import { useLayoutEffect, useRef } from "preact/hooks";
import type { Reason } from "../diff/explain-omission.js";

/** Why something was left out, beside it. */
export function ReasonTip({ reason: { title, why, place }, anchor }: { reason: Reason; anchor: HTMLElement | null }) {
  const tip = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = tip.current;
    const frame = element?.offsetParent;
    const first = anchor?.getClientRects()[0];
    if (!element || !frame || !first) return;
    const around = frame.getBoundingClientRect();
    const below = first.bottom - around.top + 6;
    const above = first.top - around.top - element.offsetHeight - 6;
    const left = Math.min(Math.max(first.left - around.left, 8), around.width - element.offsetWidth - 8);
    element.style.setProperty("left", `${Math.max(8, left)}px`);
    element.style.setProperty("top", `${below + element.offsetHeight > around.height && above > 0 ? above : below}px`);
  });
  return (
    <div ref={tip} id="reason" role="tooltip" class="tip">
      <strong>{title}</strong>
      <span>{why}</span>
      <span class="quiet">{place}</span>
    </div>
  );
}
