/** What a check, a gate or a run concluded. Only `pass` advances; there is no default. */
export type Verdict = "pass" | "fail" | "inconclusive" | "no-data" | "error";

const severity: readonly Verdict[] = ["pass", "inconclusive", "no-data", "fail", "error"];

/**
 * The verdict of several verdicts: the gravest of them. Nothing at all is `no-data`, never a pass.
 *
 * @example
 * combineVerdicts(["pass", "inconclusive"]); // "inconclusive"
 */
export function combineVerdicts(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.length === 0) return "no-data";
  return verdicts.reduce((worst, next) => (severity.indexOf(next) > severity.indexOf(worst) ? next : worst));
}
