import { Button, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { post } from "../../../api/client";
import { Failure } from "../../../components/Failure";
import { useSpeech } from "../../../i18n";

/** Tries something again as it is. */
export function RetryButton({ path }: { path: string }) {
  const { t } = useSpeech();
  const client = useQueryClient();
  const retry = useMutation({
    mutationFn: () => post(path, {}),
    onSuccess: async () => {
      notifications.show({ message: t("apart.tried") });
      await client.invalidateQueries();
    },
  });
  return (
    <Stack gap={4}>
      <Button size="compact-sm" variant="default" loading={retry.isPending} onClick={() => retry.mutate()}>
        {t("apart.retry")}
      </Button>
      {retry.isError && <Failure error={retry.error} />}
    </Stack>
  );
}
