import { SegmentedControl, Text } from "@mantine/core";
import { useState } from "react";
import { GroupTable } from "../../components/figure/GroupTable";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";

const AGES = [30, 90, 180, 365] as const;

/** Customers by the product that their first order began with: what they are worth at an age, how many buy again. */
export function FirstProducts() {
  const { t, signed } = useSpeech();
  const view = useView();
  const [age, setAge] = useState<number>(90);
  const all = { as_of: view.asOf, by: "first_product", segment: view.segment };
  return (
    <Section
      title={t("products.first")}
      hint={t("products.firstHint")}
      aside={
        <SegmentedControl
          size="xs"
          aria-label={t("value.age")}
          value={String(age)}
          onChange={(value) => setAge(Number(value))}
          data={AGES.map((days) => ({ value: String(days), label: t("days", { days }) }))}
        />
      }
    >
      <GroupTable
        name="first-products"
        label={t("products.first")}
        by="first_product"
        groupLabel={t("by.first_product")}
        minWidth={680}
        small="ltv"
        figures={{
          customers: {
            metric: "new_customers",
            label: t("acquisition.new"),
            question: { ...all, ...(view.from === undefined ? {} : { from: view.from }) },
          },
          ltv: {
            metric: "ltv",
            label: t("home.atAge", { days: age }),
            question: { ...all, basis: view.basis, age_days: age },
          },
          again: { metric: "buys_again_180", label: t("products.again"), question: all },
        }}
        further={[
          {
            key: "against_average",
            label: t("products.against"),
            by: (row) => row.value.ltv,
            text: (row, answers) => {
              const mean = Number(answers.ltv.value);
              if (row.value.ltv === null || !(mean > 0)) return "–";
              const apart = row.value.ltv / mean - 1;
              const isTold = !row.small.ltv;
              return <span className={isTold ? (apart >= 0 ? "good" : "bad") : "quiet"}>{signed(apart, "share")}</span>;
            },
          },
        ]}
      />
      <Text size="xs" className="quiet" mt="xs">
        {t("products.goesWith")}
      </Text>
    </Section>
  );
}
