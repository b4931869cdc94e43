import { Paper, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { headlines } from "../../api/queries";
import { Answered } from "../../components/Answered";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";

/** The first sentences: what a new customer is worth, how many come back, what is at risk. */
export function Headline() {
  const { t, money, share, number } = useSpeech();
  const view = useView();
  const query = useQuery(headlines({ as_of: view.asOf, basis: view.basis, segment: view.segment }));
  return (
    <Paper className="card" p={{ base: "md", sm: "lg" }} component="section" aria-label={t("home.headline")}>
      <Answered query={query} height={56}>
        {(told) => {
          const sentences = [
            told.worth_90.value === null
              ? t("headline.worthUnknown")
              : t("headline.worth", { value: money(told.worth_90.value, told.currency, 0) }),
            told.buys_again.value === null
              ? t("headline.againUnknown")
              : t("headline.again", { share: share(told.buys_again.value, 0) }),
            told.late_good_customers > 0
              ? t("headline.late", { count: told.late_good_customers, number: number(told.late_good_customers) })
              : t("headline.nobodyLate"),
          ];
          return (
            <Text fz={{ base: "md", sm: "lg" }} fw={500} lh={1.5}>
              {sentences.join(" ")}
            </Text>
          );
        }}
      </Answered>
    </Paper>
  );
}
