import { useQuery } from "@tanstack/react-query";
import { segmentNames } from "../../api/queries";
import type { Definition } from "../../api/types";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";
import { segmentName } from "./names";
import { wordsOf } from "./sentences";

/** A definition as a sentence; in English where only the server can say it. */
export function Words({ of, english }: { of: Definition; english: string }) {
  const speech = useSpeech();
  const { currency } = useView();
  const known = useQuery(segmentNames).data ?? [];
  const nameOf = (id: string) => {
    const segment = known.find((one) => one.id === id);
    return segment ? segmentName(segment, speech.language) : id;
  };
  const words = wordsOf(of, speech, currency, nameOf);
  return words ? <bdi>{words}</bdi> : <bdi lang="en">{english}</bdi>;
}
