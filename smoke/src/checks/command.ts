import type { CommandCheck } from "../definition/system-checks.ts";
import { CheckFailure } from "../engine/check-failure.ts";
import type { Look } from "../engine/planned-check.ts";
import type { CommandResult } from "../engine/ports.ts";
import type { Finding } from "../engine/report.ts";
import { checkMatcher, checkMatchers } from "./check-expectation.ts";
import { type Found, readJsonPath } from "./json-path.ts";
import { excerpt, finding, judgeValue, parseJson } from "./judge-answer.ts";
import { matcherText, matches } from "./matcher.ts";

/** Bytes of each output stream that are kept. */
const maxOutputBytes = 1024 * 1024;

/** Makes the one look of a command check. */
export function planCommand(check: CommandCheck): Look[] {
  const [program] = check.command;
  if (program === undefined || program === "")
    throw new CheckFailure("configuration", "the command is empty");
  checkMatchers(check.json ?? {});
  checkMatcher(check.stdout, "stdout");
  checkMatcher(check.stderr, "stderr");
  return [
    {
      label: check.command.join(" "),
      needs: { hosts: [], programs: [program] },
      attempt: async (tools) => {
        const run = tools.ports.command;
        if (run === undefined) throw new CheckFailure("configuration", "this runtime cannot run programs");
        const result = await run({
          command: check.command,
          ...(check.folder === undefined ? {} : { folder: check.folder }),
          maxBytes: maxOutputBytes,
          signal: tools.signal,
        });
        tools.answered();
        return { findings: judgeCommand(result, check) };
      },
    },
  ];
}

/** Judges what a program printed and how it ended. A wrong exit code ends it. */
export function judgeCommand(result: CommandResult, check: Omit<CommandCheck, "kind">): Finding[] {
  const wanted = check.exit ?? 0;
  const said = excerpt(result.stderr) || excerpt(result.stdout);
  const seen = `${result.exit ?? "a signal"}${result.exit === wanted ? "" : ` ${said}`}`.trim();
  const exit = finding("exit", String(wanted), seen, result.exit === wanted);
  if (!exit.ok) return [exit];
  const findings = [exit];
  for (const stream of ["stdout", "stderr"] as const) {
    const matcher = check[stream];
    if (matcher === undefined) continue;
    const ok = matches({ found: true, value: result[stream].trimEnd() }, matcher);
    findings.push(finding(stream, matcherText(matcher), JSON.stringify(excerpt(result[stream])), ok));
  }
  const document = parseOutput(result.stdout);
  for (const [path, matcher] of Object.entries(check.json ?? {})) {
    if (!document.found)
      return [...findings, finding("stdout", "JSON", excerpt(result.stdout) || "nothing", false)];
    findings.push(judgeValue(path, readJsonPath(document.value, path), matcher));
  }
  return findings;
}

/** One JSON document, or one a line, which gives a list. */
function parseOutput(stdout: string): Found {
  const whole = parseJson(stdout);
  if (whole.found) return whole;
  const lines = stdout.split("\n").filter((line) => line.trim() !== "");
  const parsed = lines.map(parseJson);
  const values = parsed.flatMap((one) => (one.found ? [one.value] : []));
  return lines.length > 0 && values.length === lines.length
    ? { found: true, value: values }
    : { found: false };
}
