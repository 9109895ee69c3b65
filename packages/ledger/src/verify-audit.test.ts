import { readFileSync } from "node:fs";
import { canonicalJson, type Json, sha256 } from "@slipway/kernel";
import { describe, expect, test } from "vitest";
import type { AuditEvent } from "./audit-event.ts";
import { verifyAudit } from "./verify-audit.ts";

const NO_HASH = "0".repeat(64);

function eventAfter(previous: AuditEvent | undefined, content: Partial<AuditEvent> = {}): AuditEvent {
  const seq = (previous?.seq ?? 0) + 1;
  const event = {
    seq,
    at: `2026-01-01T00:00:0${seq}.000000Z`,
    actor: "ann",
    run: seq,
    kind: "run.opened",
    subject: "1.2.0",
    data: { attempt: seq, nested: { list: [1, "two", null, true] } } as Json,
    prev: previous?.hash ?? NO_HASH,
    ...content,
  };
  return { ...event, hash: sha256(canonicalJson(event)) };
}

function chainOf(length: number): AuditEvent[] {
  const chain: AuditEvent[] = [];
  while (chain.length < length) chain.push(eventAfter(chain.at(-1)));
  return chain;
}

function rehashed(event: AuditEvent): AuditEvent {
  const { hash: _hash, ...content } = event;
  return { ...event, hash: sha256(canonicalJson(content)) };
}

const chain = chainOf(6);
const head = { seq: 6, hash: chain[5]!.hash };

describe("a chain that nobody touched", () => {
  test("verifies, with and without a head that is known from elsewhere", () => {
    expect(verifyAudit(chain)).toEqual({ ok: true, events: 6, head });
    expect(verifyAudit(chain, head)).toEqual({ ok: true, events: 6, head });
  });

  test("verifies when it has grown since the head was seen", () => {
    expect(verifyAudit(chain, { seq: 4, hash: chain[3]!.hash })).toMatchObject({ ok: true });
  });

  test("verifies after a trip through JSON with its members in another order", () => {
    const turned = chain.map((event) =>
      JSON.parse(JSON.stringify(Object.fromEntries(Object.entries(event).reverse()))),
    );
    expect(verifyAudit(turned)).toMatchObject({ ok: true });
  });
});

describe("an edited event", () => {
  const fields = Object.keys(chain[0]!) as (keyof AuditEvent)[];
  for (const event of chain) {
    for (const field of fields) {
      test(`is found: event ${event.seq}, ${field}`, () => {
        for (const value of ["x", 99, null, { other: 1 }]) {
          const edited = chain.map((each) =>
            each === event ? ({ ...each, [field]: value } as AuditEvent) : each,
          );
          expect(verifyAudit(edited)).toMatchObject({ ok: false, seq: event.seq, problem: "edited" });
        }
      });

      test(`is found: event ${event.seq} without ${field}`, () => {
        const { [field]: _gone, ...rest } = event;
        const edited = chain.map((each) => (each === event ? (rest as AuditEvent) : each));
        expect(verifyAudit(edited)).toMatchObject({ ok: false, seq: event.seq, problem: "edited" });
      });
    }
  }

  test("is found when a field was added", () => {
    const edited = chain.map((each) => (each.seq === 3 ? { ...each, note: "x" } : each));
    expect(verifyAudit(edited)).toMatchObject({ ok: false, seq: 3, problem: "edited" });
  });

  test("is found when only a nested value differs", () => {
    const data = { attempt: 3, nested: { list: [1, "two", null, false] } };
    const edited = chain.map((each) => (each.seq === 3 ? { ...each, data } : each));
    expect(verifyAudit(edited)).toMatchObject({ ok: false, seq: 3, problem: "edited" });
  });

  test("is found when its hash was computed anew", () => {
    const edited = chain.map((each) => (each.seq === 3 ? rehashed({ ...each, actor: "bob" }) : each));
    expect(verifyAudit(edited)).toMatchObject({ ok: false, seq: 3, problem: "edited" });
  });

  test("is found when it is not JSON at all", () => {
    const edited = chain.map((each) => (each.seq === 3 ? (null as unknown as AuditEvent) : each));
    expect(verifyAudit(edited)).toMatchObject({ ok: false, seq: 3, problem: "edited" });
  });
});

