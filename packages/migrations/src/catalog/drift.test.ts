import { expect, test } from "vitest";
import { describeDrift, objectLines } from "./drift.ts";

test("objects are kept a line each, whatever their names hold", () => {
  const hash = "0123456789abcdef0123";
  expect(objectLines({ objects: [{ kind: "table", name: 'public."a\n\tb"', hash }] })).toBe(
    'table\tpublic.\\"a\\n\\tb\\"\t0123456789abcdef',
  );
});

test("a change is told as what somebody did", () => {
  const index = { kind: "index", name: "public.i" } as const;
  expect(describeDrift({ ...index, change: "added" })).toBe("index public.i was added");
  expect(describeDrift({ ...index, change: "removed" })).toBe("index public.i is gone");
  expect(describeDrift({ ...index, change: "changed" })).toBe("index public.i was changed");
});
