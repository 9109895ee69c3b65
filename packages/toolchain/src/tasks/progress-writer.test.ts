import { expect, test } from "vitest";
import { progressWriter } from "./progress-writer.ts";

function written(isTTY: boolean): string {
  let text = "";
  const stream = {
    isTTY,
    write(chunk: string) {
      text += chunk;
      return true;
    },
  };
  const progress = progressWriter(stream as never);
  progress.write("Building");
  progress.write("10 s", "elapsed");
  progress.write("20 s", "elapsed");
  progress.write("Built");
  progress.write("30 s", "elapsed");
  progress.end();
  progress.end();
  return text;
}

test("elapsed time has lines of its own in a file", () => {
  expect(written(false)).toBe("Building\n10 s\n20 s\nBuilt\n30 s\n");
});

test("elapsed time is written over itself in a terminal, and the next stage begins below it", () => {
  expect(written(true)).toBe("Building\n\r\u001b[K10 s\r\u001b[K20 s\nBuilt\n\r\u001b[K30 s\n");
});
