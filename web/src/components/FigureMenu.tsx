import { Menu } from "@mantine/core";
import { IconDownload, IconInfoCircle, IconSchema } from "@tabler/icons-react";
import { lazy, Suspense, useState, type ReactNode } from "react";
import type { MetricQuestion } from "../api/types";
import { useSpeech } from "../i18n";
import { downloadCsv } from "./csv";
import type { Part } from "./FigureDrawer";

const FigureDrawer = lazy(() => import("./FigureDrawer"));

/** What can be done with a figure: have it explained, broken down, taken along. Opens at a click or with Enter. */
export function FigureMenu(props: {
  metric: string;
  title: string;
  question: MetricQuestion;
  row: Record<string, string | number | null>;
  children: ReactNode;
}) {
  const { t } = useSpeech();
  const { metric, title, question, row, children } = props;
  const [part, setPart] = useState<Part | null>(null);
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
          <Menu.Item leftSection={<IconSchema size={16} />} onClick={() => setPart("breakdown")}>
            {t("figure.breakDown")}
          </Menu.Item>
          <Menu.Item leftSection={<IconDownload size={16} />} onClick={() => downloadCsv(`${metric}.csv`, [row])}>
            {t("figure.export")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Suspense>
        {part && <FigureDrawer {...{ metric, title, question, part }} onClose={() => setPart(null)} />}
      </Suspense>
    </>
  );
}
