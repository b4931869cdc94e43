import { Stack } from "@mantine/core";
import { PageHead } from "../../components/PageHead";
import { useSpeech } from "../../i18n";
import { Affinity } from "./Affinity";
import { FirstProducts } from "./FirstProducts";
import { LedOrders } from "./LedOrders";

/** Which products bring customers who stay, which belong together, which come back. */
export default function Products() {
  const { t } = useSpeech();
  return (
    <>
      <PageHead title={t("nav.products")} question={t("products.question")} />
      <Stack gap="lg">
        <FirstProducts />
        <Affinity />
        <LedOrders />
      </Stack>
    </>
  );
}
