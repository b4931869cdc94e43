import { Alert, Button, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { ApiProblem } from "../api/client";
import { useSpeech } from "../i18n";

/** What went wrong, as the server says it, and a way to try again. */
export function Failure(props: { error: Error; retry?: () => void }) {
  const { t } = useSpeech();
  const { error, retry } = props;
  const detail = error instanceof ApiProblem ? error.message : t("failure.unreachable");
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle />} title={t("failure.title")} role="alert">
      <Stack gap="xs" align="flex-start">
        <Text size="sm" component="bdi" lang="en">
          {detail}
        </Text>
        {retry && (
          <Button size="compact-sm" variant="light" color="red" onClick={retry}>
            {t("failure.retry")}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
