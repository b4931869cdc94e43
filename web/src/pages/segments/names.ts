import type { Segment } from "../../api/types";
import type { Language } from "../../i18n/languages";

/** The name of a segment: of ready-made ones in the reader's language. */
export function segmentName(segment: Segment, language: Language): string {
  return segment.names?.[language] ?? segment.name;
}
