import { useComputedColorScheme } from "@mantine/core";
import { useSpeech } from "../i18n";

export interface HeatCell {
  value: number | null;
  text: string;
  complete: boolean;
}

export interface HeatRow {
  key: string;
  label: string;
  note: string;
  small: boolean;
  cells: HeatCell[];
}

/** Shades of one hue; the letters on them keep their contrast on light and on dark. */
function shade(share: number, dark: boolean): string {
  const strength = Math.round((dark ? 12 : 6) + share * (dark ? 38 : 44));
  return `color-mix(in srgb, ${dark ? "#1f9480" : "#5fc1aa"} ${strength}%, var(--mantine-color-body))`;
}

/** A table whose cells are darker the more they hold. The number stands in each: colour only helps the eye. */
export function HeatTable(props: { label: string; columns: string[]; rows: HeatRow[]; first: string; second: string }) {
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
            {columns.map((column) => (
              <th scope="col" key={column}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">{row.label}</th>
              <td className="quiet">{row.note}</td>
              {columns.map((column, index) => {
                const cell = row.cells[index];
                if (!cell || cell.value === null) return <td key={column} />;
                const share = high > low ? (cell.value - low) / (high - low) : 0.5;
                const notes = [
                  cell.complete ? "" : t("figure.incomplete"),
                  row.small ? t("figure.smallCohort") : "",
                ].filter(Boolean);
                return (
                  <td
                    key={column}
                    className={cell.complete ? "" : "incomplete"}
                    style={{ backgroundColor: shade(share, dark), fontStyle: row.small ? "italic" : undefined }}
                    title={notes.join(", ") || undefined}
                  >
                    {cell.text}
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
