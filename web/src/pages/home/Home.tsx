import { SimpleGrid, Stack } from "@mantine/core";
import { PageHead } from "../../components/PageHead";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";
import { Headline } from "./Headline";
import { KpiTile, type Kpi } from "./KpiTile";
import { NextActions } from "./NextActions";
import { Alerts } from "./Alerts";

/** What an owner looks at first. A rise is good, bad, or neither. */
const TILES: Kpi[] = [
  { metric: "net_sales", rise: "good", interval: "month" },
  { metric: "new_customers", rise: "good", interval: "month" },
  { metric: "ltv", rise: "good", age: 90 },
  { metric: "repeat_purchase_rate", rise: "good", interval: "month" },
  { metric: "aov_net", rise: "good", interval: "month" },
  { metric: "cac", rise: "bad", interval: "month" },
];

export default function Home() {
  const { t, day } = useSpeech();
  const view = useView();
  return (
    <>
      <PageHead title={t("nav.home")} question={t("home.question", { day: day(view.asOf, "long") })} />
      <Stack gap="lg">
        <Headline />
        <SimpleGrid cols={{ base: 1, xs: 2, lg: 3 }} spacing="md">
          {TILES.map((kpi) => (
            <KpiTile key={kpi.metric} kpi={kpi} />
          ))}
        </SimpleGrid>
        <NextActions />
        <Alerts />
      </Stack>
    </>
  );
}
