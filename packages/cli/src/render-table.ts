/** The widest line of a table, in characters. */
const WIDTH = 100;
/** A column is not cut below this, however wide the others are. */
const NARROWEST = 8;
const GAP = "  ";

/**
 * A table of text: columns as wide as their widest cell, two spaces between, no lines drawn. Where it would be
 * wider than 100 characters the widest columns are cut, with an ellipsis.
 */
export function renderTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = fit(
    header.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cut(cell, widths[column] ?? 0).padEnd(widths[column] ?? 0))
      .join(GAP)
      .trimEnd();
  return [line(header), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

function fit(wanted: readonly number[]): number[] {
  const widths = [...wanted];
  const tooWide = () => widths.reduce((sum, width) => sum + width, GAP.length * (widths.length - 1)) - WIDTH;
  while (tooWide() > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    const second = Math.max(NARROWEST, ...widths.filter((_, column) => column !== widest));
    const width = widths[widest] ?? 0;
    // Down to the next widest column, or as far as is needed: then the two share the rest.
    const next = Math.max(width - tooWide(), Math.min(second, width - 1));
    if (next < NARROWEST) break;
    widths[widest] = next;
  }
  return widths;
}

const cut = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, width - 1)}…`;
