import { expect, test } from "vitest";
import { startNameWalk } from "./name-walk.ts";

test("names are followed through renames of tables and columns, in any order", () => {
  const walk = startNameWalk();
  walk.change({ does: "rename-column", table: ["t"], column: "a", to: "b" });
  walk.change({ does: "rename-table", table: ["public", "t"], to: ["app", "u"] });
  walk.change({ does: "rename-column", table: ["app", "u"], column: "b", to: "c" });
  expect(walk.table(["app", "u"])).toEqual({ state: "present", name: ["public", "t"] });
  expect(walk.column(["app", "u"], "c")).toEqual({ state: "present", name: ["a"] });
  expect(walk.column(["app", "u"], "a")).toEqual({ state: "gone" });
  expect(walk.table(["t"])).toEqual({ state: "gone" });
});

test("what was dropped is gone, and what was made is new", () => {
  const walk = startNameWalk();
  walk.dropTable(["t"]);
  walk.change({ does: "create-table", table: ["t"] });
  walk.change({ does: "add-column", table: ["u"], column: "c" });
  walk.dropColumn(["u"], "d");
  expect(walk.table(["t"])).toEqual({ state: "new" });
  expect(walk.column(["u"], "c")).toEqual({ state: "new" });
  expect(walk.column(["u"], "d")).toEqual({ state: "gone" });
  expect(walk.column(["u"], "e")).toEqual({ state: "present", name: ["e"] });
});
