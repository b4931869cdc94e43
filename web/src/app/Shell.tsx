import {
  ActionIcon,
  AppShell,
  Badge,
  Burger,
  Group,
  Menu,
  NavLink,
  ScrollArea,
  Tooltip,
  useMantineColorScheme,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconLanguage, IconLogout, IconMoon, IconSun } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { change } from "../api/client";
import { shop } from "../api/queries";
import { Logo } from "../components/Logo";
import { useSpeech } from "../i18n";
import { LANGUAGES, LANGUAGE_NAMES, chooseLanguage } from "../i18n/languages";
import { GlobalBar } from "./GlobalBar";
import { FirstRun } from "./FirstRun";
import { useLive } from "./Live";
import { PAGES } from "./pages";

const Finder = lazy(() => import("./Finder"));

/** What stands around every page: navigation, what is looked at, language and colours. */
export function Shell() {
  const { t, language } = useSpeech();
  const [opened, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  const client = useQueryClient();
  const scheme = useMantineColorScheme();
  const known = useQuery(shop).data;
  useLive();
  const isHere = (to: string) => (to === "/" ? pathname === "/" : pathname.startsWith(to));
  const signOut = async () => {
    await change("DELETE", "/session");
    client.clear();
    location.assign("/");
  };
  return (
    <AppShell
      layout="alt"
      header={{ height: 60 }}
      navbar={{ width: 220, breakpoint: "sm", collapsed: { mobile: !opened } }}
      padding={{ base: "md", sm: "xl" }}
    >
      <AppShell.Header px="md" style={{ background: "var(--clove-page)" }}>
        <Group h="100%" justify="space-between" wrap="nowrap" gap="xs">
          <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t("nav.menu")} />
          <GlobalBar />
          <Group gap={4} wrap="nowrap">
            {known?.demo && (
              <Tooltip label={t("demo.hint")} multiline w={260} events={{ hover: true, focus: true, touch: true }}>
                <Badge variant="default" tt="none" tabIndex={0} visibleFrom="xs">
                  {t("demo.badge")}
                </Badge>
              </Tooltip>
            )}
            <Menu position="bottom-end">
              <Menu.Target>
                <Tooltip label={t("bar.language")}>
                  <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t("bar.language")}>
                    <IconLanguage size={20} />
                  </ActionIcon>
                </Tooltip>
              </Menu.Target>
              <Menu.Dropdown>
                {LANGUAGES.map((one) => (
                  <Menu.Item key={one} lang={one} disabled={one === language} onClick={() => chooseLanguage(one)}>
                    {LANGUAGE_NAMES[one]}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
            <Tooltip label={t("bar.colours")}>
              <ActionIcon
                variant="subtle"
                color="gray"
                size="lg"
                aria-label={t("bar.colours")}
                onClick={() => scheme.toggleColorScheme()}
              >
                <IconSun size={20} className="mantine-light-hidden" />
                <IconMoon size={20} className="mantine-dark-hidden" />
              </ActionIcon>
            </Tooltip>
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="md">
        <Group justify="space-between" mb="lg" px={4}>
          <Logo />
          <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t("nav.menu")} />
        </Group>
        <AppShell.Section grow component={ScrollArea}>
          {PAGES.map(({ to, label, icon: Icon }) => (
            <NavLink
              key={to}
              component={Link}
              {...{ to, search: true }}
              active={isHere(to)}
              aria-current={isHere(to) ? "page" : undefined}
              label={t(label)}
              leftSection={<Icon size={18} stroke={1.7} />}
              onClick={close}
              style={{ borderRadius: "var(--mantine-radius-md)" }}
            />
          ))}
        </AppShell.Section>
        <AppShell.Section>
          <NavLink
            component="button"
            label={t("nav.signOut")}
            leftSection={<IconLogout size={18} stroke={1.7} />}
            onClick={() => void signOut()}
            style={{ borderRadius: "var(--mantine-radius-md)" }}
          />
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
