import { Stack, Text } from "@mantine/core";
import { Answered } from "../../../components/Answered";
import { Section } from "../../../components/Section";
import { useSpeech } from "../../../i18n";
import { DeadLetterRow } from "./DeadLetterRow";
import { DeliveryRow } from "./DeliveryRow";
import { RecordRow } from "./RecordRow";
import { useApart } from "./useApart";

/** What could not be taken as it came: nothing of it is lost, and it waits here to be mended, tried again or thrown away. */
export function Apart() {
  const { t } = useSpeech();
  const { records, deliveries, letters, isAdmin } = useApart();
  return (
    <Stack gap="lg">
      <Section title={t("apart.records")} hint={t("apart.recordsHint")}>
        <Answered query={records} height={60}>
          {({ items }) =>
            items.length === 0 ? (
              <Text className="quiet">{t("apart.none")}</Text>
            ) : (
              <Stack gap="md">
                {items.map((one) => (
                  <RecordRow key={one.id} one={one} />
                ))}
              </Stack>
            )
          }
        </Answered>
      </Section>
      <Section title={t("apart.deliveries")} hint={t("apart.deliveriesHint")}>
        <Answered query={deliveries} height={60}>
          {({ items }) =>
            items.length === 0 ? (
              <Text className="quiet">{t("apart.none")}</Text>
            ) : (
              <Stack gap="md">
                {items.map((one) => (
                  <DeliveryRow key={one.id} one={one} />
                ))}
              </Stack>
            )
          }
        </Answered>
      </Section>
      {isAdmin && (
        <Section title={t("apart.letters")} hint={t("apart.lettersHint")}>
          <Answered query={letters} height={60}>
            {({ items }) =>
              items.length === 0 ? (
                <Text className="quiet">{t("apart.none")}</Text>
              ) : (
                <Stack gap="md">
                  {items.map((one) => (
                    <DeadLetterRow key={one.id} one={one} />
                  ))}
                </Stack>
              )
            }
          </Answered>
        </Section>
      )}
    </Stack>
  );
}
