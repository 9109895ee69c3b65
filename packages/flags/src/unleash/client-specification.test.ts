import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { initialFlag } from "../document/initial-flag.ts";
import { parseFlagDocument } from "../document/parse-flag-document.ts";
import type { FlagContext } from "../evaluate/flag-context.ts";
import { FlagSet } from "../evaluate/flag-set.ts";
import { importUnleash } from "./import-unleash.ts";

/**
 * The whole of @unleash/client-specification, all 22 files. Each state goes the way that a user's goes: through the
 * importer, out to JSON, through the validator, into the evaluation. Files 19 and 20 describe Unleash's wire
 * format for changes, which is not ours (our documents are whole): their events are folded into a state
 * here, and their assertions run on that.
 */
const folder = join(
  dirname(createRequire(import.meta.url).resolve("@unleash/client-specification/package.json")),
  "specifications",
);
const read = (name: string) => JSON.parse(readFileSync(join(folder, name), "utf8"));

interface Specification {
  state: { features: object[]; segments?: object[]; events?: UnleashEvent[] };
  tests?: Case<boolean>[];
  variantTests?: Case<ExpectedVariant>[];
}
interface UnleashEvent {
  type: string;
  features?: { name: string }[];
  segments?: { id: number }[];
  feature?: { name: string };
  segment?: { id: number };
  featureName?: string;
  segmentId?: number;
}
interface Case<T> {
  description: string;
  context: Record<string, unknown> & { properties?: Record<string, unknown> };
  toggleName: string;
  expectedResult: T;
}
interface ExpectedVariant {
  name: string;
  payload?: { type: string; value: string };
  enabled: boolean;
  feature_enabled: boolean;
}

const files: string[] = read("index.json");
const counts = { tests: 0, variantTests: 0 };

describe.each(files)("%s", (file) => {
  const { state, tests = [], variantTests = [] }: Specification = read(file);
  const { declarations, segments, notes } = importUnleash(foldEvents(state), { owner: "specification" });
  const flags = Object.entries(declarations).map(([key, declaration]) => initialFlag(key, declaration));
  const json = JSON.stringify({ epoch: "specification", revision: 1, flags, segments });
  const set = new FlagSet(parseFlagDocument(JSON.parse(json)));
  counts.tests += tests.length;
  counts.variantTests += variantTests.length;

  test("is translated without a loss", () => expect(notes).toEqual([]));
  test.each(tests)("$description", ({ context, toggleName, expectedResult }) => {
    expect(set.evaluate(toggleName, flat(context))?.on ?? false).toBe(expectedResult);
  });
  test.each(variantTests)("$description", ({ context, toggleName, expectedResult }) => {
    const result = set.evaluate(toggleName, flat(context));
    expect(result?.on ?? false).toBe(expectedResult.feature_enabled);
    expect(result?.variant ?? null).toBe(expectedResult.enabled ? expectedResult.name : null);
    if (expectedResult.payload === undefined) return;
    const { type, value } = expectedResult.payload;
    expect(result?.value).toStrictEqual(
      type === "number" ? Number(value) : type === "json" ? JSON.parse(value) : value,
    );
  });
});

test("nothing of the specification was left out", () => {
  expect({ files: files.length, ...counts }).toEqual({ files: 22, tests: 227, variantTests: 52 });
});

function flat({ properties, ...context }: Case<unknown>["context"]): FlagContext {
  return { ...context, ...properties };
}

function foldEvents(state: Specification["state"]): object {
  if (state.events === undefined) return state;
  const features = new Map<string, object>();
  const segments = new Map<number, object>();
  for (const event of state.events) {
    for (const feature of event.features ?? []) features.set(feature.name, feature);
    for (const segment of event.segments ?? []) segments.set(segment.id, segment);
    if (event.type === "feature-updated") features.set(event.feature!.name, event.feature!);
    if (event.type === "feature-removed") features.delete(event.featureName!);
    if (event.type === "segment-updated") segments.set(event.segment!.id, event.segment!);
    if (event.type === "segment-removed") segments.delete(event.segmentId!);
  }
  return { features: [...features.values()], segments: [...segments.values()] };
}
