import { NumberInput, SimpleGrid, Text } from "@mantine/core";
import { useState } from "react";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";

/** The back of an envelope: purchases a year x value of each x years. */
export function Calculator({ currency }: { currency: string }) {
  const { t, money } = useSpeech();
  const [purchases, setPurchases] = useState(12);
  const [value, setValue] = useState(50);
  const [years, setYears] = useState(8);
  const field = (label: string, current: number, change: (next: number) => void) => (
    <NumberInput
      label={label}
      min={0}
      max={1_000_000}
      value={current}
      onChange={(next) => typeof next === "number" && change(next)}
    />
  );
  return (
    <Section title={t("calculator.title")} hint={t("calculator.hint")}>
      <SimpleGrid cols={{ base: 1, xs: 3 }}>
        {field(t("calculator.purchases"), purchases, setPurchases)}
        {field(t("calculator.value"), value, setValue)}
        {field(t("calculator.years"), years, setYears)}
      </SimpleGrid>
      <Text fz={28} fw={650} mt="md" className="numbers" aria-live="polite">
        {money(purchases * value * years, currency, 0)}
      </Text>
    </Section>
  );
}
