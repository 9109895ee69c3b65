import { expect, test } from "vitest";
import { markerFilter } from "./marker-filter.ts";

test("what follows the marker comes through, however the stream is cut", () => {
  const text = "Banner\nwarning\nmark-1\nfirst\nsecond";
  for (let cut = 0; cut <= text.length; cut++) {
    let rest = "";
    const filter = markerFilter("mark-1", (chunk) => {
      rest += chunk.toString();
    });
    filter.push(Buffer.from(text.slice(0, cut)));
    filter.push(Buffer.from(text.slice(cut)));
    expect(filter.seen).toBe(true);
    expect(filter.before).toBe("Banner\nwarning\n");
    expect(rest).toBe("first\nsecond");
  }
});

test("without the marker everything is what came before it", () => {
  const filter = markerFilter("mark-1", () => expect.unreachable());
  filter.push(Buffer.from("Permission denied (publickey).\nmark-2\n"));
  expect(filter.seen).toBe(false);
  expect(filter.before).toContain("Permission denied");
});
