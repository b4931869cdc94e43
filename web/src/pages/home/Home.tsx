import { SimpleGrid, Stack } from "@mantine/core";
import { PageHead } from "../../components/PageHead";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";
import { Alerts } from "./Alerts";
import { Headline } from "./Headline";
import { KpiTile, type Kpi } from "./KpiTile";
import { NextActions } from "./NextActions";
import { PaybackTile } from "./PaybackTile";
import { RiskTile } from "./RiskTile";

/** What an owner looks at first. A rise is good or bad. */
const TILES: Kpi[] = [
  { metric: "net_sales", rise: "good" },
  { metric: "new_customers", rise: "good" },
  { metric: "ltv", rise: "good", age: 90 },
  { metric: "repeat_purchase_rate", rise: "good" },
  { metric: "aov_net", rise: "good" },
  { metric: "cac", rise: "bad", needsCosts: true },
];

export default function Home() {
  const { t, day } = useSpeech();
  const view = useView();
  return (
    <>
      <PageHead title={t("nav.home")} question={t("home.question", { day: day(view.asOf, "long") })} />
      <Stack gap="lg">
        <Headline />
        <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} spacing="md">
          {TILES.map((kpi) => (
            <KpiTile key={kpi.metric} kpi={kpi} />
          ))}
          <PaybackTile />
          <RiskTile />
        </SimpleGrid>
        <NextActions />
        <Alerts />
      </Stack>
    </>
  );
}
