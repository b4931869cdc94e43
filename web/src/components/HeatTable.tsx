import { VisuallyHidden, useComputedColorScheme } from "@mantine/core";
import type { ReactNode } from "react";
import type { Definition } from "../api/types";
import { useSpeech } from "../i18n";
import { CustomersLink } from "./CustomersLink";

export interface HeatCell {
  value: number | null;
  text: string;
  complete: boolean;
  /** Whom the cell counts. */
  customers?: Definition | null;
}

export interface HeatRow {
  key: string;
  label: string;
  note: string;
  small: boolean;
  cells: HeatCell[];
  customers?: Definition | null;
}

interface Column {
  key: string;
  content: ReactNode;
}

/** Shades of one hue; the letters on them keep their contrast on light and on dark. */
export function shade(share: number, dark: boolean): string {
  const strength = Math.round((dark ? 10 : 6) + share * (dark ? 34 : 44));
  return `color-mix(in srgb, ${dark ? "#1f9480" : "#5fc1aa"} ${strength}%, var(--mantine-color-body))`;
}

/** A table whose cells are darker the more they hold. The number stands in each: colour only helps the eye. */
export function HeatTable(props: { label: string; columns: Column[]; rows: HeatRow[]; first: string; second: string }) {
  const { label, columns, rows, first, second } = props;
  const { t } = useSpeech();
  const dark = useComputedColorScheme("light") === "dark";
  const values = rows.flatMap((row) => row.cells.flatMap((cell) => (cell.value === null ? [] : [cell.value])));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return (
    <div className="scrolls" tabIndex={0} role="group" aria-label={label}>
      <table className="heat">
        <thead>
          <tr>
            <th scope="col" style={{ textAlign: "start" }}>
              {first}
            </th>
            <th scope="col">{second}</th>
            {columns.map(({ key, content }) => (
              <th scope="col" key={key}>
                {content}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key} className={row.small ? "small" : ""}>
              <th scope="row">
                <CustomersLink of={row.customers ?? null}>{row.label}</CustomersLink>
              </th>
              <td className="quiet">{row.note}</td>
              {columns.map(({ key }, index) => {
                const cell = row.cells[index];
                if (!cell || cell.value === null) return <td key={key} />;
                const share = high > low ? (cell.value - low) / (high - low) : 0.5;
                const notes = [
                  cell.complete ? "" : t("figure.incomplete"),
                  row.small ? t("figure.smallCohort") : "",
                ].filter(Boolean);
                return (
                  <td
                    key={key}
                    className={cell.complete ? "" : "incomplete"}
                    style={{ backgroundColor: shade(share, dark) }}
                    title={notes.join(", ") || undefined}
                  >
                    <CustomersLink of={cell.customers ?? null}>{cell.text}</CustomersLink>
                    {notes.length > 0 && <VisuallyHidden> ({notes.join(", ")})</VisuallyHidden>}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
