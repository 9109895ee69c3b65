import type { RlsReport, RlsTestResult } from "@slipway/migrations";

/** One line for a test, and one for what is wrong with it. */
export function renderTest({ name, file, verdict, why, expectations, ms }: RlsTestResult): string {
  const where = name === file ? name : `${file}: ${name}`;
  const head = `${verdict === "pass" ? "passed" : "failed"}  ${where}  ${expectations} expectations  ${ms} ms`;
  return why === null ? head : `${head}\n    ${why.replaceAll("\n", "\n    ")}`;
}

/** The policies, what is wrong with the run, and how it ended. */
export function renderReport({ verdict, problems, tests, policies }: RlsReport): string {
  const mutated = policies.some(({ mutations }) => mutations.length > 0);
  const lines = policies.map(({ policy, exercised, mutations }) => {
    const noticed = mutations.map(
      ({ change, noticedBy }) => `${change}: ${noticedBy === null ? "not noticed" : "noticed"}`,
    );
    return `  ${policy}  ${[exercised ? "met" : "not met", ...noticed].join(", ")}`;
  });
  const passed = tests.filter((test) => test.verdict === "pass").length;
  const hint = mutated || verdict === "fail" ? "" : "; --mutate sees whether they notice a changed policy";
  return [
    ...lines,
    ...problems.map((problem) => `wrong: ${problem}`),
    `${passed} of ${tests.length} tests passed${hint}`,
  ].join("\n");
}
