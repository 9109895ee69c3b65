import { isSlipwayError } from "@slipway/kernel";

/** One thing that was looked at. */
export interface Finding {
  readonly id: string;
  readonly status: "pass" | "warn" | "fail";
  readonly detail: string;
  /** What to do; null for a pass. */
  readonly suggestion: string | null;
}

/** What a check says: the detail of a pass, or a finding of its own. */
type Answer = string | Omit<Finding, "id">;

/** Makes the finding of one check. An error of ours is a finding; anything else is a bug, and thrown on. */
export async function finding(id: string, check: () => Answer | Promise<Answer>): Promise<Finding> {
  try {
    const answer = await check();
    return typeof answer === "string"
      ? { id, status: "pass", detail: answer, suggestion: null }
      : { id, ...answer };
  } catch (error) {
    if (!isSlipwayError(error)) throw error;
    return { id, status: "fail", detail: `${error.code}: ${error.message}`, suggestion: error.todo };
  }
}

/** The findings for people: a line each, and below it what to do. */
export function renderFindings(findings: readonly Finding[]): string {
  return findings
    .map(({ id, status, detail, suggestion }) => {
      const head = `${status.padEnd(4)}  ${id.padEnd(18)} ${detail}`;
      return suggestion === null || status === "pass" ? head : `${head}\n      do: ${suggestion}`;
    })
    .join("\n");
}
