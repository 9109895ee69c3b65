import { isArchive, isAsset, isObject, isSecret, type Properties } from "./property-value.ts";

/** One difference between old and new inputs, at a path as Pulumi writes it: `environment.PORT`, `triggers[0]`. */
export interface InputChange {
  readonly path: string;
  /** The input that holds it: the first part of the path. */
  readonly input: string;
  readonly kind: "add" | "delete" | "update";
}

/**
 * Compares inputs deeply. A value that became secret, or stopped being one, is a change: the state has to
 * store it differently. Assets are compared by their hash, since the engine leaves their content out.
 */
export function diffInputs(before: Properties, after: Properties): InputChange[] {
  return sortedKeys(before, after).flatMap((input) =>
    differences(before[input], after[input], input).map((change) => ({ ...change, input })),
  );
}

type Difference = Omit<InputChange, "input">;

function differences(before: unknown, after: unknown, path: string): Difference[] {
  if (before === undefined && after === undefined) return [];
  if (before === undefined) return [{ path, kind: "add" }];
  if (after === undefined) return [{ path, kind: "delete" }];
  const changed: Difference[] = [{ path, kind: "update" }];
  if (isSecret(before) || isSecret(after)) {
    if (!isSecret(before) || !isSecret(after)) return changed;
    return differences(before.value, after.value, path).length === 0 ? [] : changed;
  }
  if (isAsset(before) || isArchive(before)) return sameAsset(before, after) ? [] : changed;
  if (Array.isArray(before) && Array.isArray(after)) {
    return Array.from({ length: Math.max(before.length, after.length) }, (_, index) =>
      differences(before[index], after[index], `${path}[${index}]`),
    ).flat();
  }
  if (isObject(before) && isObject(after)) {
    return sortedKeys(before, after).flatMap((key) =>
      differences(before[key], after[key], path + member(key)),
    );
  }
  return before === after ? [] : changed;
}

function sameAsset(before: Properties, after: unknown): boolean {
  if (!isObject(after)) return false;
  if (before.hash !== undefined && after.hash !== undefined) return before.hash === after.hash;
  return JSON.stringify(before) === JSON.stringify(after);
}

const sortedKeys = (a: Properties, b: Properties) =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
const member = (key: string) => (/^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`);
