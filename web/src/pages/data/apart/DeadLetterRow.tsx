import { RetryButton } from "./RetryButton";
import { Row } from "./Row";
import type { DeadLetter } from "./useApart";

/** Work that failed too often: tried again, once the cause is gone. */
export function DeadLetterRow({ one }: { one: DeadLetter }) {
  return (
    <Row
      problems={[{ detail: one.error ?? one.kind }]}
      origin={`${one.kind} · ${one.of} · ${one.attempts}×`}
      at={one.died_at}
      actions={<RetryButton path={`/dead-letters/${encodeURIComponent(one.id)}/retry`} />}
    />
  );
}
