import { Alert, Button, Group, Stack, Table, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { post } from "../../api/client";
import { models } from "../../api/queries";
import type { Model } from "../../api/types";
import { Answered } from "../../components/Answered";
import { Failure } from "../../components/Failure";
import { Scrolls } from "../../components/Scrolls";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";

/** What forecasts of customers rest on, and how near they would have been in the past. */
export function Forecast() {
  const { t, day, number, moment } = useSpeech();
  const query = useQuery(models);
  const refit = useMutation({
    mutationFn: () => post<{ new: boolean }>("/models/refit", {}),
    onSuccess: ({ new: isNew }) =>
      notifications.show({ message: t(isNew ? "forecast.refitAsked" : "forecast.refitRuns") }),
  });
  return (
    <Section
      title={t("forecast.title")}
      hint={t("forecast.hint")}
      aside={
        <Button size="xs" variant="default" loading={refit.isPending} onClick={() => refit.mutate()}>
          {t("forecast.refit")}
        </Button>
      }
    >
      <Answered query={query}>
        {({ items: [model] }) => {
          if (!model) return <Text className="quiet">{t("forecast.none")}</Text>;
          if (model.too_little_data) {
            return (
              <>
                <Text>{t("customers.noForecast")}</Text>
                <Text size="sm" className="quiet" lang="en">
                  {model.too_little_data}
                </Text>
              </>
            );
          }
          return (
            <Stack gap="md">
              <Text size="sm">
                {t("forecast.made", {
                  days: model.horizon_days,
                  day: day(model.as_of),
                  orders: number(model.orders),
                  customers: number(model.customers),
                  when: moment(model.created_at),
                })}{" "}
                <Link to="/customers" search={true} className="text-link">
                  {t("forecast.see")}
                </Link>
              </Text>
              {model.alarms.map((alarm) => (
                <Alert key={alarm.kind} color="orange" variant="light">
                  {t("forecast.alarm", {
                    from: day(alarm.from),
                    until: day(alarm.until),
                    expected: number(alarm.expected),
                    actual: number(alarm.actual),
                  })}
                </Alert>
              ))}
              <BackTest model={model} />
              <Members model={model} />
            </Stack>
          );
        }}
      </Answered>
      {refit.isError && <Failure error={refit.error} />}
    </Section>
  );
}

/** The model as it would have been on earlier days, compared with what came. */
function BackTest({ model }: { model: Model }) {
  const { t, day, number, signed } = useSpeech();
  if (model.backtest.length === 0) return <Text className="quiet">{t("backtest.short")}</Text>;
  const windows = model.backtest.toSorted((left, right) => right.origin.localeCompare(left.origin));
  return (
    <div>
      <Text size="sm" fw={600} component="h3" m={0} mb="xs">
        {t("backtest.title")}
      </Text>
      <Scrolls label={t("backtest.title")} minWidth={620}>
        <Table fz="sm" className="numbers">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("backtest.from")}</Table.Th>
              <Table.Th ta="end">{t("backtest.length")}</Table.Th>
              <Table.Th ta="end">{t("table.customers")}</Table.Th>
              <Table.Th ta="end">{t("backtest.expected")}</Table.Th>
              <Table.Th ta="end">{t("backtest.came")}</Table.Th>
              <Table.Th ta="end">{t("backtest.off")}</Table.Th>
              <Table.Th ta="end">{t("backtest.each")}</Table.Th>
              <Table.Th ta="end">{t("backtest.order")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {windows.map((window) => {
              const off =
                window.bias_percent === null || window.bias_percent === undefined ? null : window.bias_percent / 100;
              return (
                <Table.Tr key={window.origin}>
                  <Table.Td>{day(window.origin)}</Table.Td>
                  <Table.Td ta="end">{t("days", { days: window.days })}</Table.Td>
                  <Table.Td ta="end">{number(window.customers)}</Table.Td>
                  <Table.Td ta="end">{off === null ? "–" : number(window.purchases * (1 + off))}</Table.Td>
                  <Table.Td ta="end">{number(window.purchases)}</Table.Td>
                  <Table.Td ta="end" className={off !== null && Math.abs(off) > 0.2 ? "bad" : ""}>
                    {off === null ? "–" : signed(off, "share", 1)}
                  </Table.Td>
                  <Table.Td ta="end">{number(window.mae, 2)}</Table.Td>
                  <Table.Td ta="end">{typeof window.spearman === "number" ? number(window.spearman, 2) : "–"}</Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </Scrolls>
      <Text size="xs" className="quiet" mt="xs">
        {t("backtest.note")}
      </Text>
    </div>
  );
}

function Members({ model }: { model: Model }) {
  const { t, share } = useSpeech();
  return (
    <div>
      <Group gap="xs">
        <Text size="sm" fw={600} component="h3" m={0}>
          {t("forecast.models")}
        </Text>
        {model.members.map((member) => (
          <Text key={member.model} size="sm" className="numbers">
            <bdi dir="ltr">{member.model}</bdi> {share(member.share, 0)}
          </Text>
        ))}
      </Group>
      {model.reason && (
        <Text size="xs" className="quiet" lang="en" dir="ltr">
          {model.reason}
        </Text>
      )}
    </div>
  );
}
