import type { MigrationProof } from "@slipway/migrations";
import { expect, test } from "vitest";
import { renderPair, renderSummary } from "./render-proof.ts";
import { wherePart } from "./where-part.ts";

const proof = (facts: Partial<MigrationProof>): MigrationProof => ({
  id: "1_a",
  verdict: "pass",
  irreversible: false,
  why: null,
  differences: [],
  reordered: [],
  rows: null,
  ms: 5,
  ...facts,
});

test("a migration without a rollback is not called proved", () => {
  const proofs = [proof({}), proof({ id: "2_b", irreversible: true })].map((one) => ({
    ...one,
    place: "embedded" as const,
  }));
  expect(proofs.map((one) => renderPair(one))).toEqual([
    "proved  1_a  5 ms",
    "applied, without a rollback  2_b  5 ms",
  ]);
  const view = { verdict: "pass" as const, places: [], chains: [] };
  expect(renderSummary({ ...view, proofs })).toBe(
    "1 of 1 migration proved; 1 migration applied only, for want of a rollback",
  );
  expect(renderSummary({ ...view, proofs: proofs.slice(1) })).toBe(
    "1 migration applied only, for want of a rollback",
  );
});

test("an object that is different shows where", () => {
  const [before, after] = ["12:00", "12:01"].map((time) => `select ${"a, ".repeat(50)}'${time}'::timestamp`);
  const difference = {
    change: "changed",
    kind: "view",
    name: "public.v",
    before: before!,
    after: after!,
  } as const;
  const text = renderPair(
    proof({ verdict: "fail", why: "its rollback does not lead back", differences: [difference] }),
  );
  expect(text).toMatch(/\n {8}was …[a, ]+'12:00'::timestamp\n {8}is {2}…[a, ]+'12:01'::timestamp$/);
  expect(wherePart("a\n b", "a b")).toBeNull();
  expect(wherePart("a", "a b")).toEqual(["a", "a b"]);
});
