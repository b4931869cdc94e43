import {
  ActionIcon,
  AppShell,
  Badge,
  Burger,
  Group,
  NavLink,
  ScrollArea,
  Tooltip,
  useMantineColorScheme,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconLogout, IconMoon, IconSun } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { change } from "../api/client";
import { shop } from "../api/queries";
import { Logo } from "../components/Logo";
import { useSpeech } from "../i18n";
import { GlobalBar } from "./GlobalBar";
import { FirstRun } from "./FirstRun";
import { LanguageMenu } from "./LanguageMenu";
import { useLive } from "./Live";
import { PAGES, choicesOf } from "./pages";
import { Search, SearchIcon } from "./Search";

const Finder = lazy(() => import("./Finder"));

/** What stands around every page: navigation, what is looked at, language and colours. */
export function Shell() {
  const { t } = useSpeech();
  const [opened, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  const client = useQueryClient();
  const scheme = useMantineColorScheme();
  const known = useQuery(shop).data;
  useLive();
  // A shop without orders has nothing to choose from.
  const hasBar = Boolean(known?.last_day) && choicesOf(pathname).length > 0;
  const isHere = (to: string) => (to === "/" ? pathname === "/" : pathname.startsWith(to));
  const signOut = async () => {
    await change("DELETE", "/session");
    client.clear();
    location.assign("/");
  };
  return (
    <AppShell
      layout="alt"
      header={{ height: { base: hasBar ? 104 : 52, sm: hasBar ? 52 : 0 } }}
      navbar={{ width: 232, breakpoint: "sm", collapsed: { mobile: !opened } }}
      padding={{ base: "md", sm: "xl" }}
    >
      <AppShell.Header px={{ base: "md", sm: "xl" }} className="header" withBorder={hasBar}>
        <Group h={52} wrap="nowrap" gap="xs" hiddenFrom="sm">
          <Burger opened={opened} onClick={toggle} size="sm" aria-label={t("nav.menu")} />
          <Logo />
          <span style={{ flex: 1 }} />
          <SearchIcon />
        </Group>
        {hasBar && <GlobalBar />}
      </AppShell.Header>
      <AppShell.Navbar p="md">
        <Group justify="space-between" mb="md" px={4}>
          <Logo />
          {known?.demo && (
            <Tooltip label={t("demo.hint")} multiline w={260} events={{ hover: true, focus: true, touch: true }}>
              <Badge variant="default" size="sm" tt="none" tabIndex={0}>
                {t("demo.badge")}
              </Badge>
            </Tooltip>
          )}
          <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t("nav.menu")} />
        </Group>
        <AppShell.Section mb="md">
          <Search />
        </AppShell.Section>
        <AppShell.Section grow component={ScrollArea}>
          {PAGES.map(({ to, label, icon: Icon }) => (
            <NavLink
              key={to}
              component={Link}
              {...{ to, search: true }}
              active={isHere(to)}
              aria-current={isHere(to) ? "page" : undefined}
              label={t(label)}
              leftSection={<Icon size={18} stroke={1.6} />}
              onClick={close}
              className="nav-link"
            />
          ))}
        </AppShell.Section>
        <AppShell.Section>
          <Group gap={4} justify="space-between">
            <LanguageMenu />
            <Group gap={4}>
              <Tooltip label={t("bar.colours")}>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="lg"
                  aria-label={t("bar.colours")}
                  onClick={() => scheme.toggleColorScheme()}
                >
                  <IconSun size={18} className="mantine-light-hidden" />
                  <IconMoon size={18} className="mantine-dark-hidden" />
                </ActionIcon>
              </Tooltip>
              <Tooltip label={t("nav.signOut")}>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="lg"
                  aria-label={t("nav.signOut")}
                  onClick={() => void signOut()}
                >
                  <IconLogout size={18} className="mirrored" />
                </ActionIcon>
              </Tooltip>
            </Group>
          </Group>
        </AppShell.Section>
      </AppShell.Navbar>
      <Suspense>
        <Finder />
      </Suspense>
      <AppShell.Main>
        <FirstRun>
          <Outlet />
        </FirstRun>
      </AppShell.Main>
    </AppShell>
  );
}
