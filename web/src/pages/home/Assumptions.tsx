import { Button, Collapse, NumberInput, SimpleGrid, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useSpeech } from "../../i18n";

/** What only trying tells: shares in per cent, a cost in the shop's currency. Left out: as the server finds it best. */
export interface Assumed {
  answer_share?: number;
  lapsed_answer_share?: number;
  contact_cost?: number;
  offer_share?: number;
}

const FIELDS = [
  { name: "answer_share", standard: 5, isShare: true },
  { name: "lapsed_answer_share", standard: 1, isShare: true },
  { name: "offer_share", standard: 10, isShare: true },
  { name: "contact_cost", standard: 0.02, isShare: false },
] as const;

/** Lets the reader set what the arithmetic of actions has to assume. */
export function Assumptions(props: { assumed: Assumed; currency: string; onChange: (next: Assumed) => void }) {
  const { assumed, currency, onChange } = props;
  const { t } = useSpeech();
  const [opened, { toggle }] = useDisclosure();
  return (
    <>
      <Button mt="sm" size="compact-sm" variant="subtle" color="gray" aria-expanded={opened} onClick={toggle}>
        {t("assume.title")}
      </Button>
      <Collapse expanded={opened}>
        <Text size="sm" className="quiet" my="xs">
          {t("assume.hint")}
        </Text>
        <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }}>
          {FIELDS.map(({ name, standard, isShare }) => {
            const value = assumed[name];
            return (
              <NumberInput
                key={name}
                size="xs"
                label={t(`assume.${name}`)}
                suffix={isShare ? " %" : ` ${currency}`}
                min={0}
                max={isShare ? 100 : 1000}
                decimalScale={2}
                value={value === undefined ? standard : isShare ? value * 100 : value}
                onChange={(next) => {
                  if (typeof next === "number") onChange({ ...assumed, [name]: isShare ? next / 100 : next });
                }}
              />
            );
          })}
        </SimpleGrid>
      </Collapse>
    </>
  );
}
