import { Badge, Group, List, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post } from "../../api/client";
import type { components } from "../../api/schema";
import { Answered } from "../../components/Answered";
import { ConfirmButton } from "../../components/ConfirmButton";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";

type AllConsents = components["schemas"]["CustomerConsents"];
type Consent = components["schemas"]["CustomerConsent"];

/** What the customer consents to, since when, and what proves it. */
export function Consents({ id }: { id: string }) {
  const { t, maybe, moment } = useSpeech();
  const client = useQueryClient();
  const query = useQuery({
    queryKey: ["consents", id],
    queryFn: ({ signal }) => get<AllConsents>(`/customers/${id}/consents`, {}, signal),
  });
  const takeBack = async ({ channel, purpose }: Consent) => {
    await post(`/customers/${id}/consents`, { channel, purpose, state: "withdrawn", method: "phone" });
    await client.invalidateQueries({ queryKey: ["consents", id] });
  };
  return (
    <Section title={t("consents.title")}>
      <Answered query={query} height={40}>
        {({ consents, evidence }) =>
          consents.length === 0 ? (
            <Text className="quiet">{t("privacy.noConsents")}</Text>
          ) : (
            <List listStyleType="none" spacing="sm">
              {consents.map((one) => {
                const proof = evidence.find((row) => row.channel === one.channel && row.purpose === one.purpose);
                return (
                  <List.Item key={one.channel + one.purpose}>
                    <Group gap="xs">
                      <Badge variant="light" tt="none" color={one.state === "granted" ? "clove" : "gray"}>
                        {t(`consent.${one.state}`)}
                      </Badge>
                      <Text size="sm">
                        <bdi>
                          {maybe(`channel.${one.channel}`, one.channel)} ·{" "}
                          {maybe(`purpose.${one.purpose}`, one.purpose)}
                        </bdi>
                      </Text>
                      {one.state !== "withdrawn" && (
                        <ConfirmButton
                          size="compact-sm"
                          label={t("consents.takeBack")}
                          warning={t("consents.takeBackWarning")}
                          run={() => takeBack(one)}
                        />
                      )}
                    </Group>
                    <Text size="xs" className="quiet numbers">
                      {moment(one.since)}
                      {proof && (
                        <>
                          {" · "}
                          <bdi dir="ltr">{[proof.method, proof.form, proof.source].filter(Boolean).join(", ")}</bdi>
                        </>
                      )}
                    </Text>
                  </List.Item>
                );
              })}
            </List>
          )
        }
      </Answered>
    </Section>
  );
}
