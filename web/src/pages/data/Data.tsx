import { Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { me } from "../../api/queries";
import type { Me } from "../../api/types";
import { PageHead } from "../../components/PageHead";
import { useSpeech } from "../../i18n";
import type { View } from "../../state/view";
import { Apart } from "./apart/Apart";
import { Audit } from "./Audit";
import { Files } from "./files/Files";
import { Overview } from "./Overview";
import { People } from "./people/People";
import { Requests } from "./Requests";
import { SettingsPage } from "./Settings";

type Scope = Me["scopes"][number];

/** The parts of the page, each with the scope that it takes. */
const TABS = [
  { name: "overview", scope: "read", content: Overview },
  { name: "files", scope: "read", content: Files },
  { name: "apart", scope: "people", content: Apart },
  { name: "people", scope: "admin", content: People },
  { name: "privacy", scope: "people", content: Requests },
  { name: "audit", scope: "admin", content: Audit },
  { name: "settings", scope: "admin", content: SettingsPage },
] as const satisfies { name: string; scope: Scope; content: () => React.ReactNode }[];

/** Whether the figures can be trusted, and everything that they rest on. */
export default function Data() {
  const { t } = useSpeech();
  const navigate = useNavigate();
  const scopes = useQuery(me).data?.scopes ?? [];
  const allowed = TABS.filter(({ scope }) => scopes.includes("admin") || scopes.includes(scope));
  const { tab } = useSearch({ strict: false }) as View;
  const shown = allowed.find(({ name }) => name === tab)?.name ?? "overview";
  return (
    <>
      <PageHead title={t("nav.data")} question={t("data.question")} />
      <Tabs
        value={shown}
        keepMounted={false}
        onChange={(name) =>
          void navigate({
            to: ".",
            search: (before: Record<string, unknown>) =>
              ({ ...before, tab: name === "overview" ? undefined : name }) as never,
          })
        }
      >
        <Tabs.List mb="lg" className="tabs">
          {allowed.map(({ name }) => (
            <Tabs.Tab key={name} value={name}>
              {t(`dataTab.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {allowed.map(({ name, content: Content }) => (
          <Tabs.Panel key={name} value={name}>
            <Content />
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
}
