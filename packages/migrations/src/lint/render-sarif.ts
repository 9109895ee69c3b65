import { fileRules } from "./file-rules.ts";
import type { LintFinding } from "./finding.ts";
import { rules } from "./rules.ts";

const PAGE = "packages/docs/lint.md";

/**
 * Findings as SARIF 2.1.0, which code hosts show beside the lines. A waived finding is a suppressed result.
 *
 * @param version of Slipway.
 */
export function renderSarif(findings: readonly LintFinding[], version: string): unknown {
  const known = [...Object.values(fileRules), ...rules];
  const others = [...new Set(findings.map(({ code }) => code))].filter(
    (code) => !known.some((rule) => rule.code === code),
  );
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "slipway",
            version,
            rules: [
              ...known.map(({ code, name, severity, why, fix }) => ({
                id: code,
                name,
                shortDescription: { text: why },
                help: { text: `${fix}. See ${PAGE}` },
                defaultConfiguration: { level: severity },
              })),
              ...others.map((id) => ({ id })),
            ],
          },
        },
        columnKind: "unicodeCodePoints",
        results: findings.map(resultOf),
      },
    ],
  };
}

function resultOf({
  code,
  severity,
  message,
  fix,
  file,
  line,
  column,
  startByte,
  endByte,
  waiver,
}: LintFinding) {
  const region = {
    startLine: line,
    startColumn: column,
    byteOffset: startByte,
    byteLength: endByte - startByte,
  };
  return {
    ruleId: code,
    level: severity,
    message: { text: `${message}. ${fix}` },
    locations: [{ physicalLocation: { artifactLocation: { uri: file.replaceAll("\\", "/") }, region } }],
    ...(waiver === null
      ? {}
      : {
          suppressions: [
            {
              kind: "inSource",
              status: "accepted",
              justification: `until ${waiver.until}: ${waiver.reason}`,
            },
          ],
        }),
  };
}
