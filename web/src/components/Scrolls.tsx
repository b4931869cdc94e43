import type { ReactNode } from "react";

/** What is wider than a phone scrolls by itself, with the keyboard too. */
export function Scrolls(props: { label: string; minWidth: number; children: ReactNode }) {
  return (
    <div className="scrolls" role="region" aria-label={props.label} tabIndex={0}>
      <div style={{ minWidth: props.minWidth }}>{props.children}</div>
    </div>
  );
}
