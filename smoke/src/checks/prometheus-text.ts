/** One sample of Prometheus' text format. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const nameText = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const labelText = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\]|\\\\.)*"';
const samplePattern = new RegExp(
  `^(${nameText})(?:\\{\\s*((?:${labelText}\\s*,?\\s*)*)\\})?\\s+(\\S+)(?:\\s+-?[\\d.]+)?(?:\\s+#.*)?$`,
);
const selectorPattern = new RegExp(`^(${nameText})(?:\\{\\s*((?:${labelText}\\s*,?\\s*)*)\\})?$`);

/**
 * Reads Prometheus' text format, and the part of OpenMetrics that looks the same.
 *
 * @throws {SyntaxError} naming the first line that is not part of it: an HTML page is not.
 */
export function parsePrometheusText(text: string): Sample[] {
  return text.split("\n").flatMap((raw, at) => {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) return [];
    const [, name, labels = "", number = ""] = samplePattern.exec(line) ?? [];
    const value = numberOf(number);
    if (name === undefined || value === undefined)
      throw new SyntaxError(`line ${at + 1} is not a metric: ${line}`);
    return [{ name, labels: labelsOf(labels), value }];
  });
}

/**
 * Reads a series selector: a name, with labels or without.
 *
 * @example
 * parseSelector('http_requests_total{code="200"}'); // { name: "http_requests_total", labels: { code: "200" } }
 */
export function parseSelector(selector: string): Pick<Sample, "name" | "labels"> {
  const [, name, labels = ""] = selectorPattern.exec(selector.trim()) ?? [];
  if (name === undefined)
    throw new SyntaxError(`${selector} is not a series: write name or name{label="value"}`);
  return { name, labels: labelsOf(labels) };
}

function labelsOf(text: string): Record<string, string> {
  const pairs = text.matchAll(/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g);
  return Object.fromEntries(
    [...pairs].map(([, name, value]) => [
      name!,
      value!.replace(/\\(.)/g, (_all, one) => (one === "n" ? "\n" : one)),
    ]),
  );
}

function numberOf(text: string): number | undefined {
  const special = {
    "+Inf": Number.POSITIVE_INFINITY,
    "-Inf": Number.NEGATIVE_INFINITY,
    Inf: Number.POSITIVE_INFINITY,
  };
  if (text === "NaN") return Number.NaN;
  if (text in special) return special[text as keyof typeof special];
  const value = Number(text);
  return text === "" || Number.isNaN(value) ? undefined : value;
}
