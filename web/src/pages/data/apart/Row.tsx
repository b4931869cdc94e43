import { Group, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useSpeech } from "../../../i18n";

/** Something kept apart: what is wrong, how to mend it, where it came from, and what can be done. */
export function Row(props: {
  problems: { detail: string; pointer?: string; remedy?: string | null | undefined }[];
  origin: string;
  at: number;
  actions: ReactNode;
}) {
  const { problems, origin, at, actions } = props;
  const { moment } = useSpeech();
  return (
    <Group justify="space-between" align="flex-start" gap="sm" className="row">
      <div style={{ flex: "1 1 20rem", minWidth: 0 }}>
        {problems.map((problem, index) => (
          <Text key={index} size="sm" lang="en" dir="ltr" className="breaks" ta="start">
            {problem.pointer && <code>{problem.pointer}</code>} {problem.detail}
            {problem.remedy && (
              <Text span size="sm" className="quiet">
                {" "}
                {problem.remedy}
              </Text>
            )}
          </Text>
        ))}
        <Text size="xs" className="quiet numbers">
          {moment(at)} · <bdi dir="ltr">{origin}</bdi>
        </Text>
      </div>
      <Group gap="xs">{actions}</Group>
    </Group>
  );
}
