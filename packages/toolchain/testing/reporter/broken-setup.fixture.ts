import { beforeAll, expect, test } from "vitest";

beforeAll(() => {
  throw new Error("set-up failed");
});

test("never runs", () => expect(1).toBe(1));
