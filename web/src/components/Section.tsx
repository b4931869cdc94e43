import { Box, Group, Paper, Text, Title } from "@mantine/core";
import { useId, type ReactNode } from "react";

/** A part of a page: a heading, a line that says what it tells, and its content. */
export function Section(props: { title: string; hint?: string; aside?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <Paper className="card" p={{ base: "md", sm: "lg" }} component="section" aria-labelledby={id}>
      <Group justify="space-between" align="flex-start" mb="md" gap="sm">
        <Box>
          <Title order={2} size="h4" id={id}>
            {props.title}
          </Title>
          {props.hint && (
            <Text size="sm" className="quiet">
              {props.hint}
            </Text>
          )}
        </Box>
        {props.aside}
      </Group>
      {props.children}
    </Paper>
  );
}
