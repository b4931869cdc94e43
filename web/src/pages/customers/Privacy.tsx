import { Badge, Button, Group, List, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post } from "../../api/client";
import type { components } from "../../api/schema";
import type { Customer } from "../../api/types";
import { Answered } from "../../components/Answered";
import { Failure } from "../../components/Failure";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";

type Consents = components["schemas"]["CustomerConsents"];
type Status = components["schemas"]["PrivacyStatus"];

/** What the customer consents to, and what the law gives them: a copy of everything, or that it is forgotten. */
export function Privacy({ known }: { known: Customer }) {
  const { t, moment } = useSpeech();
  const { id, profile } = known;
  const [email, phone] = [profile?.emails[0], profile?.phones[0]];
  const named = email ? { email } : phone ? { phone } : null;
  const client = useQueryClient();
  const [asking, { open, close }] = useDisclosure();
  const consents = useQuery({
    queryKey: ["consents", id],
    queryFn: ({ signal }) => get<Consents>(`/customers/${id}/consents`, {}, signal),
  });
  const request = useMutation({
    mutationFn: (kind: "export" | "erase") => post<Status>("/privacy/requests", { kind, ...named }),
    onSuccess: async (_, kind) => {
      close();
      notifications.show({ message: t(kind === "export" ? "privacy.exporting" : "privacy.erasing") });
      await client.invalidateQueries();
    },
  });
  return (
    <Section title={t("privacy.title")}>
      <Stack>
        <Answered query={consents} height={40}>
          {(known) =>
            known.consents.length === 0 ? (
              <Text className="quiet">{t("privacy.noConsents")}</Text>
            ) : (
              <List listStyleType="none" spacing="xs">
                {known.consents.map((one) => (
                  <List.Item key={one.channel + one.purpose}>
                    <Group gap="xs">
                      <Badge variant="light" tt="none" color={one.state === "granted" ? "clove" : "gray"}>
                        {t(`consent.${one.state}`)}
                      </Badge>
                      <Text size="sm">
                        <bdi>
                          {one.channel} · {one.purpose}
                        </bdi>
                      </Text>
                      <Text size="xs" className="quiet">
                        {moment(one.since)}
                      </Text>
                    </Group>
                  </List.Item>
                ))}
              </List>
            )
          }
        </Answered>
        {named && (
          <Group>
            <Button variant="default" loading={request.isPending} onClick={() => request.mutate("export")}>
              {t("privacy.export")}
            </Button>
            <Button variant="light" color="red" onClick={open}>
              {t("privacy.erase")}
            </Button>
          </Group>
        )}
        {request.isError && <Failure error={request.error} />}
      </Stack>
      <Modal opened={asking} onClose={close} title={t("privacy.erase")} closeButtonProps={{ "aria-label": t("close") }}>
        <Stack>
          <Text>{t("privacy.eraseWarning")}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t("cancel")}
            </Button>
            <Button color="red" loading={request.isPending} onClick={() => request.mutate("erase")}>
              {t("privacy.eraseNow")}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Section>
  );
}
