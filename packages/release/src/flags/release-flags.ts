import { SlipwayError } from "@slipway/kernel";
import type { Manifest } from "../manifest/manifest.ts";
import type { FlagDeclaration, ReleaseFlag } from "./flag-schema.ts";

/**
 * The flags of a release, by key: the product's declarations, each with the release that brought it.
 *
 * @throws {SlipwayError} PRODUCT_INVALID for a flag whose salt changed: everybody would be drawn anew.
 */
export function releaseFlags(
  version: string,
  declarations: readonly FlagDeclaration[],
  previous: Manifest | null,
): ReleaseFlag[] {
  const before = new Map(previous?.flags.map((flag) => [flag.key, flag]));
  return declarations
    .map(({ key, description, owner, safe, expires, salt = key }) => {
      const known = before.get(key);
      if (known !== undefined && known.salt !== salt) {
        throw new SlipwayError("PRODUCT_INVALID", {
          what: `Cannot cut ${version}`,
          why: `flag "${key}" had the salt "${known.salt}" in ${previous?.version} and has "${salt}" now, which would draw every user anew`,
          todo: `Write salt: ${known.salt}, or declare a flag with another key`,
        });
      }
      return {
        key,
        description,
        owner,
        release: known?.release ?? version,
        safe,
        expires: expires === "never" ? null : expires,
        salt,
      };
    })
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}
