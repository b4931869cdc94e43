import "@mantine/spotlight/styles.css";

import { Spotlight } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { get } from "../api/client";
import type { Segment } from "../api/types";
import { useSpeech } from "../i18n";
import { segmentName } from "../pages/segments/names";
import { PAGES } from "./pages";

/** Ctrl-K: pages and segments by name. */
export default function Finder() {
  const { t, language } = useSpeech();
  const navigate = useNavigate();
  const segments = useQuery({
    queryKey: ["segment names"],
    queryFn: async ({ signal }) => (await get<{ items: Segment[] }>("/segments", {}, signal)).items,
    staleTime: 60_000,
  });
  return (
    <Spotlight
      shortcut="mod + K"
      highlightQuery
      nothingFound={t("finder.nothing")}
      searchProps={{
        placeholder: t("finder.hint"),
        "aria-label": t("finder.title"),
        leftSection: <IconSearch size={18} />,
      }}
      limit={9}
      actions={[
        {
          group: t("finder.pages"),
          actions: PAGES.map(({ to, label, icon: Icon }) => ({
            id: to,
            label: t(label),
            leftSection: <Icon size={18} />,
            onClick: () => void navigate({ to, search: true }),
          })),
        },
        {
          group: t("nav.segments"),
          actions: (segments.data ?? []).map((segment) => ({
            id: segment.id,
            label: segmentName(segment, language),
            onClick: () => void navigate({ to: "/segments/$id", params: { id: segment.id }, search: true }),
          })),
        },
      ]}
    />
  );
}
