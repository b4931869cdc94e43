import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { headlines } from "../../api/queries";
import { Answered } from "../../components/Answered";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";
import { Tile, TileValue } from "./Tile";

/** What is expected of good customers who are late. */
export function RiskTile() {
  const { t, money, number } = useSpeech();
  const view = useView();
  const query = useQuery(headlines({ as_of: view.asOf, basis: view.basis, segment: view.segment }));
  return (
    <Tile title={t("risk.title")}>
      <Answered query={query} height={74}>
        {(told) => {
          const count = { count: told.late_good_customers, number: number(told.late_good_customers) };
          return (
            <>
              {told.value_at_risk === null ? (
                <Text className="quiet" size="sm" mt={4}>
                  {t("risk.later")}
                </Text>
              ) : (
                <Link
                  to="/segments/$id"
                  params={{ id: "late_good" }}
                  search={true}
                  className="figure-button figure-link"
                >
                  <TileValue>{money(told.value_at_risk, told.currency, 0)}</TileValue>
                </Link>
              )}
              <Text size="sm" className="quiet numbers" mt={6}>
                {told.late_good_customers > 0 ? t("headline.late", count) : t("headline.nobodyLate")}
              </Text>
            </>
          );
        }}
      </Answered>
    </Tile>
  );
}
