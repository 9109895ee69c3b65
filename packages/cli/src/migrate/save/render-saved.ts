import type { SavedData } from "@slipway/ledger";
import { age } from "../../age.ts";
import { renderTable } from "../../render-table.ts";

/** What rollbacks saved, for people. */
export function renderSaved(environment: string, saved: readonly SavedData[], now: number): string {
  if (saved.length === 0) return `no rollback saved anything in ${environment}`;
  const rows = saved.map((copy) => [
    copy.name,
    copy.rows.toLocaleString("en"),
    bytesText(copy.bytes),
    age(copy.savedAt, now),
    stateOf(copy),
  ]);
  const removable = removableSaved(saved);
  const next = removable.length === 0 ? "" : `\n\nmay go: slipway migrate save remove --env ${environment}`;
  return `${renderTable(["copy in slipway_saved", "rows", "size", "saved", "state"], rows)}${next}`;
}

/** Copies that nobody needs any more: expired, or put back whole. */
export function removableSaved(saved: readonly SavedData[], only?: string): SavedData[] {
  return saved.filter(
    ({ name, expired, putBack }) => (only === undefined || name === only) && (expired || putBack?.kept === 0),
  );
}

/** A size for people: `8 kB`, `1.4 GB`. */
export function bytesText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  let size = bytes;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${size >= 10 || unit === 0 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}

/** Whether a copy is still needed, in words. */
export function stateOf({ putBack, putBackAt, expired, expiresAt }: SavedData): string {
  if (putBackAt === null) return expired ? "expired" : `kept until ${expiresAt.slice(0, 10)}`;
  if (putBack === null || putBack.kept === 0) return "put back";
  const why = putBack.note === null ? "" : ` (${putBack.note})`;
  return `put back, without ${putBack.kept.toLocaleString("en")}${why}`;
}
