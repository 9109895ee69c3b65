import fc from "fast-check";
import { expect, test } from "vitest";
import { orderOfApplication } from "./order-of-application.ts";
import { versionGap } from "./version-gap.ts";

const one = (id: string, after?: string) => ({
  id,
  ...(after === undefined ? {} : { late: { after, reason: "merged later" } }),
});
const order = (...migrations: ReturnType<typeof one>[]) => orderOfApplication(migrations).map(({ id }) => id);

test("migrations stand in the order of their versions, counted as numbers", () => {
  expect(order(one("10_b"), one("9_a"), one("0011_c"))).toEqual(["9_a", "10_b", "0011_c"]);
});

test("a late one stands right behind the one that it names, and those behind it in the order of their versions", () => {
  expect(order(one("2_b", "3_c"), one("1_a"), one("3_c"), one("4_d"))).toEqual(["1_a", "3_c", "2_b", "4_d"]);
  expect(order(one("2_b", "4_d"), one("1_a", "4_d"), one("3_c"), one("4_d"))).toEqual([
    "3_c",
    "4_d",
    "1_a",
    "2_b",
  ]);
  expect(order(one("1_a", "2_b"), one("2_b", "3_c"), one("3_c"), one("4_d"))).toEqual([
    "3_c",
    "2_b",
    "1_a",
    "4_d",
  ]);
});

test("a late one whose predecessor was squashed stands behind the squashed one", () => {
  const squashed = { id: "5_all", replaces: [{ id: "1_a" }, { id: "3_c" }] };
  const ordered = orderOfApplication([one("2_b", "3_c"), squashed, one("6_f")]);
  expect(ordered.map(({ id }) => id)).toEqual(["5_all", "2_b", "6_f"]);
});

test("a late one that names no migration, or one before it, is refused", () => {
  expect(() => order(one("1_a", "3_d"), one("3_c"))).toThrow(
    'it is to be applied after "3_d", which is not there: did you mean "3_c"?',
  );
  expect(() => order(one("1_a"), one("3_c", "1_a"))).toThrow('comes after "1_a" by its version already');
  expect(() => order(one("1_a", "1_a"))).toThrow("already");
});

test("no migration is lost, each late one follows the one that it names, and those in time keep their order", () => {
  const folders = fc.array(fc.option(fc.nat(20)), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(folders, (names) => {
      const migrations = names.map((offset, index) => {
        const after = index + 1 + (offset ?? 0);
        return one(`${index}_m`, offset === null || after >= names.length ? undefined : `${after}_m`);
      });
      const ordered = orderOfApplication(migrations);
      expect(ordered.map(({ id }) => id).sort()).toEqual(migrations.map(({ id }) => id).sort());
      const place = (id: string) => ordered.findIndex((migration) => migration.id === id);
      for (const { id, late } of migrations) if (late) expect(place(id)).toBeGreaterThan(place(late.after));
      const inTime = migrations.filter(({ late }) => !late);
      expect(ordered.filter(({ late }) => !late)).toEqual(inTime);
    }),
  );
});

test("gaps are found where versions are counted by ones, and nowhere else", () => {
  expect(versionGap("1_a", "2_b")).toBeNull();
  expect(versionGap("0001_a", "0003_b")).toBe("version 2 is missing");
  expect(versionGap("2_a", "6_b")).toBe("versions 3 to 5 are missing");
  expect(versionGap("20260101_a", "20260301_b")).toBeNull();
  expect(versionGap("7_a", "20260102030405_b")).toBeNull();
});
