import { SlipwayError } from "@slipway/kernel";

export const outputs = ["text", "json", "json-line"] as const;
export type Output = (typeof outputs)[number];

/** The command line, understood. */
export interface Arguments {
  readonly verb: "release" | "help";
  readonly output: Output;
}

export const usage = `Usage: slipway-smoke release [--output text|json|json-line]

  release   checks the release that SLIPWAY_SMOKE_EXPECTED describes

Exit codes: 0 pass, 1 something answered otherwise, 2 nothing answered, 3 inconclusive or no data,
64 usage or configuration, 130 stopped.
`;

/**
 * Reads the command line.
 *
 * @throws {SlipwayError} USAGE
 */
export function parseArguments(args: readonly string[]): Arguments {
  const [verb, ...rest] = args;
  if (verb === undefined || verb === "help" || args.includes("--help") || args.includes("-h")) {
    return { verb: "help", output: "text" };
  }
  if (verb !== "release") throw misused(`there is no verb ${JSON.stringify(verb)}`);
  let output: Output = "text";
  for (let at = 0; at < rest.length; at++) {
    const [flag, inline] = rest[at]!.split("=", 2);
    if (flag !== "--output") throw misused(`${rest[at]} is not understood`);
    const value = inline ?? rest[++at];
    if (!outputs.includes(value as Output)) throw misused(`--output takes ${outputs.join(", ")}`);
    output = value as Output;
  }
  return { verb, output };
}

function misused(why: string): SlipwayError {
  return new SlipwayError("USAGE", {
    what: "Cannot understand the command line",
    why,
    todo: "Run slipway-smoke help",
  });
}
