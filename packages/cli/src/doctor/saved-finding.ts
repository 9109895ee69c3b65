import type { SavedData } from "@slipway/ledger";
import { bytesText, removableSaved } from "../migrate/save/render-saved.ts";
import type { Finding } from "./finding.ts";

/** What doctor says of the data that lossy rollbacks saved: how much, until when, and whether some of it may go. */
export function savedFinding(environment: string, saved: readonly SavedData[]): string | Omit<Finding, "id"> {
  if (saved.length === 0) return "none: no rollback dropped data";
  const copies = `${saved.length} ${saved.length === 1 ? "copy" : "copies"}`;
  const size = bytesText(saved.reduce((sum, { bytes }) => sum + bytes, 0));
  const removable = removableSaved(saved);
  if (removable.length === 0) {
    const first = saved.map(({ expiresAt }) => expiresAt).sort()[0] ?? "";
    return `${copies} in slipway_saved, ${size}, the first expires on ${first.slice(0, 10)}`;
  }
  return {
    status: "warn",
    detail: `${copies} in slipway_saved, ${size}: ${removable.length} expired or put back`,
    suggestion: `slipway migrate save remove --env ${environment}`,
  };
}
