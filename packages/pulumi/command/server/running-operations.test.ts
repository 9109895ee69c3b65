import { expect, test } from "vitest";
import { createRunningOperations } from "./running-operations.ts";

const never = { timeoutSeconds: 0, onGone: () => {} };

/** Work that ends only because its signal aborts, a moment after. */
const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => setTimeout(reject, 10, signal.reason));
  });

test("work that ends in time is not disturbed", async () => {
  const operations = createRunningOperations();
  expect(await operations.run({ ...never, timeoutSeconds: 60 }, async () => "done")).toBe("done");
});

test("a timeout, the end of the engine and cancel abort the work, each with its reason", async () => {
  const operations = createRunningOperations();
  const late = operations.run({ ...never, timeoutSeconds: 0.02 }, untilAborted);
  const gone = operations.run({ ...never, onGone: (callback) => void setTimeout(callback, 5) }, untilAborted);
  await Promise.all([
    expect(late).rejects.toThrow("timed out after 0.02 s"),
    expect(gone).rejects.toThrow("cancelled: Pulumi is gone"),
  ]);
});

test("cancel waits until everything has ended, and nothing is begun after it", async () => {
  const operations = createRunningOperations();
  let ended = false;
  const running = operations.run(never, untilAborted).catch((error: Error) => {
    ended = true;
    return error.message;
  });
  await operations.cancelAll();
  expect(await running).toBe("cancelled");
  expect(ended).toBe(true);
  await expect(operations.run(never, async () => "begun")).rejects.toThrow("cancelled");
});
