import { Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { customerStages } from "../../api/queries";
import { useSpeech } from "../../i18n";

/** How far this customer has come, and when. */
export function StageLine({ id }: { id: string }) {
  const { t, day } = useSpeech();
  const query = useQuery(customerStages(id));
  const reached = query.data?.stages.filter((stage) => stage.on) ?? [];
  if (reached.length === 0) return null;
  return (
    <Group gap="xs" className="quiet numbers" component="ol" style={{ listStyle: "none", padding: 0, margin: 0 }}>
      {reached.map((stage, at) => (
        <Text
          size="sm"
          component="li"
          key={stage.stage}
          title={t(`contactRule.${stage.stage}` as "contactRule.awareness")}
        >
          {at > 0 && <span aria-hidden="true">→ </span>}
          {t(`stage.${stage.stage}` as "stage.awareness")} {day(stage.on ?? "")}
        </Text>
      ))}
    </Group>
  );
}
