import fc from "fast-check";
import { expect, test } from "vitest";
import { bucketOf, rolloutSalt } from "./bucket.ts";
import { murmurFrom, murmurState } from "./murmur.ts";

/** Computed by the reference implementation (mmh3, C++) over UTF-8 bytes: seed 0, and the variants' seed. */
const golden: readonly [string, number, number][] = [
  ["", 0, 4002661964],
  ["a", 1009084850, 1778238603],
  ["ab", 2613040991, 1594296940],
  ["abc", 3017643002, 212112276],
  ["abcd", 1139631978, 2679851658],
  ["hello, world", 345750399, 2608633514],
  ["f:日本", 1688425924, 1296958745],
  ["new-checkout:Zoë", 4085546890, 1367830274],
  ["new-checkout:müller@example.com", 2986210039, 574964032],
  ["α:Ωmega", 380161415, 38607338],
  ["f:👩‍🚀", 2801387634, 743325872],
  ["f:🙂", 3228196055, 3882561445],
  ["日本:日本語テキスト", 4092801310, 3428580767],
  ["x:é", 3041534629, 1721960454],
  ["xy:é", 3455628424, 3371093136],
  ["xyz:é", 912269134, 903189542],
  ["wxyz:é", 2642349740, 1448393512],
  ["new-checkout:user-0123456789", 2619745923, 3431469510],
];

test.each(golden)(
  "%j hashes as the reference does, wherever salt and id are divided",
  (text, plain, seeded) => {
    for (let at = 0; at <= text.length; at += 1) {
      // Between the halves of a surrogate pair there is no text to divide.
      if (/[\udc00-\udfff]/.test(text[at] ?? "")) continue;
      expect(murmurFrom(murmurState(text.slice(0, at)), text.slice(at))).toBe(plain);
      expect(murmurFrom(murmurState(text.slice(0, at), 86_028_157), text.slice(at))).toBe(seeded);
    }
  },
);

test("a lone surrogate is the replacement character, as TextEncoder has it", () => {
  const salt = murmurState("f:");
  for (const lone of ["\ud83d", "\ude42", "a\ud83db", "\ud83d\ud83d\ude42"]) {
    expect(murmurFrom(salt, lone)).toBe(
      murmurFrom(salt, new TextDecoder().decode(new TextEncoder().encode(lone))),
    );
  }
});

test("dividing a text changes nothing, for any text", () => {
  const text = fc.string({ unit: "binary", maxLength: 16 });
  fc.assert(
    fc.property(text, text, (salt, id) => {
      expect(murmurFrom(murmurState(salt), id)).toBe(murmurFrom(murmurState(salt + id), ""));
    }),
  );
}, 60_000);

test("buckets are uniform, and those of two flags have nothing to do with each other", () => {
  const ids = 100_000;
  const buckets = new Array<number>(100).fill(0);
  const [one, two] = [rolloutSalt("one"), rolloutSalt("two")];
  let inBoth = 0;
  for (let id = 0; id < ids; id += 1) {
    const bucket = bucketOf(one, `user-${id}`);
    buckets[bucket - 1]! += 1;
    if (bucket <= 10 && bucketOf(two, `user-${id}`) <= 10) inBoth += 1;
  }
  // 99 degrees of freedom: 148.2 is passed once in a thousand, and these ids are always the same.
  const chiSquare = buckets.reduce((sum, count) => sum + (count - ids / 100) ** 2 / (ids / 100), 0);
  expect(chiSquare).toBeLessThan(148.2);
  // 1 % of all, give or take four standard deviations.
  expect(Math.abs(inBoth - ids / 100)).toBeLessThan(4 * Math.sqrt(ids / 100));
}, 60_000);
