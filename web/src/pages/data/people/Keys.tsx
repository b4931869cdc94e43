import { Badge, Group, Table, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { change, get } from "../../../api/client";
import type { components } from "../../../api/schema";
import { Answered } from "../../../components/Answered";
import { ConfirmButton } from "../../../components/ConfirmButton";
import { Scrolls } from "../../../components/Scrolls";
import { Section } from "../../../components/Section";
import { useSpeech } from "../../../i18n";
import { AddKey } from "./AddKey";

type Key = components["schemas"]["ApiKey"];

/** Keys of programs: what each may do, and the way to withdraw it. */
export function Keys() {
  const { t, moment } = useSpeech();
  const client = useQueryClient();
  const query = useQuery({
    queryKey: ["keys"],
    queryFn: ({ signal }) => get<Key[]>("/keys", {}, signal),
  });
  const withdraw = async (id: string) => {
    await change("DELETE", `/keys/${id}`);
    await client.invalidateQueries({ queryKey: ["keys"] });
  };
  return (
    <Section title={t("keys.title")} hint={t("keys.hint")} aside={<AddKey />}>
      <Answered query={query} height={60}>
        {(keys) => (
          <Scrolls label={t("keys.title")} minWidth={600}>
            <Table fz="sm">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("builder.name")}</Table.Th>
                  <Table.Th>{t("keys.scopes")}</Table.Th>
                  <Table.Th>{t("table.added")}</Table.Th>
                  <Table.Th aria-label={t("table.actions")} />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {keys.map((key) => (
                  <Table.Tr key={key.id} className={key.withdrawn_at ? "quiet" : ""}>
                    <Table.Td>
                      <bdi>{key.name}</bdi>
                      <Text size="xs" className="quiet" component="div">
                        <bdi dir="ltr">{["clove_" + key.id, key.source].filter(Boolean).join(" · ")}</bdi>
                      </Text>
                    </Table.Td>
                    <Table.Td>
                      <Group gap={4}>
                        {key.scopes.map((scope) => (
                          <Badge key={scope} variant="light" tt="none" color="gray">
                            {t(`scope.${scope}`)}
                          </Badge>
                        ))}
                      </Group>
                    </Table.Td>
                    <Table.Td className="numbers quiet">{moment(key.created_at)}</Table.Td>
                    <Table.Td ta="end">
                      {key.withdrawn_at ? (
                        t("keys.withdrawn")
                      ) : (
                        <ConfirmButton
                          size="compact-sm"
                          label={t("keys.withdraw")}
                          warning={t("keys.withdrawWarning", { name: key.name })}
                          isDangerous
                          run={() => withdraw(key.id)}
                        />
                      )}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Scrolls>
        )}
      </Answered>
    </Section>
  );
}
