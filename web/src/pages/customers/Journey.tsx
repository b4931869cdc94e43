import { Badge, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { get } from "../../api/client";
import { useSpeech } from "../../i18n";

interface Stages {
  stage: string | null;
  stages: { stage: string; on: string | null }[];
}

/** Which stages the customer has reached, and when. */
export function Journey({ id }: { id: string }) {
  const { t, maybe, day } = useSpeech();
  const query = useQuery({
    queryKey: ["stages", id],
    queryFn: ({ signal }) => get<Stages>(`/customers/${id}/stages`, {}, signal),
  });
  const reached = (query.data?.stages ?? []).filter((one) => one.on !== null);
  if (reached.length === 0) return null;
  return (
    <Group gap="md" role="group" aria-label={t("stages.title")}>
      {reached.map((one) => (
        <Group key={one.stage} gap={6}>
          <Badge variant={one.stage === query.data?.stage ? "filled" : "default"} tt="none">
            {maybe(`stage.${one.stage}`, one.stage)}
          </Badge>
          <Text size="xs" className="quiet numbers">
            {day(one.on ?? "")}
          </Text>
        </Group>
      ))}
    </Group>
  );
}
