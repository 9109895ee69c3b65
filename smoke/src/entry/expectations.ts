import { SlipwayError } from "@slipway/kernel";
import type { Expected } from "../definition/expected.ts";
import { expectedVariable, parseExpected } from "../definition/parse-expected.ts";
import { releaseSuite } from "../definition/release-suite.ts";
import type { Suite } from "../definition/suite.ts";
import { checkSuite } from "../schema/check-suite.ts";
import type { RunArguments } from "./arguments.ts";
import type { Host } from "./host.ts";

/** The suite of a release run: the contract's checks, and the product's own where the pin has some. */
export function suiteOfRelease(host: Host, { release }: Pick<RunArguments, "release">): Suite {
  const { checks, ...expected } = parseExpected(host.env(expectedVariable));
  if (release !== undefined && release !== expected.release) {
    throw new SlipwayError("USAGE", {
      what: "Cannot check two releases at once",
      why: `--release says ${release} and ${expectedVariable} says ${expected.release}`,
      todo: "Leave --release out",
    });
  }
  if (checks === undefined) return releaseSuite(expected);
  return releaseSuite(expected, checkSuite({ checks: [], ...checks }, `in ${expectedVariable}`));
}

/**
 * A suite with what is expected put in, the later one before the earlier: what the suite says, what
 * `SLIPWAY_SMOKE_EXPECTED` says, the file of `--expected`, and `--release`.
 */
export async function expecting(host: Host, suite: Suite, args: RunArguments): Promise<Suite> {
  const pinned = host.env(expectedVariable);
  const { checks: _checks, ...fromPin } = pinned ? parseExpected(pinned) : {};
  const fromFile = args.expected === undefined ? {} : await expectedFile(host, args.expected);
  const fromFlag = args.release === undefined ? {} : { release: args.release };
  const expected: Expected = { ...suite.expected, ...fromPin, ...fromFile, ...fromFlag };
  return Object.keys(expected).length === 0 ? suite : { ...suite, expected };
}

async function expectedFile(host: Host, path: string): Promise<Expected> {
  let value: unknown;
  try {
    value = JSON.parse(await host.readText(path));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SlipwayError("SMOKE_INVALID", {
      what: `Cannot read what is expected from ${path}`,
      why,
      todo: 'Name a JSON file such as { "release": "1.4.0" }',
      cause,
    });
  }
  return checkSuite({ expected: value, checks: [] }, path).expected ?? {};
}
