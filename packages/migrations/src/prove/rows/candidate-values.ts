import type { ColumnFacts } from "./table-facts.ts";

/**
 * Values for one column of a generated row, as SQL, best first: one of its own for the row, then those that conditions
 * speak of, then shapes that conditions often ask for. Empty when nothing is known of the type.
 *
 * @param row counts the rows of a table from 0, over all tries: equal inputs give equal values.
 * @param literals the texts and numbers in the table's conditions; see {@link literalsOf}.
 * @example
 * candidateValues({ base: "int4", type: "integer", … }, 2, ["0"]); // ["'3'::integer", "'0'::integer", "'1'::integer", …]
 */
export function candidateValues(column: ColumnFacts, row: number, literals: readonly string[]): string[] {
  const texts = [...new Set(textsFor(column, row, literals))];
  const limit = lengthLimit(column);
  return texts
    .map((text) => (limit === null ? text : text.slice(-limit)))
    .filter((text, index, all) => all.indexOf(text) === index)
    .map((text) => `'${text.replaceAll("'", "''")}'::${column.type}`);
}

/** The quoted texts and the numbers in conditions, the numbers with their neighbours. */
export function literalsOf(conditions: readonly string[]): string[] {
  const found = new Set<string>();
  for (const condition of conditions) {
    for (const [, text] of condition.matchAll(/'((?:[^']|'')*)'/g)) found.add(text!.replaceAll("''", "'"));
    for (const [number] of condition.replaceAll(/'(?:[^']|'')*'/g, "").matchAll(/-?\b\d+(?:\.\d+)?\b/g)) {
      for (const near of [Number(number), Number(number) + 1, Number(number) - 1]) found.add(String(near));
    }
  }
  return [...found];
}

function textsFor(column: ColumnFacts, row: number, literals: readonly string[]): string[] {
  const { kind, base, labels, array, attributes } = column;
  if (array) {
    const [element] = textsFor({ ...column, array: false }, row, literals);
    const quoted =
      element === undefined ? [] : [`{"${element.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"}`];
    return [...quoted, "{}"];
  }
  if (kind === "e") return rotated(labels ?? [], row);
  if (kind === "r") return ["empty"];
  if (kind === "m") return ["{}"];
  if (kind === "c") return [`(${",".repeat(Math.max(0, attributes - 1))})`];
  const numbers = literals.filter((text) => /^-?\d+(\.\d+)?$/.test(text));
  const whole = numbers.filter((text) => /^-?\d+$/.test(text));
  const dates = literals.filter((text) => /^\d{4}-\d{2}-\d{2}/.test(text));
  const day = `2001-02-${String(1 + (row % 28)).padStart(2, "0")}`;
  const n = row + 1;
  switch (base) {
    case "int2":
    case "int4":
    case "int8":
    case "oid":
      return [String(n), ...whole, "0", "-1", "100"];
    case "numeric":
    case "float4":
    case "float8":
    case "money":
      return fitting([`${n}.5`, String(n), ...numbers, "0.5", "0", "0.05", "-1"], column);
    case "bool":
      return rotated(["true", "false"], row);
    case "text":
    case "varchar":
    case "bpchar":
    case "citext":
    case "name":
      return [`text ${n}`, ...texts(n), ...literals.filter((text) => !text.includes("\u0000"))];
    case "char":
      return [String.fromCharCode(97 + (row % 26))];
    case "uuid":
      return [`00000000-0000-4000-8000-${String(n).padStart(12, "0")}`];
    case "date":
    case "timestamp":
    case "timestamptz":
      return [day, ...dates, "2100-01-01", "1990-01-01"];
    case "time":
    case "timetz":
      return [`12:00:${String(row % 60).padStart(2, "0")}`];
    case "interval":
      return [`${n} days`, "0", "1 hour"];
    case "json":
    case "jsonb":
      return [`{"n": ${n}}`, "{}", "[]", `"text"`, String(n)];
    case "bytea":
      return [
        `\\x${n.toString(16).padStart(2, "0").padStart(8, "0")}`,
        ...[16, 20, 32, 64].map((length) => `\\x${"ab".repeat(length)}`),
      ];
    case "inet":
    case "cidr":
      return [`192.0.2.${n % 255}/32`];
    case "macaddr":
      return [`08:00:2b:01:02:${(n % 256).toString(16).padStart(2, "0")}`];
    case "bit":
    case "varbit":
      return ["1".repeat(Math.max(1, column.modifier))];
    case "xml":
      return [`<n>${n}</n>`];
    case "tsvector":
    case "tsquery":
    case "ltree":
      return [`word${n}`];
    case "hstore":
      return [`n=>${n}`];
    case "point":
      return [`(${n},${n})`];
    case "vector":
    case "halfvec":
      return column.modifier > 0 ? [`[${Array(column.modifier).fill(n).join(",")}]`] : [`[${n}]`];
    case "geometry":
    case "geography":
      return [`SRID=4326;POINT(${n % 90} ${n % 90})`, `POINT(${n} ${n})`];
    case "pg_lsn":
      return [`0/${n.toString(16)}`];
    default:
      return [];
  }
}

/** Shapes that conditions on texts ask for. */
const texts = (n: number): string[] => [
  `text-${n}`,
  `text${n}`,
  `user${n}@example.org`,
  `https://example.org/${n}`,
  `abcdefghijkl${String.fromCharCode(97 + (n % 26))}`,
  `AB${String.fromCharCode(65 + (n % 26))}`,
  String.fromCharCode(97 + (n % 26)),
  `+1202555${String(n).padStart(4, "0")}`,
  `#${n.toString(16).padStart(6, "0")}`,
  String(n).padStart(64, "0"),
  "en",
  "EUR",
  String(n),
  "2001-02-03",
  "",
];

const rotated = (list: readonly string[], by: number): string[] =>
  list.map((_, index) => list[(index + by) % list.length]!);

/** Numbers that a `numeric(precision, scale)` can hold. */
function fitting(numbers: readonly string[], { base, modifier }: ColumnFacts): string[] {
  if (base !== "numeric" || modifier < 4) return [...numbers];
  const precision = ((modifier - 4) >> 16) & 0xffff;
  const scale = (modifier - 4) & 0x7ff;
  return numbers.filter((text) => Math.abs(Number(text)) < 10 ** (precision - scale));
}

/** How many characters a column takes; null for no limit. */
function lengthLimit({ base, modifier, array }: ColumnFacts): number | null {
  return !array && (base === "varchar" || base === "bpchar") && modifier > 4 ? modifier - 4 : null;
}
