import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { preferences } from "../../api/queries";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";

/** Preferences shown. */
const MOST = 6;

/** What this customer prefers, and on what evidence: only what chance alone would seldom give. */
export function Preferences({ id }: { id: string }) {
  const { t, maybe, number, share } = useSpeech();
  const query = useQuery(preferences(id));
  const clear = query.data?.found.filter((one) => one.clear && (one.lift ?? 0) > 1).slice(0, MOST) ?? [];
  if (clear.length === 0) return null;
  return (
    <Section title={t("preferences.title")} hint={t("preferences.hint")}>
      <Stack gap="xs">
        {clear.map((one) => (
          <div key={`${one.kind} ${one.value}`}>
            <Text size="sm">
              {maybe(`preference.${one.kind}`, one.kind)}:{" "}
              <b>{<bdi>{maybe(`preference.${one.kind}.${one.value}`, one.value)}</bdi>}</b>
            </Text>
            <Text size="xs" className="quiet numbers">
              {t("preferences.evidence", {
                count: number(one.orders.numerator),
                of: number(one.orders.denominator),
                usual: share(one.usual.value, 0),
              })}
            </Text>
          </div>
        ))}
      </Stack>
    </Section>
  );
}
