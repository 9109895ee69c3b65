type Step = { readonly member: string } | { readonly index: number } | { readonly all: true };

/** What a path found: nothing, or a value. With a wildcard the value is the list of all that was found. */
export type Found = { readonly found: false } | { readonly found: true; readonly value: unknown };

// What a member may be is said by what it may not contain: classes of Unicode take a millisecond to set up.
const stepPattern =
  /\.(?<member>[^\s.[\]'"()*?@,:&|<>=!]+)|\[(?<index>-?\d+)\]|\[(?:'(?<single>[^']*)'|"(?<double>[^"]*)")\]|(?<all>\.\*|\[\*\])/y;

/**
 * Finds a value by a JSON path: `$.a.b`, `$['a-b']`, `$[0]`, `$[-1]`, `$.items[*].id`, and `.length` of a
 * list or a text. Filters, slices and `..` are not understood.
 *
 * @throws {SyntaxError} for a path that is not understood.
 * @example
 * readJsonPath({ items: [{ id: 7 }] }, "$.items[0].id"); // { found: true, value: 7 }
 */
export function readJsonPath(document: unknown, path: string): Found {
  let values: unknown[] = [document];
  let many = false;
  for (const step of parseJsonPath(path)) {
    if ("all" in step) many = true;
    values = values.flatMap((value) => take(value, step));
  }
  if (many) return { found: true, value: values };
  return values.length === 0 ? { found: false } : { found: true, value: values[0] };
}

/** Splits a path into its steps. */
export function parseJsonPath(path: string): Step[] {
  if (!path.startsWith("$")) throw new SyntaxError(`A JSON path starts with $: ${path}`);
  const steps: Step[] = [];
  const pattern = new RegExp(stepPattern);
  pattern.lastIndex = 1;
  while (pattern.lastIndex < path.length) {
    const from = pattern.lastIndex;
    const groups = pattern.exec(path)?.groups;
    if (groups === undefined) {
      throw new SyntaxError(
        `Cannot read the JSON path ${path} from character ${from + 1}: ` +
          `members, ['quoted'], [0], [*] and .length are understood`,
      );
    }
    const member = groups.member ?? groups.single ?? groups.double;
    if (groups.all !== undefined) steps.push({ all: true });
    else if (groups.index !== undefined) steps.push({ index: Number(groups.index) });
    else steps.push({ member: member! });
  }
  return steps;
}

function take(value: unknown, step: Step): unknown[] {
  if ("all" in step) return typeof value === "object" && value !== null ? Object.values(value) : [];
  if ("index" in step) {
    if (!Array.isArray(value)) return [];
    const index = step.index < 0 ? value.length + step.index : step.index;
    return index in value ? [value[index]] : [];
  }
  if (typeof value === "object" && value !== null && Object.hasOwn(value, step.member)) {
    return [(value as Record<string, unknown>)[step.member]];
  }
  if (step.member === "length" && typeof value === "string") return [value.length];
  return [];
}
