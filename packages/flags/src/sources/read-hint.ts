import type { FlagRevision } from "../document/flag-revision.ts";

/** What a notification tells; null, "something may have changed", for one that cannot be read. */
export function readHint(payload: unknown): FlagRevision | null {
  try {
    const body: unknown = typeof payload === "string" ? JSON.parse(payload) : payload;
    if (typeof body !== "object" || body === null) return null;
    const { epoch, revision } = body as Partial<FlagRevision>;
    if (typeof epoch !== "string" || !Number.isSafeInteger(revision)) return null;
    return { epoch, revision: revision as number };
  } catch {
    // Anybody may send a notification: whatever it says, looking is harmless.
    return null;
  }
}
