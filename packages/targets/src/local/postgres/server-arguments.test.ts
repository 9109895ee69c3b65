import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { scratchFolder } from "../../../testing/scratch-folder.ts";
import { isOtherProgram } from "./postmaster.ts";
import { initdbArguments, serverArguments } from "./server-arguments.ts";

test("the server listens on loopback and nowhere else, unless the settings say otherwise", () => {
  const args = serverArguments("/data", 5, { fsync: "off" });
  expect(args.slice(0, 4)).toEqual(["-D", "/data", "-p", "5"]);
  expect(args).toContain("listen_addresses=127.0.0.1");
  expect(args).toContain("unix_socket_directories=");
  expect(args.at(-1)).toBe("fsync=off");
});

test("initdb gets the password by file", () => {
  const args = initdbArguments("/data", "/password", true);
  expect(args).toContain("--pwfile=/password");
  expect(args).toContain("scram-sha-256");
  expect(args).not.toContain("--no-sync");
  expect(initdbArguments("/data", "/password", false)).toContain("--no-sync");
});

describe("a process with the number in postmaster.pid", () => {
  test.each([
    ["another program", ["/usr/bin/node", "server.js"], true],
    ["a child of some server", ["postgres: checkpointer "], true],
    ["a server whose folder does not say so", ["/x/postgres", "-D", "/nowhere"], false],
    ["the server of this folder", ["/x/postgres", "-D", "/data"], false],
    ["a server that does not tell its folder", ["/x/postgres"], false],
  ])("%s", (_what, command, other) => expect(isOtherProgram(command, 42, "/data")).toBe(other));

  test("the server of another folder, which says so", () => {
    const elsewhere = scratchFolder();
    writeFileSync(join(elsewhere, "postmaster.pid"), "42\n");
    expect(isOtherProgram(["/x/postgres", "-D", elsewhere], 42, "/data")).toBe(true);
  });
});
