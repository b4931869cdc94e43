import { Box, Group, Text, Title } from "@mantine/core";
import { useEffect, type ReactNode } from "react";

/** The question that a page answers. */
export function PageHead(props: { title: string; question?: string; aside?: ReactNode }) {
  const { title, question, aside } = props;
  useEffect(() => {
    document.title = `${title} · Clove`;
  }, [title]);
  return (
    <Group justify="space-between" align="flex-end" mb="lg" gap="sm">
      <Box>
        <Title order={1} size="h2" className="breaks">
          <bdi>{title}</bdi>
        </Title>
        {question && <Text className="quiet breaks">{question}</Text>}
      </Box>
      {aside}
    </Group>
  );
}
