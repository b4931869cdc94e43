import { Alert, Button, Select, SimpleGrid, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { change, get } from "../../api/client";
import type { Settings } from "../../api/types";
import { Answered } from "../../components/Answered";
import { Failure } from "../../components/Failure";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";
import { LANGUAGES, LANGUAGE_NAMES, chooseLanguage, type Language } from "../../i18n/languages";
import { CURRENCIES, ZONES } from "./zones";

/** What the shop counts in, and in which language the reader reads. */
export function SettingsPage() {
  const { t } = useSpeech();
  const query = useQuery({
    queryKey: ["settings"],
    queryFn: ({ signal }) => get<Settings>("/settings", {}, signal),
    refetchInterval: (current) => (current.state.data?.rebuilding ? 2000 : false),
  });
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
      <Section title={t("settings.title")} hint={t("settings.hint")}>
        <Answered query={query}>
          {(settings) => <SettingsForm key={settings.currency ?? ""} settings={settings} />}
        </Answered>
      </Section>
      <LanguageChoice />
    </SimpleGrid>
  );
}

function SettingsForm({ settings }: { settings: Settings }) {
  const { t } = useSpeech();
  const client = useQueryClient();
  const [zone, setZone] = useState(settings.time_zone);
  const [currency, setCurrency] = useState(settings.currency ?? null);
  const save = useMutation({
    mutationFn: () => change<Settings>("PATCH", "/settings", { time_zone: zone, ...(currency ? { currency } : {}) }),
    onSuccess: async () => {
      notifications.show({ message: t("settings.saved") });
      await client.invalidateQueries();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const isSame = zone === settings.time_zone && currency === (settings.currency ?? null);
  return (
    <form onSubmit={submit}>
      <Stack>
        <Select
          searchable
          clearable={false}
          allowDeselect={false}
          label={t("upload.currency")}
          description={t("settings.currencyHint")}
          data={CURRENCIES}
          value={currency}
          onChange={setCurrency}
        />
        <Select
          searchable
          allowDeselect={false}
          label={t("upload.zone")}
          description={t("settings.zoneHint")}
          data={ZONES.includes(settings.time_zone) ? ZONES : [settings.time_zone, ...ZONES]}
          value={zone}
          onChange={(value) => value && setZone(value)}
        />
        {settings.rebuilding && (
          <Alert color="orange" variant="light">
            {t("settings.rebuilding")}
          </Alert>
        )}
        <Text size="xs" className="quiet">
          {t("settings.effect")}
        </Text>
        {save.isError && <Failure error={save.error} />}
        <Button type="submit" disabled={isSame} loading={save.isPending} style={{ alignSelf: "flex-start" }}>
          {t("settings.save")}
        </Button>
      </Stack>
    </form>
  );
}

function LanguageChoice() {
  const { t, language } = useSpeech();
  return (
    <Section title={t("bar.language")} hint={t("settings.languageHint")}>
      <Select
        aria-label={t("bar.language")}
        allowDeselect={false}
        value={language}
        onChange={(value) => value && chooseLanguage(value as Language)}
        data={LANGUAGES.map((one) => ({ value: one, label: LANGUAGE_NAMES[one] }))}
      />
    </Section>
  );
}
