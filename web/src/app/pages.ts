import {
  IconChartAreaLine,
  IconDatabase,
  IconHome,
  IconRefresh,
  IconTargetArrow,
  IconUsers,
  IconUsersGroup,
} from "@tabler/icons-react";
import type { MessageKey } from "../i18n";

/** The pages of the navigation. */
export const PAGES = [
  { to: "/", label: "nav.home", icon: IconHome },
  { to: "/customers", label: "nav.customers", icon: IconUsers },
  { to: "/value", label: "nav.value", icon: IconChartAreaLine },
  { to: "/lifecycle", label: "nav.lifecycle", icon: IconRefresh },
  { to: "/segments", label: "nav.segments", icon: IconUsersGroup },
  { to: "/acquisition", label: "nav.acquisition", icon: IconTargetArrow },
  { to: "/data", label: "nav.data", icon: IconDatabase },
] as const satisfies { to: string; label: MessageKey; icon: typeof IconHome }[];
