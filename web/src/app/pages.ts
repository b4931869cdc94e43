import {
  IconChartAreaLine,
  IconDatabase,
  IconHome,
  IconPackage,
  IconRefresh,
  IconTargetArrow,
  IconUsers,
  IconUsersGroup,
} from "@tabler/icons-react";
import type { MessageKey } from "../i18n";

/** What a page lets its reader choose; `day` is only the last day that counts, `span` the days that are counted. */
export type Choice = "day" | "span" | "compare" | "basis" | "segment";

interface Page {
  to: string;
  label: MessageKey;
  icon: typeof IconHome;
  choices: readonly Choice[];
}

/** The pages of the navigation. */
export const PAGES = [
  { to: "/", label: "nav.home", icon: IconHome, choices: ["span", "compare", "basis", "segment"] },
  { to: "/customers", label: "nav.customers", icon: IconUsers, choices: [] },
  { to: "/value", label: "nav.value", icon: IconChartAreaLine, choices: ["day", "basis", "segment"] },
  { to: "/lifecycle", label: "nav.lifecycle", icon: IconRefresh, choices: ["day"] },
  { to: "/segments", label: "nav.segments", icon: IconUsersGroup, choices: ["day"] },
  { to: "/products", label: "nav.products", icon: IconPackage, choices: ["span", "basis", "segment"] },
  { to: "/acquisition", label: "nav.acquisition", icon: IconTargetArrow, choices: ["span", "basis", "segment"] },
  { to: "/data", label: "nav.data", icon: IconDatabase, choices: [] },
] as const satisfies Page[];

/** What the page at an address lets its reader choose. */
export function choicesOf(pathname: string): readonly Choice[] {
  const page = PAGES.find(({ to }) => (to === "/" ? pathname === "/" : pathname.startsWith(to)));
  return page?.choices ?? [];
}
