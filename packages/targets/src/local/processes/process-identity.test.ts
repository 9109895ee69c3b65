import { describe, expect, test } from "vitest";
import {
  identityFromStartTime,
  identityFromStat,
  isAlive,
  livingGroup,
  processIdentity,
} from "./process-identity.ts";

const stat = (name: string, state: string) =>
  `42 (${name}) ${state} 1 42 42 0 -1 4194304 100 0 0 0 1 1 0 0 20 0 1 0 987654 1000 100 18446744073709551615`;

describe("the identity of a process", () => {
  test("is the boot and the time of the start", () => {
    expect(identityFromStat("boot", stat("node", "S"))).toBe("boot/987654");
  });

  test("does not depend on a name with spaces and parentheses", () => {
    expect(identityFromStat("boot", stat("a (b) c) S 7", "R"))).toBe("boot/987654");
  });

  test("is none for a process that ended and was not waited for", () => {
    expect(identityFromStat("boot", stat("node", "Z"))).toBeNull();
    expect(identityFromStat("boot", "")).toBeNull();
  });

  test("from ps does not depend on how many spaces ps prints", () => {
    expect(identityFromStartTime("Mon Jan  5 10:00:00 2026\n")).toBe("ps/Mon Jan 5 10:00:00 2026");
  });

  test("stays the same for this process and is none for a number that cannot be", () => {
    const mine = processIdentity(process.pid);
    expect(mine).not.toBeNull();
    expect(processIdentity(process.pid)).toBe(mine);
    for (const pid of [0, -1, 1.5, Number.NaN, 2 ** 30]) expect(processIdentity(pid)).toBeNull();
  });
});

describe("a handle to an earlier process with the same number", () => {
  const earlier = { pid: process.pid, identity: "another-boot/1" };

  test("is not alive", () => expect(isAlive(earlier)).toBe(false));
  test("has no group left, whoever leads one with that number today", () =>
    expect(livingGroup(earlier)).toEqual([]));
});
