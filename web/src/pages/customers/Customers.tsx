import { Group, SegmentedControl, Select, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { segmentNames } from "../../api/queries";
import { PageHead } from "../../components/PageHead";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";
import { segmentName } from "../segments/names";
import { Found } from "./Found";
import { Members } from "./Members";
import { MostExpected } from "./MostExpected";

type Shown = "expected" | "brought";

/** The way to a customer: by name, by what is expected of them, by what they brought. */
export default function Customers() {
  const { t, language } = useSpeech();
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), 200);
  const [shown, setShown] = useState<Shown>("expected");
  const [segment, setSegment] = useState("active");
  const known = useQuery(segmentNames).data ?? [];
  return (
    <>
      <PageHead title={t("nav.customers")} question={t("customers.question")} />
      <Stack gap="lg">
        <TextInput
          type="search"
          role="searchbox"
          size="md"
          placeholder={t("customers.findHint")}
          aria-label={t("customers.find")}
          leftSection={<IconSearch size={18} />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {asked.length >= 2 ? (
          <Found text={asked} />
        ) : (
          <Section
            title={t(`customers.${shown}`)}
            hint={t(`customers.${shown}Hint`)}
            aside={
              <Group gap="xs">
                {shown === "brought" && (
                  <Select
                    size="xs"
                    searchable
                    allowDeselect={false}
                    aria-label={t("bar.segment")}
                    value={segment}
                    onChange={(id) => id && setSegment(id)}
                    data={known.map((one) => ({ value: one.id, label: segmentName(one, language) }))}
                  />
                )}
                <SegmentedControl
                  size="xs"
                  aria-label={t("customers.show")}
                  value={shown}
                  onChange={(value) => setShown(value as Shown)}
                  data={(["expected", "brought"] as const).map((value) => ({
                    value,
                    label: t(`customers.${value}Short`),
                  }))}
                />
              </Group>
            }
          >
            {shown === "expected" ? <MostExpected /> : <Members key={segment} segment={segment} />}
          </Section>
        )}
        <Text size="xs" className="quiet">
          {t("customers.guests")}
        </Text>
      </Stack>
    </>
  );
}
