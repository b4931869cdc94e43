import { Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { get } from "../../../api/client";
import type { components } from "../../../api/schema";
import { Answered } from "../../../components/Answered";
import { Section } from "../../../components/Section";
import { useSpeech } from "../../../i18n";
import { WebhookSteps, isSystem } from "./WebhookSteps";

type Source = components["schemas"]["SourceBody"];

/** Shops that hand in by themselves, and where each sends its webhooks. */
export function Sources() {
  const { t, moment } = useSpeech();
  const query = useQuery({
    queryKey: ["sources"],
    queryFn: ({ signal }) => get<Source[]>("/sources", {}, signal),
  });
  return (
    <Section title={t("data.sources")}>
      <Answered query={query} height={60}>
        {(items) =>
          items.length === 0 ? (
            <Text className="quiet">{t("data.noSources")}</Text>
          ) : (
            <Table fz="sm">
              <Table.Tbody>
                {items.map((source) => (
                  <Table.Tr key={source.name}>
                    <Table.Td>
                      <bdi dir="ltr">{source.name}</bdi>
                      {source.webhook_path && !source.disconnected_at && isSystem(source.system) && (
                        <details>
                          <summary>{t("connect.steps")}</summary>
                          <WebhookSteps system={source.system} path={source.webhook_path} />
                        </details>
                      )}
                    </Table.Td>
                    <Table.Td className="quiet">{moment(source.created_at)}</Table.Td>
                    <Table.Td>
                      {source.disconnected_at
                        ? t("data.disconnected")
                        : t(source.has_webhook_secret ? "data.webhooks" : "data.noWebhooks")}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )
        }
      </Answered>
    </Section>
  );
}