describe("a removed event", () => {
  for (const seq of [1, 2, 3, 4, 5]) {
    test(`is found: event ${seq}`, () => {
      expect(verifyAudit(chain.filter((event) => event.seq !== seq))).toMatchObject({
        ok: false,
        seq,
        problem: "removed",
      });
    });
  }

  test("is found at the end when the head is known from elsewhere", () => {
    expect(verifyAudit(chain.slice(0, 4))).toMatchObject({ ok: true });
    expect(verifyAudit(chain.slice(0, 4), head)).toMatchObject({ ok: false, seq: 5, problem: "truncated" });
  });

  test("is found when nothing is left", () => {
    expect(verifyAudit([])).toMatchObject({ ok: false, seq: 1, problem: "truncated" });
    expect(verifyAudit([], head)).toMatchObject({ ok: false, seq: 1, problem: "truncated" });
  });
});

describe("an inserted event", () => {
  test("is found when it fits what is before it", () => {
    const forged = eventAfter(chain[2], { actor: "mallory" });
    expect(verifyAudit(chain.toSpliced(3, 0, forged))).toMatchObject({
      ok: false,
      seq: 4,
      problem: "inserted",
    });
  });

  test("is found when it fits nothing", () => {
    const forged = rehashed({ ...eventAfter(chain[2]), prev: "f".repeat(64) });
    expect(verifyAudit(chain.toSpliced(3, 0, forged))).toMatchObject({
      ok: false,
      seq: 4,
      problem: "inserted",
    });
  });

  test("is found when it is an event of the chain once more", () => {
    expect(verifyAudit(chain.toSpliced(4, 0, chain[1]!))).toMatchObject({
      ok: false,
      seq: 2,
      problem: "inserted",
    });
  });

  test("is found before the first event", () => {
    const forged = rehashed({ ...eventAfter(undefined), prev: "f".repeat(64) });
    expect(verifyAudit([forged, ...chain])).toMatchObject({ ok: false, seq: 1, problem: "edited" });
  });
});

describe("reordered events", () => {
  for (const at of [0, 1, 2, 3, 4]) {
    test(`are found: events ${at + 1} and ${at + 2} swapped`, () => {
      const swapped = chain.with(at, chain[at + 1]!).with(at + 1, chain[at]!);
      expect(verifyAudit(swapped)).toMatchObject({ ok: false, seq: at + 1, problem: "reordered" });
    });
  }
});

test("a chain that was rewritten to its end is found out by a head from elsewhere only", () => {
  const rewritten = chain.slice(0, 2);
  rewritten.push(eventAfter(rewritten.at(-1), { actor: "mallory" }));
  while (rewritten.length < 6) rewritten.push(eventAfter(rewritten.at(-1)));
  expect(verifyAudit(rewritten)).toMatchObject({ ok: true });
  expect(verifyAudit(rewritten, head)).toMatchObject({ ok: false, seq: 6, problem: "rewritten" });
});

test("the reason names both hashes, so that a person can compare", () => {
  const result = verifyAudit(chain, { seq: 6, hash: "e".repeat(64) });
  expect(result).toMatchObject({ ok: false, why: expect.stringContaining("e".repeat(64)) });
});

test("verification stands on the kernel alone, so that it runs anywhere", () => {
  const source = readFileSync(new URL("./verify-audit.ts", import.meta.url), "utf8");
  const imports = [...source.matchAll(/^import (?!type ).* from "(.*)";$/gm)].map(([, from]) => from);
  expect(imports).toEqual(["@slipway/kernel"]);
});
