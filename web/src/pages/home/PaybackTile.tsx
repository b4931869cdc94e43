import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { payback } from "../../api/queries";
import { Answered } from "../../components/Answered";
import { NoCosts } from "../../components/NoCosts";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";
import { paidBack } from "../value/payback";
import { Tile, TileValue } from "./Tile";

/** When new customers have earned back what they cost. */
export function PaybackTile() {
  const { t } = useSpeech();
  const view = useView();
  const query = useQuery(payback({ as_of: view.asOf, basis: view.basis, segment: view.segment }));
  return (
    <Tile title={t("payback.title")}>
      <Answered query={query} height={74}>
        {(answer) => {
          const paid = paidBack(answer, view.from);
          if (paid.state === "no costs") return <NoCosts />;
          if (paid.state === "nobody") {
            return (
              <Text size="sm" className="quiet" mt={4}>
                {t("figure.nobody")}
              </Text>
            );
          }
          return (
            <>
              <Link to="/value" search={true} className="figure-button figure-link">
                <TileValue>
                  {paid.state === "not yet"
                    ? t("payback.notYet")
                    : paid.days === 0
                      ? t("payback.atOnce")
                      : t("days", { days: paid.days })}
                </TileValue>
              </Link>
              <Text size="sm" className="quiet" mt={6}>
                {t("payback.months", { paid: paid.state === "paid" ? paid.paid : 0, months: paid.months })}
              </Text>
            </>
          );
        }}
      </Answered>
    </Tile>
  );
}
