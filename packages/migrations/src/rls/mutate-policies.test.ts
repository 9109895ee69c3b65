import { expect, test } from "vitest";
import { policyMutations } from "./mutate-policies.ts";

const policy = (facts: object) =>
  policyMutations([
    {
      table: "public.t",
      name: "own",
      permissive: true,
      command: "*",
      using: "(a = 1)",
      check: null,
      ...facts,
    },
  ]).map(({ change, sql }) => `${change}: ${sql}`);

test("a policy is removed, and opened in the ways that its command has", () => {
  expect(policy({})).toEqual([
    'removed: drop policy "own" on public.t',
    'opened: alter policy "own" on public.t using (true) with check (true)',
  ]);
  expect(policy({ command: "r" })[1]).toBe('opened: alter policy "own" on public.t using (true)');
  expect(policy({ command: "a", using: null, check: "(a = 1)" })[1]).toBe(
    'opened: alter policy "own" on public.t with check (true)',
  );
  expect(policy({ command: "d" })[1]).toBe('opened: alter policy "own" on public.t using (true)');
});

test("what is open cannot be opened, and a restrictive one that is removed is open", () => {
  expect(policy({ using: "true" })).toEqual(['removed: drop policy "own" on public.t']);
  expect(policy({ permissive: false })).toEqual(['removed: drop policy "own" on public.t']);
});
