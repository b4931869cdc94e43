import { Badge, Group, Select, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconArrowMerge } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { change, get, post } from "../../api/client";
import { customersBy } from "../../api/queries";
import type { components } from "../../api/schema";
import { Answered } from "../../components/Answered";
import { ConfirmButton } from "../../components/ConfirmButton";
import { nameOf } from "../../components/CustomerName";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";

type Merge = components["schemas"]["MergeRow"];
type Merged = components["schemas"]["Merged"];
type Unmerged = components["schemas"]["Unmerged"];

/** Which profiles are one person and why; joins another customer, or parts what does not belong together. */
export function Joined({ id }: { id: string }) {
  const { t, maybe, moment } = useSpeech();
  const client = useQueryClient();
  const navigate = useNavigate();
  const query = useQuery({
    queryKey: ["merges", id],
    queryFn: ({ signal }) => get<Merge[]>(`/customers/${id}/merges`, {}, signal),
  });
  const goTo = async (person: string, message: string) => {
    // First away from whoever is no more: that page would ask for nobody.
    await navigate({ to: "/customers/$id", params: { id: person }, search: true });
    notifications.show({ message });
    await client.invalidateQueries();
  };
  const part = async (merge: string) => {
    const { left } = await change<Unmerged>("DELETE", `/customers/${id}/merges/${merge}`);
    await goTo(left, t("merge.parted"));
  };
  return (
    <Section title={t("merge.title")} hint={t("merge.hint")} aside={<Join id={id} goTo={goTo} />}>
      <Answered query={query} height={40}>
        {(rows) =>
          rows.length === 0 ? (
            <Text className="quiet">{t("merge.none")}</Text>
          ) : (
            <Stack gap="sm">
              {rows.map((row) => (
                <Group key={row.merge} gap="xs" justify="space-between" className={row.undone ? "quiet" : ""}>
                  <div>
                    <Group gap="xs">
                      <Text size="sm">
                        <bdi>{row.automatic ? maybe(`mergeReason.${row.reason}`, row.reason) : row.reason}</bdi>
                      </Text>
                      <Badge variant="light" tt="none" color="gray">
                        {t(row.undone ? "merge.undone" : row.automatic ? "merge.automatic" : "merge.byHand")}
                      </Badge>
                    </Group>
                    <Text size="xs" className="quiet numbers">
                      {moment(row.at)}
                    </Text>
                  </div>
                  {!row.undone && (
                    <ConfirmButton
                      size="compact-sm"
                      label={t("merge.part")}
                      warning={t("merge.partWarning")}
                      run={() => part(row.merge)}
                    />
                  )}
                </Group>
              ))}
            </Stack>
          )
        }
      </Answered>
    </Section>
  );
}

function Join({ id, goTo }: { id: string; goTo: (person: string, message: string) => Promise<void> }) {
  const { t } = useSpeech();
  const [text, setText] = useState("");
  const [other, setOther] = useState<string | null>(null);
  const [asked] = useDebouncedValue(text.trim(), 200);
  const found = useQuery({ ...customersBy(asked), enabled: asked.length >= 2 }).data?.items ?? [];
  const join = async () => {
    if (!other) throw new Error(t("merge.choose"));
    const { person } = await post<Merged>(`/customers/${id}/merge`, { with: other });
    await goTo(person, t("merge.joined"));
  };
  return (
    <ConfirmButton
      size="xs"
      label={t("merge.join")}
      leftSection={<IconArrowMerge size={15} />}
      warning={t("merge.joinWarning")}
      run={join}
    >
      <Stack gap="xs">
        <Group grow>
          <Select
            searchable
            data-autofocus
            label={t("merge.with")}
            placeholder={t("customers.findHint")}
            nothingFoundMessage={asked.length >= 2 ? t("customers.notFound") : undefined}
            searchValue={text}
            onSearchChange={setText}
            value={other}
            onChange={setOther}
            filter={({ options }) => options}
            data={found
              .filter((row) => row.id !== id)
              .map((row) => ({
                value: row.id,
                label: [...new Set([nameOf(row, row.id), row.profile.emails[0], row.profile.phones[0]])]
                  .filter(Boolean)
                  .join(" · "),
              }))}
          />
        </Group>
      </Stack>
    </ConfirmButton>
  );
}
