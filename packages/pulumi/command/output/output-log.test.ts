import { expect, test } from "vitest";
import { createOutputLog, type Logging, shownStreams } from "./output-log.ts";

const shown = (logging: Logging | undefined, secretive: boolean) =>
  (["stdout", "stderr"] as const).filter(shownStreams(logging, secretive)).join(" ");

test("the input `logging` says which streams are shown", () => {
  expect(shown(undefined, false)).toBe("stdout stderr");
  expect(shown("stdoutAndStderr", false)).toBe("stdout stderr");
  expect(shown("stdout", false)).toBe("stdout");
  expect(shown("stderr", false)).toBe("stderr");
  expect(shown("none", false)).toBe("");
});

test("the output of a command that is given secrets is shown only when `logging` asks for it", () => {
  expect(shown(undefined, true)).toBe("");
  expect(shown("stderr", true)).toBe("stderr");
});

test("lines are sent in order with secrets masked, and the end waits for the engine", async () => {
  const sent: string[] = [];
  const log = createOutputLog({
    logging: "stdout",
    secretive: true,
    redact: (text) => text.replace("hunter22", "***"),
    send: async (line) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      sent.push(line);
    },
  });
  log.write("stdout", Buffer.from("one\nhunter22 is it\nlast"));
  log.write("stderr", Buffer.from("not shown\n"));
  await log.end();
  expect(sent).toEqual(["one", "*** is it", "last"]);
});

test("an engine that is slower than the command loses lines, and says how many", async () => {
  const sent: string[] = [];
  let release = () => {};
  const engine = new Promise<void>((resolve) => {
    release = resolve;
  });
  const log = createOutputLog({
    logging: undefined,
    secretive: false,
    redact: (text) => text,
    send: (line) => {
      sent.push(line);
      return engine;
    },
  });
  log.write("stdout", Buffer.from(Array.from({ length: 10_000 }, (_, i) => `${i}\n`).join("")));
  release();
  await log.end();
  expect(sent).toHaveLength(501);
  expect(sent.at(-1)).toBe("… 9500 lines are not shown");
});
