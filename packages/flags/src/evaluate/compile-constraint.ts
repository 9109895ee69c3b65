import type { Constraint } from "../document/constraint.ts";
import { contains, type Network, parseAddress, parseNetwork } from "./cidr.ts";
import { compareSemver, parseSemver } from "./compare-semver.ts";
import { compilePattern, patternInputLimit } from "./compile-pattern.ts";
import { type FlagContext, textOf } from "./flag-context.ts";

/** Whether a condition holds; `now` is the wall clock in milliseconds, asked for only where it is needed. */
export type Matcher = (context: FlagContext, now: () => number) => boolean;

type Test = (value: string) => boolean;

const never: Matcher = () => false;

/**
 * A constraint made ready: its values are parsed once. An operator that is not known and a value that
 * cannot be parsed never match, inverted or not.
 */
export function compileConstraint(constraint: Constraint): Matcher {
  const { attribute, operator } = constraint;
  const inverted = constraint.inverted === true;
  if (operator === "DATE_AFTER" || operator === "DATE_BEFORE") return compileDate(constraint, inverted);
  const test = compileTest(constraint);
  if (test === null) return never;
  // An attribute that is not there is in no list; NOT_IN is the only operator that is glad of it.
  const absent = (operator === "NOT_IN") !== inverted;
  return (context) => {
    const value = textOf(context, attribute);
    return value === null ? absent : test(value) !== inverted;
  };
}

function compileTest(constraint: Constraint): Test | null {
  const { operator, values } = constraint;
  switch (operator) {
    case "IN":
    case "NOT_IN": {
      const listed = new Set(values);
      return operator === "IN" ? (value) => listed.has(value) : (value) => !listed.has(value);
    }
    case "STR_STARTS_WITH":
      return compileText(constraint, (text, part) => text.startsWith(part));
    case "STR_ENDS_WITH":
      return compileText(constraint, (text, part) => text.endsWith(part));
    case "STR_CONTAINS":
      return compileText(constraint, (text, part) => text.includes(part));
    case "REGEX": {
      const pattern = compilePattern(values[0] ?? "", constraint.caseInsensitive === true);
      return pattern && values.length === 1
        ? (value) => value.length <= patternInputLimit && pattern.test(value)
        : null;
    }
    case "IN_CIDR": {
      const networks = values
        .map((value) => parseNetwork(value.trim()))
        .filter((found): found is Network => found !== null);
      return (value) => {
        const address = parseAddress(value.trim());
        return address !== null && networks.some((network) => contains(network, address));
      };
    }
    default:
      return compileOrder(operator, values[0] ?? "");
  }
}

function compileText(constraint: Constraint, fits: (text: string, part: string) => boolean): Test {
  if (constraint.caseInsensitive !== true)
    return (value) => constraint.values.some((part) => fits(value, part));
  const parts = constraint.values.map((part) => part.toLowerCase());
  return (value) => {
    const text = value.toLowerCase();
    return parts.some((part) => fits(text, part));
  };
}

/** `NUM_*` and `SEMVER_*`: what cannot be compared is in no order. */
function compileOrder(operator: string, limit: string): Test | null {
  const [, kind, name] = /^(NUM|SEMVER)_(EQ|GTE?|LTE?)$/.exec(operator) ?? [];
  const holds = orders[name ?? ""];
  if (holds === undefined) return null;
  if (kind === "NUM") {
    const wanted = numberOf(limit);
    return Number.isNaN(wanted) ? null : (value) => holds(numberOf(value) - wanted);
  }
  const wanted = parseSemver(limit);
  if (wanted === null) return null;
  return (value) => {
    const found = parseSemver(value);
    return found !== null && holds(compareSemver(found, wanted));
  };
}

/** Every comparison with NaN is false, which is what is wanted of a value that is no number. */
const orders: Readonly<Record<string, (difference: number) => boolean>> = {
  EQ: (difference) => difference === 0,
  GT: (difference) => difference > 0,
  GTE: (difference) => difference >= 0,
  LT: (difference) => difference < 0,
  LTE: (difference) => difference <= 0,
};

const numberOf = (text: string): number => (text.trim() === "" ? Number.NaN : Number(text));

function compileDate({ attribute, operator, values }: Constraint, inverted: boolean): Matcher {
  const limit = Date.parse(values[0] ?? "");
  if (Number.isNaN(limit)) return never;
  const after = operator === "DATE_AFTER";
  return (context, now) => {
    const text = textOf(context, attribute);
    const found = text === null && attribute === "currentTime" ? now() : Date.parse(text ?? "");
    if (Number.isNaN(found)) return false;
    return (after ? found > limit : found < limit) !== inverted;
  };
}
