import type { Segment } from "../document/constraint.ts";
import type { Dependency, FlagDeclaration } from "../document/flag.ts";
import { parseDeclaration } from "../document/parse-declaration.ts";
import {
  asObject,
  type Body,
  isAbsent,
  readBoolean,
  readList,
  readListOrNone,
  readText,
  within,
} from "../document/reading.ts";
import { translateConstraint, translateStrategy, translateVariant } from "./unleash-strategy.ts";

/** What Unleash does not know of a flag and a declaration has to have. */
export interface UnleashImportOptions {
  readonly owner: string;
  /** Left out: not tied to a release. */
  readonly release?: string | null;
}

export interface UnleashImport {
  /** By key, ready for the manifest. */
  readonly declarations: Readonly<Record<string, FlagDeclaration>>;
  readonly segments: readonly Segment[];
  /** What could not be translated faithfully, one sentence each. Empty: nothing was lost. */
  readonly notes: readonly string[];
}

/**
 * Turns an export of Unleash into declarations, with what each flag starts with. Buckets stay where they are: everybody who
 * has a flag keeps it. Takes both shapes: that of `/api/client/features` (`features` with their strategies) and
 * that of an environment's export (`featureStrategies` and `featureEnvironments` beside `features`).
 *
 * @throws {FlagDocumentError} with the path of what is not as Unleash writes it.
 *
 * @example
 * const { declarations, notes } = importUnleash(JSON.parse(text), { owner: "shop" });
 */
export function importUnleash(input: unknown, options: UnleashImportOptions): UnleashImport {
  const body = within("export", input, asObject);
  const notes: string[] = [];
  const segments = readListOrNone(body, "segments", (item) => translateSegment(item, notes));
  const features = withStrategies(body);
  const declarations = features.map(([key, feature]): [string, FlagDeclaration] => [
    key,
    within(key, feature, () => translateFeature(key, feature, options, notes)),
  ]);
  return { declarations: Object.fromEntries(declarations), segments, notes };
}

function translateFeature(
  key: string,
  feature: Body,
  options: UnleashImportOptions,
  notes: string[],
): FlagDeclaration {
  let place = 0;
  const all = readListOrNone(feature, "strategies", (item) => {
    const strategy = asObject(item);
    const path = `${key}.strategies[${place++}]`;
    return strategy.disabled === true ? null : translateStrategy(strategy, path);
  });
  const strategies = all.filter((strategy) => strategy !== null);
  // None at all is everybody; but whoever disabled the last one did not mean everybody.
  const allDisabled = all.length > 0 && strategies.length === 0;
  if (allDisabled) notes.push(`${key}: all its strategies are disabled: it starts off`);
  notes.push(...strategies.flatMap((strategy) => strategy.notes));
  const rules = strategies.map(({ rule }) => rule);
  const [first] = rules;
  // One plain percentage is the flag's own, so that `slipway flag ramp` can move it.
  const plain =
    rules.length === 1 &&
    first !== undefined &&
    Object.keys(first).every((name) => ["rollout", "stickiness", "groupId"].includes(name)) &&
    first.stickiness !== "random";
  const declaration = {
    owner: options.owner,
    release: options.release ?? null,
    safeValue: false,
    ...(typeof feature.description === "string" ? { description: feature.description } : {}),
    ...(plain && first.stickiness !== undefined ? { stickiness: first.stickiness } : {}),
    ...(plain && first.groupId !== undefined ? { groupId: first.groupId } : {}),
    initial: {
      enabled: !isAbsent(feature.enabled) && readBoolean(feature, "enabled") && !allDisabled,
      rollout: plain ? (first.rollout ?? 100) : 100,
      rules: plain ? [] : rules,
      variants: readListOrNone(feature, "variants", translateVariant),
      dependencies: readListOrNone(feature, "dependencies", translateDependency),
    },
  };
  return parseDeclaration(key, declaration, "declaration");
}

function translateDependency(input: unknown): Dependency {
  const body = asObject(input);
  const variants = readListOrNone(body, "variants", String);
  return {
    flag: readText(body, "feature"),
    ...(body.enabled === false ? { enabled: false } : {}),
    // Unleash calls a flag without a variant by the variant "disabled".
    ...(variants.length > 0 ? { variants: variants.map((name) => (name === "disabled" ? "" : name)) } : {}),
  };
}

function translateSegment(input: unknown, notes: string[]): Segment {
  const body = asObject(input);
  const id = String(body.id);
  if (body.constraints === undefined) {
    notes.push(
      `Segment ${id} (${String(body.name)}) is exported without its constraints: it has nobody in it`,
    );
    return { id, constraints: [{ attribute: "segment", operator: "IN", values: [] }] };
  }
  return { id, constraints: readList(body, "constraints", translateConstraint) };
}

/** The features by name, with the strategies and the state that an environment's export lists beside them. */
function withStrategies(body: Body): readonly (readonly [string, Body])[] {
  const features = readList(body, "features", (item): [string, Body] => {
    const feature = asObject(item);
    return [readText(feature, "name"), feature];
  });
  if (body.featureStrategies === undefined) return features;
  const rows = (name: string) => readListOrNone(body, name, asObject);
  const strategies = rows("featureStrategies").toSorted(
    (a, b) => Number(a.sortOrder ?? 0) - Number(b.sortOrder ?? 0),
  );
  const environments = rows("featureEnvironments");
  const dependencies = rows("dependencies");
  return features.map(([key, feature]) => {
    const state = environments.find(({ featureName }) => featureName === key);
    return [
      key,
      {
        ...feature,
        enabled: state?.enabled,
        variants: state?.variants ?? feature.variants,
        strategies: strategies.filter(({ featureName }) => featureName === key),
        dependencies: dependencies.find((row) => row.feature === key)?.dependencies,
      },
    ];
  });
}
