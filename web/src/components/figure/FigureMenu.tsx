import { Menu } from "@mantine/core";
import { IconArrowsDiff, IconCode, IconDownload, IconInfoCircle, IconSchema, IconUsers } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { useSpeech } from "../../i18n";
import { copyText } from "../copy";
import { downloadCsv } from "../csv";
import { customersOf, requestOf, type Figure } from "./figure";
import type { Part } from "./FigureDrawer";

const FigureDrawer = lazy(() => import("./FigureDrawer"));

/** What can be done with a figure: have it explained, broken down, compared, taken along, see whom it is about. */
export function FigureMenu({ figure, children }: { figure: Figure; children: ReactNode }) {
  const { t } = useSpeech();
  const navigate = useNavigate();
  const [part, setPart] = useState<Part | null>(null);
  const customers = customersOf(figure);
  const isGroup = figure.group !== undefined;
  return (
    <>
      <Menu position="bottom-start" withArrow>
        <Menu.Target>
          <button type="button" className="unstyled figure-button" aria-haspopup="menu">
            {children}
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconInfoCircle size={16} />} onClick={() => setPart("explain")}>
            {t("figure.explain")}
          </Menu.Item>
          {!isGroup && (
            <Menu.Item leftSection={<IconSchema size={16} />} onClick={() => setPart("breakdown")}>
              {t("figure.breakDown")}
            </Menu.Item>
          )}
          {!isGroup && figure.question.from !== undefined && (
            <Menu.Item leftSection={<IconArrowsDiff size={16} />} onClick={() => setPart("compare")}>
              {t("figure.compare")}
            </Menu.Item>
          )}
          {customers && (
            <Menu.Item
              leftSection={<IconUsers size={16} />}
              onClick={() =>
                void navigate({
                  to: "/segments/new",
                  search: (before) => ({ ...before, definition: JSON.stringify(customers) }),
                })
              }
            >
              {t("figure.customers")}
            </Menu.Item>
          )}
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconDownload size={16} />}
            onClick={() => downloadCsv(`${figure.metric}.csv`, [figure.row])}
          >
            {t("figure.export")}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconCode size={16} />}
            onClick={() => copyText(requestOf(figure, location.origin), t("copied"))}
          >
            {t("figure.request")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Suspense>{part && <FigureDrawer figure={figure} part={part} onClose={() => setPart(null)} />}</Suspense>
    </>
  );
}
