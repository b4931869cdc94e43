import { SimpleGrid, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { headlines, shop } from "../../api/queries";
import { Answered } from "../../components/Answered";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";
import { Forecast } from "../value/Forecast";
import { useApart } from "./apart/useApart";

/** What the shop's figures rest on: which orders, what was left out, what waits for somebody, how good forecasts are. */
export function Overview() {
  return (
    <Stack gap="lg">
      <Waiting />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <ShopFacts />
        <LeftOut />
      </SimpleGrid>
      <Forecast />
    </Stack>
  );
}

/** How much was kept apart and waits for somebody. */
function Waiting() {
  const { t } = useSpeech();
  const { count, isMore, isKnown } = useApart();
  if (!isKnown) return null;
  return (
    <Text className={count > 0 ? "bad" : "quiet"}>
      {count === 0 ? (
        t("apart.nothing")
      ) : (
        <>
          {t("apart.waits", { count, number: `${count}${isMore ? "+" : ""}` })}{" "}
          <Link to="/data" search={(before) => ({ ...before, tab: "apart" })} className="text-link">
            {t("apart.see")}
          </Link>
        </>
      )}
    </Text>
  );
}

function ShopFacts() {
  const { t, day } = useSpeech();
  const query = useQuery(shop);
  return (
    <Section title={t("data.shop")}>
      <Answered query={query}>
        {(known) => (
          <Table withRowBorders={false}>
            <Table.Tbody>
              {(
                [
                  ["upload.currency", known.currency ?? "–"],
                  ["upload.zone", known.time_zone],
                  ["data.first", known.first_day ? day(known.first_day, "long") : "–"],
                  ["data.last", known.last_day ? day(known.last_day, "long") : "–"],
                  ["data.forecasts", t(known.has_forecasts ? "data.forecastsYes" : "data.forecastsNo")],
                ] as const
              ).map(([label, value]) => (
                <Table.Tr key={label}>
                  <Table.Td className="quiet">{t(label)}</Table.Td>
                  <Table.Td>
                    <bdi>{value}</bdi>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Answered>
    </Section>
  );
}

function LeftOut() {
  const { t, number, money, maybe } = useSpeech();
  const view = useView();
  const query = useQuery(headlines({ as_of: view.asOf, basis: view.basis }));
  return (
    <Section title={t("data.leftOut")} hint={t("data.leftOutHint")}>
      <Answered query={query}>
        {(told) => {
          const rows = Object.entries(told.excluded).filter(([, one]) => one.count > 0);
          if (rows.length === 0) return <Text className="quiet">{t("data.nothingLeftOut")}</Text>;
          return (
            <Table className="numbers">
              <Table.Tbody>
                {rows.map(([reason, one]) => (
                  <Table.Tr key={reason}>
                    <Table.Td>{maybe(`excluded.${reason}`, reason)}</Table.Td>
                    <Table.Td ta="end">{number(one.count)}</Table.Td>
                    <Table.Td ta="end" className="quiet">
                      {money(one.amount, told.currency, 0)}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          );
        }}
      </Answered>
    </Section>
  );
}
