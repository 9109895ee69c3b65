import { expect, test } from "vitest";
import { oneAtATime } from "./one-at-a-time.ts";

test("work runs in the order of the calls and never overlaps", async () => {
  const inTurn = oneAtATime();
  const log: string[] = [];
  const work = (name: string, ticks: number) =>
    inTurn(async () => {
      log.push(`${name} starts`);
      for (let i = 0; i < ticks; i++) await Promise.resolve();
      log.push(`${name} ends`);
      return name;
    });
  expect(await Promise.all([work("a", 5), work("b", 0), work("c", 2)])).toEqual(["a", "b", "c"]);
  expect(log).toEqual(["a starts", "a ends", "b starts", "b ends", "c starts", "c ends"]);
});

test("work that fails does not hold up what comes after it", async () => {
  const inTurn = oneAtATime();
  const failing = inTurn(() => Promise.reject(new Error("no")));
  const next = inTurn(() => Promise.resolve("yes"));
  await expect(failing).rejects.toThrow("no");
  expect(await next).toBe("yes");
});
