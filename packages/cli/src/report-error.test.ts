import { type ErrorCode, SlipwayError } from "@slipway/kernel";
import { expect, test } from "vitest";
import { type CliProcess, cliContext, type OutputFormat } from "./cli-context.ts";
import { exitCodeOfError, reportError } from "./report-error.ts";

function reported(error: unknown, format: OutputFormat = "text", env: Record<string, string> = {}) {
  const written = { stdout: "", stderr: "" };
  const write = (stream: "stdout" | "stderr") => (text: string) => {
    written[stream] += text;
  };
  const process: CliProcess = {
    stdout: { write: write("stdout") },
    stderr: { write: write("stderr") },
    stdin: {},
    env,
    cwd: "/",
  };
  reportError(cliContext(process, new AbortController().signal), format, error);
  return { ...written, code: process.exitCode };
}

test.each<[ErrorCode, number]>([
  ["USAGE", 64],
  ["RELEASE_UNKNOWN", 2],
  ["LEASE_HELD", 2],
  ["SMOKE_FAILED", 1],
  ["INTERNAL", 1],
])("%s before anything was changed exits with %i", (code, exitCode) => {
  expect(exitCodeOfError(new SlipwayError(code, { what: "It failed" }))).toBe(exitCode);
});

test("people read code, what, why and the next step; nothing goes to stdout", () => {
  const error = new SlipwayError("RELEASE_UNKNOWN", {
    what: "Cannot pin",
    why: "it is not cut",
    todo: "Cut it",
  });
  expect(reported(error)).toEqual({
    stdout: "",
    stderr:
      "error RELEASE_UNKNOWN: Cannot pin: it is not cut\n  do:   Cut it\n  more: slipway explain RELEASE_UNKNOWN\n",
    code: 2,
  });
});

test("machines read the same, and the exit code", () => {
  const { stdout } = reported(new SlipwayError("TREE_DIRTY", { what: "Cannot cut" }), "json");
  expect(JSON.parse(stdout)).toEqual({
    error: { code: "TREE_DIRTY", what: "Cannot cut", why: null, todo: "Commit or stash the named files" },
    exitCode: 2,
  });
  const { stdout: line } = reported(new SlipwayError("TREE_DIRTY", { what: "Cannot cut" }), "ndjson");
  expect(line.trim().split("\n")).toHaveLength(1);
  expect(JSON.parse(line)).toMatchObject({ event: "result", exitCode: 2 });
});

test("a bug is told without its stack, which is there for who reports it", () => {
  const { stderr, code } = reported(new TypeError("x is undefined"));
  expect(stderr).toContain("error INTERNAL: Slipway failed: TypeError: x is undefined\n");
  expect(stderr).toContain("SLIPWAY_DEBUG=1");
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(code).toBe(1);
  expect(reported(new TypeError("x"), "text", { SLIPWAY_DEBUG: "1" }).stderr).toMatch(/^\s+at /m);
});

test("secrets are masked in both forms, and JSON stays JSON", () => {
  const error = new SlipwayError("DATABASE_UNREACHABLE", {
    what: "Cannot connect to postgres://app:hunter22@db/shop",
  });
  const { stdout, stderr } = reported(error, "json");
  expect(stdout + stderr).not.toContain("hunter22");
  expect(JSON.parse(stdout)).toHaveProperty("error.code", "DATABASE_UNREACHABLE");
});
