import { expect, test } from "vitest";
import { failureMessage } from "./failure-message.ts";

const failure = {
  how: "exit status 3",
  command: 'echo "hi"; exit 3',
  secretive: false,
  output: "hi\n",
  hidden: false,
};

test("the message is worded like that of the official plugin", () => {
  expect(failureMessage(failure)).toBe('exit status 3: running "echo \\"hi\\"; exit 3":\nhi\n');
});

test("a command that is given secrets is not quoted, and hidden output is mentioned", () => {
  const message = failureMessage({ ...failure, secretive: true, hidden: true, output: "" });
  expect(message).not.toContain("echo");
  expect(message).toContain("running a command that is given secrets");
  expect(message).toContain("logging");
});

test("of long output the end is quoted, and a long command is cut, so that the engine can take the message", () => {
  const message = failureMessage({
    ...failure,
    command: "é".repeat(200_000),
    output: `${"é".repeat(200_000)}end`,
  });
  expect(message.endsWith("end")).toBe(true);
  expect(message).toContain("bytes left out");
  // Each byte becomes three in the trailer, which holds 64 KiB.
  expect(Buffer.byteLength(message) * 3).toBeLessThan(60_000);
  expect(message).not.toContain("\uFFFD");
});
