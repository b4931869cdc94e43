import { Accordion, Button, Group, Table, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { actions } from "../../api/queries";
import type { Action } from "../../api/types";
import { Answered } from "../../components/Answered";
import { Section } from "../../components/Section";
import { useSpeech, type Speech } from "../../i18n";
import { useView } from "../../state/view";
import { Assumptions, type Assumed } from "./Assumptions";
import { channelOf } from "./evidence";

/** What is worth doing next, with the arithmetic of each. */
export function NextActions() {
  const speech = useSpeech();
  const { t } = speech;
  const view = useView();
  const [assumed, setAssumed] = useState<Assumed>({});
  const [asked] = useDebouncedValue(assumed, 400);
  const query = useQuery(actions({ as_of: view.asOf, ...asked }));
  return (
    <Section title={t("actions.title")} hint={t("actions.hint")}>
      <Answered query={query}>
        {(answer) =>
          answer.actions.length === 0 ? (
            <Text className="quiet">{t("actions.none")}</Text>
          ) : (
            <Accordion variant="default" chevronPosition="right">
              {answer.actions.map((action) => (
                <Accordion.Item key={action.id + action.title} value={action.id + action.title}>
                  <Accordion.Control>
                    <Group justify="space-between" wrap="nowrap" gap="sm">
                      <div>
                        <Text fw={600}>{titleOf(action, speech)}</Text>
                        <Text size="sm" className="quiet">
                          {t("actions.reach", { count: action.reach, number: speech.number(action.reach) })}
                        </Text>
                      </div>
                      <Text fw={650} className="numbers" me="sm" style={{ whiteSpace: "nowrap" }}>
                        {speech.money(action.net, answer.currency, 0)}
                      </Text>
                    </Group>
                  </Accordion.Control>
                  <Accordion.Panel>
                    <Details action={action} currency={answer.currency} speech={speech} />
                  </Accordion.Panel>
                </Accordion.Item>
              ))}
            </Accordion>
          )
        }
      </Answered>
      <Assumptions assumed={assumed} currency={view.currency} onChange={setAssumed} />
    </Section>
  );
}

function titleOf(action: Action, speech: Speech): string {
  const channel = channelOf(action.segment);
  return speech.maybe(`action.${action.id}`, action.title, { channel });
}

function Details({ action, currency, speech }: { action: Action; currency: string; speech: Speech }) {
  const { t, maybe } = speech;
  const navigate = useNavigate();
  // A named segment has a page; any other definition is shown where segments are made.
  const named = typeof action.segment.segment === "string" ? action.segment.segment : null;
  const open = () =>
    named
      ? navigate({ to: "/segments/$id", params: { id: named }, search: true })
      : navigate({
          to: "/segments/new",
          search: (before) => ({ ...before, definition: JSON.stringify(action.segment) }),
        });
  return (
    <>
      <Text size="sm" mb="xs">
        {maybe(`actionReason.${action.id}`, action.reason)}
      </Text>
      <Table withRowBorders={false} verticalSpacing={3} fz="sm" className="numbers">
        <Table.Tbody>
          {action.arithmetic.map((line) => (
            <Table.Tr key={line.label} fw={line.source === "result" ? 650 : 400}>
              <Table.Td>{maybe(`line.${line.label}`, line.label)}</Table.Td>
              <Table.Td ta="end">{valueOf(line.value, line.unit, currency, speech)}</Table.Td>
              <Table.Td className="quiet">{maybe(`source.${line.source}`, line.source)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {action.hold_out && (
        <Text size="sm" className="quiet" mt="xs">
          {t("actions.holdOut", {
            number: speech.number(action.hold_out.customers),
            share: speech.share(action.hold_out.smallest_effect),
          })}
        </Text>
      )}
      <Button mt="sm" size="xs" variant="light" onClick={() => void open()}>
        {t("actions.who")}
      </Button>
    </>
  );
}

function valueOf(value: number, unit: string, currency: string, speech: Speech): string {
  switch (unit) {
    case "money":
      return speech.money(value, currency);
    case "share":
      return speech.share(value);
    case "customers":
      return speech.number(value);
    default:
      return speech.number(value, 2);
  }
}
