import { canonicalJson, sha256 } from "@slipway/kernel";
import type { AuditEvent } from "./audit-event.ts";
import type { AuditHead } from "./ledger-snapshot.ts";

/** What was done to a chain. */
export type AuditProblem = "edited" | "removed" | "inserted" | "reordered" | "truncated" | "rewritten";

/** Whether a chain holds; where not, the first broken event and how. */
export type Verification =
  | { readonly ok: true; readonly events: number; readonly head: AuditHead }
  | {
      readonly ok: false;
      /** The sequence number at which the chain breaks first. */
      readonly seq: number;
      readonly problem: AuditProblem;
      readonly why: string;
    };

const NO_HASH = "0".repeat(64);

/**
 * Verifies an exported audit from its first event on. It needs no database and no network.
 *
 * A chain that was rewritten from some event to its end, or cut off at its end, verifies by itself: only a
 * head that was kept elsewhere gives it away. No event at all never verifies: a ledger begins with one.
 *
 * @param expectedHead the newest event that is known from elsewhere; later ones may follow it.
 * @example
 * verifyAudit(events, { seq: 42, hash }); // { ok: false, seq: 17, problem: "removed", why: "…" }
 */
export function verifyAudit(events: Iterable<AuditEvent>, expectedHead?: AuditHead): Verification {
  const chain = [...events];
  let head: AuditHead = { seq: 0, hash: NO_HASH };
  for (const [index, event] of chain.entries()) {
    const broken = breakAt(chain, index, head);
    if (broken !== undefined) return broken;
    head = { seq: event.seq, hash: event.hash };
    if (expectedHead?.seq === head.seq && expectedHead.hash !== head.hash) {
      return failure(
        head.seq,
        "rewritten",
        `its hash is ${head.hash}, and ${expectedHead.hash} was seen before`,
      );
    }
  }
  if (chain.length === 0) return failure(1, "truncated", "there is no event at all");
  if (expectedHead !== undefined && expectedHead.seq > head.seq) {
    return failure(
      head.seq + 1,
      "truncated",
      `the chain ends at event ${head.seq}, and ${expectedHead.seq} was seen before`,
    );
  }
  return { ok: true, events: chain.length, head };
}

function breakAt(chain: readonly AuditEvent[], index: number, head: AuditHead): Verification | undefined {
  const event = chain[index] as AuditEvent;
  const expected = head.seq + 1;
  if (!isWhole(event)) {
    return failure(expected, "edited", "its content does not match its hash");
  }
  if (event.seq > expected) {
    return chain.slice(index).some((other) => other?.seq === expected)
      ? failure(expected, "reordered", `event ${event.seq} stands before it`)
      : failure(expected, "removed", `event ${event.seq} stands in its place`);
  }
  if (event.seq < expected) {
    return failure(event.seq, "inserted", "an event with this number stands in the chain already");
  }
  if (event.prev === head.hash) return undefined;
  // The event is whole and does not fit: if the chain goes on from it, it is the one before that was changed.
  const next = chain[index + 1];
  const fitsNext = next === undefined || next?.prev === event.hash;
  if (fitsNext && index > 0)
    return failure(head.seq, "edited", `event ${event.seq} was appended to another version of it`);
  return index === 0
    ? failure(event.seq, "edited", "the first event refers to one before it")
    : failure(event.seq, "inserted", `it does not refer to event ${head.seq}`);
}

function isWhole(event: AuditEvent): boolean {
  try {
    const { hash, ...content } = event;
    return sha256(canonicalJson(content)) === hash;
  } catch {
    // Not even a JSON object: whatever it is, it is not what was hashed.
    return false;
  }
}

function failure(seq: number, problem: AuditProblem, why: string): Verification {
  return { ok: false, seq, problem, why };
}
