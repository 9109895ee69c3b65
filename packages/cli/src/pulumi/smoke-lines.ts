/** What the smoke test wrote for people, taken apart. */
export interface SmokeLines {
  /** Checks that did not pass. */
  readonly failed: readonly string[];
  /** Checks that are worth telling though the run passed: optional ones that failed, and late passes. */
  readonly noted: readonly string[];
  /** What happened as one sentence, without its time. */
  readonly sentence: string | null;
}

const CHECK = /^(pass|warn|fail|inconclusive|no-data|error) +[\d.]+ m?s /;
const LATE = /^ +passed at attempt /;
const TIMED = /\.? \([\d.]+ m?s\)$/;

/** Takes the lines of the smoke package's text report apart. */
export function smokeLines(lines: readonly string[]): SmokeLines {
  const failed: string[] = [];
  const noted: string[] = [];
  let last = "";
  for (const line of lines) {
    const verdict = CHECK.exec(line)?.[1];
    if (verdict === "warn") noted.push(line);
    else if (verdict !== undefined && verdict !== "pass") failed.push(line);
    if (LATE.test(line)) noted.push(last, line);
    last = line;
  }
  const next = lines.findIndex((line) => line.startsWith("Next: "));
  const sentence = next < 1 ? undefined : lines[next - 1];
  return {
    failed: failed.map(narrow),
    noted: noted.map(narrow),
    sentence: sentence?.replace(TIMED, "") ?? null,
  };
}

// The report's columns are as wide as its longest check, of which only some are told here.
const narrow = (line: string): string => line.trim().replaceAll(/ {2,}/g, "  ");
