import "@mantine/spotlight/styles.css";

import { Spotlight, type SpotlightActionGroupData } from "@mantine/spotlight";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch, IconUser } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { customersBy, segmentNames } from "../api/queries";
import { nameOf } from "../components/CustomerName";
import { useSpeech } from "../i18n";
import { segmentName } from "../pages/segments/names";
import { PAGES } from "./pages";

/** Ctrl-K: pages and segments by name, customers by name, address or number. */
export default function Finder() {
  const { t, language } = useSpeech();
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), 200);
  const segments = useQuery(segmentNames).data ?? [];
  const people = useQuery({ ...customersBy(asked), enabled: asked.length >= 2 }).data?.items ?? [];
  const matches = (label: string) =>
    label.toLocaleLowerCase(language).includes(text.trim().toLocaleLowerCase(language));
  const groups: SpotlightActionGroupData[] = [
    {
      group: t("finder.pages"),
      actions: PAGES.filter(({ label }) => matches(t(label))).map(({ to, label, icon: Icon }) => ({
        id: to,
        label: t(label),
        leftSection: <Icon size={18} />,
        onClick: () => void navigate({ to, search: true }),
      })),
    },
    {
      group: t("nav.segments"),
      actions: segments
        .filter((segment) => text.trim() !== "" && matches(segmentName(segment, language)))
        .map((segment) => ({
          id: segment.id,
          label: segmentName(segment, language),
          onClick: () => void navigate({ to: "/segments/$id", params: { id: segment.id }, search: true }),
        })),
    },
    {
      group: t("nav.customers"),
      actions: (asked.length >= 2 ? people : []).slice(0, 6).map((person) => ({
        id: person.id,
        label: nameOf(person, person.id),
        description: person.profile?.emails[0] ?? "",
        leftSection: <IconUser size={18} />,
        onClick: () => void navigate({ to: "/customers/$id", params: { id: person.id }, search: true }),
      })),
    },
  ];
  return (
    <Spotlight
      shortcut="mod + K"
      query={text}
      onQueryChange={setText}
      filter={(_, actions) => actions}
      nothingFound={t("finder.nothing")}
      searchProps={{
        placeholder: t("finder.hint"),
        "aria-label": t("finder.title"),
        leftSection: <IconSearch size={18} />,
      }}
      scrollable
      maxHeight={460}
      actions={groups.filter((group) => group.actions.length > 0)}
    />
  );
}
