import { Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDownload, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { get, post } from "../../api/client";
import type { components } from "../../api/schema";
import { ConfirmButton } from "../../components/ConfirmButton";
import { Failure } from "../../components/Failure";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";

type Status = components["schemas"]["PrivacyStatus"];

/** What the law gives the customer: a copy of everything, or that it is forgotten. */
export function Privacy({ id }: { id: string }) {
  const { t } = useSpeech();
  const client = useQueryClient();
  const ask = async (kind: "export" | "erase") => {
    const status = await post<Status>("/privacy/requests", { kind, person: id });
    await client.invalidateQueries({ queryKey: ["privacy requests"] });
    return status;
  };
  const request = useMutation({ mutationFn: () => ask("export") });
  const erase = async () => {
    await ask("erase");
    notifications.show({ message: t("privacy.erasing") });
    await client.invalidateQueries();
  };
  return (
    <Section title={t("privacy.title")}>
      <Stack>
        <Group gap="xs">
          <Button
            variant="default"
            leftSection={<IconDownload size={16} />}
            loading={request.isPending}
            onClick={() => request.mutate()}
          >
            {t("privacy.export")}
          </Button>
          <ConfirmButton
            label={t("privacy.erase")}
            warning={t("privacy.eraseWarning")}
            confirm={t("privacy.eraseNow")}
            variant="light"
            color="red"
            leftSection={<IconTrash size={16} />}
            isDangerous
            run={erase}
          />
        </Group>
        {request.data && <Document id={request.data.id} />}
        {request.isError && <Failure error={request.error} />}
        <Text size="sm">
          <Link to="/data" search={(before) => ({ ...before, tab: "privacy" })} className="text-link">
            {t("privacy.all")}
          </Link>
        </Text>
      </Stack>
    </Section>
  );
}

/** The copy of everything, as soon as it is there. */
function Document({ id }: { id: string }) {
  const { t } = useSpeech();
  const query = useQuery({
    queryKey: ["privacy request", id],
    queryFn: ({ signal }) => get<Status>(`/privacy/requests/${id}`, {}, signal),
    refetchInterval: (current) => (current.state.data?.state === "done" ? false : 1000),
  });
  if (query.isError) return <Failure error={query.error} />;
  return (
    <Text size="sm" aria-live="polite">
      {query.data?.has_document ? (
        <Anchor href={`/api/v1/privacy/requests/${id}/document`} download={`${id}.json`} underline="always" inherit>
          {t("privacy.document")}
        </Anchor>
      ) : (
        t("privacy.exporting")
      )}
    </Text>
  );
}
