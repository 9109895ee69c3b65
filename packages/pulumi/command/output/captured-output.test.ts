import { expect, test } from "vitest";
import { captureOutput } from "./captured-output.ts";

test("streams are kept apart for the state, less one line break, and together in their order", () => {
  const output = captureOutput();
  output.add("stdout", Buffer.from("a\n"));
  output.add("stderr", Buffer.from("warn\n"));
  output.add("stdout", Buffer.from("b\n\n"));
  expect(output.text("stdout")).toBe("a\nb\n");
  expect(output.text("stderr")).toBe("warn");
  expect(output.interleaved(() => true)).toBe("a\nwarn\nb\n\n");
  expect(output.interleaved((stream) => stream === "stderr")).toBe("warn\n");
});

test("a character that is split between chunks stays whole", () => {
  const output = captureOutput();
  const bytes = Buffer.from("é");
  output.add("stdout", bytes.subarray(0, 1));
  output.add("stdout", bytes.subarray(1));
  expect(output.text("stdout")).toBe("é");
});
