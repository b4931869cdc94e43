type Row = Record<string, string | number | null>;

/** Rows as CSV for machines: plain digits, a dot, ISO days. */
export function toCsv(rows: Row[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const cell = (value: string | number | null | undefined) => {
    const text = value === null || value === undefined ? "" : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns.map(cell), ...rows.map((row) => columns.map((name) => cell(row[name])))]
    .map((line) => line.join(","))
    .join("\n")
    .concat("\n");
}

export function downloadCsv(name: string, rows: Row[]): void {
  const address = URL.createObjectURL(new Blob([toCsv(rows)], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
