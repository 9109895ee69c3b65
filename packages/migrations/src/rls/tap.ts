/** What lines of TAP say. */
export interface TapResult {
  /** How many tests were announced; `null` without a plan. */
  readonly planned: number | null;
  readonly passed: number;
  readonly skipped: number;
  /** Descriptions of the failed tests, those marked TODO left out. */
  readonly failed: readonly string[];
}

/** Reads lines of TAP, as pgTAP gives them, one or more in each text. */
export function readTap(texts: readonly string[]): TapResult {
  let planned: number | null = null;
  let passed = 0;
  let skipped = 0;
  const failed: string[] = [];
  for (const line of texts.flatMap((text) => text.split("\n"))) {
    const plan = /^1\.\.(\d+)/.exec(line);
    if (plan !== null) planned = Number(plan[1]);
    const test = /^(not )?ok\b[ \t]*(\d*)[ \t]*-?[ \t]*(.*)$/.exec(line);
    if (test === null) continue;
    const [, not, number, description = ""] = test;
    if (/#\s*TODO\b/i.test(description)) skipped++;
    else if (not !== undefined) failed.push(description || `test ${number}`);
    else if (/#\s*SKIP\b/i.test(description)) skipped++;
    else passed++;
  }
  return { planned, passed, skipped, failed };
}

/** Why a run of TAP is no pass; `null` for a pass. A plan that is not kept, and no test at all, are none. */
export function tapProblem({ planned, passed, skipped, failed }: TapResult): string | null {
  const ran = passed + skipped + failed.length;
  if (failed.length > 0) return `failed: ${failed.join("; ")}`;
  if (planned === null) return "it announces no plan, so that a test that is missing would not be missed";
  if (ran !== planned) return `it planned ${planned} tests and ran ${ran}`;
  if (passed === 0) return "it has no test that ran";
  return null;
}
